"""Every built-in genre: what all genres hold to, and the names that callers use."""

from __future__ import annotations

import asyncio
import tomllib
from importlib import import_module
from itertools import combinations
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from app.render.lint import lint
from app.services.registry import discover
from app.testing import GenreContract
from schemas.base import GenerateRequest
from schemas.result import GenerationResult

ROOT = Path(__file__).parents[2]
ENTRY_POINTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]["octet.genres"]
NAMES = tuple(ENTRY_POINTS)

WRONG_FIELDS = ({"tempos": 3}, {"application": "punk"}, {"tempo": 401}, {"num_bars": 0}, {"seed": -1}, {"reseed": {"bass": -1}})

for _name in NAMES:
    globals()[f"Test{_name.capitalize()}"] = type(f"Test{_name.capitalize()}", (GenreContract,), {"genre": _name})


def test_what_pyproject_registers_is_what_is_installed() -> None:
    """A stale installation would hide a genre without a word."""
    assert {name: point.value for name, point in discover().points.items() if point.package == "octet-music"} == ENTRY_POINTS


@pytest.mark.parametrize("name", NAMES)
def test_the_names_that_callers_use_are_there(name: str) -> None:
    """`jazz_generator_service.generate_jazz_arrangement(GenerateJazzRequest(...))` gives a GenerationResult with a MIDI file."""
    module = import_module(f"genres.{name}")
    request = getattr(import_module(f"schemas.{name}"), f"Generate{name.capitalize()}Request")
    service = getattr(module, f"{name}_generator_service")
    service = service.with_runtime(service.runtime._replace(strategy="rules_only"))

    result = asyncio.run(getattr(service, f"generate_{name}_arrangement")(request(description="in D minor", num_bars=8, seed=3)))

    assert type(service) is getattr(module, f"{name.capitalize()}GeneratorService")
    assert isinstance(result, GenerationResult)
    assert (result.genre, result.num_bars, result.seed, result.key) == (name, 8, 3, "D minor")
    assert lint(result.midi) == ()
    assert service.get_llm_stats()["rule_based_generations"] == 1


@pytest.mark.parametrize("name", NAMES)
def test_the_request_lists_the_applications_of_the_file(name: str) -> None:
    """The schema that frontends see and the genre's own file name the same applications."""
    request: type[GenerateRequest] = discover().service(name).request_class()
    kind = request.model_fields["application"].annotation
    names = {text for part in get_args(kind) for text in get_args(part)}

    assert names == set(discover().service(name).genre.vocabulary.applications)


@pytest.mark.parametrize("name", NAMES)
def test_a_request_refuses_what_it_does_not_know(name: str) -> None:
    """Unknown fields, unknown applications and numbers beyond the limits are errors, not surprises."""
    request = discover().service(name).request_class()

    for wrong in WRONG_FIELDS:
        with pytest.raises(ValidationError):
            request(**wrong)


@pytest.mark.parametrize("name", NAMES)
def test_the_form_that_is_described_is_one_that_is_composed(name: str) -> None:
    """What `octet genres` says of an application's form is the name of a form in harmony.toml."""
    genre = discover().service(name).genre
    for application in genre.vocabulary.applications.values():
        forms = [form.name for form in genre.harmony(application.name).forms]
        assert application.form in forms, (application.name, forms)


@pytest.mark.parametrize("name", NAMES)
def test_no_application_is_a_renamed_copy_of_another(name: str) -> None:
    """The same chart, key, tempo and seed sound different in any two applications of a genre."""
    contract = type("_Contract", (GenreContract,), {"genre": name})()
    pieces = {
        application: contract.made(application=application, chords="Cm7 | Fm7 | G7 | Cm7", key="Cm", num_bars=4, seed=1)
        for application in contract.service().genre.vocabulary.applications
    }
    for one, two in combinations(pieces, 2):
        notes = [
            {(part.role, note.start // 60, note.pitch) for part in pieces[each].arrangement.parts for note in part.notes}
            for each in (one, two)
        ]
        assert len(notes[0] & notes[1]) < 0.8 * max(map(len, notes)), (one, two)
