"""A guitarist's low strings under a line."""

from __future__ import annotations

from random import Random

from app.arrange import bass
from app.theory.notes import Note
from tests.arrange.charts import part, plan_of

A2 = 45


def played(double: str, row: str) -> list[Note]:
    guitar = part("guitar", "pattern", {"a": [row]}, low=40, high=76, double=double)
    return sorted(bass.pattern(plan_of("A7", "A"), guitar, Random(1)))


def test_boogie_is_struck_on_two_strings() -> None:
    """Root and fifth, root and sixth, root and flat seventh, as a shuffle guitarist's hand has them."""
    notes = played("root", "1 5 6 b7")
    assert [sorted(note.pitch - A2 for note in notes if note.start == beat) for beat in range(0, 1920, 480)] == [
        [0, 7], [0, 7], [0, 9], [0, 10],
    ]  # fmt: skip


def test_licks_above_the_boogie_are_single_notes() -> None:
    """What lies above the flat seventh is a lick, and stays alone."""
    assert [note.pitch - A2 for note in played("root", "8 b3' 5' 8'")] == [12, 15, 19, 24]


def test_thumb_keeps_the_beat_under_a_lick() -> None:
    """Each beat has a low root; where the line plays it itself, it is not struck twice."""
    notes = played("thumb", "1 5' b3' 1")
    assert [note.start for note in notes if note.pitch == A2] == [0, 480, 960, 1440]
    assert len(notes) == 6
