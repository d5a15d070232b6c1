"""How a chord's intervals are written: exactly, and as players write them on a chart."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import Final

from app.theory.chord_shape import Shape

ALTERATIONS: Final = ((13, "b9"), (15, "#9"), (6, "b5"), (8, "#5"), (18, "#11"), (20, "b13"))
DIMINISHED_OR_AUGMENTED: Final = MappingProxyType({3: 6, 4: 8})  # third → the fifth that makes it so
ADDED: Final = ((11, "7"), (14, "9"), (17, "11"), (21, "13"))
FIXED: Final = MappingProxyType(  # shapes with a name that no rule makes
    {
        (0, 7): "5", (0,): "(no3)(no5)",
        (0, 4, 6): "(b5)",
        (0, 3, 7, 20): "mb6",
        (0, 3, 7, 17): "madd4",
    }
)  # fmt: skip
PLAYERS: Final = MappingProxyType(  # exact → as players write it
    {"7#9#5": "7alt", "dim7": "°7", "dim": "°", "m7b5": "ø7", "69": "6/9", "m69": "m6/9", "mM7": "m(maj7)"}
    | {"m9b5": "ø9", "m11b5": "ø11", "m7b9b5": "ø7(b9)", "dim7add9": "°9"}
    | {"mM9": "m(maj9)", "mM7b5": "°(maj7)", "madd4": "m(add11)"}
)


@lru_cache(maxsize=2048)
def suffix_of(shape: Shape) -> str:
    """The exact spelling after the root: reading it gives the shape again."""
    if not shape.intervals:
        return ""
    fixed = FIXED.get(shape.intervals)
    return _spell(shape) if fixed is None else fixed


@lru_cache(maxsize=2048)
def display_of(shape: Shape) -> str:
    """The spelling after the root as players write it: `13sus`, `7alt`, `6/9`, `ø7`, `°7`."""
    suffix = suffix_of(shape)
    if suffix.endswith("sus4") and suffix != "sus4":
        return suffix.removesuffix("4")
    return PLAYERS.get(suffix, suffix)


def _spell(shape: Shape) -> str:
    tones = set(shape.intervals)
    head, implied = _head(shape, tones)
    rest = tones - implied
    alterable = set(rest) if shape.seventh else rest & {6, 8}
    if not shape.seventh and tones & {6, 7, 8} == {DIMINISHED_OR_AUGMENTED.get(shape.third or 0)}:
        head, alterable = ("aug" if shape.third == 4 else "dim"), set()
        rest -= {6, 8}
    altered = "".join(name for tone, name in ALTERATIONS if tone in alterable)
    if altered and not head:
        altered = f"({altered})"
    rest -= alterable
    added = "".join(f"add{name}" for tone, name in ADDED if tone in alterable | rest)
    added += "".join(f"add{name}" for tone, name in ALTERATIONS if tone in rest)
    return head + altered + _suspension(tones) + added + _omissions(tones)


def _head(shape: Shape, tones: set[int]) -> tuple[str, set[int]]:
    """The quality and number, and the tones that they say by themselves."""
    minor = "m" if 3 in tones else ""
    core = tones & {0, 2, 3, 4, 5, 7, 9, 10 if shape.seventh == 10 else 11}
    if shape.seventh is None:
        return minor, core
    if shape.seventh == 9:
        return _sixth(minor, tones, core)
    number, stacked = _stack(tones)
    quality = "" if shape.seventh == 10 else ("M" if minor else "maj")
    return f"{minor}{quality}{number}", core | stacked


def _sixth(minor: str, tones: set[int], core: set[int]) -> tuple[str, set[int]]:
    if {3, 6} <= tones and 8 not in tones:
        return "dim7", core | {6}
    return (f"{minor}69", core | {14}) if tones & {13, 14, 15} == {14} else (f"{minor}6", core)


def _stack(tones: set[int]) -> tuple[str, set[int]]:
    """The highest number that the tensions fill from the ninth up, and those tensions."""
    ninth = tones & {13, 14, 15}
    if 14 in ninth and len(ninth) > 1:
        return "7", set()
    if ninth and 21 in tones and 20 not in tones:
        return "13", {14, 21}
    if ninth and 17 in tones and 18 not in tones:
        return "11", {14, 17}
    return ("9", {14}) if 14 in tones else ("7", set())


def _suspension(tones: set[int]) -> str:
    return "sus2" if 2 in tones else "sus4" if 5 in tones else ""


def _omissions(tones: set[int]) -> str:
    no_third = "" if tones & {2, 3, 4, 5} else "(no3)"
    return no_third + ("" if tones & {6, 7, 8} else "(no5)")
