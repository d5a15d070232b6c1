"""Four voices in time: the harmony's layout note by note, then passing notes, suspensions and figures where no rule forbids them.

What is added depends on the piece alone, so that each voice, played by itself, fits the other three.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from app.arrange.satb_chords import RANGES, Four, Ranges, facts, laid
from app.arrange.satb_path import four_voices
from app.arrange.satb_rules import direct, overlaps, parallels
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.rhythm import TICKS_PER_QUARTER

SLOT: Final = TICKS_PER_QUARTER // 2  # eighths: the shortest notes that are added
PASSING: Final = 55  # of a hundred places where a voice could pass by step
SUSPENDED: Final = 45
REACH: Final = 2  # semitones: what counts as a step
BETWEEN_SUSPENSIONS: Final = 8  # eighths

Harmony = tuple[Chord, Key]

MOTIFS: Final = MappingProxyType(
    {  # eighths of a chord → motifs: (eighth, letter of `_near`); the chord's own note comes first
        8: (
            ((3, "u"), (4, "b"), (6, "t")),
            ((2, "t"), (4, "b"), (5, "l"), (6, "b")),
            ((2, "u"), (3, "b"), (4, "l"), (6, "b")),
            ((4, "t"), (6, "u")),
            ((1, "u"), (2, "b"), (3, "l"), (4, "b"), (6, "d")),
            ((3, "d"), (4, "t"), (6, "b")),
        ),
        6: (((2, "t"), (4, "b")), ((3, "u"), (4, "b")), ((2, "u"), (3, "b"), (4, "l")), ((4, "d"),)),
        4: (((2, "u"), (3, "b")), ((2, "t"),), ((1, "u"), (2, "b")), ((3, "l"),)),
        3: (((2, "u"),), ((1, "t"), (2, "b"))),
    }
)


class Tone(NamedTuple):
    """A note of one voice."""

    start: int
    end: int
    pitch: int


class Stretch(NamedTuple):
    """A harmony in time, and how it is textured."""

    start: int
    end: int
    harmony: Harmony
    texture: str = "chorale"  # chorale | plain, or who has the tune: song (the first voice), answer (the second), inner, walk
    motif: int = 0  # which figure the tune has


class Sheet:
    """The voices on a grid of eighths: pitches, and where a note is struck."""

    def __init__(self, stretches: Sequence[Stretch], fours: Sequence[Four], ranges: Ranges, seed: int = 0) -> None:
        self.ranges = ranges
        self.seed = seed
        self.times: list[int] = []
        self.owner: list[int] = []  # which stretch an eighth belongs to
        for place, stretch in enumerate(stretches):
            for index in range(max(1, (stretch.end - stretch.start) // SLOT)):
                self.times.append(stretch.start + index * SLOT)
                self.owner.append(place)
        self.times.append(stretches[-1].end)
        self.grid = [list(fours[place]) for place in self.owner]
        self.struck = [[slot == 0 or self.owner[slot] != self.owner[slot - 1]] * 4 for slot in range(len(self.owner))]
        self.first = [self.owner.index(place) for place in range(len(stretches))]

    def slots(self, place: int) -> range:
        """The eighths of a stretch."""
        after = self.first[place + 1] if place + 1 < len(self.first) else len(self.owner)
        return range(self.first[place], after)

    def put(self, voice: int, slots: range, pitch: int) -> bool:
        """Sing that pitch for those eighths, if all stays right; tells whether it was done."""
        if not self.ranges.low[voice] <= pitch <= self.ranges.high[voice]:
            return False
        kept = [self.grid[slot][voice] for slot in slots]
        for slot in slots:
            self.grid[slot][voice] = pitch
        if all(self._right(slot) for slot in range(max(1, slots.start), min(slots.stop + 1, len(self.grid)))):
            return True
        for slot, before in zip(slots, kept, strict=True):
            self.grid[slot][voice] = before
        return False

    def _right(self, slot: int) -> bool:
        """Whether the step into an eighth breaks nothing."""
        one, other = self.grid[slot - 1], self.grid[slot]
        soprano, alto, tenor, bass = other
        if not soprano >= alto >= tenor >= bass or parallels(one, other):
            return False
        before, after = (one[0], one[1], one[2], one[3]), (soprano, alto, tenor, bass)
        return not overlaps(before, after) and not direct(before, after)

    def tones(self, voice: int) -> tuple[Tone, ...]:
        """A voice's notes."""
        found: list[Tone] = []
        for slot in range(len(self.owner)):
            pitch, start, end = self.grid[slot][voice], self.times[slot], self.times[slot + 1]
            tied = found and found[-1].end == start and found[-1].pitch == pitch and not self.struck[slot][voice]
            if tied:
                found[-1] = found[-1]._replace(end=end)
            else:
                found.append(Tone(start, end, pitch))
        return tuple(found)


@lru_cache(maxsize=32)
def voices_of(stretches: tuple[Stretch, ...], kind: str, seed: int = 0) -> tuple[tuple[Tone, ...], ...]:
    """Soprano, alto, tenor and bass through stretches that follow one another without a gap."""
    fours = four_voices(tuple(laid(*stretch.harmony, kind) for stretch in stretches), seed)
    sheet = Sheet(stretches, fours, RANGES[kind], seed)
    last_suspension = -BETWEEN_SUSPENSIONS
    for place, stretch in enumerate(stretches):
        ready = stretch.texture == "chorale" and sheet.first[place] - last_suspension >= BETWEEN_SUSPENSIONS
        if place and ready and _suspended(sheet, stretches, place):
            last_suspension = sheet.first[place]
        if place + 1 < len(stretches):
            FIGURES[stretch.texture](sheet, stretches, place)
    return tuple(sheet.tones(voice) for voice in range(4))


def _lot(place: int, voice: int, sheet: Sheet) -> int:
    """A number below 100 that depends on the piece and the place alone."""
    soprano, _, _, bass = sheet.grid[sheet.first[place]]
    return (place * 7919 + voice * 104729 + soprano * 389 + bass * 631 + sheet.seed * 53) % 100


def _scale(stretch: Stretch) -> frozenset[int]:
    """The key's notes and the chord's; in minor the raised sixth and seventh are reached by the chord alone."""
    chord, key = stretch.harmony
    return frozenset((key.tonic_pc + step) % 12 for step in key.scale) | frozenset(facts(chord, key).tones)


def _passing(sheet: Sheet, stretches: Sequence[Stretch], place: int) -> None:
    """Thirds are filled by step in the last eighth, in a voice or two."""
    done = 0
    for voice in (0, 3, 2, 1):
        if done < 2 and _lot(place, voice, sheet) < PASSING:
            done += _filled(sheet, stretches, place, voice)


def _filled(sheet: Sheet, stretches: Sequence[Stretch], place: int, voice: int) -> bool:
    """Put a passing note into the last eighth of a stretch before a third, where there is one to put."""
    slots = sheet.slots(place)
    if len(slots) < 2:
        return False
    last = slots[-1]
    here, there = sheet.grid[last][voice], sheet.grid[last + 1][voice]
    if abs(there - here) not in (3, 4) or sheet.struck[last][voice] or sheet.grid[slots[0]][voice] != here:
        return False
    scale, side = _scale(stretches[place]), 1 if there > here else -1
    for size in (2, 1):
        pitch = here + side * size
        if abs(there - pitch) <= REACH and pitch % 12 in scale and sheet.put(voice, range(last, last + 1), pitch):
            sheet.struck[last][voice] = True
            return True
    return False


def _suspended(sheet: Sheet, stretches: Sequence[Stretch], place: int) -> bool:
    """Hold a note that would fall by step over into the new chord, a dissonance there, and let it fall later."""
    slots = sheet.slots(place)
    if len(slots) < 2 or _lot(place, 5, sheet) >= SUSPENDED or place + 1 == len(stretches):
        return False
    known = facts(*stretches[place].harmony)
    first = slots[0]
    half = range(first, first + (1 if len(slots) < 4 else 2))
    for voice in (0, 1, 2):
        old, new = sheet.grid[first - 1][voice], sheet.grid[first][voice]
        if sheet.grid[sheet.first[place - 1]][voice] != old:
            continue  # it was not a note of the chord before
        others = [sheet.grid[first][other] % 12 for other in (0, 1, 2) if other != voice]
        if not 1 <= old - new <= REACH or old % 12 in known.tones or new % 12 in others:
            continue
        if sheet.put(voice, half, old):
            sheet.struck[first][voice] = False
            sheet.struck[half.stop][voice] = True
            return True
    return False


def _song(sheet: Sheet, stretches: Sequence[Stretch], place: int) -> None:
    """The top voice sings round its note: neighbour and return, a broken chord, a passing note into the next."""
    _sung(sheet, stretches, place, 0)
    _filled(sheet, stretches, place, 3)


def _answer(sheet: Sheet, stretches: Sequence[Stretch], place: int) -> None:
    """The second voice has the tune."""
    _sung(sheet, stretches, place, 1)
    _filled(sheet, stretches, place, 3)


def _inner(sheet: Sheet, stretches: Sequence[Stretch], place: int) -> None:
    """The third voice has the tune."""
    _sung(sheet, stretches, place, 2)
    _filled(sheet, stretches, place, 3)


def _pair(sheet: Sheet, stretches: Sequence[Stretch], place: int) -> None:
    """The two upper voices sing the same figure together, in thirds and sixths as the chords have it."""
    _sung(sheet, stretches, place, 0)
    _sung(sheet, stretches, place, 1)
    _filled(sheet, stretches, place, 3)


def _walk(sheet: Sheet, stretches: Sequence[Stretch], place: int) -> None:
    """The lowest voice has the tune."""
    _sung(sheet, stretches, place, 3)
    _filled(sheet, stretches, place, 0)


def _sung(sheet: Sheet, stretches: Sequence[Stretch], place: int, voice: int) -> None:
    """One motif for two bars, laid on each chord from its note: leading tones and sevenths are left as they are."""
    slots = sheet.slots(place)
    pitch = sheet.grid[slots[0]][voice]
    known = facts(*stretches[place].harmony)
    motifs = MOTIFS.get(len(slots), ())
    if motifs and pitch % 12 not in (known.leading, known.seventh):
        motif = motifs[(stretches[place].motif * 5 + sheet.grid[0][0] + sheet.seed) % len(motifs)]
        near = _near(stretches[place], pitch)
        for (first, turn), (last, _) in zip(motif, [*motif[1:], (len(slots), "")], strict=True):
            part = range(slots[first], slots[first] + last - first)
            if near[turn] != sheet.grid[part.start - 1][voice] and sheet.put(voice, part, near[turn]):
                sheet.struck[part.start][voice] = True
                if part.stop < slots.stop:
                    sheet.struck[part.stop][voice] = True
    _filled(sheet, stretches, place, voice)


def _near(stretch: Stretch, pitch: int) -> dict[str, int]:
    """What a motif's letters mean at a pitch: itself, its scale neighbours, the chord notes above and below."""
    chord, key = stretch.harmony
    tones, scale = facts(chord, key).tones, _scale(stretch)
    return {
        "b": pitch,
        "u": next(pitch + step for step in range(1, 5) if (pitch + step) % 12 in scale),
        "l": next(pitch - step for step in range(1, 5) if (pitch - step) % 12 in scale),
        "t": next((pitch + step for step in range(2, 10) if (pitch + step) % 12 in tones), pitch),
        "d": next((pitch - step for step in range(2, 10) if (pitch - step) % 12 in tones), pitch),
    }


def _plain(sheet: Sheet, stretches: Sequence[Stretch], place: int) -> None:
    """Chords, a passing note in the bass at most."""
    _filled(sheet, stretches, place, 3)


Figure = Callable[[Sheet, Sequence[Stretch], int], None]
FIGURES: Final[Mapping[str, Figure]] = MappingProxyType(
    {"chorale": _passing, "plain": _plain, "song": _song, "answer": _answer, "inner": _inner, "pair": _pair, "walk": _walk}
)
