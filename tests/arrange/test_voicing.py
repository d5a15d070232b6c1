"""Voicings: chords keep their sound, hands keep still, registers are kept."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.arrange.changes import changes_of
from app.arrange.voicing import Hands, voice, voice_part
from app.arrange.voicing_forms import POLICIES
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.pitch import midi_pitch
from app.theory.scale import chord_scale
from tests.arrange.charts import BASSES, COLOURS, FOLK, JAZZ, SUFFIXES, part, plan_of

CHARTS = {"C": [JAZZ, FOLK], "Db": [COLOURS]}
CASES = [(policy, key, chart) for policy in POLICIES for key, charts in CHARTS.items() for chart in charts]


def chords_of(chart: str) -> list[Chord]:
    return [Chord.parse(name) for name in chart.replace("|", " ").split()]


def pitches(text: str) -> tuple[int, ...]:
    return tuple(midi_pitch(name) for name in text.split())


@pytest.mark.parametrize(("policy", "key", "chart"), CASES)
def test_third_and_seventh_sound_in_every_voicing(policy: str, key: str, chart: str) -> None:
    """A chord can be recognised by what tells it from others, whatever the policy; bare fifths aside."""
    chords = chords_of(chart)
    for chord, notes in zip(chords, voice(chords, Hands(policy, 48, 76, 4, Key(key))), strict=True):
        telling = {(chord.root_pc + tone) % 12 for tone in (chord.third, chord.seventh) if tone is not None}
        assert policy == "power" or telling <= {note % 12 for note in notes}, f"{chord} {notes}"


@pytest.mark.parametrize(("policy", "key", "chart"), CASES)
def test_voicings_stay_in_their_register(policy: str, key: str, chart: str) -> None:
    """No note leaves the part's range, and notes rise from below."""
    for notes in voice(chords_of(chart), Hands(policy, 48, 76, 4, Key(key))):
        assert 48 <= min(notes) <= max(notes) <= 76
        assert list(notes) == sorted(set(notes))


@pytest.mark.parametrize(("policy", "key", "chart"), [case for case in CASES if case[0] not in ("power", "shell")])
def test_hands_move_little(policy: str, key: str, chart: str) -> None:
    """A voice moves 2.5 semitones on average at most; bare fifths and shells follow the roots and are left out here."""
    row = voice(chords_of(chart) * 2, Hands(policy, 48, 76, 4, Key(key)))
    steps = [zip(left, right, strict=True) for left, right in pairwise(row) if len(left) == len(right)]
    ways = [abs(one - other) for step in steps for one, other in step]
    assert sum(ways) / len(ways) <= 2.5


@pytest.mark.parametrize("policy", ["close", "triad", "shell", "drop2", "drop3", "open", "octaves"])
@pytest.mark.parametrize("chart", [JAZZ, FOLK, COLOURS])
def test_plain_policies_add_nothing(policy: str, chart: str) -> None:
    """Close, triad, shell and dropped voicings hold notes of the symbol alone."""
    chords = chords_of(chart)
    for chord, notes in zip(chords, voice(chords, Hands(policy, 48, 79, 4, Key("C"))), strict=True):
        assert {note % 12 for note in notes} <= chord.pitch_classes | {chord.root_pc}


@pytest.mark.parametrize("policy", ["rootless", "spread", "gospel"])
def test_colour_stays_in_the_scale(policy: str) -> None:
    """What a coloured policy adds to a chord is of the chord's scale."""
    for key, charts in CHARTS.items():
        chords = [chord for chart in charts for chord in chords_of(chart)]
        for chord, notes in zip(chords, voice(chords, Hands(policy, 48, 76, 4, Key(key))), strict=True):
            assert {note % 12 for note in notes} <= chord.pitch_classes | set(chord_scale(chord, Key(key))), f"{chord}"


@pytest.mark.parametrize("policy", ["close", "rootless", "drop2", "spread", "open"])
def test_low_notes_are_clear(policy: str) -> None:
    """Below C3 there are no thirds or seconds between neighbours, where the register leaves a choice."""
    chords = chords_of(JAZZ)
    for notes in voice(chords, Hands(policy, 40, 76, 4, Key("C"))):
        assert all(high - low > 4 for low, high in pairwise(notes) if low < 48)


@pytest.mark.parametrize(
    ("policy", "key", "chart", "wanted"),
    [
        ("rootless", "C", "Dm9", {"F3 A3 C4 E4", "C4 E4 F4 A4"}),
        ("rootless", "C", "G13", {"F3 A3 B3 E4", "B3 E4 F4 A4"}),
        ("spread", "Db", "Ab13", {"Gb3 C4 F4 Bb4"}),
        ("spread", "Db", "Bb7#9#5", {"Ab3 D4 Gb4 Db5"}),
        ("quartal", "Cm", "Cm11", {"F3 Bb3 Eb4 G4"}),
    ],
)
def test_known_grips_are_found(policy: str, key: str, chart: str, wanted: set[str]) -> None:
    """Pianists' own spacings come out, in pitches."""
    (notes,) = voice(chords_of(chart), Hands(policy, 50, 74, 4, Key.parse(key)))
    assert notes in {pitches(text) for text in wanted}


def test_ii_v_i_alternates_its_forms() -> None:
    """In a rootless ii-V-I only the seventh of ii falls, to the third of V: three of four notes are held."""
    two, five, _ = voice(chords_of("Dm9 G13 Cmaj9"), Hands("rootless", 48, 76, 4, Key("C")))
    assert len(set(two) & set(five)) == 3


def test_no_chord_is_silence() -> None:
    """N.C. has no voicing and does not disturb its neighbours."""
    assert voice(chords_of("C N.C. C"), Hands("close", 48, 72, 3))[1] == ()
    assert voice([], Hands("close", 48, 72, 3)) == []


def test_alone_the_hands_play_the_bass() -> None:
    """Where nobody else plays the bass, it is the lowest note, slash chords included."""
    chords = chords_of(FOLK)
    for chord, notes in zip(chords, voice(chords, Hands("close", 43, 67, 3, None, True)), strict=True):
        assert notes[0] % 12 == chord.bass_pc


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(("low", "high", "voices"), [(48, 76, 4), (60, 72, 3), (36, 84, 5), (64, 70, 4)])
def test_any_chord_can_be_voiced(policy: str, low: int, high: int, voices: int) -> None:
    """Whatever the symbol and however narrow the register, there is a voicing, its notes rising, none twice."""
    chords = [Chord.parse(root + suffix + bass) for root in ("C", "F#") for suffix in SUFFIXES for bass in BASSES]
    for grounded in (False, True):
        for chord, notes in zip(chords, voice(chords, Hands(policy, low, high, voices, Key("C"), grounded)), strict=True):
            assert notes, str(chord)
            assert list(notes) == sorted(set(notes)), str(chord)
            assert {note % 12 for note in notes} & chord.pitch_classes, str(chord)


def test_hands_do_not_freeze_over_one_chord() -> None:
    """Over eight bars of one chord a comping hand changes its inversion; a steady one keeps it."""
    plan = plan_of("Dm7", times=8)
    changes = changes_of(plan)
    assert len(set(voice_part(changes, part("keys", "comp", voicing="rootless"), plan))) > 1
    assert len(set(voice_part(changes, part("keys", "comp", voicing="rootless", steady=True), plan))) == 1
