"""The analysis of charts: numerals, local keys, terms, cadences and figures as the books name them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.harmony.analysis import analysed
from app.harmony.chart import form_of, spans_of
from app.harmony.explain import figured_at
from app.harmony.layout import chord_at
from app.theory.charts_song import read_song
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.progression import Progression
from app.theory.rhythm import Metre
from tests.harmony.makers import composed

FOUR = Metre.of("4/4")


def explained(chart: str, key: str = "C") -> Progression:
    """The analysis of a chart in a key."""
    song = read_song(chart, FOUR, Key.parse(key))
    bars = tuple(spans_of(bar) for bar in song.bars)
    return analysed(Progression(Key.parse(key), song.metre, bars, form_of(song, len(bars))))


def numerals(progression: Progression) -> list[str]:
    """The numerals in order."""
    return [span.analysis.numeral for bar in progression.bars for span in bar]


TERMS = [
    # chart, key, bar from 1, technique, what its reason says
    ("C | A7 | Dm7 | G7 | C", "C", 2, "secondary dominant", "V7 of ii"),
    ("Dm7 | Db7 | Cmaj7", "C", 2, "tritone substitution", "subV7 of I"),
    ("Cmaj7 | Fm7 | Bb7 | Cmaj7", "C", 3, "backdoor", "bVII7 to I"),
    ("C | C#dim7 | Dm7 | G7 | C", "C", 2, "passing diminished", "leads to ii"),
    ("C | F | Fm | C", "C", 3, "modal interchange", "iv of the parallel minor"),
    ("Am7 | D7 | Am7 | E7 | Am7", "Am", 2, "modal interchange", "IV of the dorian mode"),
    ("C | Cdim7 | C | G7 | C", "C", 2, "common-tone diminished", "returns to I"),
    ("Dm7 | G7 | Cmaj7 | Cmaj7", "C", 1, "ii-V", "ii-V-I in C"),
    ("C | Em7b5 A7 | Dm7 | G7 C", "C", 2, "secondary ii-V", "ii-V of ii"),
    ("Cmaj7 A7 | Dm7 G7 | Cmaj7 | Cmaj7", "C", 1, "turnaround", "I-VI-ii-V"),
    ("C | Am | Dm | G7 | C | Am | Dm | G7", "C", 1, "turnaround", "I-vi-ii-V"),
    ("C | F | G7 | C", "C", 4, "authentic cadence", "perfect authentic cadence (V-I) in C"),
    ("C | F | G7/B | C", "C", 4, "authentic cadence", "imperfect"),
    ("C | G | F | C", "C", 4, "plagal cadence", "IV-I"),
    ("C | F | C | G | C | F | G7 | C", "C", 4, "half cadence", "ends on V of C"),
    ("C | F | G7 | Am | Dm | G7 | C | C", "C", 4, "deceptive cadence", "V to vi"),
    ("Cm | Fm | G7 | Ab | Fm | G7 | Cm | Cm", "Cm", 4, "deceptive cadence", "V to bVI"),
    ("Am Am(maj7) | Am7 Am6 | F | E7", "Am", 1, "line cliche", "half steps inside i"),
    ("Am | G | F | E7", "Am", 1, "andalusian cadence", "the bass falls"),
    ("C | F/C | G/C | C", "C", 1, "pedal point", "over I"),
    ("C | E7 | A7 | D7 | G7 | C", "C", 2, "circle of fifths", "4 dominants"),
    ("Bmaj7 D7 | Gmaj7 Bb7 | Ebmaj7 F#7 | Bmaj7", "B", 1, "Coltrane changes", "major third apart"),
]


@pytest.mark.parametrize(("chart", "key", "bar", "technique", "why"), TERMS, ids=[f"{row[3]}: {row[0]}" for row in TERMS])
def test_each_term_is_found_where_the_books_have_it(chart: str, key: str, bar: int, technique: str, why: str) -> None:
    """Textbook examples have their textbook names, at their bars."""
    found = [(one.bar + 1, one.why) for one in explained(chart, key).techniques if one.name == technique]
    assert any(at == bar and why in said for at, said in found), found


@pytest.mark.parametrize(
    ("chart", "name"),
    [
        ("C | F | G7 | C | C | F | G7 | C", "half cadence"),
        ("C | Am | F | G | C | Am | F | G", "modulation"),
        ("C | A7 | Dm7 | G7 | C", "modulation"),
        ("C | F | C/G G7 | C", "plagal cadence"),
        ("Dm7 | G7 | Cmaj7", "secondary dominant"),
        ("C7 | F7 | C7 | C7 | F7 | F7 | C7 | C7 | G7 | F7 | C7 | C7", "secondary dominant"),
    ],
)
def test_what_is_not_there_is_not_found(chart: str, name: str) -> None:
    """Plain progressions are not over-explained."""
    assert name not in {one.name for one in explained(chart).techniques}


def test_a_change_of_key_is_told_with_its_pivot() -> None:
    """Chords are numbered in the key in which they are heard, and the common chord is named in both."""
    there = explained("C | F | G7 | C | Am7 | D7 | G | G | Am7 | D7 | G | G | Dm7 | G7 | C | C")
    keys = [span.analysis.key for bar in there.bars for span in bar]
    assert keys[:4] == [""] * 4
    assert keys[5:8] == ["G"] * 3
    assert keys[-1] == ""
    assert any("pivot to G" in one.why and "ii of G" in one.why for one in there.techniques if one.name == "modulation")
    assert numerals(there)[5:8] == ["V7", "I", "I"]


def test_a_blues_tonic_is_a_tonic() -> None:
    """I7 in a blues is no dominant of IV, but with its own ii before it, it is."""
    blues = explained("C7 | F7 | C7 | Gm7 C7 | F7 | F7 | C7 | C7 | G7 | F7 | C7 | G7")
    assert numerals(blues)[:5] == ["I7", "IV7", "I7", "ii7/IV", "V7/IV"]
    assert blues.bars[0][0].analysis.function == "tonic"


def test_every_chord_has_a_numeral_and_a_function() -> None:
    """Whatever is in the chart; N.C. has neither function nor term."""
    odd = explained("C | N.C. | F#m7b5 B7 | (D|C) | Gsus2 | Caug Eb5 | Db/F | C")
    for bar in odd.bars:
        for span in bar:
            assert span.analysis.numeral
            assert bool(span.analysis.function) == bool(span.chord.root)


@pytest.mark.parametrize("application", ["shuffle", "slow", "jump"])
def test_a_composed_blues_is_at_home_on_its_seventh(application: str) -> None:
    """I7 before IV7 is I7, not the dominant of IV."""
    for seed in range(6):
        told = numerals(composed("blues", application, "A", 24, seed))
        if "I" not in told:
            assert all(told[at] != "V7/IV" or told[at - 1].startswith("v") for at in range(1, len(told)))


@pytest.mark.parametrize("application", ["chorale", "waltz", "sonatina", "nocturne", "string_quartet"])
def test_classical_dominants_are_no_substitutes(application: str) -> None:
    """The key's own V7 is no tritone substitution wherever it goes, and vii°7 that rises to its tonic no passing chord."""
    for seed in range(12):
        spans = [span for bar in composed("classical", application, "Ab", 32, seed).bars for span in bar]
        for span, then in pairwise(spans):
            if span.analysis.key:
                continue
            up = (then.chord.root_pc - span.chord.root_pc) % 12
            assert span.chord.root != "Eb" or span.analysis.rule != "tritone substitution"
            assert span.analysis.rule != "passing diminished" or then.chord.root != "Ab" or up != 1


@pytest.mark.parametrize(
    ("sixth", "key", "then"), [("Db7", "F", "C"), ("Eb7", "Gm", "D"), ("Eb7", "Gm", "Gm/D"), ("Ab7", "C", "G7")]
)
def test_the_german_sixth_has_its_name(sixth: str, key: str, then: str) -> None:
    """A seventh chord on the lowered sixth degree that opens to V, or to the six-four before it, is Ger65."""
    assert figured_at(Chord.parse(sixth), Key.parse(key), Chord.parse(then)) == "Ger65"


@pytest.mark.parametrize(
    ("root", "suffix", "bass", "tonic", "symbol"),
    [(0, "m", -3, "Db", "Dbm/Fb"), (4, "7", 8, "E", "G#7/B#"), (0, "", 4, "C", "C/E"), (-1, "m", -4, "Ab", "Dbm/Fb")],
)
def test_a_bass_is_spelled_as_the_tone_that_it_is(root: int, suffix: str, bass: int, tonic: str, symbol: str) -> None:
    """The minor third of Db is Fb, the major third of G# is B#."""
    assert str(chord_at(root, suffix, bass, tonic)) == symbol
