"""Bends time as people do: swing, push and lay-back, drifting hands; then makes every part clean for a file.

People's deviations are no white noise: a player speeds and relaxes, and what one body strikes at once moves together
(measured on the Groove MIDI Dataset: neighbouring strokes correlate by .34 to .55, simultaneous ones by .43 to .53).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from random import Random
from typing import Final

from app.arrange.drums import STROKE, Stroke
from app.arrange.kit import DRUMS
from app.arrange.plan import Plan
from app.arrange.style import DrumStyle, Feel, PartStyle
from app.theory.notes import Note, note_of
from app.theory.rhythm import TICKS_PER_QUARTER

MEMORY: Final = 0.72  # how much of a deviation stays at the next onset
FRESH: Final = sqrt(1.0 - MEMORY * MEMORY)
SHARED: Final = 0.62  # share of a drummer's variance that all limbs have in common
HABIT: Final = (
    0.4  # a stroke's own place: what comes back each bar at one drum and step, in shares of the scatter (recorded: .35 to .5)
)
VELOCITY_SPREAD: Final = 5.0  # standard deviation around the written level of 80, at humanize 1
DRUM_SPREAD: Final = 13.0  # the same of drums: sticks vary more than keys
LOOSE: Final = 12.0  # ms of scatter from which a drummer's strokes vary so much; a machine that keeps time keeps its level too
LEAST: Final = 20  # ticks the shortest note lasts

Bent = tuple[int, int, int, int]  # a note in the making: start, duration, pitch, velocity


@lru_cache(maxsize=64)
def _warp(swing: str, ratio: float) -> tuple[int, ...]:
    """Where each tick of a quarter falls when its pairs have that long : short ratio.

    Written halves and written triplets mean the same swung pair, so both fall on the ratio.
    """
    quarter, long = TICKS_PER_QUARTER, ratio / (1.0 + ratio)
    if swing == "16th":
        points = [(0, 0.0), (120, 240 * long), (240, 240.0), (360, 240 + 240 * long), (480, 480.0)]
    else:
        late = quarter * long
        points = [(0, 0.0), (120, late / 2), (160, late / 2), (240, late), (320, late), (360, (late + 480) / 2)]
        points += [(400, (late + 480) / 2), (480, 480.0)]
    ticks: list[int] = []
    for (left, low), (right, high) in pairwise(points):
        ticks.extend(round(low + (high - low) * (tick - left) / (right - left)) for tick in range(left, right))
    return tuple(ticks)


@lru_cache(maxsize=64)
def _leant(lean: tuple[float, ...], tick_ms: float) -> tuple[int, ...]:
    """Where each tick of a quarter falls when its even parts lie so many ms off the grid."""
    part = TICKS_PER_QUARTER // len(lean)
    points = [index * part + ms / tick_ms for index, ms in enumerate(lean)] + [TICKS_PER_QUARTER + lean[0] / tick_ms]
    return tuple(round(low + (high - low) * step / part) for low, high in pairwise(points) for step in range(part))


class Clock:
    """Turns grid ticks into swung ticks for one piece."""

    def __init__(self, plan: Plan, feel: Feel) -> None:
        ratio = feel.ratio_at(plan.tempo) if plan.swing is None else 1.0 + 2.0 * plan.swing
        swing = feel.swing if feel.swing != "none" else ("8th" if plan.swing else "none")
        straight = swing == "none" or plan.metre.lower == 8 or (abs(ratio - 1.0) < 0.01 and feel.swing == "16th")
        self.table = None if straight else _warp(swing, round(ratio, 3))
        if feel.lean and plan.swing is None:
            self.table = _leant(feel.lean, round(plan.tick_ms, 4))

    def swung(self, tick: int) -> int:
        """The tick after swing."""
        if self.table is None:
            return tick
        beat, inside = divmod(tick, TICKS_PER_QUARTER)
        return beat * TICKS_PER_QUARTER + self.table[inside]


class Hand:
    """One player's drifting deviation, in standard deviations, and velocity, from one stream."""

    __slots__ = ("chance", "late", "loud")

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.late = 0.0
        self.loud = 0.0

    def move(self) -> None:
        """On to the next onset."""
        draw = self.chance.random
        self.late = MEMORY * self.late + FRESH * (2.0 * (draw() + draw() + draw()) - 3.0)
        self.loud = MEMORY * self.loud + FRESH * (2.0 * (draw() + draw() + draw()) - 3.0)


def spread(chance: Random) -> float:
    """A bell-shaped number of mean 0 and standard deviation 1 (three uniform ones: bounded, and cheap)."""
    draw = chance.random
    return 2.0 * (draw() + draw() + draw()) - 3.0


def feel_drums(plan: Plan, strokes: Sequence[Stroke], style: DrumStyle, feel: Feel, chance: Random) -> tuple[Note, ...]:
    """Strokes as a person places them: each drum's own push, one body's drift, swing."""
    clock, hand = Clock(plan, feel), Hand(chance)
    own, shared = sqrt(1.0 - SHARED), sqrt(SHARED)
    tick_ms, human = plan.tick_ms, plan.humanize
    common = style.scatter.get("all", feel.scatter)
    notes: list[Bent] = []
    now, begin, inside = -1, 0, 0
    habits: dict[tuple[str, int], float] = {}
    known: dict[str, tuple[float, float, float, int]] = {}  # drum → ms late, scatter, how its strokes vary, its note
    draw, bar = chance.random, plan.metre.bar
    for tick, drum, velocity in sorted(strokes):
        if tick != now:
            hand.move()
            now, begin, inside = tick, clock.swung(tick), tick % bar
        if drum not in known:
            own_scatter = style.scatter.get(drum, common)
            varied = human * DRUM_SPREAD * min(1.0, own_scatter / LOOSE)
            known[drum] = style.late.get(drum, 0.0), own_scatter, varied, DRUMS[drum]
        late, scatter, varied, pitch = known[drum]
        habit = habits.get((drum, inside))
        if habit is None:
            habit = habits[drum, inside] = HABIT * spread(chance)
        ms = human * (late + scatter * (shared * hand.late + own * (2.0 * (draw() + draw() + draw()) - 3.0) + habit))
        more = varied * sqrt(velocity / 80) * (0.6 * hand.loud + 0.8 * (2.0 * (draw() + draw() + draw()) - 3.0))
        loud = round(velocity + more)
        notes.append((begin + round(ms / tick_ms), STROKE, pitch, 1 if loud < 1 else 127 if loud > 127 else loud))
    return clean(notes, plan.end)


def feel_part(plan: Plan, notes: Sequence[Note], style: PartStyle, feel: Feel, chance: Random) -> tuple[Note, ...]:
    """A pitched part as a person plays it: swung, leaning, drifting, its notes as long as the style holds them."""
    clock, hand, draw = Clock(plan, feel), Hand(chance), chance.random
    swung, straight = clock.swung, clock.table is None
    scatter = feel.scatter if style.scatter < 0 else style.scatter
    tick_ms, human, length = plan.tick_ms, plan.humanize, style.length
    strum, varied = human * style.strum / tick_ms, human * VELOCITY_SPREAD / 80
    bent: list[Bent] = []
    now, place, most, shift, begin, lean = -1, 0, 0, 0.0, 0, 0.0
    end, until = -1, 0  # where a note's written end is played: what is struck together mostly ends together
    for start, duration, pitch, velocity in sorted(notes):
        if start != now:
            hand.move()
            now, place, begin = start, 0, swung(start)
            shift, lean = human * (style.late + scatter * hand.late) / tick_ms, 0.8 * hand.loud
        if start + duration != end:
            end = start + duration
            until = end if straight else swung(end)
        sounding = round((until - begin) * length)
        loud = round(velocity * (1.0 + varied * (lean + draw() + draw() + draw() - 1.5)))
        loud = 1 if loud < 1 else 127 if loud > 127 else loud
        bent.append((begin + round(shift + place * strum), sounding if sounding > LEAST else LEAST, pitch, loud))
        place += 1
        most = place if place > most else most
    return clean(_one_at_a_time(bent) if most == 1 else bent, plan.end)


def _one_at_a_time(notes: list[Bent]) -> list[Bent]:
    """A line of single notes, each cut where the next begins."""
    line = sorted(notes)
    cut = [
        (start, max(1, min(duration, after[0] - start)), pitch, loud) for (start, duration, pitch, loud), after in pairwise(line)
    ]
    return [*cut, *line[-1:]]


def clean(notes: Sequence[Bent], end: int) -> tuple[Note, ...]:
    """Notes in order, none before tick 0 or sounding past `end`, no two of one pitch overlapping; the later one wins."""
    kept: list[Bent] = []
    latest: dict[int, int] = {}
    for note in sorted(notes):
        start, duration, pitch, velocity = note
        begin = start if start > 0 else 0
        if begin >= end:
            continue
        stop = start + duration
        stop = end if stop > end else stop if stop > begin else begin + 1
        before = latest.get(pitch)
        if before is not None:
            other, held, _, loud = kept[before]
            if other == begin:
                kept[before] = (begin, max(held, stop - begin), pitch, max(loud, velocity))
                continue
            if other + held > begin:
                kept[before] = (other, begin - other, pitch, loud)
        latest[pitch] = len(kept)
        kept.append(note if begin == start and stop - begin == duration else (begin, stop - begin, pitch, velocity))
    return tuple(map(note_of, kept))
