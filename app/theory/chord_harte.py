"""Reads Harte's chord syntax, `C:min7/b3` and `A:sus4(b7,9)`, as annotated corpora write it (Harte et al., ISMIR 2005)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from app.theory.chord_reader import Unreadable
from app.theory.chord_shape import Shape, normal, shape_of
from app.theory.pitch import fifths, name_at_fifths

SHORTHANDS: Final = MappingProxyType(  # semitones above the root; eleventh and thirteenth chords hold all below them
    {
        "": (0,), "1": (0,), "5": (0, 7), "maj": (0, 4, 7), "min": (0, 3, 7), "aug": (0, 4, 8), "dim": (0, 3, 6),
        "sus4": (0, 5, 7), "sus2": (0, 2, 7), "maj6": (0, 4, 7, 9), "min6": (0, 3, 7, 9), "7": (0, 4, 7, 10),
        "maj7": (0, 4, 7, 11), "min7": (0, 3, 7, 10), "minmaj7": (0, 3, 7, 11), "dim7": (0, 3, 6, 9), "hdim7": (0, 3, 6, 10),
        "hdim": (0, 3, 6, 10), "9": (0, 4, 7, 10, 14), "maj9": (0, 4, 7, 11, 14), "min9": (0, 3, 7, 10, 14),
        "b9": (0, 4, 7, 10, 13), "#9": (0, 4, 7, 10, 15), "11": (0, 4, 7, 10, 14, 17), "#11": (0, 4, 7, 10, 14, 18),
        "min11": (0, 3, 7, 10, 14, 17), "13": (0, 4, 7, 10, 14, 17, 21), "b13": (0, 4, 7, 10, 14, 17, 20),
        "maj13": (0, 4, 7, 11, 14, 17, 21), "min13": (0, 3, 7, 10, 14, 17, 21),
    }
)  # fmt: skip
NATURAL: Final = MappingProxyType({1: 0, 2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 7: 11, 8: 12, 9: 14, 10: 16, 11: 17, 12: 19, 13: 21})
DEGREE_FIFTHS: Final = (0, 2, 4, -1, 1, 3, 5)
HIGHEST: Final = 21


def read_harte(root: str, text: str, at: int) -> tuple[Shape, str]:
    """The shape and the bass name ("" for the root) of what stands after `C:`. Raises Unreadable; `at` is where `text` begins."""
    body, stroke, bass = text.partition("/")
    name, bracket, degrees = body.partition("(")
    if name not in SHORTHANDS or (bracket and not degrees.endswith(")")):
        raise Unreadable(at)
    tones = {*SHORTHANDS[name]}
    for degree in degrees.removesuffix(")").split(",") if bracket else ():
        _apply(tones, degree.strip(), at + len(name) + 1)
    tones.add(0)
    below = _bass_name(root, bass, at + len(body) + 1) if stroke else ""
    return shape_of(normal(tones)), "" if below == root else below


def bass_below(root: str, degree: str, at: int) -> str:
    """The note of a degree above a root, `3`, `b7`: the bass of `C/3`. Raises Unreadable."""
    name = _bass_name(root, degree, at)
    return "" if name == root else name


def _apply(tones: set[int], degree: str, at: int) -> None:
    left_out = degree.startswith("*")
    sign, number = _degree(degree.removeprefix("*"), at)
    tone = NATURAL[number] + sign
    if left_out:
        tones.difference_update({tone, tone + 12, tone - 12})
    else:
        tones.add(_folded(tone, number))


def _folded(tone: int, number: int) -> int:
    """A tone where a chord has it: chord tones below the octave, tensions above."""
    if number > 8 and tone in (13, 14, 15, 17, 18, 20, 21):
        return tone
    tone %= 12
    return {1: 13, 6: 6}.get(tone, tone)


def _bass_name(root: str, degree: str, at: int) -> str:
    sign, number = _degree(degree, at)
    name = name_at_fifths(fifths(root) + DEGREE_FIFTHS[(number - 1) % 7] + 7 * sign)
    if len(name) > 3:
        name = name_at_fifths(fifths(name) + (12 if name[1] == "b" else -12))
    return name


def _degree(text: str, at: int) -> tuple[int, int]:
    number = text.lstrip("b#")
    if not (number.isascii() and number.isdigit()) or len(text) > 4 or int(number) not in NATURAL:
        raise Unreadable(at)
    return text.count("#") - text.count("b"), int(number)
