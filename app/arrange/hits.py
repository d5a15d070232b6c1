"""A chord player's strokes: a token of a row on its tick, with the chord it belongs to."""

from __future__ import annotations

from functools import partial
from typing import Final, NamedTuple

from app.arrange.changes import Changes
from app.arrange.fit import Placed
from app.arrange.plan import BarPlan
from app.arrange.style import PartStyle

CHORDS: Final = frozenset("cCehH")
HELD: Final = frozenset("hH")
SHORT: Final = frozenset("cCe")


class Hit(NamedTuple):
    """A token to be played, with the chord it belongs to."""

    tick: int
    length: int
    token: str
    span: int  # index into the changes
    bar: BarPlan


_hit: Final = partial(tuple.__new__, Hit)


def hit_of(style: PartStyle, bar: BarPlan, placed: Placed, changes: Changes) -> Hit:
    """A token of a bar as a stroke: short ones half a beat at most; a push belongs to the chord it pushes into."""
    inside, length, token = placed
    tick = bar.start + inside
    if token in SHORT:
        length = min(length, changes.beats[inside] // 2)
    index = changes.anticipated(tick) if style.anticipate and token in CHORDS else changes.at(tick)
    return _hit((tick, length, token, index, bar))
