"""How hard a note is struck: the part's level, the bar's, the place in the metre, the mark on the token."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from app.arrange.plan import BarPlan
from app.arrange.style import PartStyle
from app.theory.notes import Note
from app.theory.rhythm import Metre

DOWNBEAT, GROUP, BEAT, BETWEEN = 4, 2, 0, -3  # added on the bar's first beat, on a group's, on another beat, off the beat
ACCENT: Final = 12
GHOST: Final = 0.55  # of the normal velocity
DOUBLES: Final = MappingProxyType({"8": 12, "-8": -12})
DOUBLED_SOFTER: Final = 6


@lru_cache(maxsize=64)
def _weights(metre: Metre) -> dict[int, int]:
    weights = {start: GROUP if index in metre.accents else BEAT for index, (start, _) in enumerate(metre.beats)}
    return weights | {0: DOWNBEAT}


def level(style: PartStyle, bar: BarPlan, metre: Metre, tick: int) -> int:
    """The velocity of a plain note at a tick of the bar, before marks; within 1-127."""
    loud = style.velocity + bar.level + _weights(metre).get(tick, BETWEEN)
    return max(1, min(127, loud))


def marked(velocity: int, mark: str) -> int:
    """The velocity with a mark: `!` accented, `?` a ghost, else as it is."""
    if mark == "!":
        return min(127, velocity + ACCENT)
    return max(1, round(velocity * GHOST)) if mark == "?" else velocity


def within_octaves(low: int, high: int, double: str) -> tuple[int, int]:
    """The range left to a part's own notes, so that the octave sounded with each lies in the whole range where it can."""
    step = DOUBLES.get(double, 0)
    if high - low < 2 * abs(step):
        return low, high
    return (low, high - step) if step > 0 else (low - step, high)


def doubled(notes: Sequence[Note], style: PartStyle) -> list[Note]:
    """The notes with the octave that the style sounds with each, within 0-127."""
    step = DOUBLES.get(style.double)
    if step is None:
        return list(notes)
    more = [
        note._replace(pitch=note.pitch + step, velocity=max(1, note.velocity - DOUBLED_SOFTER))
        for note in notes
        if 0 <= note.pitch + step <= 127
    ]
    return [*notes, *more]
