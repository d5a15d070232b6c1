"""Figures beside what they are to be."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple

WIDTH = 62


class Figure(NamedTuple):
    """What was measured; `goal` None: it has none."""

    name: str
    value: float
    goal: float | None = None
    at_most: bool = False  # else at least
    unit: str = ""

    @property
    def reached(self) -> bool:
        """Whether it is what it is to be."""
        return self.goal is None or (self.value <= self.goal if self.at_most else self.value >= self.goal)

    def __str__(self) -> str:
        """One line."""
        value = f"{self.value:.3g} {self.unit}".strip()
        bound = "" if self.goal is None else f"{'≤' if self.at_most else '≥'} {self.goal:g} {self.unit}".strip()
        return (
            f"{self.name:<{WIDTH}}{value:>12}  {bound:<12}{'' if self.goal is None else 'reached' if self.reached else 'MISSED'}"
        )


def paired(ones: Sequence[float], others: Sequence[float]) -> float:
    """The median of the ratios round by round: what else the machine does falls on both."""
    return statistics.median(one / other for one, other in zip(ones, others, strict=True))


def milliseconds(seconds: Sequence[float]) -> str:
    """The half and the worst hundredth of waits."""
    return f"p50 {share(seconds, 0.5) * 1e3:.1f} ms, p99 {share(seconds, 0.99) * 1e3:.1f} ms"


def share(values: Sequence[float], part: float) -> float:
    """The value that this part of all is below."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0
