"""What the degrees of a bass or line row mean on a chord: semitones above the note that the player takes for the root."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.scale import chord_scale

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
    slash: bool  # whether the chord names its bass


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
    bass, slash = chord.bass_pc, bool(chord.bass)
    tones = tuple(sorted({(chord.root_pc + tone) % 12 for tone in chord.intervals}))
    if chord.bass and bass not in tones:
        chord = Chord.of(chord.bass, tuple(sorted((tone - bass) % 12 for tone in (*tones, bass))))
        tones = tuple(sorted((*tones, bass)))
    return Footing(chord.root_pc, ladder(chord, key), bass, tones, slash)


@lru_cache(maxsize=4096)
def ladder(chord: Chord, key: Key) -> tuple[int, ...]:
    """Semitones of the degrees 1-9 above the root: the chord's own third, fifth and seventh, the rest from its scale."""
    scale = {(pc - chord.root_pc) % 12 for pc in chord_scale(chord, key)}
    second = 2 if 2 in scale or 1 not in scale else 1
    third = chord.third if chord.third is not None else 3 if 3 in scale and 4 not in scale else 4
    fourth = 5 if 5 in scale or third == 5 else 6
    sixth = 9 if 9 in scale or 8 not in scale else 8
    fifth = chord.fifth or 7
    return (0, 0, second, third, fourth, fifth, sixth, chord.seventh or sixth, 12, 12 + second)


def semitones(token: Degree, ladder: tuple[int, ...]) -> int:
    """Semitones of a degree token above the root."""
    if token.written:
        return MAJOR[token.degree] + token.altered + 12 * token.octave
    return ladder[token.degree] + 12 * token.octave
