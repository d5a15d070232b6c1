"""What a chord is above its root: its intervals, and the words the field has for them (third, seventh, tensions, family)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

DEGREE_NAMES: Final = MappingProxyType(  # semitones above the root → the degree that players say
    {0: "1", 2: "2", 3: "b3", 4: "3", 5: "4", 6: "b5", 7: "5", 8: "#5", 9: "6", 10: "b7", 11: "7"}
    | {13: "b9", 14: "9", 15: "#9", 17: "11", 18: "#11", 20: "b13", 21: "13"}
)
NATURAL_TENSIONS: Final = (14, 17, 21)


class Shape(NamedTuple):
    """A chord without its root. Semitones above the root: chord tones 0-11, tensions 13-21."""

    intervals: tuple[int, ...]
    third: int | None  # 3 | 4, or 5 | 2 for sus4 and sus2; None for a power chord
    fifth: int | None  # 6 | 7 | 8
    seventh: int | None  # 10 | 11, 9 for a sixth or a diminished seventh
    tensions: tuple[int, ...]
    family: str  # maj | min | dom | sus | dim | hdim | aug | power | none


def normal(tones: Iterable[int]) -> tuple[int, ...]:
    """Intervals in their one spelling: a second, fourth or sixth beside its third or seventh is a tension, and so on."""
    notes = set(tones)
    if notes & {3, 4}:
        _raise(notes, (2, 5))
    if 5 in notes:
        _raise(notes, (2,))
    if {3, 4} <= notes:
        _move(notes, 3, 15)
    if notes & {10, 11}:
        _raise(notes, (9,))
    if 7 in notes:
        _move(notes, 6, 18)
        _move(notes, 8, 20)
    return tuple(sorted(notes))


def _raise(notes: set[int], tones: tuple[int, ...]) -> None:
    for tone in tones:
        _move(notes, tone, tone + 12)


def _move(notes: set[int], tone: int, to: int) -> None:
    if tone in notes:
        notes.discard(tone)
        notes.add(to)


@lru_cache(maxsize=2048)
def shape_of(intervals: tuple[int, ...]) -> Shape:
    """The shape of normal intervals, one object for each."""
    third = _first(intervals, (4, 3, 5, 2))
    fifth = _first(intervals, (7, 6, 8))
    seventh = _first(intervals, (10, 11, 9))
    tensions = tuple(tone for tone in intervals if tone > 12)
    return Shape(intervals, third, fifth, seventh, tensions, _family(intervals, third, fifth, seventh))


def _first(intervals: tuple[int, ...], wanted: tuple[int, ...]) -> int | None:
    return next((tone for tone in wanted if tone in intervals), None)


def _family(intervals: tuple[int, ...], third: int | None, fifth: int | None, seventh: int | None) -> str:
    if not intervals:
        return "none"
    if third is None:
        return "dom" if seventh == 10 else "power"
    if third in (2, 5):
        return "sus"
    if third == 3:
        return _minor_family(fifth, seventh)
    if seventh == 10:
        return "dom"
    return "aug" if fifth == 8 else "maj"


def _minor_family(fifth: int | None, seventh: int | None) -> str:
    if fifth != 6:
        return "min"
    return "hdim" if seventh == 10 else "dim"


NO_CHORD: Final = shape_of(())
