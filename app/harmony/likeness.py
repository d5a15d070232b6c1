"""How alike two bars of chords are, how far voices move between chords, and whether one chord may lead to another."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.numeral import function_of, numeral_of
from app.theory.progression import Span

NOTES, VOICES, FUNCTION = 0.5, 0.3, 0.2  # shares of a distance
WIDE: Final = 6.0  # semitones that three or four voices move when two chords have little in common
RESOLUTIONS: Final = (5, 11, 2, 1, 0, 9, 8)  # semitones up from a dominant to what may follow it: V-I, subV-I, bVII-I, V-vi ...
NEIGHBOURS: Final = (1, 11, 0)  # from a diminished seventh
AVAILABLE: Final = MappingProxyType(  # family → semitones above the root that a melody may have beside chord tones
    {
        "maj": (2, 6, 9), "min": (2, 5, 9), "dom": (1, 2, 3, 6, 8, 9), "sus": (2, 9), "hdim": (2, 5, 8), "dim": (2, 5, 8, 11),
        "aug": (2, 6), "power": (2, 3, 4, 5, 9, 10), "none": tuple(range(12)),
    }
)  # fmt: skip


@lru_cache(maxsize=16384)
def motion(one: Chord, other: Chord) -> int:
    """Semitones that voices move when each goes to the nearest note of the other chord."""
    if not one.root or not other.root:
        return 0
    here, there = sorted(one.pitch_classes), sorted(other.pitch_classes)
    return max(sum(_nearest(note, there) for note in here), sum(_nearest(note, here) for note in there))


def _nearest(note: int, notes: Sequence[int]) -> int:
    return min(min((note - other) % 12, (other - note) % 12) for other in notes)


def distance(one: Sequence[Span], other: Sequence[Span], key: Key) -> float:
    """How far a bar is from another, 0 (the same notes) to 1: half by its notes, then by voice leading and by function.

    Beats are compared one by one, so that a chord that holds for half a bar counts by half.
    """
    edges = sorted({span.beat for span in (*one, *other)} | {one[-1].beat + one[-1].beats})
    parts = [(end - start, _at(one, start), _at(other, start)) for start, end in pairwise(edges)]
    whole = sum((length for length, _, _ in parts), Fraction(0))
    return round(sum(float(length / whole) * _apart(here, there, key) for length, here, there in parts), 3)


def _at(spans: Sequence[Span], beat: Fraction) -> Chord:
    return next(span.chord for span in reversed(spans) if span.beat <= beat)


@lru_cache(maxsize=4096)
def _apart(one: Chord, other: Chord, key: Key) -> float:
    if one == other:
        return 0.0
    every = one.pitch_classes | other.pitch_classes
    notes = 1 - len(one.pitch_classes & other.pitch_classes) / len(every) if every else 0.0
    same = function_of(numeral_of(one, key)) == function_of(numeral_of(other, key))
    return NOTES * notes + VOICES * min(1.0, motion(one, other) / WIDE) + FUNCTION * (not same)


def leads(one: Chord, other: Chord, *, blues: bool = False) -> bool:
    """Whether a chord may be followed by another: dominants and diminished chords resolve, others go where they like.

    `blues`: dominants are no tension there, and also go up a fifth, IV7 to I7.
    """
    if not one.root or not other.root:
        return True
    up = (other.root_pc - one.root_pc) % 12
    if one.family == "dom":
        return up in RESOLUTIONS or (blues and up == 7)
    if one.family == "dim" and one.is_seventh:
        return (other.bass_pc - one.bass_pc) % 12 in NEIGHBOURS or up in NEIGHBOURS
    return one.family != "sus" or not one.is_seventh or up in (*RESOLUTIONS, 7)


def suits(chord: Chord, note: int, key: Key) -> int:
    """How a melody note (0-11) stands over a chord: 2 in it, 1 a tension that it may have, 0 against it."""
    if note in chord.pitch_classes or not chord.root:
        return 2
    above = (note - chord.root_pc) % 12
    if chord.family == "min" and above == 9 and (note - key.tonic_pc) % 12 not in key.scale:
        return 0
    return 1 if above in AVAILABLE[chord.family] else 0
