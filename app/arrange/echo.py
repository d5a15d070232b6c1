"""The echo of a mixing desk written as strokes: what is struck comes back at even distances, softer each time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

FALL: Final = 0.6  # of the velocity before
REPEATS: Final = 4
FAINTEST: Final = 5  # velocity below which nothing is heard


def repeats(velocity: int, gap: int) -> Iterator[tuple[int, int]]:
    """(ticks after the stroke, velocity) of each repeat of a stroke, `gap` ticks apart."""
    loud = float(velocity)
    for count in range(1, REPEATS + 1):
        loud *= FALL
        if loud < FAINTEST:
            return
        yield count * gap, round(loud)
