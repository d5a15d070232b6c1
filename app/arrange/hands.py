"""How far people's hands are off, as numbers: bell-shaped chance, many values at a time, and what of it stays at the next onset.

People's deviations are no white noise: a player speeds and relaxes, and what one body strikes at once moves together
(measured on the Groove MIDI Dataset: neighbouring strokes correlate by .34 to .55, simultaneous ones by .43 to .53).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import erf, exp, pi, sqrt
from random import Random
from typing import Final

ONE: Final = 1024  # in all fixed-point numbers here; rounding by shifts is what makes a loop over a thousand notes fast
BITS: Final = 10  # of ONE
HALF: Final = ONE // 2
MEMORY: Final = 0.72  # how much of a deviation stays at the next onset
FRESH: Final = sqrt(1.0 - MEMORY * MEMORY)  # the standard deviation of what is new there
KEPT: Final = round(ONE * MEMORY)
FAR: Final = 2 * ONE  # how far a drift goes at most, in standard deviations: then the player hears it
PRACTISED: Final = 0.98  # share of the bell curve that is drawn from: nobody who can play is off as far as its ends


def deviates(chance: Random, count: int, deviation: float) -> Iterable[int]:
    """So many bell-shaped numbers of mean 0 and that standard deviation, in 1024ths, one random byte each."""
    return map(_bell(deviation).__getitem__, chance.randbytes(count))


@lru_cache(maxsize=64)
def _bell(deviation: float) -> tuple[int, ...]:
    """256 equally likely values of a normal distribution without its ends."""
    high = _upper_half()
    scale = ONE * deviation / sqrt(sum(value * value for value in high) / len(high))
    return tuple(round(scale * value) for value in (*(-value for value in reversed(high)), *high))


@lru_cache(maxsize=1)
def _upper_half() -> tuple[float, ...]:
    """The middles of 128 equal shares of the standard normal distribution's upper half, found by Newton's method."""
    found, value = [], 0.0
    for share in range(128):
        wanted = PRACTISED * (share + 0.5) / 256
        for _ in range(4):
            value -= (erf(value / sqrt(2.0)) / 2.0 - wanted) * sqrt(2.0 * pi) * exp(value * value / 2.0)
        found.append(value)
    return tuple(found)
