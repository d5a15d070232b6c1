"""Chord symbols: read in every spelling, written exactly and safely, moved and put over a bass."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ChordError
from app.theory.chord import NONE, Chord
from app.theory.chord_page import WILD
from app.theory.chord_shape import normal, shape_of
from app.theory.chord_words import WORDS
from app.theory.key import Key
from app.theory.pitch import pitch_class

ROOTS = ("C", "C#", "Db", "D", "Eb", "E", "F", "F#", "Gb", "G", "Ab", "A", "Bb", "B", "Cb", "E#", "Fb", "Bbb", "F##")

KNOWN = {  # symbol → its notes, spelled out by hand
    "C": "C E G", "Cm": "C Eb G", "C-": "C Eb G", "C5": "C G", "C+": "C E G#", "Co": "C Eb Gb", "Csus": "C F G",
    "Csus2": "C D G", "C6": "C E G A", "C69": "C E G A D", "C6/9": "C E G A D", "C6/9/E": "E G A D C", "C2": "C D E G",
    "Cadd9": "C E G D", "C7": "C E G Bb", "CM7": "C E G B", "Cmaj7": "C E G B", "C^": "C E G B", "CΔ7": "C E G B",
    "C7M": "C E G B", "Cm7": "C Eb G Bb", "C-7": "C Eb G Bb", "CmM7": "C Eb G B", "Cm(maj7)": "C Eb G B",
    "C-^7": "C Eb G B", "Cm6": "C Eb G A", "Cø": "C Eb Gb Bb", "Ch7": "C Eb Gb Bb", "Cm7b5": "C Eb Gb Bb",
    "C°7": "C Eb Gb A", "Co7": "C Eb Gb A", "C+7": "C E G# Bb", "C7sus4": "C F G Bb", "C9sus": "C F G Bb D",
    "C13sus": "C F G Bb D A", "C9": "C E G Bb D", "C11": "C E G Bb D F", "C13": "C E G Bb D A", "C7b9": "C E G Bb Db",
    "C13b9": "C E G Bb Db A", "C7#9": "C E G Bb D#", "C7#5#9": "C E G# Bb D#", "C7alt": "C E G# Bb D#",
    "C7(b9,#11)": "C E G Bb Db F#", "C9b9": "C E G Bb Db", "Cmaj9#11": "C E G B D F#", "C7(no3)": "C G Bb",
    "Cb7": "Cb Eb Gb Bbb", "Db7": "Db F Ab Cb", "Ebmaj7": "Eb G Bb D", "F#m7b5": "F# A C E", "B♭m7": "Bb Db F Ab",
    "F♯°7": "F# A C Eb", "C/E": "C E G", "C/Bb": "C E G Bb", "Bbm7b5/E": "Bb Db Fb Ab E", "D/C": "D F# A C",
    "D|C": "D F# A C E G", "Am/G#": "A C E G#", "C:min7/b3": "C Eb G Bb", "A:sus4(b7,9)": "A D E G B", "F:maj(*5)": "F A",
    "C/3": "C E G", "G:1": "G", "N.C.": "", "Cmadd9": "C Eb G D", "C7/13": "C E G Bb A", "C-5": "C E Gb",
}  # fmt: skip


@pytest.mark.parametrize(("symbol", "notes"), KNOWN.items())
def test_a_symbol_has_the_notes_that_players_hear(symbol: str, notes: str) -> None:
    """Each spelling sounds the notes written beside it."""
    assert Chord.parse(symbol).pitch_classes == {pitch_class(note) for note in notes.split()}


@pytest.mark.parametrize("suffix", WILD)
@pytest.mark.parametrize("root", ["C", "F#", "Bb"])
def test_all_spellings_of_a_row_are_one_chord(root: str, suffix: str) -> None:
    """The documented page tells the truth: every other spelling, and the display, read as the exact one."""
    chord = Chord.parse(root + suffix)
    assert str(chord) == root + suffix
    assert {Chord.parse(root + other) for other in WILD[suffix]} == {chord}
    assert Chord.parse(chord.display) == chord


def test_no_two_rows_are_the_same_chord() -> None:
    """A row's chord differs from every other row's."""
    assert len({Chord.parse(f"C{suffix}") for suffix in WILD}) == len(WILD)


THIRDS = st.sampled_from([(4,), (3,), (5,), (2,), ()])
FIFTHS = st.sampled_from([(7,), (6,), (8,), (6, 8), ()])
SEVENTHS = st.sampled_from([(), (9,), (10,), (11,), (10, 11)])
TENSIONS = st.sets(st.sampled_from([13, 14, 15, 17, 18, 20, 21]))
SHAPES = st.builds(lambda *tones: shape_of(normal((0, *itertools.chain(*tones)))), THIRDS, FIFTHS, SEVENTHS, TENSIONS)
CHORDS = st.builds(lambda root, shape: Chord(root, shape), st.sampled_from(ROOTS), SHAPES)


@given(CHORDS, st.sampled_from(("", *ROOTS)))
def test_what_is_written_reads_as_the_same_chord(chord: Chord, bass: str) -> None:
    """`parse(str(chord)) == chord` for every combination of third, fifth, seventh, tensions and bass."""
    whole = chord.with_bass(bass)
    assert Chord.parse(str(whole)) == whole
    assert Chord.parse(whole.display) == whole


@given(CHORDS, CHORDS)
def test_polychords_are_written_and_read(lower: Chord, upper: Chord) -> None:
    """`D|C` holds both chords and comes back as itself."""
    chord = lower._replace(upper=(upper.root, upper.shape))
    assert Chord.parse(str(chord)) == chord
    assert chord.pitch_classes == lower.pitch_classes | upper.pitch_classes


@given(CHORDS)
def test_the_safe_symbol_says_the_chord_but_its_colour(chord: Chord) -> None:
    """What `symbol` leaves unsaid is `colour`; third and seventh of a tertian chord are always said."""
    said = Chord.parse(chord.symbol)
    assert {(chord.root_pc + tone) % 12 for tone in chord.intervals} - said.pitch_classes == {
        (chord.root_pc + tone) % 12 for tone in chord.colour
    }
    assert said.root_pc == chord.root_pc
    assert not {3, 4, 10} & set(chord.colour)


@given(CHORDS, st.integers(-24, 24), st.sampled_from(["C", "Eb", "F#", "Am", "Bbm", "C#m", "D dorian"]))
def test_moving_a_chord_moves_every_note(chord: Chord, semitones: int, key: str) -> None:
    """Transposition shifts all pitch classes and keeps the shape."""
    moved = chord.with_bass("E").transposed(semitones, Key.parse(key))
    assert moved.pitch_classes == {(pc + semitones) % 12 for pc in chord.with_bass("E").pitch_classes}
    assert moved.shape == chord.shape


@pytest.mark.parametrize(
    ("symbol", "semitones", "key", "moved"),
    [
        ("C/E", 3, "Eb", "Eb/G"),
        ("Cm7/Bb", 2, "Dm", "Dm7/C"),
        ("G7/B", 4, "E", "B7/D#"),
        ("Bbmaj7", 1, "E", "Bmaj7"),
        ("D|C", 1, "Db", "Eb|Db"),
        ("N.C.", 5, "F", "N.C."),
    ],
)
def test_transposition_spells_as_the_new_key(symbol: str, semitones: int, key: str, moved: str) -> None:
    """Root and bass are named as the key names them."""
    assert str(Chord.parse(symbol).transposed(semitones, Key.parse(key))) == moved


@pytest.mark.parametrize(
    ("symbol", "display"),
    [("C13sus4", "C13sus"), ("C7#9#5", "C7alt"), ("C69", "C6/9"), ("Cm7b5", "Cø7"), ("Cdim7/Eb", "C°7/Eb"), ("CmM7", "Cm(maj7)")],
)
def test_display_is_how_players_write(symbol: str, display: str) -> None:
    """The display spelling is the players' one."""
    assert Chord.parse(symbol).display == display


@pytest.mark.parametrize(
    ("symbol", "family", "third", "fifth", "seventh", "tensions"),
    [
        ("C", "maj", 4, 7, None, ()),
        ("C6", "maj", 4, 7, 9, ()),
        ("Cm9", "min", 3, 7, 10, (14,)),
        ("C7alt", "dom", 4, 8, 10, (15,)),
        ("C9sus", "sus", 5, 7, 10, (14,)),
        ("Csus2", "sus", 2, 7, None, ()),
        ("Cdim7", "dim", 3, 6, 9, ()),
        ("Cø", "hdim", 3, 6, 10, ()),
        ("C+", "aug", 4, 8, None, ()),
        ("C5", "power", None, 7, None, ()),
        ("C7(no5)", "dom", 4, None, 10, ()),
        ("N.C.", "none", None, None, None, ()),
    ],
)
def test_the_parts_of_a_chord(
    symbol: str, family: str, third: int | None, fifth: int | None, seventh: int | None, tensions: tuple[int, ...]
) -> None:
    """Third, fifth, seventh, tensions and family are what theory says."""
    chord = Chord.parse(symbol)
    assert (chord.family, chord.third, chord.fifth, chord.seventh, chord.tensions) == (family, third, fifth, seventh, tensions)


@pytest.mark.parametrize(
    ("symbol", "quality", "extensions", "alterations", "omissions"),
    [
        ("C13#11", "7", ("9", "13"), ("#11",), ()),
        ("C7#9#5", "7#5", (), ("#5", "#9"), ()),
        ("Cm7b5", "m7b5", (), (), ()),
        ("C7(no5)", "7(no5)", (), (), ("5",)),
        ("C5", "5", (), (), ("3",)),
    ],
)
def test_a_chord_in_the_fields_words(
    symbol: str, quality: str, extensions: tuple[str, ...], alterations: tuple[str, ...], omissions: tuple[str, ...]
) -> None:
    """Quality, extensions, alterations and omissions name what is there."""
    chord = Chord.parse(symbol)
    assert (chord.quality, chord.extensions, chord.alterations, chord.omissions) == (quality, extensions, alterations, omissions)


@pytest.mark.parametrize(
    ("symbol", "position", "nearest"),
    [
        ("H7", 0, "B7"),
        ("Cmj7", 2, "Cmaj7"),
        ("Dmin77", 5, "Dmin7"),
        ("Cm7/X", 4, "Cm7"),
        ("C7b", 2, "C7b9"),
        ("c7", 0, "C7"),
        ("hello", 0, "B"),
        ("", 0, ""),
        ("Xyz", 0, ""),
        ("C((9))", 2, "C"),
        ("D/Cm7", 3, "D|Cm7"),
        ("Csusm", 4, "Cs"),
        ("C9alt", 2, "C7alt"),
        ("C(b3)", 3, "C"),
        ("Cno9", 3, "C"),
        ("Cmaj5", 4, "Cmaj"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_is_near(symbol: str, position: int, nearest: str) -> None:
    """The error has the place where reading stopped and a nearest reading that can be read."""
    with pytest.raises(ChordError) as caught:
        Chord.parse(symbol)
    assert caught.value.position == position
    assert caught.value.nearest.startswith(nearest) if nearest else not caught.value.nearest
    if caught.value.nearest:
        Chord.parse(caught.value.nearest)


@pytest.mark.parametrize(
    ("symbol", "plain"), [("H7", "B7"), ("B7", "Bb7"), ("Bbm", "Bbm"), ("Fism7", "F#m7"), ("Es/B", "Eb/Bb"), ("Esus4", "Esus4")]
)
def test_german_names_on_request(symbol: str, plain: str) -> None:
    """H is B natural and B is B flat when asked."""
    assert Chord.parse(symbol, german=True) == Chord.parse(plain)


PIECES = st.sampled_from(
    [*WORDS, "C", "Db", "F#", "H", "|", ":", "/E", "/", "N.C.", "add", "no", "(", ")", "1", "\u00a0", "😀", "é"]
)


@given(
    st.one_of(
        st.text(max_size=160),
        st.lists(PIECES, max_size=12).map("".join),
        st.lists(PIECES, max_size=9).map(lambda p: "C" + "".join(p)),
    )
)
def test_no_text_raises_anything_but_a_chord_error(text: str) -> None:
    """Any text is a chord that comes back from its own spelling, or one ChordError whose nearest reading can be read."""
    chord, error = outcome(text)
    if error is None:
        assert Chord.parse(str(chord)) == chord
        assert Chord.parse(chord.symbol).root_pc == chord.root_pc
    else:
        assert 0 <= error.position <= 128
        assert not error.nearest or Chord.parse(error.nearest)


def outcome(text: str) -> tuple[Chord, ChordError | None]:
    """What reading gives: a chord, or the error; any other exception is the test's failure."""
    try:
        return Chord.parse(text), None
    except ChordError as error:
        return NONE, error
