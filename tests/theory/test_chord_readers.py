"""Chords as others read them: annotated corpora, mir_eval, and the libraries that `symbol` is written for."""

from __future__ import annotations

import json
import lzma
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from app.theory.chord import Chord
from app.theory.chord_harte import SHORTHANDS
from app.theory.chord_page import WILD
from app.theory.chord_symbol import SAFE
from app.theory.pitch import pitch_class

CORPORA = Path(__file__).parents[2].parent / "shared" / "corpora"
FILES = ("mcgill_billboard", "rolling_stone_200", "open_hymnal", "when_in_rome")
ROOTS = ("C", "Bb", "F#")
Reader = Callable[[str], frozenset[int]]


def records(name: str) -> Iterator[dict[str, Any]]:
    """The pieces of a corpus; the test is skipped where it is not there."""
    path = CORPORA / f"{name}.jsonl.xz"
    if not path.exists():
        pytest.skip("the corpora are not here")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def harte(label: str) -> tuple[frozenset[int], int]:
    """mir_eval's pitch classes and bass of a Harte label."""
    encode = pytest.importorskip("mir_eval.chord").encode
    root, tones, bass = encode(label, reduce_extended_chords=True)
    return frozenset((int(root) + step) % 12 for step, sounds in enumerate(tones) if sounds > 0), (int(root) + int(bass)) % 12


@pytest.mark.parametrize("name", FILES)
def test_every_symbol_of_real_charts_is_read(name: str) -> None:
    """No symbol of the corpora is refused, and each comes back from its own spelling."""
    symbols = {symbol for record in records(name) for bar in record["bars"] for symbol, _ in bar}
    assert symbols
    for symbol in symbols:
        chord = Chord.parse(symbol)
        assert Chord.parse(str(chord)) == chord


def test_harte_labels_sound_as_mir_eval_reads_them() -> None:
    """Every distinct label of McGill Billboard has mir_eval's notes and bass."""
    rows = (str(row) for record in records("mcgill_billboard") for row in record["raw"])
    labels = {label for row in rows for label in row.split() if label not in (".", "*", "&pause", "N")}
    assert len(labels) > 900
    for label in labels:
        chord = Chord.parse(label)
        assert (chord.pitch_classes, chord.bass_pc) == harte(label), label


@pytest.mark.parametrize("shorthand", [name for name in SHORTHANDS if name not in ("", "hdim", "b9", "#9", "#11", "b13")])
def test_every_harte_shorthand_is_mir_evals(shorthand: str) -> None:
    """The table of shorthands holds the notes that mir_eval gives them."""
    assert Chord.parse(f"Eb:{shorthand}").pitch_classes == harte(f"Eb:{shorthand}")[0]


@cache
def readers() -> tuple[Reader, ...]:
    """pychord and music21, as far as they are installed; a refusal is the empty set."""
    pychord = pytest.importorskip("pychord")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        harmony = pytest.importorskip("music21.harmony")

    def by_pychord(symbol: str) -> frozenset[int]:
        try:
            return frozenset(pitch_class(name) for name in pychord.Chord(symbol).components(visible=True))
        except ValueError:
            return frozenset()

    def by_music21(symbol: str) -> frozenset[int]:
        figure = symbol[0] + symbol[1:2].replace("b", "-") + symbol[2:]
        try:
            return frozenset(pitch.pitchClass for pitch in harmony.ChordSymbol(figure).pitches)
        except (ValueError, KeyError):
            return frozenset()

    return by_pychord, by_music21


# Where one of the two libraries refuses a symbol or differs, mir_eval is the second reader, by these labels.
BY_LABEL = {
    "69": "maj6(9)", "maj9": "maj7(9)", "9sus4": "sus4(b7,9)", "7b13": "7(b13)", "maj7#5": "aug(7)", "7b9b13": "7(b9,b13)",
    "m7b9": "min7(b9)", "m#5": "maj(*3,*5,b3,#5)", "7add13": "7(13)", "13": "7(9,13)",
    "13#11": "7(9,#11,13)", "7#9#5": "aug(b7,#9)",
}  # fmt: skip


@pytest.mark.parametrize("suffix", SAFE)
def test_a_safe_symbol_is_read_alike_by_two_readers(suffix: str) -> None:
    """At least two independent readers hear the same notes in every symbol that is written for other programs."""
    for root in ROOTS:
        heard = [read(root + suffix) for read in readers()]
        if suffix in BY_LABEL:
            heard.append(harte(f"{root}:{BY_LABEL[suffix]}")[0])
        notes = [reading for reading in heard if reading]
        assert len(notes) - len(set(notes)) >= 1, (root + suffix, heard)


@pytest.mark.parametrize("suffix", [suffix for suffix in SAFE if not suffix.startswith("13")])
def test_a_safe_symbol_sounds_here_as_there(suffix: str) -> None:
    """Ours are the notes that others hear; only 13 differs, where they add the 11 that players leave out."""
    ours = Chord.parse(f"Bb{suffix}").pitch_classes
    heard = [read(f"Bb{suffix}") for read in readers()]
    assert ours in heard


@pytest.mark.parametrize("suffix", WILD)
def test_every_chord_is_written_with_a_safe_symbol(suffix: str) -> None:
    """`symbol` is one of the safe spellings, whatever the chord."""
    assert Chord.parse(f"C{suffix}").symbol.removeprefix("C") in SAFE


def test_the_readers_are_asked_about_real_symbols() -> None:
    """The symbols of real charts, as we write them, are read by both libraries in eight of ten cases."""
    symbols = {
        Chord.parse(symbol).symbol
        for record in islice(records("mcgill_billboard"), 60)
        for bar in record["bars"]
        for symbol, _ in bar
    }
    both = [symbol for symbol in symbols if all(read(symbol) for read in readers())]
    assert len(both) > 0.8 * len(symbols)
