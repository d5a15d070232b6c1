"""Finds the key of chords: how well each chord serves each of the 24 keys, what cadences say, where the piece begins and ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.pitch import FLAT_NAMES, fifths, name_at_fifths

Chords = Sequence[tuple[Fraction, Chord]]

# How much a chord speaks for a key, 1 belongs, 0 not: by semitones of its root above the tonic, and its family.
MAJOR: Final = MappingProxyType(
    {
        (0, "maj"): 1.0, (0, "dom"): 0.75, (0, "sus"): 0.7, (0, "min"): 0.2, (0, "aug"): 0.5, (0, "power"): 0.9,
        (1, "dom"): 0.35, (1, "maj"): 0.25, (1, "dim"): 0.4,
        (2, "min"): 0.9, (2, "dom"): 0.55, (2, "maj"): 0.45, (2, "hdim"): 0.5, (2, "dim"): 0.5, (2, "sus"): 0.4,
        (2, "power"): 0.6,
        (3, "maj"): 0.4, (3, "dom"): 0.25, (3, "dim"): 0.35,
        (4, "min"): 0.75, (4, "dom"): 0.45, (4, "maj"): 0.35, (4, "hdim"): 0.35,
        (5, "maj"): 0.9, (5, "dom"): 0.65, (5, "min"): 0.5, (5, "sus"): 0.4, (5, "power"): 0.8,
        (6, "hdim"): 0.4, (6, "dim"): 0.4,
        (7, "dom"): 1.0, (7, "maj"): 0.85, (7, "sus"): 0.9, (7, "min"): 0.55, (7, "aug"): 0.7, (7, "power"): 0.8,
        (8, "maj"): 0.4, (8, "dom"): 0.3, (8, "dim"): 0.35,
        (9, "min"): 0.9, (9, "dom"): 0.5, (9, "maj"): 0.3, (9, "sus"): 0.4, (9, "power"): 0.6,
        (10, "maj"): 0.7, (10, "dom"): 0.5,
        (11, "dim"): 0.75, (11, "hdim"): 0.75, (11, "dom"): 0.3,
    }
)  # fmt: skip
MINOR: Final = MappingProxyType(
    {
        (0, "min"): 1.0, (0, "dom"): 0.4, (0, "maj"): 0.25, (0, "sus"): 0.6, (0, "power"): 0.9,
        (1, "maj"): 0.45, (1, "dom"): 0.3,
        (2, "hdim"): 0.9, (2, "dim"): 0.9, (2, "min"): 0.4, (2, "dom"): 0.45, (2, "maj"): 0.3,
        (3, "maj"): 0.8, (3, "dom"): 0.4, (3, "aug"): 0.6, (3, "power"): 0.6,
        (4, "dim"): 0.35, (6, "dim"): 0.4, (6, "hdim"): 0.35,
        (5, "min"): 0.95, (5, "maj"): 0.4, (5, "dom"): 0.5, (5, "power"): 0.7,
        (7, "dom"): 1.0, (7, "maj"): 0.9, (7, "min"): 0.7, (7, "sus"): 0.8, (7, "aug"): 0.7, (7, "power"): 0.8,
        (8, "maj"): 0.85, (8, "dom"): 0.45, (8, "power"): 0.6,
        (9, "hdim"): 0.4, (9, "dim"): 0.4,
        (10, "maj"): 0.75, (10, "dom"): 0.65, (10, "min"): 0.2, (10, "power"): 0.6,
        (11, "dim"): 0.85, (11, "hdim"): 0.4,
    }
)  # fmt: skip
PROFILES: Final = tuple(  # how stable each degree is heard (Krumhansl and Kessler 1982), as deviations from the mean
    tuple((value - mean) / spread for value in values)
    for values, mean, spread in (
        ((6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88), 3.483, 1.276),
        ((6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17), 3.709, 1.115),
    )
)
DOUBT: Final = 1.5  # a lead this large over the next key is half sure
STABLE: Final = 0.35  # how much that counts
CADENCE: Final = 0.7  # more, for a dominant that falls to the tonic; half of it for vii° and subV7
PREPARED: Final = 0.5  # more, when its ii or IV came before
BACKDOOR: Final = 0.4
PLAGAL: Final = 0.35
PRESENT: Final = 0.1  # more, for every tonic chord
PHRASE: Final = 0.3  # more, where one begins four bars
OPENING: Final = (1.2, 0.15)  # more, when the first chord is the tonic: by itself, and for each chord there is
LED: Final = 0.3  # what is left of that when the first chord is the ii of a ii-V
CLOSING: Final = (0.8, 0.18)  # when the last one is


class Found(NamedTuple):
    """A key, how sure it is (0-1), and the key that is next."""

    key: Key
    sureness: float
    other: Key


def find_key(chords: Chords, bar: int = 4, *, modes: Sequence[str] = ("major", "minor")) -> Found:
    """The key of chords with their beats, `bar` of which make a bar; the tonic spelled as the chords' roots are.

    `modes`: among which keys. Chords that sound nothing say nothing; without any chord it is C, with sureness 0.
    """
    heard = heard_of(chords)
    scores = _scores(heard, bar)
    states = [state for state in range(24) if ("minor" if state > 11 else "major") in modes]
    first, second = sorted(states, key=lambda state: (-scores[state], state))[:2]
    margin = scores[first] - scores[second]
    sureness = margin / (margin + DOUBT) if heard else 0.0
    return Found(key_of(first, heard), round(sureness, 2), key_of(second, heard))


def heard_of(chords: Chords) -> list[tuple[Fraction, Chord]]:
    """The chords that sound, one that is repeated as one."""
    heard: list[tuple[Fraction, Chord]] = []
    for beats, chord in chords:
        if heard and heard[-1][1] == chord:
            heard[-1] = (heard[-1][0] + beats, chord)
        elif chord.root:
            heard.append((beats, chord))
    return heard


def _scores(heard: Chords, bar: int) -> list[float]:
    """How much the chords together speak for each key: the twelve major keys by tonic from C, then the minor ones."""
    scores = [0.0] * 24
    weights, at = 0.0, Fraction(0)
    for place, (beats, chord) in enumerate(heard):
        weight = worth(beats, bar)
        before = tuple(other for _, other in heard[max(0, place - 2) : place])
        tonic = weight * PRESENT + (PHRASE if at % (4 * bar) == 0 else 0.0)
        for state in range(24):
            scores[state] += weight * speaks(chord, state) + arrives(before, chord, state) + tonic * is_tonic(chord, state)
        weights, at = weights + weight, at + beats
    if heard:
        ends = ((*OPENING, 0, LED if _sets_out(heard[0][1], heard[1:]) else 1.0), (*CLOSING, _rest(heard), 1.0))
        for chance, share, place, part in ends:
            for state in range(24):
                scores[state] += part * (chance + share * weights) * is_tonic(heard[place][1], state)
    return scores


def _sets_out(two: Chord, after: Chords) -> bool:
    """Whether a chord is the ii of a ii-V, or of subV: then it is hardly the tonic."""
    five = after[0][1] if after else two
    return two.third == 3 and five.family == "dom" and (two.root_pc - five.root_pc) % 12 in (7, 1)


def _rest(heard: Chords) -> int:
    """The place of the last chord at rest: a turnaround at the end leads back to the start and is passed over."""
    for place in range(len(heard) - 1, -1, -1):
        chord = heard[place][1]
        if chord.family not in ("dom", "dim", "hdim") and not _sets_out(chord, heard[place + 1 :]):
            return place
    return len(heard) - 1


def worth(beats: Fraction, bar: int) -> float:
    """How much a chord of some beats counts: half a bar is 1, longer is no more."""
    return math.sqrt(min(1.0, float(2 * beats / bar)))


@lru_cache(maxsize=8192)
def is_tonic(chord: Chord, state: int) -> float:
    """Whether a chord is the tonic of a key: a quarter when its third is the other mode's."""
    if chord.root_pc != state % 12 or not chord.root:
        return 0.0
    if chord.third not in (3, 4):
        return 0.8
    return 1.0 if (chord.third == 3) == (state > 11) else 0.25


@lru_cache(maxsize=8192)
def speaks(chord: Chord, state: int) -> float:
    """How much a chord speaks for a key: 0-1 by its function there, and a little by how stable its notes are."""
    if not chord.root:
        return 0.0
    profile, notes = PROFILES[state > 11], chord.pitch_classes
    stable: float = sum([profile[(note - state) % 12] for note in sorted(notes)]) / len(notes)
    if chord.seventh == 11 and (chord.root_pc - state) % 12 == 7:
        return STABLE * stable  # a major seventh above V is no dominant
    fits: float = (MINOR if state > 11 else MAJOR).get(((chord.root_pc - state) % 12, chord.family), 0.0)
    return fits + STABLE * stable


@lru_cache(maxsize=16384)
def arrives(before: tuple[Chord, ...], chord: Chord, state: int) -> float:
    """What arrival on a tonic adds: by its dominant, more so when that was prepared, or by vii°, subV7, bVII7 or IV."""
    if not before or is_tonic(chord, state) < 0.8:
        return 0.0
    last = before[-1]
    above = (last.root_pc - chord.root_pc) % 12
    if above == 7 and last.family in ("dom", "maj", "sus", "aug") and last.seventh != 11:
        ready = (2, 5, 8) if state > 11 else (2, 5)
        return CADENCE + (PREPARED if len(before) > 1 and (before[0].root_pc - chord.root_pc) % 12 in ready else 0.0)
    if (above == 11 and last.family in ("dim", "hdim")) or (above == 1 and last.family == "dom"):
        return CADENCE / 2
    if above == 10 and last.family == "dom" and state < 12:
        return BACKDOOR
    return PLAGAL if above == 5 else 0.0


def key_of(state: int, heard: Chords) -> Key:
    """The key of a number (0-11 major from C, 12-23 minor), spelled as the chords are: C# minor where roots have sharps."""
    key = Key(FLAT_NAMES[state % 12], "minor" if state > 11 else "major").respelled()
    other = Key(name_at_fifths(fifths(key.tonic) + (12 if key.signature < 0 else -12)), key.mode)
    if abs(other.signature) > 7 or not heard:
        return key
    middle = sum(fifths(chord.root) for _, chord in heard) / len(heard)
    return min((key, other), key=lambda one: (abs(one.signature - middle), abs(one.signature)))
