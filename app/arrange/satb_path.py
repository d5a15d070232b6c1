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

Row = tuple[
    Sequence[float], float, int
]  # what the cheapest way to each layout of a chord costs; the least, and where it is first


@lru_cache(maxsize=128)
def four_voices(chords: tuple[Laid, ...], seed: int = 0) -> tuple[Four, ...]:
    """Four voices through chords, breaking as few rules as can be: none, mostly.

    The seed decides between ways that are nearly as good.
    """
    draw = Chance(seed).of("voices").random
    passages = [_passage(before, after) for before, after in pairwise(chords)]
    prices = chords[0].prices
    rows: list[Row] = [(prices, min(prices), prices.index(min(prices)))]
    for passage, after in zip(passages, chords[1:], strict=True):
        rows.append(_onward(rows[-1], passage, after.prices, draw))
    place = rows[-1][2]
    path = [chords[-1].fours[place]]
    for chord, row, passage in zip(chords[-2::-1], rows[-2::-1], reversed(passages), strict=True):
        place = _origin(row, passage[place])
        path.append(chord.fours[place])
    return tuple(reversed(path))


def _onward(row: Row, passage: tuple[Arrival, ...], prices: tuple[float, ...], draw: Callable[[], float]) -> Row:
    """What the cheapest way to each layout of the chord after costs, its own price and chance's taste with it."""
    totals, best, here = row
    found: list[float] = []
    dearest = best + NEVER
    lowest, lowest_at = inf, 0
    for (column, cheap), price in zip(passage, prices, strict=True):
        least = best + column[here]
        for step, place in cheap:
            if best + step >= least:  # nor does any other way cost less
                break
            way = totals[place] + step
            if way < least:
                least = way
        else:
            if dearest < least:
                least = min([total + step for total, step in zip(totals, column, strict=True)])
        least = least + price + TASTE * draw()
        if least < lowest:
            lowest, lowest_at = least, len(found)
        found.append(least)
    return found, lowest, lowest_at


def _origin(row: Row, reached: Arrival) -> int:
    """The layout from which the cheapest way on comes, the first of equal ones."""
    totals, best, _ = row
    column, cheap = reached
    least, found = inf, 0
    for step, place in cheap:
        way = totals[place] + step
        if way < least or (way == least and place < found):
            least, found = way, place
    if least < best + NEVER:
        return found
    ways = [total + step for total, step in zip(totals, column, strict=True)]
    return ways.index(min(ways))


@lru_cache(maxsize=2048)
def _passage(before: Laid, after: Laid) -> tuple[Arrival, ...]:
    """How each layout of a chord is reached from the chord before."""
    return tuple([arrival(before, after, place) for place in range(len(after.fours))])
