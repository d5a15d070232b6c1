"""Four-part writing: the rules hold in what is played, note against note."""

from __future__ import annotations

from itertools import combinations, pairwise
from operator import itemgetter
from random import Random

import pytest

from app.arrange import satb
from app.arrange.plan import Plan
from app.arrange.satb import CHOIR, STRINGS
from app.arrange.satb_chords import laid, layouts
from app.arrange.satb_path import TASTE, four_voices
from app.arrange.satb_rules import arrival
from app.theory.chance import Chance
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.notes import Note
from app.theory.rhythm import METRES
from tests.arrange.charts import BASSES, SUFFIXES, part, plan_of

RANGES = {"soprano": (60, 81), "alto": (55, 74), "tenor": (48, 69), "bass": (40, 62)}
RANGES |= {"violin1": (55, 83), "violin2": (55, 81), "viola": (48, 76), "cello": (36, 67)}

MAJOR = {  # a small functional grammar of C major: what may follow what
    "C": "Dm F G Am Dm/F G/B G7 Dm7/F F/A", "Dm": "G G7 G/B G7/B", "F": "G C Dm G7 C/E Dm7/F C/G", "G": "C Am C/E G7/F",
    "Am": "Dm F Dm/F D7/F# Dm7/F E7/G#", "Bdim/D": "C C/E", "G7": "C Am", "C/E": "F Dm/F G7 Bdim/D", "Dm/F": "G G7 C/G",
    "F/A": "G/B G", "G/B": "C", "G7/F": "C/E", "G7/B": "C", "Dm7/F": "G G7", "C/G": "G7", "D7/F#": "G", "E7/G#": "Am",
}  # fmt: skip
MINOR = {
    "Am": "Dm E/G# E7 F Bm7b5/D Dm/F G C", "E/G#": "Am", "E7": "Am F", "E": "Am", "Dm": "E E7 Bdim/D Am/E", "Dm/F": "E E7",
    "Bm7b5/D": "E7 E", "F": "Bdim/D Dm G", "G": "C", "C": "F Dm Am", "Am/E": "E7", "Bdim/D": "E7 Am/C", "Am/C": "Dm F Bm7b5/D",
}  # fmt: skip
CLOSES = {"C": "Dm7/F G7 C", "Am": "Bm7b5/D E7 A"}


def composed(grammar: dict[str, str], seed: int, bars: int = 4) -> str:
    """A chart of four chords a bar that the grammar allows, closed by a cadence."""
    chance, tonic = Random(seed), next(iter(grammar))
    chords = [tonic]
    while len(chords) < 4 * bars or chords[-1] not in ("C", "Am", "F"):
        chords.append(chance.choice(grammar[chords[-1]].split()))
    chords += CLOSES[tonic].split()
    while len(chords) % 4:
        chords.append(chords[-1])
    return " | ".join(" ".join(chords[place : place + 4]) for place in range(0, len(chords), 4))


def parts_of(plan: Plan, roles: tuple[str, ...]) -> list[list[Note]]:
    return [satb.play(plan, part(role, "satb"), Random(1)) for role in roles]


def slices(parts: list[list[Note]]) -> list[tuple[int, ...]]:
    """What the four voices have at each onset of any of them; a voice that rests still has its last note."""
    found = []
    for tick in sorted({note.start for notes in parts for note in notes}):
        begun = [[note.pitch for note in notes if note.start <= tick] for notes in parts]
        if all(begun):
            found.append(tuple(pitches[-1] for pitches in begun))
    return found


def faults(one: tuple[int, ...], other: tuple[int, ...]) -> list[str]:
    """Rules that the step from one chord to the next breaks."""
    found = []
    for upper, lower in combinations(range(4), 2):
        gaps = (one[upper] - one[lower]) % 12, (other[upper] - other[lower]) % 12
        if gaps in ((7, 7), (0, 0)) and one[upper] != other[upper] and one[lower] != other[lower]:
            found.append(f"parallel {gaps[0]}")
    if list(other) != sorted(other, reverse=True):
        found.append("crossing")
    found += ["overlap" for voice in range(3) if other[voice] < one[voice + 1] or other[voice + 1] > one[voice]]
    rise, drop = other[0] - one[0], other[3] - one[3]
    if rise * drop > 0 and abs(rise) > 2 and (other[0] - other[3]) % 12 in (0, 7):
        found.append("direct")
    return found


@pytest.mark.parametrize(("grammar", "key"), [(MAJOR, "C"), (MINOR, "Am")])
@pytest.mark.parametrize("roles", [CHOIR, STRINGS])
def test_no_rule_is_broken(grammar: dict[str, str], key: str, roles: tuple[str, ...]) -> None:
    """No parallels, crossings, overlaps, or direct perfect intervals in any step, passing notes and suspensions included."""
    for seed in range(40):
        rows = slices(parts_of(plan_of(composed(grammar, seed), key), roles))
        for one, other in pairwise(rows):
            assert not faults(one, other), f"seed {seed}: {one} {other}"


@pytest.mark.parametrize(("grammar", "key"), [(MAJOR, "C"), (MINOR, "Am")])
def test_music21_finds_nothing_either(grammar: dict[str, str], key: str) -> None:
    """An independent judge of voice leading agrees."""
    voice_leading = pytest.importorskip("music21.voiceLeading")
    note = pytest.importorskip("music21.note")
    for seed in range(6):
        for one, other in pairwise(slices(parts_of(plan_of(composed(grammar, seed), key), CHOIR))):
            for upper, lower in combinations(range(4), 2):
                names = [note.Note(pitch) for pitch in (one[upper], other[upper], one[lower], other[lower])]
                judge = voice_leading.VoiceLeadingQuartet(*names)
                assert not judge.parallelFifth()
                assert not judge.parallelOctave()
                assert not judge.parallelUnison()
                assert not judge.voiceCrossing()
                if lower == upper + 1:
                    assert not judge.voiceOverlap()


@pytest.mark.parametrize(("grammar", "key"), [(MAJOR, "C"), (MINOR, "Am")])
def test_leading_tones_rise_and_sevenths_fall(grammar: dict[str, str], key: str) -> None:
    """In the outer voices the leading tone of a dominant goes up to the tonic; a seventh falls by step in any voice."""
    tonic = Key.parse(key).tonic_pc
    for seed in range(40):
        plan = plan_of(composed(grammar, seed), key)
        spans = [span for bar in plan.bars for span in bar.spans]
        for role, notes in zip(CHOIR, parts_of(plan, CHOIR), strict=True):
            first = {note.start: note.pitch for note in notes}
            for one, other in pairwise(spans):
                here, there = first.get(one.start), first.get(other.start)
                if here is None or there is None or one.chord.root_pc != (tonic + 7) % 12 or other.chord.root_pc != tonic:
                    continue
                if here % 12 == (tonic + 11) % 12 and role in ("soprano", "bass") and 0 in other.chord.intervals:
                    assert there - here == 1, f"{role} {one.chord} {other.chord}"
                if one.chord.seventh and here % 12 == (one.chord.root_pc + 10) % 12:
                    assert there - here in (-1, -2), f"{role} {one.chord} {other.chord}"


def test_chords_are_complete_and_well_doubled() -> None:
    """Every chord has its root, third and seventh; neither leading tone nor seventh is sung twice."""
    for seed in range(30):
        plan = plan_of(composed(MAJOR, seed))
        parts = parts_of(plan, CHOIR)
        for span in (span for bar in plan.bars for span in bar.spans):
            ends = [max((n for n in notes if n.start < span.end), key=lambda n: n.start).pitch for notes in parts]
            held = [next(n.pitch for n in notes if n.start <= span.start < n.start + n.duration) for notes in parts]
            sung = {pitch % 12 for pitch in (*ends, *held)}
            chord: Chord = span.chord
            wanted = {(chord.root_pc + tone) % 12 for tone in (0, chord.third, chord.seventh) if tone is not None}
            assert wanted <= sung, str(chord)
            if chord.family == "dom":
                assert sum(pitch % 12 == (chord.root_pc + 4) % 12 for pitch in held) <= 1
                assert sum(pitch % 12 == (chord.root_pc + 10) % 12 for pitch in held) <= 1


@pytest.mark.parametrize("roles", [CHOIR, STRINGS])
@pytest.mark.parametrize("metre", METRES)
def test_voices_keep_their_compass(roles: tuple[str, ...], metre: str) -> None:
    """Each voice sings within its compass, one note at a time, in every metre, to the end of the piece."""
    plan = plan_of(composed(MAJOR, 3), metre=metre)
    for role, notes in zip(roles, parts_of(plan, roles), strict=True):
        low, high = RANGES[role]
        assert all(low <= note.pitch <= high for note in notes), role
        assert all(one.start + one.duration <= other.start for one, other in pairwise(notes)), role
        assert notes[-1].start + notes[-1].duration <= plan.end


def test_a_chorale_moves_in_eighths_and_suspends() -> None:
    """Passing eighths and suspensions enliven a chorale: neither none nor everywhere."""
    eighths = suspended = beats = 0
    for seed in range(20):
        plan = plan_of(composed(MAJOR, seed))
        for notes in parts_of(plan, CHOIR):
            eighths += sum(note.duration == 240 for note in notes)
            suspended += sum(note.duration == 720 for note in notes)
            beats += sum(len(bar.spans) for bar in plan.bars)
    assert 0.05 < eighths / beats < 0.5
    assert 0.002 < suspended / beats < 0.1


def test_a_quartet_changes_its_texture() -> None:
    """The four strings do not keep one rhythm: the first violin sings over repeated notes, then they move together."""
    plan = plan_of("C | G7/F | C/E F | G | C | Am | Dm7/F G7 | C", times=3)
    violin, second, viola, cello = parts_of(plan, STRINGS)
    counts = [[sum(note.start // 1920 == bar for note in notes) for bar in range(24)] for notes in (violin, second, viola, cello)]
    alike = [len({row[bar] for row in counts}) == 1 for bar in range(24)]
    assert any(alike)
    assert not all(alike)


def test_voices_are_the_same_whoever_is_asked_first() -> None:
    """A voice made anew with another stream still fits the other three."""
    plan = plan_of(composed(MAJOR, 7))
    assert satb.play(plan, part("alto", "satb"), Random(1)) == satb.play(plan, part("alto", "satb"), Random(99))


def test_the_four_voices_of_a_plan_are_written_once() -> None:
    """Four parts of one plan share them; another plan has its own, though it says the same."""
    satb._score.cache_clear()
    for _ in range(2):
        parts_of(plan_of(composed(MAJOR, 7)), CHOIR)
    assert satb._score.cache_info().misses == 2


@pytest.mark.parametrize("grammar", [MAJOR, MINOR])
def test_no_way_is_cheaper_than_the_one_taken(grammar: dict[str, str]) -> None:
    """Looking at the cheap steps first finds what looking at all of them finds."""
    key = Key.parse(next(iter(grammar)))
    for seed in range(12):
        names = composed(grammar, seed).replace("|", "").split()
        chords = tuple(laid(Chord.parse(name), key, "quartet") for name in names)
        taste = Chance(seed).of("voices").random
        ways = [(price, (four,)) for four, price in zip(chords[0].fours, chords[0].prices, strict=True)]
        for before, after in pairwise(chords):
            columns = [arrival(before, after, place)[0] for place in range(len(after.fours))]
            found = []
            for four, price, column in zip(after.fours, after.prices, columns, strict=True):
                total, path = min(((way[0] + step, way[1]) for way, step in zip(ways, column, strict=True)), key=itemgetter(0))
                found.append((total + price + TASTE * taste(), (*path, four)))
            ways = found
        assert four_voices(chords, seed) == min(ways, key=itemgetter(0))[1]


def test_no_chord_parts_the_music() -> None:
    """Where there is no chord the voices rest and begin anew after it."""
    plan = plan_of("C | N.C. | F | C")
    for notes in parts_of(plan, CHOIR):
        assert not [note for note in notes if note.start < 3840 and note.start + note.duration > 1920]
        assert notes[-1].start + notes[-1].duration == plan.end


@pytest.mark.parametrize("kind", ["choir", "quartet"])
def test_any_chord_can_be_sung(kind: str) -> None:
    """Four voices find a layout for every symbol, over every bass, with the bass at the bottom."""
    for symbol in (f"Eb{suffix}{bass}" for suffix in SUFFIXES for bass in BASSES):
        chord = Chord.parse(symbol)
        found = layouts(chord, Key("C"), kind)
        assert found, symbol
        assert all(four[3] % 12 == chord.bass_pc for four, _ in found), symbol
