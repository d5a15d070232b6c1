"""Chords under a melody: room, answers, and a top that stays below it."""

from __future__ import annotations

from random import Random

from app.arrange import comping
from app.arrange.arranger import arrange
from app.arrange.listening import beneath
from app.arrange.plan import Plan
from app.theory.chance import Chance
from app.theory.notes import Note
from tests.arrange.charts import JAZZ, part, plan_of
from tests.arrange.pieces import brief, progression, style

ROWS = {"a": ["... ..c ... ..c", "c.. ..c ..c c..", "..c ..c c.. ..c"]}
KEYS = part("keys", "comp", ROWS, low=48, high=79, voicing="rootless", listen=0.8)


def _plan(tune: tuple[Note, ...]) -> Plan:
    return plan_of(JAZZ, times=4, tune=tune)


def _strokes(plan: Plan, bars: range) -> int:
    return sum(
        len({note.start for note in comping.play(plan, KEYS, Random(seed)) if note.start // 1920 in bars}) for seed in range(8)
    )


def test_a_busy_melody_gets_fewer_chords_than_none() -> None:
    """Running eighths leave the piano a good deal less to do."""
    busy = tuple(Note(tick, 200, 76, 80) for tick in range(0, 48 * 1920, 240))

    assert _strokes(_plan(busy), range(40)) < 0.75 * _strokes(_plan(()), range(40))


def test_a_rest_of_the_melody_is_answered() -> None:
    """Under eighths with every fourth bar left empty, it is the empty bars that have the chords."""
    tune = tuple(Note(tick, 200, 76, 80) for tick in range(0, 48 * 1920, 240) if tick // 1920 % 4 != 3)
    plan = _plan(tune)
    rests, sung = range(3, 44, 4), range(2, 44, 4)

    assert _strokes(plan, rests) > 1.3 * _strokes(plan, sung)


def test_the_top_of_a_chord_stays_below_the_melody() -> None:
    """Hardly any chord note sounds above the melody's note at its onset."""
    tune = tuple(Note(tick, 900, 66 + tick // 960 % 5, 80) for tick in range(0, 48 * 1920, 960))
    above = [
        note
        for note in comping.play(_plan(tune), KEYS, Random(1))
        if note.pitch >= 66 + note.start // 960 % 5 and note.start % 960 < 900
    ]
    assert len(above) <= 2


def test_a_chord_makes_way_an_octave_lower_or_leaves_the_note_out() -> None:
    """The two lowest notes always stay."""
    assert beneath((55, 60, 64, 69), 67) == (55, 57, 60, 64)
    assert beneath((60, 64, 67, 71), 62) == (52, 55, 60)
    assert beneath((48, 54), 50) == (48, 54)


def test_a_melody_made_anew_changes_no_other_part() -> None:
    """The others go on as they heard it first."""
    asked = brief(parts=("drums", "bass", "keys", "melody"))
    first = arrange(asked, progression(), style(), Chance(1))
    again = arrange(asked, progression(), style(), Chance(1, {"melody": 99}))

    changed = [one.role for one, other in zip(first.parts, again.parts, strict=True) if one.notes != other.notes]
    assert changed == ["melody"]
