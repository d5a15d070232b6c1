"""A key that a piece goes to is not its own; chords on a tonic say its mode."""

from __future__ import annotations

import pytest

from app.services.registry import discover
from app.theory.brief import Ask


@pytest.mark.parametrize(
    ("words", "home", "away"),
    [
        ("modulates to Eb and back", "Bb major", "Eb major"), ("modulates to Bb and back", "F major", "Bb major"),
        ("starts in C, goes to Eb and comes back", "C major", "Eb major"),
    ],
)  # fmt: skip
def test_a_piece_comes_home(words: str, home: str, away: str) -> None:
    """Told only where to go, it starts from a key of its own; "back" has been understood."""
    brief = discover().service("jazz").understand(Ask("jazz", words, seed=1))
    assert (str(brief.key), str(brief.destination), brief.returns, brief.not_understood) == (home, away, True, ())


def test_minor_ninths_on_a_tonic_are_its_mode() -> None:
    """ "Eb minor 9ths" are chords of Eb minor."""
    brief = discover().service("neosoul").understand(Ask("neosoul", "Eb minor 9ths", seed=1))
    assert str(brief.key) == "Eb minor"
    assert brief.techniques == ("extended chords",)
