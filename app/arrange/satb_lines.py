"""Four voices in time: the harmony's layout note by note, then passing notes, suspensions and figures where no rule forbids them.

What is added depends on the piece alone, so that each voice, played by itself, fits the other three.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import compress
from types import MappingProxyType
from typing import Final, NamedTuple

from app.arrange.satb_chords import RANGES, Laid, laid
from app.arrange.satb_path import four_voices
from app.arrange.satb_rules import direct, overlaps, parallels
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.rhythm import TICKS_PER_QUARTER

SLOT: Final = TICKS_PER_QUARTER // 2  # eighths: the shortest notes that are added
PASSING: Final = 55  # of a hundred places where a voice could pass by step
SUSPENDED: Final = 45
REACH: Final = 2  # semitones: what counts as a step
THIRDS: Final = (3, 4, -3, -4)
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
FIGURES: Final = MappingProxyType(
    {  # texture → the voices that sing a motif round their notes, and the one that passes to its next
        "plain": ((), 3),  # chords, a passing note in the bass at most
        "song": ((0,), 3),
        "answer": ((1,), 3),
        "inner": ((2,), 3),
        "pair": ((0, 1), 3),  # in thirds and sixths, as the chords have it
        "walk": ((3,), 0),
    }
)


class Tone(NamedTuple):
    """A note of one voice."""

    start: int
    end: int
    pitch: int


tone_of: Final = partial(tuple.__new__, Tone)


class Stretch(NamedTuple):
    """A harmony in time, and how it is textured."""

    start: int
    end: int
    harmony: Harmony
    texture: str = "chorale"  # chorale | plain, or who has the tune: song (the first voice), answer (the second), inner, walk
    motif: int = 0  # which figure the tune has


class Sheet:
    """The voices on a grid of eighths: pitches, and where a note is struck."""

    def __init__(self, stretches: Sequence[Stretch], kind: str, seed: int = 0) -> None:
        self.stretches = stretches
        self.chords = tuple([laid(*stretch.harmony, kind) for stretch in stretches])
        self.ranges = RANGES[kind]
        self.seed = seed
        self.times: list[int] = []
        self.first: list[int] = []  # the first eighth of each stretch, and where the last one ends
        for start, end, *_ in stretches:
            self.first.append(len(self.times))
            self.times += range(start, max(start + 1, end - SLOT + 1), SLOT)
        self.first.append(len(self.times))
        self.times.append(stretches[-1].end)
        self.lines: list[list[int]] = [[], [], [], []]  # for each voice its pitches
        for four, first, after in zip(four_voices(self.chords, seed), self.first, self.first[1:], strict=False):
            for line, pitch in zip(self.lines, four, strict=True):
                line += [pitch] * (after - first)
        struck = [False] * self.first[-1]
        for first in self.first[:-1]:
            struck[first] = True
        self.struck = [struck.copy() for _ in self.lines]

    def put(self, voice: int, first: int, after: int, pitch: int) -> bool:
        """Sing that pitch from one eighth until another, if all stays right; tells whether it was done."""
        if not self.ranges.low[voice] <= pitch <= self.ranges.high[voice]:
            return False
        line = self.lines[voice]
        kept = line[first:after]
        line[first:after] = [pitch] * (after - first)
        for slot in range(max(1, first), min(after + 1, len(line))):
            if not self._right(slot):
                line[first:after] = kept
                return False
        return True

    def _right(self, slot: int) -> bool:
        """Whether the step into an eighth breaks nothing."""
        first, second, third, fourth = self.lines
        before = (first[slot - 1], second[slot - 1], third[slot - 1], fourth[slot - 1])
        after = (first[slot], second[slot], third[slot], fourth[slot])
        if not after[0] >= after[1] >= after[2] >= after[3] or parallels(before, after):
            return False
        return not overlaps(before, after) and not direct(before, after)

    def tones(self, voice: int) -> tuple[Tone, ...]:
        """A voice's notes, each from where it is struck: no pitch changes elsewhere."""
        starts = list(compress(self.times, self.struck[voice]))
        pitches = compress(self.lines[voice], self.struck[voice])
        return tuple(map(tone_of, zip(starts, [*starts[1:], self.times[-1]], pitches, strict=True)))


def voices_of(stretches: Sequence[Stretch], kind: str, seed: int = 0) -> tuple[tuple[Tone, ...], ...]:
    """Soprano, alto, tenor and bass through stretches that follow one another without a gap."""
    sheet = Sheet(stretches, kind, seed)
    last_suspension = -BETWEEN_SUSPENSIONS
    for place, stretch in enumerate(stretches):
        ready = stretch.texture == "chorale" and sheet.first[place] - last_suspension >= BETWEEN_SUSPENSIONS
        if place and ready and _suspended(sheet, place):
            last_suspension = sheet.first[place]
        if place + 1 < len(stretches):
            _figured(sheet, place, stretch.texture)
    return tuple(sheet.tones(voice) for voice in range(4))


def _lot(place: int, voice: int, sheet: Sheet) -> int:
    """A number below 100 that depends on the piece and the place alone."""
    first = sheet.first[place]
    return (place * 7919 + voice * 104729 + sheet.lines[0][first] * 389 + sheet.lines[3][first] * 631 + sheet.seed * 53) % 100


def _passing(sheet: Sheet, place: int) -> None:
    """Thirds are filled by step in the last eighth, in a voice or two."""
    done, there = 0, sheet.first[place + 1]
    for voice in (0, 3, 2, 1):
        line = sheet.lines[voice]
        if line[there] - line[there - 1] in THIRDS and _lot(place, voice, sheet) < PASSING:
            done += _filled(sheet, place, voice)
            if done == 2:
                break


def _filled(sheet: Sheet, place: int, voice: int) -> bool:
    """Put a passing note into the last eighth of a stretch before a third, where there is one to put."""
    line, first, there = sheet.lines[voice], sheet.first[place], sheet.first[place + 1]
    here, goal = line[there - 1], line[there]
    if goal - here not in THIRDS or there - first < 2 or sheet.struck[voice][there - 1] or line[first] != here:
        return False
    scale, side = sheet.chords[place].scale, 1 if goal > here else -1
    for pitch in (here + side * 2, here + side):
        if abs(goal - pitch) <= REACH and pitch % 12 in scale and sheet.put(voice, there - 1, there, pitch):
            sheet.struck[voice][there - 1] = True
            return True
    return False


def _suspended(sheet: Sheet, place: int) -> bool:
    """Hold a note that would fall by step over into the new chord, a dissonance there, and let it fall later."""
    first, after = sheet.first[place], sheet.first[place + 1]
    if after - first < 2 or _lot(place, 5, sheet) >= SUSPENDED or place + 1 == len(sheet.chords):
        return False
    half = first + (1 if after - first < 4 else 2)
    for voice in (0, 1, 2):
        line = sheet.lines[voice]
        old, new = line[first - 1], line[first]
        if not 1 <= old - new <= REACH or line[sheet.first[place - 1]] != old:
            continue  # no step down, or not from a note of the chord before
        others = [sheet.lines[other][first] % 12 for other in (0, 1, 2) if other != voice]
        if old % 12 in sheet.chords[place].facts.tones or new % 12 in others:
            continue
        if sheet.put(voice, first, half, old):
            sheet.struck[voice][first] = False
            sheet.struck[voice][half] = True
            return True
    return False


def _sung(sheet: Sheet, place: int, voice: int) -> None:
    """One motif for two bars, laid on each chord from its note: leading tones and sevenths are left as they are."""
    first, after = sheet.first[place], sheet.first[place + 1]
    line, struck = sheet.lines[voice], sheet.struck[voice]
    pitch = line[first]
    known = sheet.chords[place].facts
    motifs = MOTIFS.get(after - first, ())
    if motifs and pitch % 12 not in (known.leading, known.seventh):
        motif = motifs[(sheet.stretches[place].motif * 5 + sheet.lines[0][0] + sheet.seed) % len(motifs)]
        near = _near(sheet.chords[place], pitch)
        for (begin, turn), (end, _) in zip(motif, [*motif[1:], (after - first, "")], strict=True):
            start, stop = first + begin, first + end
            if near[turn] != line[start - 1] and sheet.put(voice, start, stop, near[turn]):
                struck[start] = True
                if stop < after:
                    struck[stop] = True
    _filled(sheet, place, voice)


def _near(chord: Laid, pitch: int) -> dict[str, int]:
    """What a motif's letters mean at a pitch: itself, its scale neighbours, the chord notes above and below."""
    tones, scale = chord.facts.tones, chord.scale
    return {
        "b": pitch,
        "u": next(pitch + step for step in range(1, 5) if (pitch + step) % 12 in scale),
        "l": next(pitch - step for step in range(1, 5) if (pitch - step) % 12 in scale),
        "t": next((pitch + step for step in range(2, 10) if (pitch + step) % 12 in tones), pitch),
        "d": next((pitch - step for step in range(2, 10) if (pitch - step) % 12 in tones), pitch),
    }


def _figured(sheet: Sheet, place: int, texture: str) -> None:
    """What a texture adds to a stretch: a chorale's passing notes, or what FIGURES has."""
    if texture == "chorale":
        _passing(sheet, place)
        return
    singers, passing = FIGURES[texture]
    for voice in singers:
        _sung(sheet, place, voice)
    _filled(sheet, place, passing)
