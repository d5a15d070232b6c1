"""A genre's service: results as the contract has them, the six methods that callers know, and how models are fallen back from."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

import pytest

from app.errors import NoModelAnswered, RejectedReply, RequestError, UnknownGenre
from app.plugin import BaseGenreGenerator, LocalLLMGeneratorMixin
from app.render.lint import lint
from app.services.answer import answer_of
from app.services.installed import EntryPoint
from app.services.piece import Method, Piece
from app.services.registry import Registry, discover
from app.services.runtime import STRATEGIES, Runtime, run_straight
from app.settings import Settings, settings
from app.studio import generate, progression
from app.theory.brief import Ask
from app.theory.key import Key
from app.theory.rhythm import METRES, Metre
from app.wiring import runtime
from schemas.base import GenerateRequest
from schemas.result import GenerationResult
from tests.plugins.polka_genre.polka import PolkaGeneratorService

CONTRACT = frozenset(
    """id version genre application seed generation_method key tempo time_signature num_bars understood not_understood notes
    complexity form chords techniques parts conformance attempts fallback_reason cost_usd cost_saved_usd remembered
    paid_offer created lineage links midi_base64""".split()  # noqa: SIM905 - as the contract lists them
)
METHODS = (
    "_generate_progression_with_local_llm", "_estimate_complexity", "_build_progression_prompt", "_parse_llm_response",
    "get_llm_stats", "reset_llm_stats",
)  # fmt: skip


@pytest.fixture
def polka() -> PolkaGeneratorService:
    """A genre of three parts, without models."""
    return PolkaGeneratorService(Runtime())


def _made(service: BaseGenreGenerator, **fields: object) -> Piece:
    return run_straight(service.make(Ask("polka", **fields)))  # type: ignore[arg-type]


def test_the_result_has_every_field_of_the_contract(polka: PolkaGeneratorService) -> None:
    """No field is absent, whatever is not built yet is empty, and Python's result is the same object."""
    answer = answer_of(_made(polka, seed=1, description="in G"))

    assert set(answer) == set(GenerationResult.model_fields) == CONTRACT
    assert json.loads(GenerationResult.model_validate(answer).model_dump_json()) == json.loads(json.dumps(answer))


@pytest.mark.parametrize("metre", METRES)
def test_the_beats_of_a_bar_sum_to_the_metres_upper_number(polka: PolkaGeneratorService, metre: str) -> None:
    """Bars and beats start at 1, in every metre; 12/8 counts eighths."""
    answer = answer_of(_made(polka, seed=2, time_signature=metre, num_bars=8))
    bars: dict[int, Fraction] = {}
    for row in answer["chords"]:
        assert row["beat"] == bars.get(row["bar"], Fraction()) + 1
        bars[row["bar"]] = bars.get(row["bar"], Fraction()) + Fraction(row["beats"])

    assert bars == {bar: Metre.of(metre).upper for bar in range(1, 9)}
    assert sum(row["bars"] for row in answer["form"]) == 8


def test_a_request_and_the_words_make_the_same_piece(polka: PolkaGeneratorService) -> None:
    """The coroutine that frontends await and the plain Ask go the same way."""
    request = GenerateRequest(description="beer hall in F", seed=5, num_bars=12)
    result = asyncio.run(polka.generate_arrangement(request))

    assert result.midi == _made(polka, description="beer hall in F", seed=5, num_bars=12).midi
    assert lint(result.midi) == ()


def test_the_six_methods_are_there(polka: PolkaGeneratorService) -> None:
    """They keep their names, and the mixin comes before the base."""
    assert all(callable(getattr(polka, name)) for name in METHODS)
    order = PolkaGeneratorService.__mro__
    assert order.index(LocalLLMGeneratorMixin) < order.index(BaseGenreGenerator)
    assert polka._estimate_complexity("simple C major progression", 8) < polka._estimate_complexity(
        "experimental avant-garde", 64
    )


def test_without_a_model_the_method_that_needs_one_says_so(polka: PolkaGeneratorService) -> None:
    """No pretending: one error of ours with the reason. What a model would be asked, and how it is read, needs none."""
    brief = _made(polka, seed=1).brief

    with pytest.raises(NoModelAnswered, match="no model is configured"):
        asyncio.run(polka._generate_progression_with_local_llm(brief))
    assert "rather plain and right" in polka._build_progression_prompt(brief).text
    with pytest.raises(RejectedReply, match="no bars"):
        polka._parse_llm_response("{}", brief)


@pytest.mark.parametrize(
    ("strategy", "chords", "reason"),
    [
        (None, None, "no model is configured"),
        ("hybrid", None, "no model is configured"),
        ("rules_only", None, ""),
        (None, "C | G", ""),
    ],
)
def test_a_fallback_is_never_silent(polka: PolkaGeneratorService, strategy: str | None, chords: str | None, reason: str) -> None:
    """Where a model was wanted and none made the harmony, the result says why."""
    assert _made(polka, seed=1, strategy=strategy, chords=chords).method == Method("rule-based", reason)


def test_generations_are_counted_until_reset(polka: PolkaGeneratorService) -> None:
    """Each service counts its own."""
    for seed in range(3):
        _made(polka, seed=seed)
    other = polka.with_runtime(Runtime())

    assert polka.get_llm_stats() == {
        "local_generations": 0, "gemini_generations": 0, "rule_based_generations": 3, "remembered_generations": 0,
        "cost_usd": 0.0, "estimated_cost_saved_usd": 0.0, "by_label": {"rule-based": {"accepted": 3}},
    }  # fmt: skip
    assert other.get_llm_stats()["rule_based_generations"] == 0
    polka.reset_llm_stats()
    assert polka.get_llm_stats()["rule_based_generations"] == 0


def test_a_genre_without_a_request_has_the_common_one_narrowed(polka: PolkaGeneratorService) -> None:
    """An outside genre gets a typed request from its file."""
    request = polka.request_class()

    assert request(application="Bohemian").application == "bohemian"
    with pytest.raises(ValueError, match="bohemian"):
        request(application="swing")


def test_what_was_asked_is_held_against_what_was_made(polka: PolkaGeneratorService) -> None:
    """Key, tempo, bars, metre and parts are read off the arrangement; what nobody asked is not listed."""
    asked = {"key": "G", "tempo": 100.0, "num_bars": 8, "time_signature": "2/4", "without_parts": ("drums",)}
    lines = {line["asked"]: line for line in answer_of(_made(polka, seed=1, **asked))["conformance"]}

    assert {name: lines[name]["status"] for name in ("key", "tempo", "num_bars", "time_signature")} == dict.fromkeys(
        ("key", "tempo", "num_bars", "time_signature"), "met"
    )
    assert (lines["key"]["got"], lines["num_bars"]["got"]) == ("G major", "8")
    assert (lines["without_parts"]["wanted"], lines["without_parts"]["got"], lines["without_parts"]["status"]) == (
        "drums",
        "silent",
        "met",
    )
    assert answer_of(_made(polka, seed=1))["conformance"] == []


def test_what_is_not_as_asked_is_not_met(polka: PolkaGeneratorService) -> None:
    """The check reads the piece, not the request: a piece that lacks what was asked says so."""
    piece = _made(polka, seed=1, key="G", with_parts=("keys",), num_bars=8, chords="C | G7")
    silent = tuple(part._replace(notes=()) for part in piece.arrangement.parts)
    other = piece.progression._replace(bars=piece.progression.bars[1:] + piece.progression.bars[:1])
    wrong = piece._replace(
        arrangement=piece.arrangement._replace(parts=silent, key=Key("C")),
        progression=other,
        brief=piece.brief._replace(techniques=("planing",)),
    )
    missed = {line["asked"] for line in answer_of(wrong)["conformance"] if line["status"] == "not_met"}

    assert missed == {"key", "with_parts", "techniques", "chords"}


def test_a_progression_alone_is_that_of_generate(polka: PolkaGeneratorService) -> None:
    """The studio's two uses agree."""
    ask = Ask("polka", seed=9, num_bars=16)

    assert progression(ask, polka).bars == _made(polka, seed=9, num_bars=16).progression.bars


def test_the_studio_finds_the_genre() -> None:
    """An Ask, the registry and a runtime are all it takes."""
    piece = generate(Ask("jazz", seed=1, num_bars=4), discover(), Runtime())

    assert (piece.brief.genre, len(piece.progression.bars)) == ("jazz", 4)


def _registry(**values: str) -> Registry:
    points: Mapping[str, EntryPoint] = {
        name: EntryPoint("octet.genres", name, value, "some-package") for name, value in values.items()
    }
    return Registry(MappingProxyType(points), MappingProxyType({}))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("not_there:Service", "ModuleNotFoundError"),
        ("fractions:Nothing", "AttributeError"),
        ("fractions:Fraction", "is no BaseGenreGenerator"),
        ("genres.jazz:JazzGeneratorService", "names itself 'jazz'"),
        ("tests.plugins.broken_genre.broken:X", "ImportError: needs a tambourine"),
    ],
)
def test_what_is_no_genre_is_told_apart(value: str, reason: str) -> None:
    """Whatever a stranger registers, the others work, and the reason is one line."""
    registry = _registry(bossa=value, jazz="genres.jazz:JazzGeneratorService")
    services, broken = registry.usable(Runtime())

    assert [service.name for service in services] == ["jazz"]
    assert reason in broken["bossa (some-package)"]
    assert "\n" not in broken["bossa (some-package)"]
    with pytest.raises(UnknownGenre, match="cannot be used"):
        registry.service("bossa")


def test_an_unknown_genre_names_the_nearest() -> None:
    """Case does not matter, and what is near is offered."""
    assert discover().service("JAZZ").name == "jazz"
    with pytest.raises(UnknownGenre, match=r'unknown genre "regae": did you mean reggae\?'):
        discover().service("regae")


def test_a_coroutine_that_waits_is_not_run_straight() -> None:
    """Running by rule needs no event loop; what needs one is a mistake of ours that is not hidden."""

    async def waits() -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waited"):
        run_straight(waits())


def test_settings_come_from_variables(tmp_path: Path) -> None:
    """Defaults need nothing; a strategy that is none is refused with the choices."""
    data = str(tmp_path)

    assert settings({"OCTET_STRATEGY": "rules_only", "OCTET_DATA_DIR": data}) == Settings(
        "rules_only", data, str(tmp_path / "cache"), data
    )
    assert settings({"XDG_CACHE_HOME": data}).cache_folder == str(tmp_path / "octet")
    assert runtime(settings({"OCTET_STRATEGY": "cloud_only"})).strategy == "cloud_only"
    with pytest.raises(RequestError, match=", ".join(STRATEGIES)):
        settings({"OCTET_STRATEGY": "fastest"})
