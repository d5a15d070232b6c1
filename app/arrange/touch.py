"""How hard a note is struck: the part's level, the bar's, the place in the metre, the mark on the token."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from app.arrange.plan import BarPlan
from app.arrange.style import PartStyle
from app.theory.notes import Note, note_of
from app.theory.rhythm import Metre

DOWNBEAT, GROUP, BEAT, BETWEEN = 4, 2, 0, -3  # added on the bar's first beat, on a group's, on another beat, off the beat
ACCENT: Final = 12
GHOST: Final = 0.55  # of the normal velocity
DOUBLES: Final = MappingProxyType({"8": 12, "-8": -12})
DOUBLED_SOFTER: Final = 6


class Levels(dict[int, int]):
    """Tick of the bar → the velocity of a plain note there, before marks, within 1-127; found when it is first asked for."""

    def __init__(self, loud: int, metre: Metre) -> None:
        super().__init__()
        self.loud = loud
        self.weights = {start: GROUP if index in metre.accents else BEAT for index, (start, _) in enumerate(metre.beats)}
        self.weights[0] = DOWNBEAT

    def __missing__(self, tick: int) -> int:
        self[tick] = found = max(1, min(127, self.loud + self.weights.get(tick, BETWEEN)))
        return found


_levels: Final = lru_cache(maxsize=256)(Levels)


def levels(style: PartStyle, bar: BarPlan, metre: Metre) -> Levels:
    """The velocities of a bar's plain notes by tick of the bar."""
    return _levels(style.velocity + bar.level, metre)


def level(style: PartStyle, bar: BarPlan, metre: Metre, tick: int) -> int:
    """The velocity of a plain note at a tick of the bar, before marks; within 1-127."""
    return _levels(style.velocity + bar.level, metre)[tick]


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
        note_of((start, duration, pitch + step, max(1, velocity - DOUBLED_SOFTER)))
        for start, duration, pitch, velocity in notes
        if 0 <= pitch + step <= 127
    ]
    return [*notes, *more]
