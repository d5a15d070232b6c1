"""A chord player's strokes: a token of a row on its tick, with the chord it belongs to."""

from __future__ import annotations

from typing import Final, NamedTuple

from app.arrange.changes import Changes, beat_length
from app.arrange.fit import Placed
from app.arrange.plan import BarPlan, Plan
from app.arrange.style import PartStyle

CHORDS: Final = frozenset("cCehH")


class Hit(NamedTuple):
    """A token to be played, with the chord it belongs to."""

    tick: int
    length: int
    token: str
    span: int  # index into the changes
    bar: BarPlan


def hit_of(plan: Plan, style: PartStyle, bar: BarPlan, placed: Placed, changes: Changes) -> Hit:
    """A token of a bar as a stroke: short ones half a beat at most; a push belongs to the chord it pushes into."""
    tick = bar.start + placed.tick
    length = min(placed.length, beat_length(plan.metre, placed.tick) // 2) if placed.token in "cCe" else placed.length
    index = changes.at(tick)
    if style.anticipate and placed.token in CHORDS:
        index = changes.anticipated(tick)
    return Hit(tick, length, placed.token, index, bar)
