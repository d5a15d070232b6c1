"""Melodies: motifs that return, singable steps, breath, range."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from app.arrange import melody
from app.arrange.plan import Plan
from app.theory.notes import Note
from app.theory.rhythm import METRES
from tests.arrange.pieces import plan, style

MELODY = style().parts["melody"]


def _tune(planned: Plan, seed: int = 1) -> list[Note]:
    return sorted(melody.play(planned, MELODY, Random(seed)))


@pytest.mark.parametrize("metre", METRES)
@pytest.mark.parametrize("seed", range(4))
def test_a_melody_is_singable(metre: str, seed: int) -> None:
    """One voice, in its range, mostly by steps, hardly ever by more than an octave."""
    tune = _tune(plan(metre, 16), seed)
    moves = [abs(a.pitch - b.pitch) for a, b in pairwise(tune)]

    assert all(MELODY.low <= note.pitch <= MELODY.high for note in tune)
    assert all(a.start + a.duration <= b.start for a, b in pairwise(tune))
    assert sum(move <= 4 for move in moves) >= 0.7 * len(moves)
    assert max(moves) <= 12


def test_phrases_breathe() -> None:
    """Every fourth bar ends in a rest."""
    tune = _tune(plan(bars=16))

    for bar in (3, 7, 11):
        last = max(note.start + note.duration for note in tune if note.start < (bar + 1) * 1920)
        assert last <= bar * 1920 + 1440 + 240


def test_a_section_that_returns_brings_its_tune() -> None:
    """A2 has every onset of A1, and a few more where long notes are divided."""
    tune = _tune(plan(bars=32))
    first = {note.start for note in tune if note.start < 8 * 1920}
    again = {note.start - 16 * 1920 for note in tune if 16 * 1920 <= note.start < 24 * 1920}

    assert first <= again
    assert len(again) < 1.5 * len(first)


def test_two_seeds_sing_differently() -> None:
    """Chance decides."""
    assert _tune(plan(), 1) != _tune(plan(), 2)


def test_it_ends_on_a_held_chord_tone() -> None:
    """The last note is the chord's root or third, held to the end."""
    last = _tune(plan())[-1]

    assert last.start + last.duration == plan().end
    assert last.pitch % 12 in (7, 11)  # of the last chord, G7
