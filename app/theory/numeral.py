"""Roman numerals: `resolve` reads one in a key, `numeral_of` writes one, `function_of` says what it does."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import Final

from app.theory.chord import Chord
from app.theory.chord_spelling import suffix_of
from app.theory.key import FIFTHS_ABOVE, RAISED, Key
from app.theory.numeral_reader import ROMANS, SIGNS, Numeral, resolve, take_apart
from app.theory.pitch import fifths, pitch_class

__all__ = ["degree_name", "function_of", "numeral_of", "resolve", "take_apart"]

MINOR_SUFFIXES: Final = MappingProxyType({"m7b5": "ø7", "dim7": "°7", "dim": "°"})
FUNCTIONS: Final = MappingProxyType(  # degree as written (in capitals) → function
    {"I": "tonic", "III": "tonic", "VI": "tonic", "II": "subdominant", "IV": "subdominant", "V": "dominant", "VII": "dominant"}
    | {"bII": "dominant", "bVI": "subdominant", "bVII": "modal", "bIII": "modal", "bV": "dominant", "#IV": "passing"}
    | {"N": "subdominant", "It": "dominant", "Ger": "dominant", "Fr": "dominant", "Cad": "dominant"}
)
INVERSIONS: Final = MappingProxyType(  # (notes of the chord, which is lowest) → figure
    {(3, 1): "6", (3, 2): "64", (4, 1): "65", (4, 2): "43", (4, 3): "42"}
)


@lru_cache(maxsize=4096)
def numeral_of(chord: Chord, key: Key, next_chord: Chord | None = None, *, classical: bool = False) -> str:
    """The numeral of a chord in a key, canonical: `ii7`, `bVII7`, `#iv°7`, `I/5`.

    With the next chord, dominants of it are named so: `V7/ii`, `subV7/ii`, `vii°7/V`. `classical`: inversions as figures (`V65`).
    """
    if not chord.root:
        return "N.C."
    figure = _figure(chord) if classical else ""
    bass = f"/{degree_name(chord.bass, key)}" if chord.bass and not figure else ""
    applied = _applied(chord, key, next_chord, classical) if next_chord is not None and next_chord.root else None
    head, target = applied or (_head(chord, key), "")
    suffix = _suffix(chord)
    if figure:
        suffix = suffix.removesuffix("7") + figure
    return f"{head}{suffix}{bass}{target}" if not bass else f"{head}{suffix}{target}{bass}"


def _head(chord: Chord, key: Key) -> str:
    name = degree_name(chord.root, key)
    roman = ROMANS[int(name[-1]) - 1]
    return name[:-1] + (roman.lower() if chord.third == 3 else roman)


def _suffix(chord: Chord) -> str:
    suffix = suffix_of(chord.shape)
    if chord.third != 3:
        return suffix
    suffix = MINOR_SUFFIXES.get(suffix, suffix.removeprefix("m"))
    return f"maj{suffix[1:]}" if suffix.startswith("M") else suffix


def _figure(chord: Chord) -> str:
    """The figured bass of a plain triad or seventh chord in inversion; "" for others."""
    tones = [tone for tone in chord.intervals if tone < 12]
    below = (chord.bass_pc - chord.root_pc) % 12
    plain = suffix_of(chord.shape) in ("", "m", "7", "m7", "dim", "dim7", "m7b5", "aug", "maj7")
    if not chord.bass or not plain or below not in tones:
        return ""
    return INVERSIONS.get((len(tones), tones.index(below)), "")


@lru_cache(maxsize=2048)
def degree_name(name: str, key: Key) -> str:
    """A note as a degree of the tonic's major scale: `b7`, `#4`, `5`. Raised degrees are those spelled so."""
    pc = pitch_class(name)
    above = (pc - key.tonic_pc) % 12
    steps = FIFTHS_ABOVE[above]
    if fifths(name) - fifths(key.tonic) > 6 and name != key.spell(pc):
        steps = RAISED.get(above, steps)
    elif fifths(name) - fifths(key.tonic) == -6 and above == 6:
        steps = -6
    accidentals, letter = divmod(steps + 1, 7)
    return ("#" * accidentals if accidentals > 0 else "b" * -accidentals) + "4152637"[letter]


def _applied(chord: Chord, key: Key, following: Chord, classical: bool) -> tuple[str, str] | None:
    """Head and target of a dominant of the next chord, when that is not the tonic; of `subV` also when it is."""
    root, goal, tonic = chord.root_pc, following.root_pc, key.tonic_pc
    down = (root - goal) % 12
    family, after = chord.shape.family, following.shape
    if down not in (1, 7, 11) or (after.third not in (3, 4) and after.family != "sus"):
        return None
    if down == 1 and family == "dom":
        own = (root - tonic) % 12 == 7 or after.family in ("dim", "hdim")
        return None if own else ("subV", _over(following, key))
    if goal == tonic or not _leaves_key(chord, key):
        return None
    if down == 7 and chord.third == 4 and chord.seventh in (None, 10):
        return "V", _over(following, key)
    return ("vii", _over(following, key)) if classical and down == 11 and family in ("dim", "hdim") else None


def _over(following: Chord, key: Key) -> str:
    """`/ii` behind a dominant of that chord; nothing behind one of the tonic."""
    return "" if following.root_pc == key.tonic_pc else f"/{_head(following, key)}"


def _leaves_key(chord: Chord, key: Key) -> bool:
    root = chord.root_pc
    return not _scale_of(key) >= {(root + tone) % 12 for tone in chord.shape.intervals if tone < 12}


@lru_cache(maxsize=256)
def _scale_of(key: Key) -> frozenset[int]:
    """The pitch classes of a key."""
    tonic = key.tonic_pc
    return frozenset((tonic + step) % 12 for step in key.scale)


@lru_cache(maxsize=4096)
def function_of(numeral: str) -> str:
    """tonic, subdominant, dominant, passing or modal; "" for N.C. Raises ChordError."""
    text = numeral.translate(SIGNS)
    if text in ("N.C.", "NC", ""):
        return ""
    if text.startswith("sub"):
        return "dominant"
    parts = take_apart(text)
    if parts.degree < 0:
        return FUNCTIONS[parts.sign]
    if parts.target:
        return "dominant" if parts.degree in (4, 6) else "subdominant"
    return _degree_function(parts)


def _degree_function(parts: Numeral) -> str:
    diminished = parts.rest[:1] in ("°", "o") or parts.rest.startswith("dim")
    if diminished and (parts.sign or parts.degree != 6):
        return "passing"
    if not parts.sign and not parts.lower and parts.degree in (1, 2, 5, 6) and parts.rest[:1] in ("", "7", "9", "1"):
        return "dominant"  # II7, III, VI7: dominants of the chord a fifth below
    return FUNCTIONS.get(parts.sign + ROMANS[parts.degree], "passing" if "#" in parts.sign else "modal")
