"""What a bass row asks for before it has pitches: tokens as events, and the walk up into a chord a fourth above."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from random import Random
from typing import Final, NamedTuple

from app.arrange.changes import Changes, beat_length
from app.arrange.degrees import Degree, read_degree
from app.arrange.plan import Plan
from app.arrange.style import PartStyle

FOURTH: Final = 5
FIFTH: Final = 7
MAJOR_THIRD: Final = 4


class Event(NamedTuple):
    """A token that sounds, before it has a pitch."""

    tick: int
    length: int
    degree: Degree
    span: int  # index into the changes
    first: bool  # the chord's first note
    moved: bool  # first note of a chord that begins within a bar
    velocity: int
    final: bool = False  # the piece's last: low


event_of: Final = partial(tuple.__new__, Event)  # from all of them as a tuple: the faster way


def walked_up(plan: Plan, style: PartStyle, chance: Random, events: Sequence[Event], changes: Changes) -> list[Event]:
    """Before a chord a fourth above the last two beats mostly go 2 and 3 of the chord that is left; 3 alone where it is short."""
    beat = beat_length(plan.metre, 0)
    found = list(events)
    for index in range(len(changes.spans) - 1):
        if _rises(changes, index) and chance.random() < style.walk_up:
            start, end = changes.spans[index].start, changes.spans[index].end
            long = end - start >= 3 * beat and not changes.chord(index).bass
            steps = ("2", "3") if long else ("3",) if end - start >= 2 * beat else ()
            if steps:
                found = _climbed(found, index, end, [read_degree(step) for step in steps], beat)
    return found


def _rises(changes: Changes, index: int) -> bool:
    """Whether a chord with a major third, over its root or fifth, goes to one a fourth above, over its root."""
    here, then = changes.chord(index), changes.chord(index + 1)
    up = (then.root_pc - here.root_pc) % 12 == FOURTH
    return up and here.third == MAJOR_THIRD and (here.bass_pc - here.root_pc) % 12 in (0, FIFTH) and not then.bass


def _climbed(events: Sequence[Event], span: int, end: int, steps: Sequence[Degree], beat: int) -> list[Event]:
    """The events with those of a span's last beats replaced by steps, a beat each."""
    opening = end - beat * len(steps)
    own = [event for event in events if event.span == span and event.degree.kind != "n"]
    if not any(event.tick < opening for event in own):
        return list(events)
    loud = own[-1].velocity
    kept = []
    for event in events:
        if opening <= event.tick < end:
            continue
        if event.tick < opening < event.tick + event.length <= end:
            event = event._replace(length=opening - event.tick)
        kept.append(event)
    new = [Event(opening + beat * place, beat, step, span, False, False, loud) for place, step in enumerate(steps)]
    return sorted([*kept, *new])
