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
        seed = self.overrides.get(name.partition(".")[0], self.seed)
        return Random(f"{seed}:{name}")  # noqa: S311 - music, not secrets
