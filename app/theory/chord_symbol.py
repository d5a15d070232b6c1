"""The spelling of a chord that other programs read alike: the nearest of a short list that independent readers agree on."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import Final

from app.theory.chord_reader import read_suffix
from app.theory.chord_shape import Shape
from app.theory.chord_spelling import suffix_of

SAFE: Final = (  # read with the same notes by at least two of pychord, music21 and mir_eval; a test measures it
    "", "m", "7", "maj7", "m7", "m7b5", "dim", "dim7", "aug", "sus4", "sus2", "5", "6", "m6", "69", "9", "maj9", "m9",
    "11", "m11", "13", "mM7", "7sus4", "9sus4", "7b9", "7#9", "7b5", "7#5", "7#11", "7b13", "9#11", "9b5", "9#5",
    "13#11", "7b9b5", "7b9#5", "7#9b5", "7#9#5", "7b9#9", "7b9#11", "7#9#11", "7b9b13", "maj7#11", "maj7#5", "m7b9",
    "m7b9b5", "m7#5", "m#5", "add9", "madd9", "add11", "madd4", "7add13", "m7add11", "maj7add13", "maj7add11",
    "sus4add9", "6b5",
)  # fmt: skip
COSTS: Final = MappingProxyType(  # what it costs to leave a tone out, by its semitones above the root
    {2: 12, 3: 30, 4: 30, 5: 15, 6: 8, 7: 3, 8: 6, 9: 9, 10: 20, 11: 20} | {13: 5, 14: 2, 15: 5, 17: 3, 18: 4, 20: 4, 21: 2}
)
THE_SEVENTH: Final = 5  # more, where it is the chord's own of the two sevenths it has
TOO_MUCH: Final = 7  # what a tone costs that the chord does not have
ADDED: Final = MappingProxyType({0: 0, 7: 1, 3: 5, 4: 5, 10: 12, 11: 12})


@lru_cache(maxsize=2048)
def safe_suffix(shape: Shape) -> str:
    """The suffix of `SAFE` that leaves out or adds the least; the exact one where it is safe."""
    exact = suffix_of(shape)
    if exact in SAFE or not shape.intervals:
        return exact
    return min(SAFE, key=lambda suffix: _distance(shape, read_suffix(suffix)))


def colour_of(shape: Shape) -> tuple[int, ...]:
    """The tones that the safe suffix does not say, as semitones above the root."""
    said = {tone % 12 for tone in read_suffix(safe_suffix(shape)).intervals}
    return tuple(tone for tone in shape.intervals if tone % 12 not in said)


def _distance(shape: Shape, other: Shape) -> int:
    """Tones left out and tones too many, weighed; the same note in another octave is the same note."""
    ours = {tone % 12 for tone in shape.intervals}
    theirs = {tone % 12 for tone in other.intervals}
    left_out = sum(COSTS.get(tone, 0) for tone in shape.intervals if tone % 12 not in theirs)
    left_out += THE_SEVENTH if shape.seventh in (10, 11) and shape.seventh not in theirs else 0
    added = sum(ADDED.get(tone, TOO_MUCH) for tone in theirs - ours)
    return left_out + added + (TOO_MUCH if shape.family == "sus" and other.family != "sus" else 0)
