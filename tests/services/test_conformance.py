"""What was asked is held against what was made, honestly."""

from __future__ import annotations

import pytest

from app.services.conformance import conformance_of
from app.services.registry import discover
from app.services.runtime import Runtime, run_straight
from app.theory.brief import Ask
from tests.plugins.polka_genre.polka import PolkaGeneratorService


def lines(words: str, **fields: object) -> set[tuple[str, str, str]]:
    """(field, wanted, status) of a polka."""
    piece = run_straight(PolkaGeneratorService(Runtime()).make(Ask("polka", words, seed=1, **fields)))  # type: ignore[arg-type]
    return {(line.asked, line.wanted, line.status) for line in conformance_of(piece)}


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("with an intro", ("with_sections", "intro", "met")),
        ("with a prechorus", ("with_sections", "prechorus", "not_met")),
        ("with a big ending", ("with_sections", "ending", "met")),
        ("no prechorus", ("without_sections", "prechorus", "met")),
        ("with tuba", ("instruments", "bass: tuba", "met")),
        ("no Neapolitan", ("avoid", "Neapolitan", "met")),
    ],
)
def test_sections_and_refusals_are_held_against_the_piece(words: str, line: tuple[str, str, str]) -> None:
    """Nothing that was understood goes without a line that says whether it was obeyed."""
    assert line in lines(words)


def test_a_part_rests_where_it_is_to_be_silent() -> None:
    """No note of it in these bars; a place that the form does not have is told."""
    asked = lines("drums enter at bar 5, just accordion in the last 2 bars, bass drops out in the prechorus", num_bars=16)
    told = {(wanted, status) for field, wanted, status in asked if field == "presence"}

    assert ("drums from bar 5", "met") in told
    assert ("bass out in prechorus", "not_met") in told
    assert ("drums out in the last 2 bars", "met") in told


def test_a_refused_technique_that_a_chart_has_is_not_met() -> None:
    """The chart is obeyed, and the result says what that cost."""
    service = discover().service("jazz", Runtime("rules_only"))
    piece = run_straight(service.make(Ask("jazz", "no tritone substitutions", chords="Dm7 | Db7 | Cmaj7 | C6", key="C", seed=1)))

    assert ("avoid", "tritone substitution", "not_met") in {
        (line.asked, line.wanted, line.status) for line in conformance_of(piece)
    }
