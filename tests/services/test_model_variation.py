"""Varied chords: by a model that is told what was there, judged like any answer; by rule without one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import RequestError
from app.llm.build import of
from app.llm.config import LLMSettings, MatrixRow
from app.llm.providers.scripted import Scripted
from app.llm.types import TaskRecord
from app.render.lint import lint
from app.services.piece import Piece
from app.services.registry import discover
from app.services.runtime import Runtime
from app.studio import generate, vary_harmony
from app.theory.brief import Ask
from tests.services.answers import said

REGISTRY = discover()
ASK = Ask("jazz", "medium swing", key="C", num_bars=8, seed=7)
GARBAGE = "I would rather not."


class Log:
    """A task log in hand."""

    def __init__(self) -> None:
        self.rows: list[TaskRecord] = []

    async def record(self, record: TaskRecord) -> None:
        self.rows.append(record)


def piece(ask: Ask = ASK) -> Piece:
    return generate(ask, REGISTRY, Runtime())


def chords(made: Piece) -> list[list[str]]:
    return [[str(span.chord) for span in bar] for bar in made.progression.bars]


def by_model(*lines: str, ask: Ask = ASK, settings: LLMSettings | None = None) -> tuple[Ask, Any, Scripted, Log]:
    """The first variation where a model says these lines."""
    model, log = Scripted(list(lines)), Log()
    llm = of([("small", model, 10)], settings)
    llm.keeping = llm.keeping._replace(log=log)
    varied, method = vary_harmony(ask, 1, REGISTRY, Runtime(models=lambda: llm))
    return varied, method, model, log


def half_changed() -> str:
    """The model's variation: every other bar as the rules vary it."""
    other, _ = vary_harmony(ASK, 5, REGISTRY, Runtime())
    return said(piece(other).progression)


def test_a_models_variation_is_played_in_the_form_that_was_there() -> None:
    """It sees the chords as they are; its answer is judged, logged as its own task, and kept in the file."""
    varied, method, model, log = by_model(half_changed())
    made, before = piece(varied), piece()
    rows = method.attempts[0].checks

    assert (method.label, made.method.label) == ("small", "small")
    assert chords(made) != chords(before)
    assert made.progression.form == before.progression.form
    assert " | ".join(chords(before)[0]) in model.asked[0].text
    assert model.asked[0].version
    assert [row.name for row in rows][-1] == "changed"
    assert [(row.task, row.outcome, row.subject) for row in log.rows] == [("variation", "accepted", "jazz")]
    assert lint(made.midi) == ()


def test_the_same_chords_again_are_no_variation() -> None:
    """The model is told how many bars differ; when it insists, the rules vary them, and the reason is told."""
    same = said(piece().progression)
    varied, method, model, log = by_model(same, same, same)

    assert "0 of 8 bars differ: change about half" in model.asked[1].turns[-1].text
    assert "0 of 8 bars differ" in method.fallback_reason
    assert piece(varied).method.label == "rule-based"
    assert chords(piece(varied)) != chords(piece())
    assert log.rows[0].outcome == "rules"


def test_another_piece_is_no_variation() -> None:
    """Something of what was there stays."""
    other = said(piece(ASK._replace(seed=1234, description="bebop with modulations")).progression)
    _, method, _, _ = by_model(other)

    assert "keep about half" in method.fallback_reason


def test_the_matrix_has_its_own_rows_for_it() -> None:
    """Which models vary is said by task."""
    never = LLMSettings(
        matrix=(MatrixRow("variation", "standard", chain=("nobody",)), MatrixRow("variation", "complex", ("nobody",)))
    )
    _, method, model, _ = by_model(half_changed(), settings=never)

    assert model.asked == []
    assert method.label == "rule-based"


@pytest.mark.parametrize(
    ("fields", "asked"), [({"strategy": "rules_only"}, 0), ({"model": "small"}, 1), ({"chords": "C | F | G7 | C"}, 1)]
)
def test_what_forbids_models_forbids_them_here(fields: dict[str, Any], asked: int) -> None:
    """A chart that was given may be varied too."""
    _, _, model, _ = by_model(GARBAGE, ask=ASK._replace(**fields))

    assert min(1, len(model.asked)) == asked


def test_an_unknown_model_is_a_wrong_request() -> None:
    with pytest.raises(RequestError, match="small"):
        by_model(GARBAGE, ask=ASK._replace(model="gpt"))


@given(st.sampled_from(REGISTRY.names), st.integers(1, 24), st.integers(0, 99), st.integers(1, 9))
@settings(deadline=None, max_examples=25)
def test_by_rule_every_genre_varies(genre: str, bars: int, seed: int, number: int) -> None:
    """As many bars in the same form; the first and the last stay, no two neighbours change; the file is clean."""
    ask = Ask(genre, num_bars=bars, seed=seed)
    varied, method = vary_harmony(ask, number, REGISTRY, Runtime())
    made, before = piece(varied), piece(ask)
    other = [place for place, (one, was) in enumerate(zip(chords(made), chords(before), strict=True)) if one != was]

    assert method.label == "rule-based"
    assert made.progression.form == before.progression.form
    assert not {0, bars - 1} & set(other)
    assert all(place + 1 not in other for place in other)
    assert lint(made.midi) == ()
    assert json.dumps(varied.made)


def test_variations_differ_and_are_the_same_each_time() -> None:
    """By number, whatever the seed of the piece."""
    made = [vary_harmony(ASK, number, REGISTRY, Runtime())[0].made for number in (1, 2, 1)]

    assert made[0] == made[2] != made[1]
