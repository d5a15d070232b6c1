"""A chord player's manners: fewer strokes under a busy melody, an answer where it rests."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from random import Random
from typing import Final

from app.arrange.changes import Changes
from app.arrange.fit import Placed, fit
from app.arrange.hits import CHORDS, Hit, hit_of
from app.arrange.listening import Ear
from app.arrange.notation import Row
from app.arrange.plan import Plan
from app.arrange.style import PartStyle
from app.arrange.turns import Turn, rows_of
from app.theory.rhythm import Metre

BUSIEST: Final = 2  # notes of the melody within a beat under which a chord player all but stops
ANSWERED: Final = 0.85  # how likely a rest is answered by one who listens wholly
MOST: Final = 3  # strokes of an answer

_tick: Final[Callable[[Hit], int]] = itemgetter(0)


def with_manners(
    plan: Plan, style: PartStyle, turn: Turn, played: list[Hit], changes: Changes, ear: Ear, chance: Random
) -> list[Hit]:
    """A bar's strokes, thinned under the melody and answering it."""
    kept: list[Hit] = []
    heard: set[int] = set()
    for hit in played:
        if hit.token in CHORDS:
            told, first = True, hit.span not in heard
            heard.add(hit.span)
        else:
            told, first = hit.token in "ot", False
        if not told or first or chance.random() >= style.listen * min(1.0, ear.busy(hit.tick) / BUSIEST):
            kept.append(hit)
        elif kept and hit.token in "hH" and kept[-1].token in "hH" and kept[-1].span == hit.span:
            kept[-1] = kept[-1]._replace(length=hit.tick + hit.length - kept[-1].tick)
    answers = _answers(plan, style, turn, kept, changes, ear, chance)
    return sorted([*kept, *answers], key=_tick) if answers else kept


def _answers(plan: Plan, style: PartStyle, turn: Turn, kept: list[Hit], changes: Changes, ear: Ear, chance: Random) -> list[Hit]:
    found: list[Hit] = []
    if turn.bar.last:
        return found
    for start, end in ear.rests(turn.bar, turn.bar.start + plan.metre.bar):
        inside = [hit for hit in kept if start < hit.tick < end and hit.token in CHORDS]
        if inside or chance.random() >= ANSWERED * style.listen:
            continue
        figure = _figure(plan, style, start - turn.bar.start, end - turn.bar.start)
        found += [hit_of(style, turn.bar, placed, changes) for placed in figure]
    return found


def _figure(plan: Plan, style: PartStyle, start: int, end: int) -> tuple[Placed, ...]:
    """What the style's own rows have most of between two ticks of the bar."""
    best: tuple[Placed, ...] = ()
    for choice in rows_of(style, "b"):
        for bar in _chords(choice.row, plan.native, plan.metre):
            inside = [placed for placed in bar if start < placed[0] < end]
            if len(best) < len(inside) <= MOST:
                best = tuple(inside)
    return best


@lru_cache(maxsize=1024)
def _chords(row: Row, native: Metre, metre: Metre) -> tuple[tuple[Placed, ...], ...]:
    """The chords of a row, bar by bar."""
    bars = [fit(row, native, metre, index) for index in range(len(row))]
    return tuple(tuple(placed for placed in bar if placed.token in CHORDS) for bar in bars)
