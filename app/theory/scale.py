"""Scales by name, and the scale that a chord takes by its function."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from app.theory.chord import Chord
from app.theory.key import Key

SCALES: Final = MappingProxyType(
    {  # semitones above the root
        "ionian": (0, 2, 4, 5, 7, 9, 11),
        "dorian": (0, 2, 3, 5, 7, 9, 10),
        "phrygian": (0, 1, 3, 5, 7, 8, 10),
        "lydian": (0, 2, 4, 6, 7, 9, 11),
        "mixolydian": (0, 2, 4, 5, 7, 9, 10),
        "aeolian": (0, 2, 3, 5, 7, 8, 10),
        "locrian": (0, 1, 3, 5, 6, 8, 10),
        "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
        "melodic minor": (0, 2, 3, 5, 7, 9, 11),
        "harmonic major": (0, 2, 4, 5, 7, 8, 11),
        "locrian natural 2": (0, 2, 3, 5, 6, 8, 10),
        "lydian dominant": (0, 2, 4, 6, 7, 9, 10),
        "lydian augmented": (0, 2, 4, 6, 8, 9, 11),
        "mixolydian b6": (0, 2, 4, 5, 7, 8, 10),
        "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
        "altered": (0, 1, 3, 4, 6, 8, 10),
        "half-whole": (0, 1, 3, 4, 6, 7, 9, 10),
        "whole-half": (0, 2, 3, 5, 6, 8, 9, 11),
        "whole tone": (0, 2, 4, 6, 8, 10),
        "major pentatonic": (0, 2, 4, 7, 9),
        "minor pentatonic": (0, 3, 5, 7, 10),
        "minor blues": (0, 3, 5, 6, 7, 10),
        "major blues": (0, 2, 3, 4, 7, 9),
        "gospel blues": (0, 3, 4, 7, 9, 10),
        "bebop dominant": (0, 2, 4, 5, 7, 9, 10, 11),
        "bebop major": (0, 2, 4, 5, 7, 8, 9, 11),
        "bebop dorian": (0, 2, 3, 4, 5, 7, 9, 10),
        "bebop melodic minor": (0, 2, 3, 5, 7, 8, 9, 11),
        "chromatic": tuple(range(12)),
    }
)
PARENTS: Final = MappingProxyType(  # family → scales, the nearest to the key first when they tie
    {
        "maj": ("ionian", "lydian"),
        "min": ("dorian", "aeolian", "phrygian", "melodic minor", "harmonic minor"),
        "dom": ("mixolydian", "lydian dominant", "mixolydian b6", "phrygian dominant", "half-whole", "altered", "whole tone"),
        "sus": ("mixolydian", "dorian", "phrygian", "ionian"),
        "dim": ("whole-half", "locrian natural 2"),
        "hdim": ("locrian natural 2", "locrian"),
        "aug": ("lydian augmented", "whole tone", "harmonic major"),
        "power": ("mixolydian", "ionian", "dorian", "aeolian"),
    }
)


def scale_name(chord: Chord, key: Key, function: str = "") -> str:
    """The name of the scale a player takes over the chord in that key: a name of SCALES; "" for N.C.

    The chord's own tones decide first, then its function (a dominant that does not fall a fifth is lydian dominant, one that
    falls to a minor chord phrygian dominant), then the notes of the key.
    """
    if chord.family == "none":
        return ""
    fixed = _dominant(chord, key, function) if chord.family == "dom" else _coloured(chord, key)
    if fixed:
        return fixed
    names = PARENTS[chord.family]
    return max(names, key=lambda name: _fit(chord, key, name) * 100 - names.index(name))


def chord_scale(chord: Chord, key: Key, function: str = "") -> tuple[int, ...]:
    """The pitch classes of `scale_name`, ascending from the chord's root; empty for N.C."""
    name = scale_name(chord, key, function)
    if not name:
        return ()
    return tuple((chord.root_pc + step) % 12 for step in SCALES[name])


def scale_on(name: str, tonic: int) -> tuple[int, ...]:
    """A named scale's pitch classes, ascending from a tonic (0-11)."""
    return tuple((tonic + step) % 12 for step in SCALES[name])


def _fit(chord: Chord, key: Key, name: str) -> int:
    """Chord tones weigh more than any notes of the key."""
    steps = set(SCALES[name])
    own = {(key.tonic_pc + step - chord.root_pc) % 12 for step in key.scale}
    tones = {tone % 12 for tone in chord.intervals}
    return len(tones & steps) * 20 + len(own & steps)


def _coloured(chord: Chord, key: Key) -> str:
    tones = set(chord.intervals)
    if chord.family == "min" and (11 in tones or (9 in tones and _is_tonic(chord, key))):
        return "melodic minor"
    if chord.family == "maj" and 18 in tones:
        return "lydian"
    if chord.family == "dim":
        return "whole-half"
    return "locrian natural 2" if chord.family == "hdim" else ""


def _is_tonic(chord: Chord, key: Key) -> bool:
    return chord.root_pc == key.tonic_pc


def _dominant(chord: Chord, key: Key, function: str) -> str:
    tones = set(chord.intervals)
    if {8, 15} <= tones or {8, 13} <= tones:
        return "altered"
    if 8 in tones or (6 in tones and not tones & {13, 15}):
        return "whole tone"
    if tones & {13, 15}:
        return _flat_nine(chord, tones, key)
    if 20 in tones:
        return "mixolydian b6"
    if 18 in tones or function == "passing":
        return "lydian dominant"
    return _plain_dominant(chord, key, function)


def _flat_nine(chord: Chord, tones: set[int], key: Key) -> str:
    if 15 in tones and 13 not in tones and chord.root_pc == key.tonic_pc:
        return "minor blues"
    if tones & {15, 18, 21, 6}:
        return "half-whole"
    return "phrygian dominant" if 20 in tones or _falls_to_minor(chord, key) else "half-whole"


def _plain_dominant(chord: Chord, key: Key, function: str) -> str:
    if (chord.root_pc - key.tonic_pc) % 12 in (1, 2, 3, 6, 8, 10) and function != "dominant":
        return "lydian dominant"
    if (chord.root_pc - key.tonic_pc) % 12 in (1, 3, 6, 8, 10):
        return "lydian dominant"
    return "phrygian dominant" if function == "dominant" and _falls_to_minor(chord, key) else "mixolydian"


def _falls_to_minor(chord: Chord, key: Key) -> bool:
    """Whether the key has a minor chord a fifth below."""
    goal = (chord.root_pc + 5 - key.tonic_pc) % 12
    return goal in key.scale and (goal + 3) % 12 in key.scale and (goal + 4) % 12 not in key.scale
