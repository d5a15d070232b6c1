"""The changes: a piece's chords in time as one list, for players that look ahead."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from app.arrange.degrees import Footing, footing
from app.arrange.plan import Plan, TickSpan
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.rhythm import Metre

NEAR: Final = 2  # an attack within beat / NEAR of a change may already take the next chord


class Changes(NamedTuple):
    """All chord spans of a piece in order, each at most a bar long, and what players ask of them."""

    spans: tuple[TickSpan, ...]
    starts: tuple[int, ...]
    moves: tuple[bool, ...]  # whether another chord follows the span
    stands: tuple[Footing, ...]  # how a player stands on the span's chord
    bar: int  # ticks of a bar
    beats: tuple[int, ...]  # the length of the beat at each tick of a bar
    reach: tuple[int, ...]  # how near a change an attack at each tick of a bar may take the next chord; -1 on the beat: never

    def at(self, tick: int) -> int:
        """The index of the span that sounds at a tick."""
        after = bisect_right(self.starts, tick)
        return after - 1 if after else 0

    def chord(self, index: int) -> Chord:
        """The chord of a span; past the last one, the last."""
        return self.spans[index if index < len(self.spans) else -1].chord

    def stand(self, index: int) -> Footing:
        """How a player stands on a span's chord; past the last one, on the last."""
        return self.stands[index if index < len(self.stands) else -1]

    def changes_after(self, index: int) -> bool:
        """Whether another chord follows that span."""
        return index < len(self.moves) and self.moves[index]

    def anticipated(self, tick: int) -> int:
        """The span an attack belongs to when players anticipate: off the beat, at most half a beat before a change, the next."""
        after = bisect_right(self.starts, tick)
        index = after - 1 if after else 0
        if self.moves[index] and self.spans[index].end - tick <= self.reach[tick % self.bar]:
            return index + 1
        return index


def changes_of(plan: Plan) -> Changes:
    """The changes of a plan."""
    return plan.changes or changes_in(tuple(span for bar in plan.bars for span in bar.spans), plan.key, plan.metre)


def changes_in(spans: tuple[TickSpan, ...], key: Key, metre: Metre) -> Changes:
    """The changes of these spans."""
    chords = [span.chord for span in spans]
    moves = [after is not chord and after != chord for chord, after in pairwise(chords)]
    stands = tuple([footing(chord, key) for chord in chords])
    return Changes(
        spans, tuple([span.start for span in spans]), (*moves, False), stands, metre.bar, beat_lengths(metre), _reach(metre)
    )


@lru_cache(maxsize=64)
def _reach(metre: Metre) -> tuple[int, ...]:
    """For each tick of a bar how long before a change it may take the next chord."""
    reach = [length // NEAR for length in beat_lengths(metre)]
    for start, _ in metre.beats:
        reach[start] = -1
    return tuple(reach)


@lru_cache(maxsize=4096)
def beat_length(metre: Metre, tick: int) -> int:
    """The length in ticks of the beat that holds a tick of the bar."""
    return next((length for start, length in reversed(metre.beats) if start <= tick), metre.beats[0][1])


@lru_cache(maxsize=64)
def beat_lengths(metre: Metre) -> tuple[int, ...]:
    """`beat_length` at every tick of a bar."""
    return tuple(length for _, length in metre.beats for _ in range(length))
