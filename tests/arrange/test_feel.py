"""Swing, push, drift, and parts that are clean for a file."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.arrange.feel import clean, feel_drums, feel_part
from app.arrange.plan import Plan
from app.arrange.style import DrumStyle, Feel, PartStyle
from app.theory.notes import Note
from tests.arrange.charts import Stroke
from tests.arrange.pieces import plan

SWUNG = Feel(swing="8th", ratio=((100.0, 2.0),), scatter=0.0)


def _starts(planned: Plan, feel: Feel, ticks: list[int]) -> list[int]:
    notes = [Note(tick, 60, 60 + index, 80) for index, tick in enumerate(ticks)]
    return [note.start for note in feel_part(planned, notes, PartStyle("keys", "comp"), feel, Random(1))]


@pytest.mark.parametrize("written", [240, 320])
def test_the_swung_off_beat_falls_on_the_ratio(written: int) -> None:
    """At 2:1 the off-beat is two thirds into the beat, whether written as an eighth or as the last triplet."""
    assert _starts(plan(), SWUNG, [0, written, 480]) == [0, 320, 480]


def test_sixteenths_swing_within_the_eighth() -> None:
    """At 1.5:1 the e is at three fifths of the eighth; the & stays."""
    assert _starts(plan(), Feel(swing="16th", ratio=((100.0, 1.5),), scatter=0.0), [0, 120, 240, 360]) == [0, 144, 240, 384]


def test_a_part_of_each_quarter_may_lie_off_the_grid() -> None:
    """25 ms before it, at 120 a minute, is 24 ticks; what is between two parts lies between."""
    feel = Feel(lean=(0.0, 0.0, 0.0, -25.0), scatter=0.0)
    assert _starts(plan(), feel, [0, 240, 300, 360, 480]) == [0, 240, 288, 336, 480]


@pytest.mark.parametrize("metre", ["6/8", "12/8", "7/8"])
def test_eighth_metres_are_not_swung(metre: str) -> None:
    """Their eighths are even: compound metres are no swung fours."""
    assert _starts(plan(metre), SWUNG, [0, 240, 480]) == [0, 240, 480]


def test_swing_asked_for_wins_over_the_groove() -> None:
    """0 is straight, 1 is three to one."""
    assert _starts(plan(swing=0.0), SWUNG, [240]) == [240]
    assert _starts(plan(swing=1.0), SWUNG, [240]) == [360]


def test_without_humanising_everything_lies_on_the_grid() -> None:
    """`humanize` 0 takes away drift, push and scatter."""
    style = DrumStyle()
    strokes = [Stroke(tick, "hat", 70) for tick in range(0, 1920, 240)]
    notes = feel_drums(plan(humanize=0.0), strokes, style, Feel(scatter=30.0), Random(3))

    assert [note.start for note in notes] == [stroke.tick for stroke in strokes]
    assert {note.velocity for note in notes} == {70}


def test_people_drift() -> None:
    """Deviations have the spread asked for, and neighbours lean the same way, each beat's habit apart: no white noise."""
    strokes = [Stroke(tick, "hat", 70) for tick in range(480, 480 * 600, 480)]
    notes = feel_drums(plan(bars=160), strokes, DrumStyle(), Feel(scatter=12.0), Random(3))
    late = [(note.start - stroke.tick) * plan().tick_ms for note, stroke in zip(notes, strokes, strict=True)]
    habits = [mean(late[beat::4]) for beat in range(4)]
    drift = [ms - habits[index % 4] for index, ms in enumerate(late)]
    neighbours = mean(a * b for a, b in pairwise(drift)) / mean(a * a for a in drift)

    assert 9 <= stdev(late) <= 15
    assert 0.25 <= neighbours <= 0.65


def test_what_one_body_strikes_at_once_moves_together() -> None:
    """Kick and hat of the same moment share most of their deviation."""
    strokes = [Stroke(tick, drum, 70) for tick in range(480, 480 * 600, 480) for drum in ("hat", "kick")]
    notes = feel_drums(plan(bars=160), strokes, DrumStyle(), Feel(scatter=12.0), Random(3))
    late: dict[int, list[int]] = {36: [], 42: []}
    for note in notes:
        late[note.pitch].append(note.start - round(note.start / 480) * 480)
    together = mean(a * b for a, b in zip(late[36], late[42], strict=True)) / (stdev(late[36]) * stdev(late[42]))

    assert 0.4 <= together <= 0.8


NOTES = st.lists(
    st.builds(Note, st.integers(-50, 4000), st.integers(1, 3000), st.integers(58, 62), st.integers(1, 127)), max_size=40
)


@given(NOTES)
def test_a_clean_part_has_no_overlap_and_stays_inside(notes: list[Note]) -> None:
    """Whatever a player wrote: in order, from tick 0 to the end, one note of a pitch at a time, each of some length."""
    kept = clean(notes, 3840)

    assert [note.start for note in kept] == sorted(note.start for note in kept)
    assert all(note.start >= 0 and note.duration > 0 and note.start + note.duration <= 3840 for note in kept)
    for pitch in range(58, 63):
        own = [note for note in kept if note.pitch == pitch]
        assert all(one.start + one.duration <= other.start for one, other in pairwise(own))


def test_a_drummer_has_habits() -> None:
    """The same drum on the same step leans the same way bar after bar, by a share of the scatter."""
    strokes = [Stroke(tick, "hat", 70) for tick in range(240, 400 * 1920, 240)]
    planned = plan(bars=400)
    notes = feel_drums(planned, strokes, DrumStyle(), Feel(scatter=20.0), Random(5))
    ticks = 20.0 / planned.tick_ms
    late = [note.start - stroke.tick for note, stroke in zip(notes, strokes, strict=True)]
    means = [mean(late[step::8]) for step in range(8)]

    assert 0.15 * ticks < stdev(means) < ticks


def test_the_kit_scatters_by_its_own_word() -> None:
    """`all` in the kit's scatter wins over the feel's, a drum's own over both; a machine's strokes keep their level."""
    strokes = [Stroke(beat * 480, drum, 80) for beat in range(400) for drum in ("hat", "kick")]
    style = DrumStyle(scatter={"all": 0.0, "hat": 20.0})  # type: ignore[arg-type]
    notes = feel_drums(plan(bars=100), strokes, style, Feel(scatter=40.0), Random(5))
    kick, hat = ([note for note in notes if note.pitch == pitch] for pitch in (36, 42))

    assert {note.velocity for note in kick} == {80}
    assert stdev(note.velocity for note in hat) > 5


def test_a_line_of_single_notes_never_overlaps() -> None:
    """However long its notes are held, each ends where the next begins."""
    notes = [Note(beat * 480, 700, 40 + beat % 5, 80) for beat in range(32)]
    played = feel_part(plan(), notes, PartStyle("bass", "pattern", length=1.0), Feel(scatter=15.0), Random(2))

    assert all(one.start + one.duration <= other.start for one, other in pairwise(played))
