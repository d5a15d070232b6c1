"""Pitch classes and their names: a pitch class is an int 0-11 (C = 0), a name a letter with accidentals (`Bb`, `F##`)."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import Final

LETTERS: Final = "CDEFGAB"
LETTER_PITCH: Final = MappingProxyType({"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11})
FLAT_NAMES: Final = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
SHARP_NAMES: Final = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


@lru_cache(maxsize=256)
def pitch_class(name: str) -> int:
    """The pitch class of a spelled name: `pitch_class("Bb") == 10`. The name must be well formed."""
    return (LETTER_PITCH[name[0]] + name.count("#") - name.count("b", 1)) % 12


@lru_cache(maxsize=256)
def fifths(name: str) -> int:
    """Steps along the circle of fifths from C, sharps positive: G = 1, F = -1, Bb = -2, F# = 6."""
    return "FCGDAEB".index(name[0]) - 1 + 7 * (name.count("#") - name.count("b", 1))


@lru_cache(maxsize=256)
def name_at_fifths(steps: int) -> str:
    """The inverse of `fifths`."""
    accidentals, letter = divmod(steps + 1, 7)
    return "FCGDAEB"[letter] + ("#" * accidentals if accidentals > 0 else "b" * -accidentals)


def midi_name(pitch: int) -> str:
    """A MIDI pitch as players write it, C4 = 60: `midi_name(61) == "Db4"`."""
    return f"{FLAT_NAMES[pitch % 12]}{pitch // 12 - 1}"


def midi_pitch(name: str) -> int:
    """The inverse of `midi_name`, any spelling: `midi_pitch("C#4") == 61`."""
    letters = name.rstrip("-0123456789")
    octave = int(name[len(letters) :])
    return LETTER_PITCH[letters[0]] + letters.count("#") - letters.count("b", 1) + 12 * (octave + 1)
