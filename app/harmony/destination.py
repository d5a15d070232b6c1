"""A piece that is told where to go: from its middle on, or in its bridge alone, it is in another key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from app.harmony.forms import Plan
from app.harmony.keys import led_into, moved
from app.harmony.step import BAR, Step, Steps
from app.theory.brief import Brief
from app.theory.pitch import fifths

Parts = list[list[Step]]
TAILS: Final = ("tag", "ending")  # kinds that belong to the section before them


class Journey(NamedTuple):
    """Which sections are in the other key, how many fifths away it is, and its mode."""

    places: frozenset[int]
    distance: int
    mode: str
    half: bool = False  # there is one section but for its tail: its second half goes

    @property
    def minor(self) -> bool:
        """Whether the other key is minor."""
        return self.mode == "minor"


def journey_of(brief: Brief, plan: Plan) -> Journey | None:
    """Where the piece goes and which sections are there; None when it stays at home, or has no two bars for two keys."""
    if brief.destination is None or brief.num_bars < 2:
        return None
    distance = fifths(brief.destination.tonic) - fifths(brief.key.tonic)
    mode = "minor" if brief.destination.is_minor else "major"
    places = (brief.returns and _bridges(plan)) or _from_the_middle(plan)
    return Journey(places or frozenset(range(1, len(plan.stretches))), distance, mode, half=not places)


def _bridges(plan: Plan) -> frozenset[int]:
    inner = range(1, len(plan.stretches) - 1)
    bridges = [place for place in inner if plan.stretches[place].kind == "bridge"]
    return frozenset(bridges or [place for place in inner if place == len(plan.stretches) // 2])


def _from_the_middle(plan: Plan) -> frozenset[int]:
    """The sections from the one that begins nearest to the middle on: a whole chorus where there are several."""
    bars, middle = 0, sum(stretch.bars for stretch in plan.stretches) / 2
    starts: list[tuple[float, int]] = []
    for place, stretch in enumerate(plan.stretches):
        if place and stretch.kind not in TAILS:
            starts.append((abs(bars - middle), place))
        bars += stretch.bars
    return frozenset(range(min(starts)[1], len(plan.stretches))) if starts else frozenset()


def joined(home: Sequence[Steps], away: Sequence[Steps]) -> list[Steps]:
    """The bars of a piece of one section: its first half at home, its second as the other key has it."""
    half = (len(home) + 1) // 2
    return [*home[:half], *away[half:]]


def arrived(sections: Parts, journey: Journey) -> Parts:
    """The sections with those of the journey moved to its key, each way led in by the dominant of the key that follows."""
    if journey.half:
        sections[0] = _halved(sections[0], journey)
    for place in sorted(journey.places):
        sections[place] = [moved(step, journey.distance, journey.minor) for step in sections[place]]
    for place in range(2 if journey.half else 1, len(sections)):
        if (place in journey.places) != (place - 1 in journey.places):
            tonic = journey.distance if place in journey.places else 0
            sections[place - 1][-1:] = led_into(sections[place - 1][-1], tonic, journey.minor and bool(tonic))
    return sections


def _halved(steps: list[Step], journey: Journey) -> list[Step]:
    half = (sum(step.units for step in steps) // BAR + 1) // 2 * BAR
    before: list[Step] = []
    after: list[Step] = []
    units = 0
    for step in steps:
        (after if units >= half else before).append(step)
        units += step.units
    before[-1:] = led_into(before[-1], journey.distance, journey.minor)
    return [*before, *(moved(step, journey.distance, journey.minor) for step in after)]
