"""The colour of chords: triads, sevenths and tensions as the application's palette, the complexity and the words have them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from random import Random
from types import MappingProxyType
from typing import Final

from app.harmony.change import NAMES, degree, interval
from app.harmony.step import Step
from app.harmony.tables import HarmonyTables
from app.theory.chance import weighted

PALETTES: Final = MappingProxyType(
    {
        "": "maj",
        "m": "min",
        "maj7": "maj7",
        "m7": "m7",
        "7": "dom",
        "m7b5": "hdim",
        "dim7": "dim",
        "dim": "dimtriad",
        "7sus4": "sus",
    }
)
RICHNESS: Final = MappingProxyType(  # how far a suffix goes beyond the triad; what is not here has one step more than a seventh
    {"": 0, "m": 0, "dim": 0, "aug": 1, "sus4": 0, "7": 1, "m7": 1, "maj7": 1, "6": 1, "m6": 1, "m7b5": 1, "dim7": 1, "mM7": 1}
    | {"7sus4": 1, "13": 3, "m11": 3, "maj7#11": 3, "7#9#5": 3, "7b9": 2, "7#11": 3, "maj13": 3, "m13": 3, "9#11": 3}
)
RICH: Final = MappingProxyType(
    {"maj7": "maj9", "m7": "m9", "7": "9", "": "add9", "m": "m9", "7sus4": "9sus4", "6": "69", "m6": "m69"}
)
QUARTAL: Final = MappingProxyType(
    {
        "m9": "m11",
        "maj9": "69",
        "9": "9sus4",
        "13": "9sus4",
        "m7": "m11",
        "m": "m11",
        "maj7": "69",
        "": "69",
        "7": "9sus4",
        "m6": "m69",
        "6": "69",
    }
)
UPPER: Final = MappingProxyType(
    {
        "m9": "m11",
        "maj9": "maj9#11",
        "9": "13#11",
        "13": "13#11",
        "7": "13#11",
        "maj7": "maj9#11",
        "": "maj9#11",
        "m": "m11",
        "m7": "m11",
        "m6": "m69",
    }
)
COMPLEX: Final = 8  # from this complexity on, chords that a style has plain are extended too,
STEP: Final = 0.22  # so many of them, and so many more with each step
BARE: Final = 0.5  # of the pieces that are kept plain, so many are so throughout, the others in half of their chords
Palette = tuple[tuple[str, float], ...]


class Painter:
    """Gives every chord its suffix: the same one for the same chord most of the time."""

    def __init__(self, tables: HarmonyTables, complexity: int, chance: Random) -> None:
        lean = (complexity - 5) / 2
        self.complexity = complexity
        self.steady = tables.steady
        self.figured = tables.figures  # what stands in inversion is as its figures say
        self.draw = chance.random
        self.rich = chance.random() < tables.rich * 2.0**lean and complexity > 2
        bare = chance.random() < tables.bare * 2.0**-lean
        self.bare = (1.0 if chance.random() < BARE else 0.5) if bare else 0.0
        self.colour = tables.colour
        self.plain = {**tables.colour, **tables.plain} if bare else tables.colour
        self.chosen: dict[str, str] = {}

    def painted(self, steps: list[Step], following: Step | None = None) -> list[Step]:
        """The steps coloured, each by what it is and where it goes."""
        return list(map(self._one, steps, [*steps[1:], following]))

    def _one(self, step: Step, then: Step | None) -> Step:
        kind = PALETTES.get(step.suffix)
        bass = step.bass
        if kind is None or step.settled or (self.figured and bass is not None):
            return step
        where = degree(step)
        name = f"{kind}_{NAMES[where]}"
        if kind == "dom" and then is not None and then.family in ("min", "hdim") and interval(step, then) == 5:
            name = "dom_minor"
        if name in self.chosen and self.draw() <= self.steady:
            suffix = self.chosen[name]
        else:
            colours = self.plain if self.draw() < self.bare else self.colour
            palette = colours.get(name) or colours.get(kind)
            if not palette:
                return step
            suffix = self._extended(self._drawn(palette, step.suffix), where)
            self.chosen.setdefault(name, suffix)
        if bass is not None and RICHNESS.get(suffix, 2) > 1:
            return step
        return step.coloured(suffix)

    def _extended(self, suffix: str, where: int) -> str:
        """With a ninth, in complex pieces of every style but that in four parts."""
        if self.figured or self.complexity < COMPLEX or self.draw() >= (self.complexity - COMPLEX + 1) * STEP:
            return suffix
        return ("9" if where in (7, 10) else "69") if not suffix else RICH.get(suffix, suffix)

    def _drawn(self, palette: Palette, plain: str) -> str:
        palette, weights = _weighed(palette if self.rich else _simple(palette, self.complexity), plain, self.complexity)
        return weighted(self.draw, palette, weights)[0]


@lru_cache(maxsize=256)
def _simple(palette: Palette, complexity: int) -> Palette:
    """The colours of a palette for a piece that is not rich: up to sevenths, or its plainest."""
    limit = max(1, min(RICHNESS.get(suffix, 2) for suffix, _ in palette)) if complexity > 2 else 0
    simple = tuple(entry for entry in palette if RICHNESS.get(entry[0], 2) <= limit)
    return simple or (min(palette, key=lambda entry: RICHNESS.get(entry[0], 2)),)


@lru_cache(maxsize=1024)
def _weighed(palette: Palette, plain: str, complexity: int) -> tuple[Palette, tuple[float, ...]]:
    """A palette and the weights of its colours: the more complex the piece, the likelier what goes beyond the plain chord."""
    base = RICHNESS.get(plain, 2)
    lean = (complexity - 5) / 4
    return palette, tuple(weight * 2.0 ** (lean * (RICHNESS.get(suffix, 2) - base)) for suffix, weight in palette)


def softened(step: Step) -> Step:
    """Without altered tensions, or any beyond the ninth."""
    altered = step.family == "dom" and any(mark in step.suffix for mark in "#b")
    if not altered and RICHNESS.get(step.suffix, 2) <= 2:
        return step
    plain = {"maj": "maj9", "min": "m9", "dom": "7" if altered else "9"}.get(step.family, step.suffix)
    return step._replace(suffix=plain)


def simplified(step: Step) -> Step:
    """Without tensions: a seventh chord or a triad."""
    suffix = step.suffix
    if RICHNESS.get(suffix, 2) <= 1:
        return step
    plain = {"maj": "maj7" if "maj" in suffix else "", "min": "m7", "dom": "7", "sus": "sus4"}.get(step.family, suffix)
    return step._replace(suffix=plain)


def enriched(step: Step, table: Mapping[str, str], rule: str, why: str) -> Step:
    """With the tensions of a table, marked; the same step where the table has none or a bass is written."""
    richer = table.get(step.suffix) or (step.suffix if step.suffix in table.values() else None)
    if richer is None or step.bass is not None:
        return step
    return step._replace(suffix=richer, rule=step.rule or rule, why=step.why or why, settled=True)
