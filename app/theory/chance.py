"""Chance as an argument: one stream per player, all from one seed, the same on every machine."""

from __future__ import annotations

from random import Random


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


class Later(Random):
    """A stream that is seeded when something is drawn from it."""

    def __init__(self, words: str) -> None:
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

    def _begin(self) -> None:
        if self.words:
            words, self.words = self.words, ""
            self.seed(words)
