"""Where a tick lies in bars and beats, by a file's own time signatures."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple


class Stretch(NamedTuple):
    """Bars of one metre. `bar` counts from 0; `length` and `unit` are ticks of a bar and of the metre's lower unit."""

    tick: int
    bar: int
    length: int
    unit: int


class Place(NamedTuple):
    """A bar and a beat, both from 1; beats count the metre's lower number and may fall between."""

    bar: int
    beat: float


class Ruler:
    """The bar lines of a file. Without a time signature the bars are of 4/4, as the format says."""

    def __init__(self, ticks_per_quarter: int, metres: Iterable[tuple[int, int, int]]) -> None:
        """`metres` are (tick, upper, lower), by tick; one that comes within a bar begins a new bar there."""
        self.stretches = [Stretch(0, 0, 4 * ticks_per_quarter, ticks_per_quarter)]
        for tick, upper, lower in metres:
            before = self.stretches[-1]
            bar = before.bar - (before.tick - tick) // before.length
            unit = max(1, 4 * ticks_per_quarter // lower)
            stretch = Stretch(tick, bar, max(1, 4 * ticks_per_quarter * upper // lower), unit)
            if tick == before.tick:
                self.stretches[-1] = stretch
            else:
                self.stretches.append(stretch)
        self._ticks = [stretch.tick for stretch in self.stretches]

    def place(self, tick: int) -> Place:
        """The bar and beat of a tick."""
        stretch = self._at(tick)
        bar, rest = divmod(tick - stretch.tick, stretch.length)
        return Place(stretch.bar + bar + 1, round(1 + rest / stretch.unit, 3))

    def is_bar_line(self, tick: int) -> bool:
        """Whether a bar begins there (or the last one ends)."""
        stretch = self._at(tick)
        return (tick - stretch.tick) % stretch.length == 0

    def began_on_bar_line(self, tick: int) -> bool:
        """Whether a metre that begins there does so on a bar line of the metre before."""
        if tick == 0:
            return True
        before = self._at(tick - 1)
        return (tick - before.tick) % before.length == 0

    def _at(self, tick: int) -> Stretch:
        return self.stretches[max(0, bisect_right(self._ticks, tick) - 1)]
