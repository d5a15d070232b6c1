"""Who has the tune in a quartet, and how the others accompany it: textures by phrase, entries in imitation, a line in octaves."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from app.arrange.plan import BarPlan, Plan

ORDERS: Final = (  # textures of a quartet, from phrase to phrase; a seed takes one order
    ("song", "imitation", "walk", "plain"),
    ("song", "pair", "imitation", "walk"),
    ("plain", "song", "imitation", "walk"),
    ("imitation", "song", "pair", "walk"),
    ("song", "walk", "plain", "imitation"),
    ("pair", "imitation", "song", "walk"),
)
ENTRIES: Final = (
    ("song", "answer"),
    ("answer", "song"),
    ("song", "walk"),
    ("song", "inner"),
    ("walk", "song"),
)  # who leads, who follows
ENTRY: Final = 2  # bars between them
MARKED: Final = frozenset({"bridge", "tag"})  # sections that open with all in octaves
LEADERS: Final = MappingProxyType({"song": (0,), "answer": (1,), "inner": (2,), "walk": (3,), "pair": (0, 1)})  # who has the tune
PHRASE: Final = 4  # bars


def texture_of(plan: Plan, bar: BarPlan, *, strings: bool) -> str:
    """A choir sings a chorale; a quartet changes every phrase and closes plainly.

    A section that returns sounds as before; one that is repeated at once passes its tune on to others.
    """
    if not strings:
        return "chorale"
    if bar.last or bar.place >= bar.section.bars - 1:
        return "plain"
    if in_octaves(bar):
        return "song"
    order = ORDERS[plan.seed % len(ORDERS)]
    first = sum(map(ord, bar.section.label or bar.section.kind))
    again = bar.section.bar > 0 and plan.bars[bar.section.bar - 1].section.label == bar.section.label != ""
    texture = order[(first + again + bar.place // PHRASE) % len(order)]
    if texture != "imitation":
        return texture
    return ENTRIES[(plan.seed // len(ORDERS) + first) % len(ENTRIES)][bar.place % PHRASE // ENTRY]


def in_octaves(bar: BarPlan) -> bool:
    """Whether a quartet plays the bar as one line in octaves: meant, and so no fault of part-writing."""
    return bar.place == 0 and bar.section.kind in MARKED and bar.section.bars >= PHRASE and not bar.last


def marks(plan: Plan) -> tuple[str, ...]:
    """What to tell a person about the bars that are played in octaves."""
    bars = [str(bar.number + 1) for bar in plan.bars if in_octaves(bar)]
    return (f"bar{'s' * (len(bars) > 1)} {', '.join(bars)}: the strings play one line in octaves",) if bars else ()
