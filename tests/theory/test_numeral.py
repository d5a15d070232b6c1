"""Roman numerals and Nashville numbers: read, written, and what they do."""

from __future__ import annotations

import json
import lzma
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ChordError
from app.theory.chord import Chord
from app.theory.chord_page import WILD
from app.theory.key import MODES, Key
from app.theory.nashville import from_nashville, nashville_of
from app.theory.numeral import function_of, numeral_of, resolve

SHARED = Path(__file__).parents[2].parent / "shared"
TONICS = ("C", "G", "D", "A", "E", "B", "F#", "F", "Bb", "Eb", "Ab", "Db", "Gb", "C#", "Cb")
KEYS = st.builds(lambda tonic, mode: Key(tonic, mode).respelled(), st.sampled_from(TONICS), st.sampled_from(sorted(MODES)))


@pytest.mark.parametrize(
    ("numeral", "key", "symbol"),
    [
        ("ii7", "C", "Dm7"), ("V7/vi", "C", "E7"), ("♭VII7", "D", "C7"), ("♯iv°7", "F", "Bdim7"), ("#iv°7", "C", "F#dim7"),
        ("subV7", "C", "Db7"), ("subV7/ii", "C", "Eb7"), ("I/5", "C", "C/G"), ("V/7", "Eb", "Bb/D"), ("IV/5", "Ab", "Db/Eb"),
        ("I64", "C", "C/G"), ("V6/5", "C", "G7/B"), ("viio43", "C", "Bdim7/F"), ("III7alt", "Db", "F7#9#5"),
        ("iiø", "Cm", "Dm7b5"),
        ("ii9", "F", "Gm9"), ("V13sus", "C", "G13sus4"), ("Imaj9", "C", "Cmaj9"), ("I69", "C", "C69"), ("I6/9", "C", "C69"),
        ("iv6", "C", "Fm6"), ("vø7", "C", "Gm7b5"), ("N6", "C", "Db/F"), ("It6", "C", "Ab7(no5)"), ("Ger65", "Cm", "Ab7"),
        ("Fr43", "C", "Ab7b5"), ("Cad64", "Am", "Am/E"), ("i(maj7)/7", "Am", "AmM7/G#"), ("V/2", "C", "G/D"),
        ("II/♯4", "C", "D/F#"),
        ("♭VI", "Cm", "Ab"), ("VI", "Cm", "A"), ("♭III", "Am", "C"), ("V7♯9♯5", "Am", "E7#9#5"), ("iii°7", "C", "Edim7"),
        ("♭VIImaj7", "D dorian", "Cmaj7"), ("V7/V/V", "C", "A7"), ("iiø7/vi", "C", "Bm7b5"), ("IIm7", "Bb", "Cm7"),
        ("I+", "C", "Caug"),
        ("♭VI", "Ab", "E"), ("vii°7/ii", "C", "C#dim7"), ("V7/♭III", "C", "Bb7"), ("N.C.", "C", "N.C."), ("V7/4", "C", "G7/F"),
    ],
)  # fmt: skip
def test_a_numeral_is_its_chord(numeral: str, key: str, symbol: str) -> None:
    """Each numeral is the chord that players of the key would name."""
    assert str(resolve(numeral, Key.parse(key))) == symbol


@pytest.mark.parametrize(
    ("numeral", "key", "symbol"),
    [
        ("I6", "C", "C/E"), ("V65", "C", "G7/B"), ("IV7", "C", "Fmaj7"), ("V7", "C", "G7"), ("ii65", "C", "Dm7/F"),
        ("viio6", "C", "Bdim/D"),
        ("V42", "F", "C7/Bb"), ("V2", "F", "C7/Bb"), ("i6", "Am", "Am/C"), ("VI", "Am", "F"), ("III", "Am", "C"),
        ("VII", "Am", "G"),
        ("viio7", "Am", "G#dim7"), ("#viio7", "Am", "G#dim7"), ("vi", "Am", "F#m"), ("viø7", "Am", "F#m7b5"),
        ("iiø65", "Am", "Bm7b5/D"),
        ("V43/V", "Am", "B7/F#"), ("It6", "Am", "F7(no5)"), ("viio65/V", "Am", "D#dim7/F#"), ("#viio7/vi", "C", "G#dim7"),
        ("V9", "Am", "E7b9"),
        ("Cad64/V", "C", "G/D"), ("Ger6/V", "C", "Eb7"), ("IVd7", "C", "F7"), ("V54", "C", "Gsus4"), ("III+6", "Am", "Caug/E"),
        ("bII6", "Am", "Bb/D"), ("V[add9]", "C", "Gadd9"), ("I64", "C", "C/G"),
    ],
)  # fmt: skip
def test_a_numeral_of_analysis_is_its_chord(numeral: str, key: str, symbol: str) -> None:
    """Read classically, figures are inversions, sevenths the key's own, and minor has its own degrees."""
    assert str(resolve(numeral, Key.parse(key), classical=True)) == symbol


@given(KEYS, st.sampled_from(TONICS), st.sampled_from(sorted(WILD)))
def test_a_chord_is_its_numeral_again(key: Key, root: str, suffix: str) -> None:
    """What `numeral_of` writes, `resolve` reads as the same sounding chord, in every key and mode."""
    chord = Chord.parse(root + suffix)
    again = resolve(numeral_of(chord, key), key)
    assert (again.pitch_classes, again.root_pc, again.intervals) == (chord.pitch_classes, chord.root_pc, chord.intervals)


@given(KEYS, st.sampled_from(("", "m", "7", "maj7", "m7", "dim", "dim7", "m7b5")), st.integers(0, 11), st.integers(0, 3))
def test_inversions_are_written_as_figures_and_read_back(key: Key, suffix: str, above: int, inversion: int) -> None:
    """With `classical`, every inversion of triads and sevenths comes back with its notes and its bass."""
    chord = Chord.parse(key.spell((key.tonic_pc + above) % 12) + suffix)
    tone = chord.intervals[inversion % len(chord.intervals)]
    chord = chord.with_bass(key.spell((chord.root_pc + tone) % 12) if tone else "")
    numeral = numeral_of(chord, key, classical=True)
    assert "/" not in numeral
    again = resolve(numeral, key) if not chord.bass else resolve(numeral, key, classical=True)
    assert (again.bass_pc - again.root_pc) % 12 == tone or suffix in ("7", "maj7")


@pytest.mark.parametrize(
    ("chord", "following", "key", "numeral"),
    [
        ("A7", "Dm7", "C", "V7/ii"), ("D7", "G7", "C", "V7/V"), ("G7", "Cmaj7", "C", "V7"), ("Db7", "Cmaj7", "C", "subV7"),
        ("Eb7", "Dm7", "C", "subV7/ii"), ("C7", "F", "C", "V7/IV"), ("Bb7", "C", "C", "bVII7"), ("E", "Am", "C", "V/vi"),
        ("G7", "Am", "C", "V7"), ("F#dim7", "C/G", "C", "#iv°7"), ("C#dim7", "Dm7", "C", "#i°7"), ("Ab7", "G7", "Cm", "subV7/V"),
        ("C/E", "F", "C", "I/3"), ("N.C.", "C", "C", "N.C."),
    ],
)  # fmt: skip
def test_the_next_chord_tells_what_a_dominant_is_for(chord: str, following: str, key: str, numeral: str) -> None:
    """Applied and substitute dominants are named by their target; diatonic chords keep their names."""
    assert numeral_of(Chord.parse(chord), Key.parse(key), Chord.parse(following)) == numeral


@pytest.mark.parametrize(
    ("numeral", "function"),
    [
        ("I", "tonic"), ("vi7", "tonic"), ("iii", "tonic"), ("IV", "subdominant"), ("ii7", "subdominant"), ("iv6", "subdominant"),
        ("V7", "dominant"), ("vii°", "dominant"), ("subV7", "dominant"), ("V7/vi", "dominant"), ("ii7/vi", "subdominant"),
        ("II7", "dominant"), ("♯iv°7", "passing"), ("♭III", "modal"), ("♭VII7", "modal"), ("N6", "subdominant"),
        ("Cad64", "dominant"), ("N.C.", ""), ("♯i°7", "passing"), ("♭VI", "subdominant"),
    ],
)  # fmt: skip
def test_what_a_numeral_does(numeral: str, function: str) -> None:
    """Functions are the field's."""
    assert function_of(numeral) == function


@pytest.mark.parametrize("numeral", ["", "VIIIx", "Vq", "H", "I/9", "bbbV", "V7/", "IVV", "V//ii", "iix7b", "8"])
def test_a_numeral_that_cannot_be_read_is_an_error(numeral: str) -> None:
    """The error says how numerals are written."""
    with pytest.raises(ChordError, match="write it like"):
        resolve(numeral, Key("C"))


@given(st.text(max_size=20) | st.text("IViv7/♭♯b#°ømaj5634sub+NCad", max_size=12), st.booleans())
def test_no_text_raises_anything_but_a_chord_error(text: str, classical: bool) -> None:
    """Any text is a chord or one error."""
    try:
        chord = resolve(text, Key("Ab"), classical=classical)
    except ChordError:
        return
    assert chord.pitch_classes or not chord.root


NUMERAL = re.compile(r"(?<![\w♭♯/°ø(+])[♭♯]?(?:I{1,3}|IV|VI{0,2}|i{1,3}|iv|vi{0,2})(?![a-zA-Z'’])[^\s`|,;·→–—\"×*=…:]*")


def test_every_numeral_of_the_dossiers_is_read() -> None:
    """The musicians' pages write numerals that resolve, in a major and a minor key."""
    pages = sorted(SHARED.glob("facts/idioms-*.md"))
    if not pages:
        pytest.skip("the dossiers are not here")
    code = re.compile(r"`([^`\n]+)`")
    found = {
        word.strip(".()") for page in pages for row in code.findall(page.read_text("utf-8")) for word in NUMERAL.findall(row)
    }
    numerals = {word for word in found if word.count("(") == word.count(")")}
    assert len(numerals) > 120
    refused = []
    for numeral in sorted(numerals):
        try:
            assert resolve(numeral, Key("C")).root
            assert resolve(numeral, Key("A", "minor")).root
        except ChordError:
            refused.append(numeral)
    assert set(refused) <= {"I+1", "V6/5/x"}  # "the chord, then degree 1", and "x" for any target


def test_numerals_of_analysed_music_agree_with_its_chords() -> None:
    """Of the distinct numerals of When in Rome without added notes 97 % have the notes and the bass of its own conversion."""
    path = SHARED / "corpora" / "when_in_rome.jsonl.xz"
    if not path.exists():
        pytest.skip("the corpora are not here")
    pairs = set()
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            for raw, bar in zip(record["raw"], record["bars"], strict=False):
                tokens = re.findall(r"(\S+): (\S+)", str(raw))
                if len(tokens) == len(bar):
                    pairs |= {(key, numeral, symbol) for (key, numeral), (symbol, _) in zip(tokens, bar, strict=True)}
    plain = sorted(pair for pair in pairs if "[" not in pair[1] and not pair[1].startswith(("Ger", "It", "Fr")))
    agree = sum(same(*pair) for pair in plain)
    assert len(plain) > 5000
    assert agree > 0.97 * len(plain)


def same(key: str, numeral: str, symbol: str) -> bool:
    """Whether a numeral in a key (small letters are minor) is that chord."""
    try:
        ours = resolve(numeral, Key(key[0].upper() + key[1:], "minor" if key[0].islower() else "major"), classical=True)
    except ChordError:
        return False
    theirs = Chord.parse(symbol)
    return (ours.pitch_classes, ours.bass_pc) == (theirs.pitch_classes, theirs.bass_pc)


@pytest.mark.parametrize(
    ("number", "key", "symbol"),
    [
        ("1", "G", "G"),
        ("6m7", "C", "Am7"),
        ("6-", "C", "Am"),
        ("b7", "D", "C"),
        ("5/7", "Eb", "Bb/D"),
        ("4maj7", "A", "Dmaj7"),
        ("2m/5", "C", "Dm/G"),
    ],
)
def test_a_nashville_number_is_its_chord(number: str, key: str, symbol: str) -> None:
    """Numbers are degrees of the major scale, with a chord suffix and a bass."""
    chord = from_nashville(number, Key.parse(key))
    assert str(chord) == symbol
    assert from_nashville(nashville_of(chord, Key.parse(key)), Key.parse(key)) == chord


@pytest.mark.parametrize("number", ["", "8", "0", "b", "1q", "5/9", "x1"])
def test_a_number_that_cannot_be_read_is_an_error(number: str) -> None:
    """The error says how numbers are written."""
    with pytest.raises(ChordError, match="write it like"):
        from_nashville(number, Key("C"))
