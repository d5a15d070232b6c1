"""Scales by name and by what a chord does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.theory.chord import Chord
from app.theory.chord_symbol import SAFE
from app.theory.key import MODES, Key
from app.theory.numeral import resolve
from app.theory.scale import SCALES, chord_scale, scale_name, scale_on

KEYS = st.builds(Key, st.sampled_from(("C", "Eb", "F#", "A")), st.sampled_from(sorted(MODES)))


@pytest.mark.parametrize("name", SCALES)
def test_a_scale_climbs_from_its_root_within_an_octave(name: str) -> None:
    """Every scale begins on 0, ascends, and stays below the octave."""
    steps = SCALES[name]
    assert steps[0] == 0
    assert list(steps) == sorted(set(steps))
    assert steps[-1] < 12


@pytest.mark.parametrize(
    ("name", "parent", "degree"),
    [
        ("dorian", "ionian", 1), ("phrygian", "ionian", 2), ("lydian", "ionian", 3), ("mixolydian", "ionian", 4),
        ("aeolian", "ionian", 5),
        ("locrian", "ionian", 6), ("phrygian dominant", "harmonic minor", 4), ("lydian augmented", "melodic minor", 2),
        ("lydian dominant", "melodic minor", 3), ("mixolydian b6", "melodic minor", 4), ("locrian natural 2", "melodic minor", 5),
        ("altered", "melodic minor", 6), ("half-whole", "whole-half", 1), ("minor pentatonic", "major pentatonic", 4),
    ],
)  # fmt: skip
def test_a_mode_is_its_parent_from_another_degree(name: str, parent: str, degree: int) -> None:
    """Modes hold the notes of their parent scale."""
    assert set(scale_on(name, SCALES[parent][degree])) == set(scale_on(parent, 0))


@pytest.mark.parametrize(
    ("numeral", "key", "name"),
    [
        ("Imaj7", "C", "ionian"), ("IVmaj7", "C", "lydian"), ("ii7", "C", "dorian"), ("vi7", "C", "dorian"),
        ("iii7", "C", "phrygian"),
        ("V7", "C", "mixolydian"), ("V7", "Cm", "phrygian dominant"), ("V7b9", "Cm", "phrygian dominant"),
        ("V7b9", "C", "half-whole"),
        ("V7alt", "C", "altered"), ("bII7", "C", "lydian dominant"), ("bVII7", "C", "lydian dominant"),
        ("II7", "C", "lydian dominant"),
        ("VI7", "C", "phrygian dominant"), ("VI13", "C", "mixolydian"), ("iiø7", "Cm", "locrian natural 2"),
        ("#iv°7", "C", "whole-half"),
        ("i6", "Cm", "melodic minor"), ("imaj7", "Cm", "melodic minor"), ("iv6", "C", "melodic minor"), ("i7", "Cm", "aeolian"),
        ("i7", "C dorian", "dorian"), ("iv7", "Cm", "dorian"), ("bVImaj7", "Cm", "lydian"), ("V13b9", "C", "half-whole"),
        ("V7#5", "C", "whole tone"),
        ("V9sus", "C", "mixolydian"), ("Imaj7#11", "C", "lydian"), ("bIIImaj7", "Cm", "ionian"), ("I7", "C", "mixolydian"),
        ("IV7", "C", "mixolydian"),
    ],
)  # fmt: skip
def test_a_chord_takes_the_scale_of_its_function(numeral: str, key: str, name: str) -> None:
    """Scales per chord function, as the idioms have them."""
    assert scale_name(resolve(numeral, Key.parse(key)), Key.parse(key)) == name


@given(
    st.sampled_from(SAFE),
    st.sampled_from(("C", "D", "Eb", "F#", "G", "Ab", "B")),
    KEYS,
    st.sampled_from(("", "dominant", "tonic")),
)
def test_every_chord_tone_is_in_the_chords_scale(suffix: str, root: str, key: Key, function: str) -> None:
    """No scale leaves out a tone of its chord, in any key; it begins on the root."""
    chord = Chord.parse(root + suffix)
    scale = chord_scale(chord, key, function)
    assert scale[0] == chord.root_pc
    assert chord.pitch_classes <= set(scale)


def test_no_chord_has_no_scale() -> None:
    """N.C. takes none."""
    assert chord_scale(Chord.parse("N.C."), Key("C")) == ()


def test_the_blues_scale_is_the_keys_over_every_chord() -> None:
    """Over IV7 in F blues the notes are F's blues scale, ascending from B flat."""
    notes = chord_scale(Chord.parse("Bb7"), Key("F"), "blues")
    assert notes[0] == 10
    assert set(notes) == set(scale_on("minor blues", 5))
