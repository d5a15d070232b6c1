"""What sets a piece apart from others of its style: how fast its harmony moves, how chromatic it is, how strictly it returns."""

from __future__ import annotations

from random import Random
from typing import Final, NamedTuple

RHYTHM: Final = 0.9  # standard deviations, in doublings
CHROMA: Final = 1.0
STRICT: Final = 0.35  # share of pieces whose sections come back as they were
BOUND: Final = 1.8  # standard deviations beyond which nothing is drawn


class Character(NamedTuple):
    """Tunes of one style differ more from each other than their bars do; 0 and 1 are the style's own middle."""

    rhythm: float = 0.0  # a row with one more chord a bar is so many doublings likelier
    chroma: float = 0.0  # a row all of chords outside the scale is so many doublings likelier, and so are chromatic rules
    free: float = 1.0  # how much sections differ when they come back, against the style's own measure


MIDDLE: Final = Character()


def character_of(chance: Random) -> Character:
    """The character of a piece, drawn once for it."""
    rhythm, chroma, strict = _spread(chance), _spread(chance), chance.random() < STRICT
    return Character(RHYTHM * rhythm, CHROMA * chroma, 0.0 if strict else 1 / (1 - STRICT))


def _spread(chance: Random) -> float:
    return max(-BOUND, min(BOUND, chance.gauss(0.0, 1.0)))
