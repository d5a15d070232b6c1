"""Chance as an argument: one stream per player, all from one seed, the same on every machine."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Hands out independent random streams by name; `overrides` gives single names a seed of their own."""

    def __init__(self, seed: int, overrides: dict[str, int] | None = None) -> None:
        self.seed = seed
        self.overrides = overrides or {}

    def of(self, name: str) -> Random:
        """The stream of that name, always from its start. `bass.fills` follows an override of `bass`."""
        return Random(self._words(name))  # noqa: S311 - music, not secrets

    def later(self, name: str) -> Random:
        """The same stream, begun with the first draw from it: for choices that are seldom made."""
        return Later(self._words(name))

    def _words(self, name: str) -> str:
        return f"{self.overrides.get(name.partition('.')[0], self.seed)}:{name}"


def weighted(draw: Callable[[], float], options: Sequence[T], weights: Sequence[float]) -> T:
    """One of some options by their weights: what `Random.choices` would give for the same draw, for less."""
    ends = list(accumulate(weights))
    total = ends[-1] + 0.0
    if total <= 0.0:
        raise ValueError("the weights of all options together must be greater than zero")
    return options[bisect(ends, draw() * total, 0, len(ends) - 1)]


class Later(Random):
    """A stream that is seeded when something is drawn from it."""

    def __init__(self, words: str = "") -> None:
        self.words = words  # "" once it has begun; Random's own __init__ would begin it now
        self.gauss_next: float | None = None

    def random(self) -> float:
        """A number from 0 to 1."""
        self._begin()
        return super().random()

    def getrandbits(self, k: int) -> int:
        """So many random bits, of which whole numbers and choices are made."""
        self._begin()
        return super().getrandbits(k)

    def anew(self, words: str) -> None:
        """Go on, with the next draw, as the stream of other words."""
        self.words = words

    def _begin(self) -> None:
        if self.words:
            words, self.words = self.words, ""
            self.seed(words)
