"""A keyboard or guitar alone sounds complete: it has the bass that others would play."""

from __future__ import annotations

import pytest

from app.arrange.arranger import arrange
from app.arrange.style import Style
from app.theory.chance import Chance
from app.theory.notes import Note
from app.theory.rhythm import METRES
from tests.arrange.pieces import brief, progression, style

HIGH = {"engine": "comp", "range": ["E3", "C5"], "a": ["c . c ."], "voicing": "rootless"}
BAND = style(parts={"keys": HIGH, "guitar": {**HIGH, "rest": 0.6}})


def played(role: str, parts: tuple[str, ...], metre: str = "4/4", groove: Style = BAND) -> tuple[Note, ...]:
    """The notes of one role."""
    arrangement = arrange(brief(metre, parts=parts, humanize=0.0), progression(metre), groove, Chance(2))
    return next(part.notes for part in arrangement.parts if part.role == role)


@pytest.mark.parametrize("metre", METRES)
@pytest.mark.parametrize("role", ["keys", "guitar"])
def test_every_chord_has_its_root_below(role: str, metre: str) -> None:
    """On the first beat of each bar, an octave and more below the hand that it plays with in a band."""
    notes = played(role, (role,), metre)
    changes = progression(metre)
    roots = [spans[0].chord.root_pc for spans in changes.bars]
    low = {note.start: note.pitch % 12 for note in notes if note.pitch < 52}

    assert [low.get(bar * changes.metre.bar) for bar in range(len(roots))] == roots


def test_in_company_the_left_hand_is_silent() -> None:
    """What it plays with a bass is not changed; drums are no company for a chord."""
    assert min(note.pitch for note in played("keys", ("keys", "bass", "drums"))) >= 52
    assert min(note.pitch for note in played("keys", ("keys", "drums"))) < 48


def test_who_has_a_bass_gets_no_second_one() -> None:
    """Rows with bass notes of their own stay as they are."""
    own = style(parts={"keys": {"engine": "comp", "range": ["C2", "C5"], "a": ["B c B c"], "voicing": "rootless"}})

    notes = played("keys", ("keys",), groove=own)

    assert len([note for note in notes if note.start == 0 and note.pitch < 48]) == 1
