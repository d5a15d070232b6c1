"""What a style says of its melodies beyond their rhythms: phrases, goals, how a motif returns, ornaments; and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from app.arrange.notation import Choice

LETTERS: Final = frozenset("abcdz.")
CLOSE: Final = "z"
SILENT: Final = "."
ORNAMENTS: Final = ("turn", "trill", "sigh", "grace", "mordent", "run", "roulade")
DEGREES: Final = range(1, 10)


class Song(NamedTuple):
    """How a style's melodies are made. Degrees are those of the chord that sounds."""

    phrases: tuple[tuple[str, float], ...] = (("abaz", 1.0),)  # a letter a bar: motifs a-d, `z` a close, `.` left to others
    ends: tuple[Choice, ...] = ()  # rhythms of closing bars; else the engine's own
    strong: tuple[int, ...] = ()  # degrees liked where a listener counts
    half: tuple[int, ...] = (5, 3, 9)  # on which an asking phrase ends
    full: tuple[int, ...] = (1, 3)  # on which an answering phrase ends
    literal: float = 0.5  # how exactly a motif that returns keeps its intervals
    stay: float = 1.0  # what a repeated note costs, against the engine's own price
    leaps: float = 1.0  # what a leap costs
    wide: float = 1.0  # how far a motif's contour reaches
    pickup: float = 0.0  # how likely a phrase has an upbeat
    pickups: int = 1  # of so many notes
    approach: float = 0.0  # how likely a short note before a strong one is its half step
    enclose: float = 0.0  # how likely two are the step above and the half step below it
    slip: float = 0.0  # how likely a motif is once set a half step higher, and comes back
    accent: int = 0  # added to what is struck off the beat and falls
    ornaments: MappingProxyType[str, float] = MappingProxyType({})  # name of ORNAMENTS → how likely where it fits


NUMBERS: Final = ("literal", "stay", "leaps", "wide", "pickup", "approach", "enclose", "slip")
GOALS: Final = ("strong", "half", "full")


def song_of(table: Mapping[str, Any], ends: tuple[Choice, ...]) -> Song:
    """The song of a table, its closing rhythms read already. Raises ValueError where something is no phrase or degree."""
    given: dict[str, Any] = {name: float(table[name]) for name in NUMBERS if name in table}
    given.update({name: int(table[name]) for name in ("pickups", "accent") if name in table})
    given.update({name: _degrees(table[name]) for name in GOALS if name in table})
    if "phrases" in table:
        given["phrases"] = tuple(_phrase(item) for item in table["phrases"])
    if "ornaments" in table:
        given["ornaments"] = _ornaments(table["ornaments"])
    return Song(ends=ends, **given)


def _phrase(item: Any) -> tuple[str, float]:
    letters, weight = (item, 1.0) if isinstance(item, str) else (str(item[0]), float(item[1]))
    if not letters or not set(letters) <= LETTERS:
        raise ValueError(f'"{letters}" is no phrase: one letter of a b c d z . for each bar')
    return letters, weight


def _degrees(text: str) -> tuple[int, ...]:
    degrees = tuple(int(word) if word.isdigit() else 0 for word in text.split())
    if not degrees or not set(degrees) <= set(DEGREES):
        raise ValueError(f'"{text}" holds no degrees from 1 to 9')
    return degrees


def _ornaments(table: Mapping[str, Any]) -> MappingProxyType[str, float]:
    strange = sorted(set(table) - set(ORNAMENTS))
    if strange:
        raise ValueError(f'no ornament "{strange[0]}"; ornaments are {", ".join(ORNAMENTS)}')
    return MappingProxyType({name: float(likely) for name, likely in table.items()})
