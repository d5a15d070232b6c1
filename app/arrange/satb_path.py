"""The cheapest way of four voices through a whole piece."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import inf
from typing import Final

from app.arrange.satb_chords import Four, Laid
from app.arrange.satb_rules import NEVER, Arrival, arrival
from app.theory.chance import Chance

TASTE: Final = 0.9  # what chance adds to a layout at most


@lru_cache(maxsize=128)
def four_voices(chords: tuple[Laid, ...], seed: int = 0) -> tuple[Four, ...]:
    """Four voices through chords, breaking as few rules as can be: none, mostly.

    The seed decides between ways that are nearly as good.
    """
    draw = Chance(seed).of("voices").random
    totals: list[Sequence[float]] = [chords[0].prices]
    passages = [_passage(before, after) for before, after in pairwise(chords)]
    for passage, after in zip(passages, chords[1:], strict=True):
        least = _least(totals[-1], passage)
        totals.append([way + price + TASTE * draw() for way, price in zip(least, after.prices, strict=True)])
    place = totals[-1].index(min(totals[-1]))
    path = [chords[-1].fours[place]]
    for chord, before, passage in zip(chords[-2::-1], totals[-2::-1], reversed(passages), strict=True):
        place = _origin(before, passage[place])
        path.append(chord.fours[place])
    return tuple(reversed(path))


def _least(totals: Sequence[float], passage: Sequence[Arrival]) -> list[float]:
    """What the cheapest way to each layout of the chord after costs, before its own price."""
    best = min(totals)
    here = totals.index(best)
    found = []
    for column, cheap in passage:
        least = best + column[here]
        for step, place in cheap:
            if best + step >= least:  # nor does any other way cost less
                break
            way = totals[place] + step
            if way < least:
                least = way
        else:
            if best + NEVER < least:
                least = min([total + step for total, step in zip(totals, column, strict=True)])
        found.append(least)
    return found


def _origin(totals: Sequence[float], reached: Arrival) -> int:
    """The layout from which the cheapest way comes, the first of equal ones."""
    least, found = inf, 0
    for place, step in enumerate(reached.column):
        way = totals[place] + step
        if way < least:
            least, found = way, place
    return found


@lru_cache(maxsize=2048)
def _passage(before: Laid, after: Laid) -> tuple[Arrival, ...]:
    """How each layout of a chord is reached from the chord before."""
    return tuple([arrival(before, after, place) for place in range(len(after.fours))])
