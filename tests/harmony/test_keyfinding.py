"""The key finder: what players hear as home, in known charts, in any key, and in corpora whose keys are known."""

from __future__ import annotations

import json
import lzma
import random
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ChordError
from app.harmony.keyfinding import find_key
from app.harmony.localkeys import local_keys
from app.theory.charts import read_chart
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.rhythm import Metre

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
FOUR = Metre.of("4/4")
Pairs = list[tuple[Fraction, Chord]]


def pairs(chart: str) -> Pairs:
    """The chords of a chart with their beats."""
    return [pair for bar in read_chart(chart, FOUR) for pair in bar]


@pytest.mark.parametrize(
    ("chart", "key"),
    [
        ("Dm7 | G7 | Cmaj7", "C"),
        ("Dm7b5 | G7b9 | Cm6", "Cm"),
        ("C | G | Am | F", "C"),
        ("Am | G | F | E", "Am"),
        ("E7 | A7 | E7 | E7 | A7 | A7 | E7 | E7 | B7 | A7 | E7 | B7", "E"),
        ("Bb | Bdim7 | F/C | D7 | G7 | C7 | F | F", "F"),
        ("Fm7 | Bb7 | Cmaj7 | Cmaj7", "C"),
        ("Dm7 | Db7 | Cmaj7", "C"),
        ("Am7 | D7 | Gmaj7 | Cmaj7", "G"),
        ("Fm7 | Bbm7 | Eb7 | Abmaj7 | Dbmaj7 | Bbm7 | Eb7 | Abmaj7 | Gm7b5 C7", "Ab"),
        ("Bb6 G7 | Cm7 F7 | Bb6 G7 | Cm7 F7 | D7 | G7 | C7 | F7", "Bb"),
        ("Ebmaj7 | Cm7 | Fm7 | Bb7", "Eb"),
        ("Gm | Cm | D7 | Gm", "Gm"),
        ("C#m | A | F#m G#7 | C#m", "C#m"),
        ("G | D/F# | Em | C | G/D | D7 | G", "G"),
        ("Cm7 F7 | Bbmaj7 | Cm7 F7 | Bbmaj7", "Bb"),
    ],
)
def test_players_would_say_the_same_key(chart: str, key: str) -> None:
    """Cadences, loops, blues, minor lines and backdoors have the home that players hear."""
    assert find_key(pairs(chart)).key == Key.parse(key)


@given(st.integers(0, 11), st.sampled_from(["Dm7 | G7 | Cmaj7 | A7", "Am | Dm | E7 | Am", "C | F | G7 | C"]))
def test_moved_chords_have_the_moved_key(up: int, chart: str) -> None:
    """The same chords so many semitones higher are in the key so many semitones higher, as surely."""
    here = find_key(pairs(chart))
    there = find_key([(beats, chord.transposed(up, Key("Db"))) for beats, chord in pairs(chart)])
    assert (there.key.tonic_pc - here.key.tonic_pc) % 12 == up
    assert there.key.mode == here.key.mode
    assert there.sureness == pytest.approx(here.sureness)


def test_the_key_is_spelled_as_the_chords_are() -> None:
    """Sharps stay sharps, flats stay flats."""
    assert str(find_key(pairs("F# | B | C#7 | F#")).key) == "F# major"
    assert str(find_key(pairs("Gb | Cb | Db7 | Gb")).key) == "Gb major"


def test_only_the_modes_asked_are_found() -> None:
    """Where the words say minor, a minor key is found."""
    assert find_key(pairs("C | G | Am | F"), modes=("minor",)).key == Key("A", "minor")


def test_without_a_sounding_chord_there_is_no_evidence() -> None:
    """No chord and N.C. give C major with sureness 0."""
    assert find_key([]).sureness == 0
    assert find_key(pairs("N.C. | N.C.")).sureness == 0


def test_a_leading_tone_settles_what_the_chords_leave_open() -> None:
    """A loop that two keys share is less sure than one with a cadence, and says which key it could be."""
    loop, closed = find_key(pairs("Am | F | C | G")), find_key(pairs("Am | F | Dm E7 | Am"))
    assert loop.sureness < closed.sureness
    assert loop.key in (Key("C"), Key("A", "minor"))
    assert closed.key == Key("A", "minor")


def corpus(name: str, size: int) -> list[tuple[Key, int, Pairs]]:
    """A random share of a corpus: key, beats of a bar, chords. Skips where the corpora are not."""
    path = CORPORA / f"{name}.jsonl.xz"
    if not path.exists():
        pytest.skip("the corpora are not here")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        songs = [json.loads(line) for line in lines]
    random.Random(1).shuffle(songs)
    found = []
    for song in songs:
        chords: Pairs = []
        for symbol, beats in [pair for bar in song["bars"] for pair in bar]:
            try:
                chords.append((Fraction(beats).limit_denominator(48), Chord.parse(symbol)))
            except ChordError:
                continue
        if chords and len(song["key"].rstrip("m")) < 3 and len(found) < size:
            found.append((Key.parse(song["key"]), int(song["time_signature"].split("/")[0]), chords))
    return found


REAL = [
    ("open_hymnal", True, 0.88),
    ("when_in_rome", True, 0.88),
    ("mcgill_billboard", False, 0.78),
    ("rolling_stone_200", False, 0.82),
]


@pytest.mark.parametrize(("name", "with_mode", "least"), REAL)
def test_known_keys_are_found(name: str, with_mode: bool, least: float) -> None:
    """Of real pieces this share at least has its key found (where the corpus knows no mode, its tonic)."""
    pieces = corpus(name, 150)
    hits = 0
    for key, bar, chords in pieces:
        found = find_key(chords, bar).key
        hits += found.tonic_pc == key.tonic_pc and (not with_mode or found.is_minor == key.is_minor)
    assert hits / len(pieces) >= least


def test_no_profile_of_music21_does_better_on_known_keys() -> None:
    """Over hymns and analysed classical pieces the key is found more often than by pitch-class profiles alone."""
    music21 = pytest.importorskip("music21")
    ours = theirs = 0
    for key, bar, chords in [*corpus("open_hymnal", 12), *corpus("when_in_rome", 12)]:
        found = find_key(chords, bar).key
        ours += (found.tonic_pc, found.is_minor) == (key.tonic_pc, key.is_minor)
        stream = music21.stream.Stream()
        for beats, chord in chords[:60]:
            if chord.root:
                notes = music21.chord.Chord([60 + pc for pc in sorted(chord.pitch_classes)])
                notes.quarterLength = float(beats)
                stream.append(notes)
        heard = music21.analysis.discrete.AardenEssen().getSolution(stream)
        theirs += (heard.tonic.pitchClass, heard.mode == "minor") == (key.tonic_pc, key.is_minor)
    assert ours >= theirs


def test_local_keys_go_away_and_come_back() -> None:
    """A phrase in the dominant's key is heard there, a single secondary dominant is not."""
    away = pairs("C | F | G7 | C | D7 | G | Am7 D7 | G | Em | Am7 | D7 | G | Dm7 | G7 | C | C")
    keys = [key.short for key in local_keys(away, Key("C"), 4)]
    assert keys[:4] == ["C"] * 4
    assert "G" in keys
    assert keys[-4:] == ["C"] * 4
    assert {key.short for key in local_keys(pairs("C | A7 | Dm7 | G7 | C"), Key("C"), 4)} == {"C"}
