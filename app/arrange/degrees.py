"""What the degrees of a bass or line row mean on a chord: semitones above the note that the player takes for the root."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from app.theory.chord import Chord
from app.theory.key import Key

MAJOR: Final = (0, 0, 2, 4, 5, 7, 9, 11, 12, 14)  # semitones of the degrees 1-9; 0 is unused
SIGNS: Final = MappingProxyType({"b": -1, "#": 1})


class Degree(NamedTuple):
    """A token read: what it asks for and its marks."""

    kind: str  # degree | a | n | m
    degree: int  # 1-9 for a degree
    altered: int  # -1 | 0 | 1: only with `written`
    written: bool  # whether it was altered, and so is counted in the major scale
    octave: int  # octaves up
    mark: str  # "" | "!" | "?"


class Footing(NamedTuple):
    """How a bass player hears a chord: the note taken for the root, the degrees above it, the bass where it is another."""

    root: int  # pitch class
    ladder: tuple[int, ...]  # semitones of the degrees 1-9; index 0 is unused
    bass: int  # pitch class on the chord's first beat
    tones: tuple[int, ...]  # pitch classes of the chord


@lru_cache(maxsize=256)
def read_degree(token: str) -> Degree:
    """A token of a bass or line row, well formed."""
    bare = token.rstrip("',!?")
    marks = token[len(bare) :]
    octave = marks.count("'") - marks.count(",")
    mark = "!" if "!" in marks else "?" if "?" in marks else ""
    if bare[-1].isdigit():
        return Degree("degree", int(bare[-1]), SIGNS.get(bare[0], 0), bare[0] in SIGNS, octave, mark)
    return Degree(bare, 1, 0, False, octave, mark)


@lru_cache(maxsize=4096)
def footing(chord: Chord, key: Key) -> Footing:
    """How to stand on a chord. A bass that is no chord tone becomes the root: F/G is heard as G9sus4."""
    bass = chord.bass_pc
    tones = tuple(sorted({(chord.root_pc + tone) % 12 for tone in chord.intervals}))
    if chord.bass and bass not in tones:
        chord = Chord.of(chord.bass, tuple(sorted((tone - bass) % 12 for tone in (*tones, bass))))
        tones = tuple(sorted((*tones, bass)))
    return Footing(chord.root_pc, ladder(chord, key), bass, tones)


@lru_cache(maxsize=4096)
def ladder(chord: Chord, key: Key) -> tuple[int, ...]:
    """Semitones of the degrees 1-9 above the root: the chord's own where it has them, else the key's."""
    scale = {(key.tonic_pc + step - chord.root_pc) % 12 for step in key.scale}
    tensions = set(chord.tensions)
    third = _third(chord, scale)
    fifth = chord.fifth or 7
    second = _either(2, 1, scale, has=14 in tensions, lacks=13 in tensions)
    fourth = 5 if third == 5 else _either(5, 6, scale, has=17 in tensions, lacks=18 in tensions or third == 5)
    sixth = _either(9, 8, scale, has=21 in tensions or chord.seventh == 9, lacks=20 in tensions or fifth == 8)
    if fifth == 6 and fourth == 6:
        fourth = 5
    seventh = chord.seventh or sixth
    return (0, 0, second, third, fourth, fifth, sixth, seventh, 12, 12 + second)


def _third(chord: Chord, scale: set[int]) -> int:
    if chord.third is not None:
        return chord.third
    return 3 if 3 in scale and 4 not in scale else 4


def _either(plain: int, other: int, scale: set[int], *, has: bool, lacks: bool) -> int:
    """The plain degree, unless the chord or else the key has the other."""
    if has or lacks:
        return plain if has else other
    return other if other in scale and plain not in scale else plain


def semitones(token: Degree, ladder: tuple[int, ...]) -> int:
    """Semitones of a degree token above the root."""
    if token.written:
        return MAJOR[token.degree] + token.altered + 12 * token.octave
    return ladder[token.degree] + 12 * token.octave
