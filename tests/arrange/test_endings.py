"""Endings: a chord held, struck short with the drums, or cut off."""

from __future__ import annotations

import pytest

from app.arrange.endings import ended, last_hit
from app.arrange.style import EndingStyle, PartStyle
from app.theory.notes import Note
from tests.arrange.pieces import plan

PLAN = plan(bars=8)
LAST = PLAN.bars[-1].start
PART = PartStyle("keys", "comp")
NOTES = [Note(LAST - 960, 960, 60, 80), Note(LAST, 1920, 60, 80), Note(LAST, 1920, 64, 80)]


def test_a_held_chord_is_held() -> None:
    """Nothing changes."""
    assert ended(PLAN, EndingStyle("held"), PART, NOTES) == NOTES


@pytest.mark.parametrize("beat", [0.0, 1.0, 2.0, 3.5])
def test_a_hit_is_struck_short_where_the_drums_strike_it(beat: float) -> None:
    """The last chord sounds at the hit, whole, and less than a beat; nothing sounds after it."""
    ending = EndingStyle("hit", beat=beat)
    hit = last_hit(PLAN, ending)
    played = ended(PLAN, ending, PART, NOTES)

    assert hit == LAST + beat * 480
    assert {note.pitch for note in played if note.start == hit} == {60, 64}
    assert max(note.start + note.duration for note in played) < hit + 480


def test_a_stop_cuts_the_chord() -> None:
    """At the beat named everything is silent."""
    played = ended(PLAN, EndingStyle("stop", beat=1.0), PART, NOTES)

    assert played[0] == NOTES[0]
    assert max(note.start + note.duration for note in played) == LAST + 480
