"""Numerals of four-part writing held against music21's own analysis of the four voices that sound."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from app.arrange.satb_lines import Stretch, voices_of
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.progression import Progression
from tests.harmony.makers import composed

LETTERS = "CDEFGAB"
NATURAL = dict(zip(LETTERS, (0, 2, 4, 5, 7, 9, 11), strict=True))
ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII")
MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
FIGURES = {"": (0, 3), "6": (1, 3), "64": (2, 3), "7": (0, 4), "65": (1, 4), "43": (2, 4), "42": (3, 4)}
NUMERAL = re.compile(r"([b#]?)([ivIV]+)([°ø]?)(maj)?(\d*)(?:/([b#]?[ivIV]+))?$")
KEYS = ("G", "Am", "F", "Dm", "C", "Gm", "Bb", "Em")
ENOUGH = 0.95

# Root above the tonic in semitones, target, quality of the triad, notes, inversion.
Meaning = tuple[int, str, str, int, int]


def place(sign: str, roman: str, minor: bool) -> int:
    """Semitones of a degree. In minor III, VI, VII are the scale's own, flat or not; vii° is on the leading tone."""
    number = ROMANS.index(roman.upper())
    if minor and number in (2, 5, 6) and roman.isupper():
        return MINOR[number] + (sign == "#")
    return MAJOR[number] + (sign == "#") - (sign == "b")


def ours(numeral: str, minor: bool) -> Meaning | None:
    """What a numeral of ours means, from its text alone; None where it is not one of classical analysis."""
    if numeral == "Ger65":
        return 8, "", "augmented sixth", 4, 1
    if numeral == "Vsus4":
        return 7, "", "other", 3, 0
    found = NUMERAL.match(numeral)
    if found is None or found[5] not in FIGURES:
        return None
    sign, roman, circle, _, figure, target = found.groups()
    inversion, notes = FIGURES[figure]
    root = place(sign, roman, minor and not target)
    if target:
        root += place("b" if target[0] == "b" else "#" if target[0] == "#" else "", target.lstrip("b#"), minor)
    quality = "diminished" if circle else "minor" if roman.islower() else "major"
    return root % 12, (target or "").upper(), quality, notes, inversion


def name(chord: Chord, pitch: int, sixth: bool) -> str:
    """A sounding note spelled as the tone of its chord that it is, in music21's letters."""
    above = (pitch - chord.root_pc) % 12
    steps = {0: 0, chord.third: 2, chord.fifth: 4, chord.seventh: 5 if sixth else 6}
    letter = LETTERS[(LETTERS.index(chord.root[0]) + steps.get(above, 1 if above in (1, 2) else 3)) % 7]
    shift = (pitch - NATURAL[letter] + 6) % 12 - 6
    octave = (pitch - shift) // 12 - 1
    return letter + ("#" * shift if shift > 0 else "-" * -shift) + str(octave)


def theirs(names: list[str], key: Key, last: bool) -> Meaning:
    """What music21 says of four notes.

    It does not see what comes next and writes V/IV for every plain I: a triad of the scale has no target here, nor has a last
    chord. What kind of chord the target is cannot be heard in its dominant: V/v is V/V.
    """
    from music21 import chord as chords
    from music21 import key as keys
    from music21 import roman

    tonic = key.tonic.replace("b", "-")
    home = keys.Key(tonic.lower() if key.is_minor else tonic)
    said = roman.romanNumeralFromChord(chords.Chord(names), home, preferSecondaryDominants=True)
    if said.figure.startswith("Ger"):
        return 8, "", "augmented sixth", 4, 1
    target = said.secondaryRomanNumeral.figure.upper() if said.secondaryRomanNumeral is not None else ""
    scale = {(key.tonic_pc + step) % 12 for step in (MINOR if key.is_minor else MAJOR)}
    notes = 4 if said.seventh is not None else 3
    if last or (notes == 3 and set(said.pitchClasses) <= scale):
        target = ""
    return (said.root().pitchClass - key.tonic_pc) % 12, target, said.quality, notes, said.inversion()


def sounding(progression: Progression, kind: str) -> list[tuple[Stretch, str, list[int]]]:
    """Every chord with its numeral and the four pitches that begin with it, the highest first."""
    spans = [span for bar in progression.bars for span in bar]
    ticks = [0]
    for span in spans:
        ticks.append(ticks[-1] + int(span.beats * 480))
    keys = [Key.parse(span.analysis.key) if span.analysis.key else progression.key for span in spans]
    stretches = tuple(
        Stretch(start, end, (span.chord, key), "plain")
        for (start, end), span, key in zip(pairwise(ticks), spans, keys, strict=True)
    )
    voices = voices_of(stretches, kind)
    return [
        (stretch, span.analysis.numeral, [next(tone.pitch for tone in voice if tone.end > stretch.start) for voice in voices])
        for stretch, span in zip(stretches, spans, strict=True)
    ]


def agreement(application: str, kind: str) -> tuple[float, list[str]]:
    """The share of chords of which both say the same, and what the others are."""
    good, wrong = 0, []
    for seed, key in enumerate(KEYS):
        heard = sounding(composed("classical", application, key, 16, seed), kind)
        for stretch, numeral, pitches in heard:
            chord, local = stretch.harmony
            names = [name(chord, pitch, numeral == "Ger65") for pitch in pitches]
            said = theirs(names, local, stretch.end == heard[-1][0].end)
            if ours(numeral, local.is_minor) == said:
                good += 1
            else:
                wrong.append(f"{chord} in {local.short}: {numeral}, {said}")
    return good / (good + len(wrong)), wrong


@pytest.mark.parametrize(("application", "kind"), [("chorale", "choir"), ("string_quartet", "quartet")])
def test_music21_hears_the_same_functions(application: str, kind: str) -> None:
    """Degree, target, quality and inversion are what music21 finds in the four sounding voices, for 95 of 100 chords."""
    pytest.importorskip("music21")
    share, wrong = agreement(application, kind)
    assert share >= ENOUGH, wrong
