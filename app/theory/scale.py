"""Scales by name, and the scale that a chord takes by its function."""

from __future__ import annotations

from functools import lru_cache
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

KEY_SCALES: Final = MappingProxyType(
    {  # a style's scale word → the scale of the whole key, in major and in minor
        "blues": ("minor blues", "minor blues"),
        "pentatonic": ("major pentatonic", "minor pentatonic"),
        "bebop": ("bebop major", "bebop dorian"),
        "gospel": ("gospel blues", "minor blues"),
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


@lru_cache(maxsize=4096)
def chord_scale(chord: Chord, key: Key, function: str = "") -> tuple[int, ...]:
    """The pitch classes of `scale_name`, ascending from the chord's root; empty for N.C.

    `function` "blues" gives the key's own minor blues scale over every chord.
    """
    name = scale_name(chord, key, function)
    if not name:
        return ()
    if function == "blues":
        notes = scale_on("minor blues", key.tonic_pc)
        return tuple(sorted(notes, key=lambda note: (note - chord.root_pc) % 12))
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
    """What a chord's own colour or its place in a major key decides; "" where the key's notes decide."""
    tones = set(chord.intervals)
    above = (chord.root_pc - key.tonic_pc) % 12
    if chord.family == "min" and tones & {9, 11, 21} and not tones & {8, 13, 20}:
        return "melodic minor" if 10 not in tones else "dorian"
    if chord.family == "min" and not key.is_minor and above in (2, 9) and not tones & {8, 13, 20}:
        return "dorian"
    if chord.family == "maj" and 18 in tones:
        return "lydian"
    return {"dim": "whole-half", "hdim": "locrian natural 2"}.get(chord.family, "") if not tones & {13} else ""


def _dominant(chord: Chord, key: Key, function: str) -> str:
    """The scale that a dominant's altered tones ask for, else the one of where it goes."""
    tones = set(chord.intervals)
    if tones & {13, 15}:
        return _altered_ninth(tones, to_minor=_falls_to_minor(chord, key))
    if tones & {6, 8}:
        return "whole tone"
    if 20 in tones:
        return "mixolydian b6"
    if 18 in tones:
        return "lydian dominant"
    return _plain_dominant(chord, key, function)


def _altered_ninth(tones: set[int], *, to_minor: bool) -> str:
    if 8 in tones or {15, 20} <= tones:
        return "altered"
    if tones & {15, 18, 21, 6}:
        return "half-whole"
    return "phrygian dominant" if 20 in tones or to_minor else "half-whole"


def _plain_dominant(chord: Chord, key: Key, function: str) -> str:
    above = (chord.root_pc - key.tonic_pc) % 12
    natural = bool({14, 21} & set(chord.intervals))
    lydian = above in (1, 3, 6, 8, 10) or (above == 2 and function != "dominant")
    if lydian and 17 not in chord.intervals:
        return "lydian dominant"
    return "phrygian dominant" if _falls_to_minor(chord, key) and not natural else "mixolydian"


def _falls_to_minor(chord: Chord, key: Key) -> bool:
    """Whether the key has a minor chord a fifth below."""
    goal = (chord.root_pc + 5 - key.tonic_pc) % 12
    return goal in key.scale and (goal + 3) % 12 in key.scale and (goal + 4) % 12 not in key.scale


def scale_in_key(word: str, key: Key) -> str:
    """The name of SCALES that a style's scale word means in a key."""
    return KEY_SCALES[word][key.is_minor] if word in KEY_SCALES else word
