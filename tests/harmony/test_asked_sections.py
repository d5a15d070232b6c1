"""Sections that words ask for or refuse are planned so, within exactly the bars asked."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from app.harmony.asked_sections import plan_piece
from app.harmony.forms import Plan
from app.harmony.tables import read_tables
from tests.harmony.makers import APPLICATIONS, TABLES, brief, composed

WISHES: tuple[dict[str, Any], ...] = (
    {"with_sections": ("intro",)},
    {"with_sections": ("tag", "break", "intro")},
    {"with_sections": ("bridge",)},
    {"without_sections": ("intro", "bridge")},
    {"with_sections": ("break",), "without_sections": ("tag",)},
)


def planned(genre: str, application: str, bars: int, seed: int = 1, **wish: Any) -> Plan:
    """The plan of a piece."""
    return plan_piece(brief(genre, application, bars=bars, **wish), read_tables(TABLES[genre], application), Random(seed))


def kinds(plan: Plan) -> list[tuple[str, int]]:
    """Kind and bars of the sections."""
    return [(stretch.kind, stretch.bars) for stretch in plan.stretches]


@pytest.mark.parametrize(("genre", "application"), APPLICATIONS)
@pytest.mark.parametrize("bars", [1, 3, 8, 16, 17, 32, 45, 64])
def test_the_bars_stay_as_asked_and_names_differ(genre: str, application: str, bars: int) -> None:
    """Whatever is wished, in any number of bars."""
    for wish in WISHES:
        plan = planned(genre, application, bars, **wish)

        assert sum(stretch.bars for stretch in plan.stretches) == bars
        assert all(stretch.bars > 0 for stretch in plan.stretches)
        assert len({stretch.name for stretch in plan.stretches}) == len(plan.stretches)


@pytest.mark.parametrize(("genre", "application"), APPLICATIONS)
@pytest.mark.parametrize("kind", ["intro", "break", "tag"])
def test_a_section_beside_the_form_comes_when_asked(genre: str, application: str, kind: str) -> None:
    """Even where the bars are whole choruses."""
    assert kind in dict(kinds(planned(genre, application, 48, with_sections=(kind,))))


def test_where_they_stand() -> None:
    """The intro first, the break before the last time through, the tag last; the choruses between them whole."""
    plan = planned("blues", "minor", 48, with_sections=("tag", "intro", "break"))

    assert kinds(plan) == [("intro", 4), ("head", 12), ("solo", 12), ("break", 4), ("head", 12), ("tag", 4)]
    assert plan.notes[-1] == "4 bars of intro, 4 bars of break and 4 bars of tag, as asked"


def test_leftover_bars_keep_away_from_what_is_refused() -> None:
    """28 bars of blues have an intro; refused, its bars are a tag; both refused, it is told."""
    assert kinds(planned("blues", "minor", 28)) == [("intro", 4), ("head", 12), ("head", 12)]
    assert kinds(planned("blues", "minor", 28, without_sections=("intro",))) == [("head", 12), ("head", 12), ("tag", 4)]
    assert "no whole choruses without it" in planned("blues", "minor", 28, without_sections=("intro", "tag")).notes[-1]


@pytest.mark.parametrize("seed", range(6))
def test_a_bridge_comes_from_the_form(seed: int) -> None:
    """Asked for, one with a bridge is chosen, its optional one being played; refused, one without."""
    assert "bridge" in dict(kinds(planned("rnb", "new_jack_swing", 32, seed, with_sections=("bridge",))))
    assert "bridge" in dict(kinds(planned("jazz", "swing", 32, seed, with_sections=("bridge",))))
    assert "bridge" not in dict(kinds(planned("jazz", "swing", 32, seed, without_sections=("bridge",))))


def test_a_solo_takes_a_section_in_the_middle() -> None:
    """Where the form has none; a piece of two sections has no middle."""
    assert [stretch.name for stretch in planned("gospel", "worship", 32, with_sections=("solo",)).stretches][2] == "Solo"
    assert "solo" in dict(kinds(planned("jazz", "swing", 32, with_sections=("solo",))))
    assert "solo" not in dict(kinds(planned("blues", "minor", 24, with_sections=("solo",))))


def test_an_asked_form_gives_up_its_first_bars() -> None:
    """32 bars of AABA with an intro are an intro and the last 28."""
    plan = planned("jazz", "swing", 32, form="AABA", with_sections=("intro",))

    assert kinds(plan) == [("intro", 4), ("head", 4), ("head", 8), ("bridge", 8), ("head", 8)]


def test_no_room_is_told() -> None:
    """Three bars are too few for three sections more."""
    assert planned("jazz", "swing", 3, with_sections=("intro", "tag")).notes[-1] == "3 bars have no room for intro and tag"


@pytest.mark.parametrize("seed", range(8))
def test_a_technique_that_is_refused_is_not_worked_in(seed: int) -> None:
    """The rule of that name has no chance."""
    rules = {
        span.analysis.rule
        for bar in composed("jazz", "bebop", seed=seed, complexity=9, avoid=("secondary ii-V", "altered dominant")).bars
        for span in bar
    }

    assert "secondary ii-V" not in rules
