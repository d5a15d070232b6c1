"""The cheapest way of four voices through a whole piece."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    passages = [_passage(before, after) for before, after in pairwise(chords)]
    totals: list[Sequence[float]] = [chords[0].prices]
    for passage, after in zip(passages, chords[1:], strict=True):
        totals.append(_onward(totals[-1], passage, after.prices, draw))
    place = totals[-1].index(min(totals[-1]))
    path = [chords[-1].fours[place]]
    for chord, before, passage in zip(chords[-2::-1], totals[-2::-1], reversed(passages), strict=True):
        place = _origin(before, passage[place])
        path.append(chord.fours[place])
    return tuple(reversed(path))


def _onward(
    totals: Sequence[float], passage: tuple[Arrival, ...], prices: tuple[float, ...], draw: Callable[[], float]
) -> list[float]:
    """What the cheapest way to each layout of the chord after costs, its own price and chance's taste with it."""
    best = min(totals)
    here = totals.index(best)
    found = []
    for (column, cheap), price in zip(passage, prices, strict=True):
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
        found.append(least + price + TASTE * draw())
    return found


def _origin(totals: Sequence[float], reached: Arrival) -> int:
    """The layout from which the cheapest way on comes, the first of equal ones."""
    column, cheap = reached
    least, found = inf, 0
    for step, place in cheap:
        way = totals[place] + step
        if way < least or (way == least and place < found):
            least, found = way, place
    if min(totals) + NEVER > least:
        return found
    ways = [total + step for total, step in zip(totals, column, strict=True)]
    return ways.index(min(ways))


@lru_cache(maxsize=2048)
def _passage(before: Laid, after: Laid) -> tuple[Arrival, ...]:
    """How each layout of a chord is reached from the chord before."""
    return tuple([arrival(before, after, place) for place in range(len(after.fours))])
