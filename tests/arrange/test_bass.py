"""Bass players: lines that lead to the next chord, rows that follow the chords."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from app.arrange import bass
from app.arrange.changes import changes_of
from app.arrange.plan import Plan
from app.theory.notes import Note
from app.theory.rhythm import METRES
from tests.arrange.charts import FOLK, JAZZ, part, plan_of

SEEDS = range(12)
WALKER = part("bass", "walking", low=28, high=55)


def walk(chart: str, seed: int, metre: str = "4/4", times: int = 3) -> tuple[Plan, list[Note]]:
    plan = plan_of(chart, metre=metre, times=times)
    return plan, bass.walking(plan, WALKER, Random(seed))


def openings(plan: Plan, notes: list[Note]) -> list[tuple[Note | None, Note, int]]:
    """For each new chord: the note before it, its first note, its root's pitch class."""
    changes = changes_of(plan)
    found = []
    for place, span in enumerate(changes.spans):
        if place and not changes.changes_after(place - 1):
            continue
        first = next(note for note in notes if note.start == span.start)
        before = [note for note in notes if note.start < span.start]
        found.append((before[-1] if before else None, first, span.chord.root_pc))
    return found


def walked(chart: str = JAZZ) -> list[tuple[Plan, list[Note]]]:
    return [walk(chart, seed) for seed in SEEDS]


def test_walking_opens_chords_on_root_or_chord_tone() -> None:
    """The root is on a chord's first beat as often as players have it there, and else a chord tone."""
    rows = [(plan, row) for plan, notes in walked() for row in openings(plan, notes)]
    roots = sum(first.pitch % 12 == root for _, (_, first, root) in rows) / len(rows)
    tones = sum(
        first.pitch % 12 in changes_of(plan).spans[changes_of(plan).at(first.start)].chord.pitch_classes
        for plan, (_, first, _) in rows
    )
    assert 0.55 <= roots <= 0.86
    assert tones / len(rows) >= 0.85


def test_walking_leads_into_chords_by_step() -> None:
    """The last note before a new chord is within two semitones of its first note nearly always."""
    ways = [
        min((before.pitch - first.pitch) % 12, (first.pitch - before.pitch) % 12)
        for plan, notes in walked()
        for before, first, _ in openings(plan, notes)
        if before
    ]
    assert sum(way <= 2 for way in ways) / len(ways) >= 0.7


def test_walking_does_not_repeat_itself() -> None:
    """The same note hardly ever comes twice running, no jump exceeds an octave but by accident, steps rule."""
    moves = [abs(one.pitch - other.pitch) for _, notes in walked() for one, other in pairwise(notes)]
    assert moves.count(0) / len(moves) <= 0.06
    assert sum(move > 12 for move in moves) / len(moves) <= 0.002
    assert 0.4 <= sum(move in (1, 2) for move in moves) / len(moves) <= 0.7


@pytest.mark.parametrize("metre", METRES)
def test_walking_plays_every_beat_of_every_metre(metre: str) -> None:
    """There is a note on each beat, and each lasts until the next: the bass drops no beat."""
    plan, notes = walk(FOLK, 1, metre)
    starts = {note.start for note in notes}
    assert {bar.start + beat for bar in plan.bars for beat, _ in plan.metre.beats} <= starts
    assert all(one.start + one.duration == other.start for one, other in pairwise(notes))


@pytest.mark.parametrize("engine", ["walking", "two_feel", "pattern"])
def test_slash_bass_is_on_the_chords_first_beat(engine: str) -> None:
    """Where a chord names its bass, the bass player obeys."""
    plan = plan_of("C | C/E | F/A | C/G G7 | F/G | G/F | C/E", times=2)
    style = part("bass", engine, {"a": ["5 3 1 a"]} if engine == "pattern" else None, low=28, high=50)
    notes = {note.start: note.pitch for note in getattr(bass, engine)(plan, style, Random(3))}
    for span in changes_of(plan).spans:
        if span.chord.bass:
            assert notes[span.start] % 12 == span.chord.bass_pc, str(span.chord)


@pytest.mark.parametrize("engine", ["walking", "two_feel", "pattern"])
@pytest.mark.parametrize("metre", METRES)
def test_range_is_kept(engine: str, metre: str) -> None:
    """No note leaves the part's range in any metre."""
    style = part("bass", engine, {"a": ["1 5' 8 a"]} if engine == "pattern" else None, low=28, high=50)
    plan = plan_of(JAZZ, metre=metre, native=plan_of("C").metre)
    for seed in SEEDS:
        assert all(28 <= note.pitch <= 50 for note in getattr(bass, engine)(plan, style, Random(seed)))


def test_degrees_are_the_chords_own() -> None:
    """Third, fifth and seventh follow the chord; altered degrees are counted in the major scale."""
    plan = plan_of("Cm7b5 | C7 | C6 | Csus4")
    notes = bass.pattern(plan, part("bass", "pattern", {"a": ["1 3 5 7"]}, low=36, high=60), Random(1))
    assert [note.pitch - 36 for note in notes] == [0, 3, 6, 10, 0, 4, 7, 10, 0, 4, 7, 9, 0, 5, 7, 9]
    notes = bass.pattern(plan, part("bass", "pattern", {"a": ["b3 #4 8 9"]}, low=36, high=60), Random(1))
    assert [note.pitch - 36 for note in notes[4:7]] == [3, 6, 12]


def test_approach_lies_a_half_step_from_what_follows() -> None:
    """An `a` leads into the note after it, over the bar line too."""
    plan = plan_of("C | F | Bb | Eb | Ab | Db | Gb | B", times=2)
    notes = bass.pattern(plan, part("bass", "pattern", {"a": ["1 3 5 a"]}, low=28, high=55), Random(1))
    for one, other in list(pairwise(notes))[3::4]:
        assert abs(one.pitch - other.pitch) == 1


def test_tumbao_anticipates_and_ties() -> None:
    """In a tumbao the fourth beat has the next chord's root and rings over the bar line; one is silent after the start."""
    plan = plan_of("Am | Dm | E7 | Am", key="Am", times=2)
    notes = bass.pattern(plan, part("bass", "pattern", {"a": ["-- -5 -- n-"]}, low=28, high=50), Random(1))
    assert notes[0].start == 0
    for bar in plan.bars[1:]:
        assert not [note for note in notes if note.start == bar.start]
        pushed = next(note for note in notes if note.start == bar.start - 480)
        assert pushed.pitch % 12 == bar.spans[0].chord.root_pc
        assert pushed.start + pushed.duration > bar.start


def test_every_new_chord_has_its_root() -> None:
    """A row that would leave out a chord's root gives way, within the bar too."""
    plan = plan_of("C | F G | Am Dm | G", times=2)
    notes = bass.pattern(plan, part("bass", "pattern", {"a": ["1 5 6 5 | 5 6 5 3"]}, low=28, high=50), Random(1))
    for span in changes_of(plan).spans:
        own = {note.pitch % 12 for note in notes if span.start <= note.start < span.end}
        assert span.chord.root_pc in own, str(span.chord)


def test_walker_plays_two_feel_where_it_is_written() -> None:
    """A walking bass plays the rows of a variation that has some, and walks in the others."""
    style = part("bass", "walking", {"a": ["1 - 5 -"]}, low=28, high=55)
    halves = bass.walking(plan_of(FOLK), style, Random(1))
    assert {note.duration for note in halves} <= {960, 480}
    assert len(bass.walking(plan_of(FOLK, variation="b"), style, Random(1))) > 1.5 * len(halves)


def test_the_last_bar_is_held() -> None:
    """The ending is the root, held to the end of the piece."""
    plan = plan_of("C | G7 | C", ending=True)
    for engine in ("walking", "two_feel", "pattern"):
        style = part("bass", engine, {"a": ["1 3 5 3"]} if engine == "pattern" else None, low=28, high=50)
        last = getattr(bass, engine)(plan, style, Random(1))[-1]
        assert (last.start, last.start + last.duration, last.pitch % 12) == (plan.bars[-1].start, plan.end, 0)


def test_no_chord_is_rested() -> None:
    """Where there is no chord there is no bass."""
    plan = plan_of("C | N.C. | G | C")
    for engine in ("walking", "two_feel", "pattern"):
        style = part("bass", engine, {"a": ["1 3 5 3"]} if engine == "pattern" else None, low=28, high=50)
        assert not [note for note in getattr(bass, engine)(plan, style, Random(1)) if 1920 <= note.start < 3840]


def test_same_chance_same_line() -> None:
    """The line depends on its stream alone, and another stream gives another line."""
    assert walk(JAZZ, 4)[1] == walk(JAZZ, 4)[1]
    assert walk(JAZZ, 4)[1] != walk(JAZZ, 5)[1]


def test_a_bass_walks_up_to_the_chord_a_fourth_above() -> None:
    """From I to IV the last two beats are 2 and 3, right below the IV that comes; elsewhere the row stays."""
    style = part("bass", "pattern", {"a": ["1 - 5 -"]}, low=28, high=48, walk_up=1.0)
    notes = bass.pattern(plan_of("F | Bb | F | Dm", key="F"), style, Random(1))
    first, third = ([note.pitch for note in notes if bar * 1920 <= note.start < (bar + 1) * 1920] for bar in (0, 2))

    assert first == [29, 31, 33]
    assert next(note.pitch for note in notes if note.start == 1920) == 34
    assert third == [29, 36]


def test_a_boogie_keeps_its_shape_in_every_key() -> None:
    """1 3 5 6 8 rises, wherever the root lies and wherever the hand was: no note of it is taken from another octave."""
    style = part("bass", "pattern", {"a": ["1 3 5 6 | 8 7 6 5"]}, low=28, high=55)
    for root in ("C", "D", "E", "F", "G", "A", "B"):
        notes = bass.pattern(plan_of(f"G | G | {root}7 | {root}7 | C7 | C7", times=2), style, Random(1))
        for bar in (2, 8):
            line = [note.pitch for note in notes if bar * 1920 <= note.start < (bar + 1) * 1920 + 480]
            assert line == sorted(line), root


def test_licks_above_the_octave_come_down_together() -> None:
    """A guitar row that would pass the top of the range is folded as a whole: its contour stays."""
    style = part("guitar", "pattern", {"a": ["1 3'' 1'' 5'"]}, low=40, high=76)
    for root in ("E", "G", "B", "C", "D"):
        lick = [note.pitch for note in bass.pattern(plan_of(f"{root} | {root} | {root}"), style, Random(1))][1:4]
        assert [lick[0] - lick[1], lick[1] - lick[2]] == [4, 5], root
