"""How a chord player hears a melody: how busy it is, where it rests, and how low it lies."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from operator import itemgetter
from typing import Final, NamedTuple

from app.arrange.plan import BarPlan, Plan
from app.arrange.style import PartStyle
from app.theory.notes import Note

LISTENERS: Final = frozenset({"comp"})  # engines
LONGEST: Final = 8  # beats for which a note of a melody may ring
REST: Final = 1.5  # beats of silence that ask for an answer
HEADROOM: Final = 16  # semitones that a chord player needs at least
LOW_SHARE: Final = 0.15  # of a melody's notes that may lie below the chords' top
FLOOR: Final = 52  # E3: a note that makes way for the melody is not set below
LEAST: Final = 2  # notes of a chord that stay whatever the melody does
_start: Final[Callable[[Note], int]] = itemgetter(0)
_pitch: Final[Callable[[Note], int]] = itemgetter(2)


class Ear(NamedTuple):
    """A melody as its accompanist hears it."""

    notes: tuple[Note, ...]  # in order of time
    starts: tuple[int, ...]
    beat: int
    ends: tuple[int, ...]  # for each note the tick at which it and all before it have ended

    def busy(self, tick: int) -> int:
        """How many of its notes begin within half a beat of a tick."""
        half = self.beat // 2
        return bisect_right(self.starts, tick + half) - bisect_left(self.starts, tick - half)

    def lowest(self, start: int, end: int) -> int:
        """Its lowest pitch that sounds between two ticks; 128 where it rests."""
        near = self.notes[bisect_right(self.ends, start) : bisect_left(self.starts, end)]
        return min([pitch for begin, length, pitch, _ in near if begin + length > start], default=128)

    def rests(self, bar: BarPlan, end: int) -> Iterator[tuple[int, int]]:
        """(start, end) of its longer rests within a bar that ends at `end`."""
        at, rest = bar.start, REST * self.beat
        for start, length, _, _ in self.notes[bisect_right(self.ends, at) : bisect_left(self.starts, end)]:
            if start - at >= rest:
                yield at, start
            if start + length > at:
                at = start + length
        if end - at >= rest:
            yield at, end


def listens(plan: Plan, style: PartStyle) -> bool:
    """Whether somebody sings, and the part does not play its row whatever is sung."""
    return bool(plan.tune) and style.engine in LISTENERS and not style.steady and style.listen > 0


def ear_of(plan: Plan, style: PartStyle) -> Ear | None:
    """What a part hears; None where it does not listen."""
    if not listens(plan, style):
        return None
    beat = plan.metre.beats[0][1]
    longest = LONGEST * beat + 1
    ends = accumulate([start + (length if length < longest else longest) for start, length, _, _ in plan.tune], max)
    return Ear(plan.tune, tuple(map(_start, plan.tune)), beat, tuple(ends))


def highest(plan: Plan, style: PartStyle, low: int) -> int:
    """The top of the register in which a part may lay chords: below most of the melody."""
    if not listens(plan, style):
        return style.high
    pitches = sorted(map(_pitch, plan.tune))
    return min(style.high, max(low + HEADROOM, pitches[int(len(pitches) * LOW_SHARE)] - 1))


def beneath(notes: Sequence[int], ceiling: int) -> tuple[int, ...]:
    """A chord with the notes that reach a melody set an octave lower, or left out where they would crowd the others."""
    if not notes or notes[-1] < ceiling:
        return tuple(notes)
    under = [note for note in notes if note < ceiling]
    for note in notes[len(under) :]:
        lower = note - 12
        if FLOOR <= lower < ceiling and all(abs(lower - other) > 1 for other in under):
            under.append(lower)
    return tuple(sorted(under)) if len(under) >= LEAST else tuple(notes[:LEAST])
