"""Keys: how they are read, and how they name notes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.theory.key import MODES, Key
from app.theory.pitch import pitch_class

KEYS = st.builds(
    lambda tonic, mode: Key(tonic, mode).respelled(),
    st.sampled_from(("C", "G", "D", "A", "E", "B", "F#", "F", "Bb", "Eb", "Ab", "Db", "Gb")),
    st.sampled_from(sorted(MODES)),
)


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("C", "C Db D Eb E F F# G Ab A Bb B"),
        ("A", "A Bb B C C# D D# E F F# G G#"),
        ("Eb", "Eb E F Gb G Ab A Bb Cb C Db D"),
        ("Ab", "Ab A Bb Cb C Db D Eb E F Gb G"),
        ("F", "F Gb G Ab A Bb B C Db D Eb E"),
        ("Am", "A Bb B C C# D D# E F F# G G#"),
        ("Cm", "C Db D Eb E F F# G Ab A Bb B"),
        ("F#m", "F# G G# A A# B B# C# D D# E E#"),
        ("D dorian", "D Eb E F F# G G# A Bb B C C#"),
        ("G mixolydian", "G Ab A Bb B C C# D Eb E F F#"),
        ("E phrygian", "E F F# G G# A A# B C C# D D#"),
        ("F lydian", "F Gb G Ab A Bb B C Db D Eb E"),
    ],
)
def test_a_key_names_notes_as_its_players_do(key: str, names: str) -> None:
    """Upwards by semitones: the scale by its signature, the others flat 2 3 6 7, sharp 4, and the leading tone raised."""
    tonic = Key.parse(key)
    assert " ".join(tonic.spell((tonic.tonic_pc + step) % 12) for step in range(12)) == names


@pytest.mark.parametrize(
    ("key", "names"), [("C", "C# D# F# G# A#"), ("F", "F# G# B C# D#"), ("Bb", "B C# E F# G#"), ("E", "E# G A# B# D")]
)
def test_a_note_that_leads_upwards_is_raised(key: str, names: str) -> None:
    """Passing diminished roots are ♯1 ♯2 ♯4 ♯5 ♯6, without double sharps."""
    tonic = Key.parse(key)
    assert " ".join(tonic.spell((tonic.tonic_pc + step) % 12, raised=True) for step in (1, 3, 6, 8, 10)) == names


@given(KEYS, st.integers(0, 11), st.booleans())
def test_a_name_is_the_note_it_names(key: Key, pc: int, raised: bool) -> None:
    """Every name has the pitch class asked for, and at most one accidental."""
    name = key.spell(pc, raised=raised)
    assert pitch_class(name) == pc
    assert len(name) <= 2


@given(KEYS)
def test_the_seven_notes_of_a_key_have_seven_letters(key: Key) -> None:
    """A scale uses each letter once; only keys with six or seven accidentals may name F flat E."""
    names = [key.spell((key.tonic_pc + step) % 12) for step in key.scale]
    assert len({name[0] for name in names}) == 7 or abs(key.signature) > 5
