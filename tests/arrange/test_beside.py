"""Two chord players on one chord."""

from __future__ import annotations

from app.arrange.beside import beside

DB_MAJ9 = (53, 60, 63, 68)  # F3 C4 Eb4 Ab4


def test_root_under_a_major_seventh_becomes_it() -> None:
    """A pad leaves the root to the bass where the piano holds the seventh a half step below."""
    assert beside((61, 65, 68), DB_MAJ9) == (60, 65, 68)


def test_minor_ninths_become_octaves() -> None:
    """A third a minor ninth over the piano's ninth doubles that ninth."""
    assert beside((63, 68, 72), (55, 60, 63)) == (63, 67, 72)


def test_chords_without_rubs_stay() -> None:
    """Nothing is moved for its own sake."""
    assert beside((56, 60, 65), DB_MAJ9) == (56, 60, 65)
