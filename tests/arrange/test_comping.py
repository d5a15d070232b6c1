"""The chord players: rhythm, pushes, room; broken chords; pads."""

from __future__ import annotations

from collections import defaultdict
from random import Random

import pytest

from app.arrange import comping, figures, pads
from app.arrange.changes import changes_of
from app.arrange.plan import Plan
from app.arrange.style import PartStyle
from app.arrange.turns import turns
from app.theory.notes import Note
from app.theory.rhythm import METRES
from tests.arrange.charts import FOLK, JAZZ, part, plan_of

CELLS = ["... ..c ... ..c", "c.. ..c ... ...", "..c ... ..c ...", "... ..c ..c ..."]


def played(plan: Plan, style: PartStyle, seed: int = 1) -> dict[int, set[int]]:
    """Tick → pitches that begin there."""
    found: dict[int, set[int]] = defaultdict(set)
    for note in comping.play(plan, style, Random(seed)):
        found[note.start].add(note.pitch)
    return dict(found)


def sounding(notes: list[Note], start: int, end: int) -> set[int]:
    """Pitch classes that are heard between two ticks."""
    return {note.pitch % 12 for note in notes if note.start < end and note.start + note.duration > start}


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("anticipate", [True, False])
def test_every_chord_is_heard(cell: str, anticipate: bool) -> None:
    """Third and seventh of each chord of a beat or more sound in it, whatever the rhythm cell."""
    plan = plan_of(JAZZ, times=2)
    style = part("keys", "comp", {"a": [cell]}, voicing="rootless", anticipate=anticipate, length=1.0)
    notes = comping.play(plan, style, Random(1))
    for span in changes_of(plan).spans:
        chord = span.chord
        telling = {(chord.root_pc + tone) % 12 for tone in (chord.third, chord.seventh) if tone is not None}
        assert telling <= sounding(notes, span.start, span.end), str(chord)


def test_a_push_takes_the_next_chord() -> None:
    """An attack on the off-beat before a change belongs to the chord that comes, and is held into it."""
    plan = plan_of("Dm7 | G7 | Cmaj7 | A7")
    style = part("keys", "comp", {"a": ["... ... ... ..c"]}, voicing="rootless", anticipate=True)
    notes = comping.play(plan, style, Random(1))
    pushed = [note for note in notes if note.start == 1920 - 160]
    assert 11 in {note.pitch % 12 for note in pushed}  # the third of G7
    assert all(note.start + note.duration > 1920 for note in pushed)


def test_one_cell_does_not_rule() -> None:
    """Of several cells none is played for more than two bars running; a steady part keeps one for its section."""
    plan = plan_of("Dm7", times=32)
    rows = {"a": CELLS}
    for seed in range(8):
        row = [turn.row for turn in turns(plan, part("keys", "comp", rows), Random(seed))]
        assert all(len(set(row[bar : bar + 3])) > 1 for bar in range(len(row) - 2))
        assert len({turn.row for turn in turns(plan, part("keys", "comp", rows, steady=True), Random(seed))}) == 1


def test_rows_of_two_bars_keep_their_place() -> None:
    """A two-bar row of a part that follows the clave begins on even bars of the section."""
    plan = plan_of("C", times=16)
    rows = {"a": ["c . . . | . c . .", "c c . . | . . c ."]}
    for turn in turns(plan, part("keys", "comp", rows, clave=True), Random(2)):
        assert (turn.placed[0].tick == 0) == (turn.bar.place % 2 == 0)


def test_accents_scratches_and_top_notes() -> None:
    """C is louder than c, o is a ghost and short, t is the voicing's top note alone."""
    plan = plan_of("C")
    notes = comping.play(plan, part("keys", "comp", {"a": ["c C o t"]}, voices=3), Random(1))
    rows = [[note for note in notes if note.start == beat * 480] for beat in range(4)]
    assert min(note.velocity for note in rows[1]) > max(note.velocity for note in rows[0])
    assert max(note.velocity for note in rows[2]) < 45
    assert max(note.duration for note in rows[2]) < 60
    assert [note.pitch for note in rows[3]] == [max(note.pitch for note in rows[0])]


def test_stride_plays_bass_then_chord() -> None:
    """B is the chord's bass below the chord, V its fifth; a new chord never begins on its fifth."""
    plan = plan_of("C | C/E G7")
    attacks = played(plan, part("keys", "comp", {"a": ["B c V c"]}, low=36, voices=3))
    basses = {tick: min(pitches) for tick, pitches in attacks.items()}
    assert [basses[tick] % 12 for tick in (0, 960, 1920, 2880)] == [0, 7, 4, 7]
    assert all(basses[tick] < min(attacks[tick + 480]) for tick in (0, 960, 1920, 2880))


def test_rest_leaves_bars_empty() -> None:
    """`rest` is how likely a bar is left to the others."""
    plan = plan_of("C", times=64)
    bars = {tick // 1920 for tick in played(plan, part("keys", "comp", {"a": ["c . c ."]}, rest=0.3))}
    assert 64 * 0.5 < len(bars) < 64 * 0.9


def test_crushed_notes_lie_a_half_step_below() -> None:
    """A grace note comes 40 ms before its chord, a half step below one of its notes, and softer."""
    plan = plan_of("Ebm9 | Ab13", times=8, key="Db")
    notes = comping.play(plan, part("keys", "comp", {"a": ["h - h -"]}, voicing="spread", grace=1.0), Random(1))
    graces = [note for note in notes if note.start % 960]
    assert graces
    for grace in graces:
        chord = [note for note in notes if note.start == grace.start + grace.duration]
        assert grace.pitch + 1 in {note.pitch for note in chord}
        assert grace.velocity < min(note.velocity for note in chord)


def test_held_chords_change_with_the_harmony() -> None:
    """No chord is held over a change: it is struck anew there."""
    plan = plan_of("C F | G7 C")
    for note in comping.play(plan, part("keys", "comp", {"a": ["h - - -"]}), Random(1)):
        assert note.start // 960 == (note.start + note.duration - 1) // 960


@pytest.mark.parametrize("metre", METRES)
def test_players_keep_to_the_piece(metre: str) -> None:
    """In every metre nothing begins before the piece or sounds after it, and somebody plays in each bar."""
    plan = plan_of(FOLK, metre=metre, native=plan_of("C").metre)
    rows = {"a": ["c c c c"]}
    figure = part("keys", "figure", {"a": ["1 2 3 2"]}, voices=3)
    for notes in (
        comping.play(plan, part("keys", "comp", rows), Random(1)),
        figures.play(plan, figure, Random(1)),
        pads.play(plan, part("pad", "pad"), Random(1)),
    ):
        assert min(note.start for note in notes) >= 0
        assert max(note.start + note.duration for note in notes) <= plan.end
        assert {note.start // plan.metre.bar for note in notes if note.duration < plan.metre.bar} <= set(range(len(plan.bars)))


def test_alberti_breaks_the_chord() -> None:
    """Digits are the voicing's notes from below; past the top they go on an octave higher."""
    plan = plan_of("C | G7")
    notes = figures.play(plan, part("keys", "figure", {"a": ["13 23 13 24"]}, low=48, high=79, voices=3), Random(1))
    first = [note.pitch for note in notes[:8]]
    assert first[0] < first[2] < first[1]
    assert first[7] == first[0] + 12


def test_figures_do_not_leave_out_what_matters() -> None:
    """A figure that would miss a chord's third or seventh is bent to have it."""
    plan = plan_of("Am | E7 | Dm7 | G7")
    notes = figures.play(plan, part("keys", "figure", {"a": ["1 1 2 1"]}, voices=4), Random(1))
    for span in changes_of(plan).spans:
        third = (span.chord.root_pc + (span.chord.third or 0)) % 12
        assert third in sounding(notes, span.start, span.end)


def test_pads_tie_common_tones() -> None:
    """A pad holds the tones that neighbours share and is never silent within a phrase."""
    plan = plan_of("C | Am | F | Dm")
    notes = pads.play(plan, part("pad", "pad", low=48, high=72, voices=3), Random(1))
    assert any(note.duration > plan.metre.bar for note in notes)
    for bar in plan.bars:
        tones = bar.spans[0].chord.pitch_classes
        assert tones <= sounding(notes, bar.start + 1, bar.start + 1919)
        assert sounding(notes, bar.start + 1, bar.start + 1919) <= tones


def test_pads_breathe() -> None:
    """Even over one chord a pad is struck anew every four bars."""
    notes = pads.play(plan_of("C", times=16), part("pad", "pad", voices=3), Random(1))
    assert {note.duration for note in notes} == {4 * 1920}


def test_the_ending_is_held() -> None:
    """The last chord lasts to the end of the piece."""
    plan = plan_of("C | G7 | C", ending=True)
    comp, figure = part("keys", "comp", {"a": ["c . c ."]}), part("keys", "figure", {"a": ["1 2 3 2"]})
    for player, style in ((comping, comp), (figures, figure)):
        last = [note for note in player.play(plan, style, Random(1)) if note.start == plan.bars[-1].start]
        assert {note.pitch % 12 for note in last} == {0, 4, 7}
        assert {note.start + note.duration for note in last} == {plan.end}


def test_a_hand_alone_plays_the_bass() -> None:
    """Without a bass player a broken chord begins on the chord's bass, within the bar too, and the last chord stands on it."""
    plan = plan_of("C/E G7 | F C/G | G/B Am | C", ending=True)
    plan = plan._replace(bars=tuple(bar._replace(only=frozenset({"keys"})) for bar in plan.bars))
    for row in ("13 23 13 23", "B3 23 B3 23"):
        notes = figures.play(plan, part("keys", "figure", {"a": [row]}, low=43, high=67, voices=3), Random(1))
        for span in changes_of(plan).spans:
            first = min((note for note in notes if note.start == span.start), key=lambda note: note.pitch)
            assert first.pitch % 12 == span.chord.bass_pc, f"{row} {span.chord}"


def test_sparse_parts_leave_chords_out() -> None:
    """A part of low density strikes fewer short chords than a full one, and still every change."""
    plan = plan_of(JAZZ, times=4)
    full, sparse = (comping.play(plan, part("keys", "comp", {"a": ["cc cc cc cc"]}, density=d), Random(1)) for d in (1.0, 0.3))
    assert len(sparse) < 0.9 * len(full)
    assert {span.start for span in changes_of(plan).spans} <= {note.start for note in sparse}
