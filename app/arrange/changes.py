"""The changes: a piece's chords in time as one list, for players that look ahead."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import Final, NamedTuple

from app.arrange.plan import Plan, TickSpan
from app.theory.chord import Chord
from app.theory.rhythm import Metre

NEAR: Final = 2  # an attack within beat / NEAR of a change may already take the next chord


class Changes(NamedTuple):
    """All chord spans of a piece in order, each at most a bar long, and the ticks at which they start."""

    spans: tuple[TickSpan, ...]
    starts: tuple[int, ...]

    def at(self, tick: int) -> int:
        """The index of the span that sounds at a tick."""
        after = bisect_right(self.starts, tick)
        return after - 1 if after else 0

    def chord(self, index: int) -> Chord:
        """The chord of a span; past the last one, the last."""
        return self.spans[index if index < len(self.spans) else -1].chord

    def changes_after(self, index: int) -> bool:
        """Whether another chord follows that span."""
        return index + 1 < len(self.spans) and self.spans[index + 1].chord != self.spans[index].chord

    def anticipated(self, tick: int, metre: Metre) -> int:
        """The span an attack belongs to when players anticipate: off the beat, at most half a beat before a change, the next."""
        index = self.at(tick)
        span = self.spans[index]
        inside = tick % metre.bar
        beat = beat_length(metre, inside)
        if span.end - tick > beat // NEAR or inside in beat_ticks(metre) or not self.changes_after(index):
            return index
        return index + 1


def changes_of(plan: Plan) -> Changes:
    """The changes of a plan."""
    spans = tuple(span for bar in plan.bars for span in bar.spans)
    return Changes(spans, tuple(span.start for span in spans))


@lru_cache(maxsize=64)
def beat_ticks(metre: Metre) -> frozenset[int]:
    """The ticks of a bar's beats."""
    return frozenset(start for start, _ in metre.beats)


@lru_cache(maxsize=4096)
def beat_length(metre: Metre, tick: int) -> int:
    """The length in ticks of the beat that holds a tick of the bar."""
    return next((length for start, length in reversed(metre.beats) if start <= tick), metre.beats[0][1])
