"""How a chord player hears a melody: how busy it is, where it rests, and how low it lies."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
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

    def busy(self, tick: int) -> int:
        """How many of its notes begin within half a beat of a tick."""
        half = self.beat // 2
        return bisect_right(self.starts, tick + half) - bisect_left(self.starts, tick - half)

    def lowest(self, start: int, end: int) -> int:
        """Its lowest pitch that sounds between two ticks; 128 where it rests."""
        first = bisect_left(self.starts, start - LONGEST * self.beat)
        sounding = [
            note.pitch for note in self.notes[first : bisect_left(self.starts, end)] if note.start + note.duration > start
        ]
        return min(sounding, default=128)

    def rests(self, bar: BarPlan, end: int) -> Iterator[tuple[int, int]]:
        """(start, end) of its longer rests within a bar that ends at `end`."""
        at = bar.start
        first = bisect_left(self.starts, bar.start - LONGEST * self.beat)
        for note in self.notes[first : bisect_left(self.starts, end)]:
            if note.start - at >= REST * self.beat:
                yield at, note.start
            at = max(at, note.start + note.duration)
        if end - at >= REST * self.beat:
            yield at, end


def listens(plan: Plan, style: PartStyle) -> bool:
    """Whether somebody sings, and the part does not play its row whatever is sung."""
    return bool(plan.tune) and style.engine in LISTENERS and not style.steady and style.listen > 0


def ear_of(plan: Plan, style: PartStyle) -> Ear | None:
    """What a part hears; None where it does not listen."""
    return Ear(plan.tune, tuple(map(_start, plan.tune)), plan.metre.beats[0][1]) if listens(plan, style) else None


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
