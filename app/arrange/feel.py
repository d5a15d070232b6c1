"""Bends time as people do: swing, push and lay-back, drifting hands; then makes every part clean for a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from operator import itemgetter
from random import Random
from typing import Final

from app.arrange.drums import STROKE, Stroke
from app.arrange.hands import BITS, FAR, FRESH, HALF, KEPT, ONE, deviates
from app.arrange.kit import DRUMS
from app.arrange.plan import Plan
from app.arrange.style import DrumStyle, Feel, PartStyle
from app.theory.notes import Note, note_of
from app.theory.rhythm import TICKS_PER_QUARTER

SHARED: Final = 0.62  # share of a drummer's variance that all limbs have in common
HABIT: Final = (
    0.4  # a stroke's own place: what comes back each bar at one drum and step, in shares of the scatter (recorded: .35 to .5)
)
VELOCITY_SPREAD: Final = 5.0 / 80  # standard deviation of a note's level, in shares of it, at humanize 1
ONE_TOUCH: Final = 0.5  # of that, what each note has of its own; LEAN is what an onset has
LEAN: Final = 0.8
DRUM_SPREAD: Final = 13.0  # the same of drums, around the written level of 80: sticks vary more than keys
STROKE_TOUCH: Final = 0.8
STROKE_LEAN: Final = 0.6
LOOSE: Final = 12.0  # ms of scatter from which a drummer's strokes vary so much; a machine that keeps time keeps its level too
LEAST: Final = 20  # ticks the shortest note lasts
STRAIGHT: Final = (0,) * TICKS_PER_QUARTER

_tick = itemgetter(0)
Bent = tuple[int, int, int, int]  # a note in the making: start, duration, pitch, velocity


@lru_cache(maxsize=64)
def _warp(swing: str, ratio: float) -> tuple[int, ...]:
    """How late each tick of a quarter is when its pairs have that long : short ratio.

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
        ticks.extend(round(low + (high - low) * (tick - left) / (right - left)) - tick for tick in range(left, right))
    return tuple(ticks)


@lru_cache(maxsize=64)
def _leant(lean: tuple[float, ...], tick_ms: float) -> tuple[int, ...]:
    """How late each tick of a quarter is when its even parts lie so many ms off the grid."""
    part = TICKS_PER_QUARTER // len(lean)
    points = [ms / tick_ms for ms in (*lean, lean[0])]
    return tuple(round(low + (high - low) * step / part) for low, high in pairwise(points) for step in range(part))


class Clock:
    """Turns grid ticks into swung ticks for one piece."""

    def __init__(self, plan: Plan, feel: Feel) -> None:
        ratio = feel.ratio_at(plan.tempo) if plan.swing is None else 1.0 + 2.0 * plan.swing
        swing = feel.swing if feel.swing != "none" else ("8th" if plan.swing else "none")
        straight = swing == "none" or plan.metre.lower == 8 or (abs(ratio - 1.0) < 0.01 and feel.swing == "16th")
        self.late = STRAIGHT if straight else _warp(swing, round(ratio, 3))  # by the tick of the quarter
        if feel.lean and plan.swing is None:
            self.late = _leant(feel.lean, round(plan.tick_ms, 4))

    def swung(self, tick: int) -> int:
        """The tick after swing."""
        return tick + self.late[tick % TICKS_PER_QUARTER]


class _Habits(dict[int, int]):
    """Tick in the bar → how late a drum's strokes fall there, whenever they do; drawn when one first does."""

    def __init__(self, late: int, scatter: int, draws: Iterator[int]) -> None:
        super().__init__()
        self.late, self.scatter, self.draws = late, scatter, draws

    def __missing__(self, inside: int) -> int:
        self[inside] = found = self.late + (self.scatter * next(self.draws) >> BITS)
        return found


Limb = tuple[_Habits, int, tuple[int, ...], int]  # what moves one drum: its habits, its scatter (times in 1024ths of ticks),
# how far its strokes' level varies by the level written, and its note


def feel_drums(plan: Plan, strokes: Sequence[Stroke], style: DrumStyle, feel: Feel, chance: Random) -> tuple[Note, ...]:
    """Strokes as a person places them: each drum's own push, one body's drift, swing."""
    swing, bar, quarter, count = Clock(plan, feel).late, plan.metre.bar, TICKS_PER_QUARTER, len(strokes)
    draws = iter(deviates(chance, count, HABIT))
    limbs = {drum: _limb(plan, style, feel, drum, draws) for drum in {stroke[1] for stroke in strokes}}
    notes: list[Bent] = []
    now, begin, inside, drift, swell, lean, common = -1, 0, 0, 0, 0, 0, 0
    shared, stroke_lean = round(ONE * sqrt(SHARED)), round(ONE * STROKE_LEAN)
    chances = (deviates(chance, count, each) for each in (FRESH, FRESH, sqrt(1.0 - SHARED), STROKE_TOUCH))
    for (tick, drum, velocity), fresh, louder, own, touch in zip(sorted(strokes, key=_tick), *chances, strict=True):
        if tick != now:
            drift, swell = (KEPT * drift >> BITS) + fresh, (KEPT * swell >> BITS) + louder
            drift = -FAR if drift < -FAR else FAR if drift > FAR else drift
            common, lean = shared * drift >> BITS, stroke_lean * swell >> BITS
            now, begin, inside = tick, (tick + swing[tick % quarter] << BITS) + HALF, tick % bar
        habits, scatter, loose, pitch = limbs[drum]
        late = habits[inside] + (scatter * (common + own) >> BITS)
        loud = velocity + ((loose[velocity] * (lean + touch) >> BITS) + HALF >> BITS)
        notes.append((begin + late >> BITS, STROKE, pitch, 1 if loud < 1 else 127 if loud > 127 else loud))
    return clean(notes, plan.end)


def _limb(plan: Plan, style: DrumStyle, feel: Feel, drum: str, draws: Iterator[int]) -> Limb:
    scatter = style.scatter.get(drum, style.scatter.get("all", feel.scatter))
    ticks = ONE * plan.humanize / plan.tick_ms
    habits = _Habits(round(ticks * style.late.get(drum, 0.0)), round(ticks * scatter), draws)
    return habits, habits.scatter, _loose(plan.humanize * DRUM_SPREAD * min(1.0, scatter / LOOSE)), DRUMS[drum]


@lru_cache(maxsize=64)
def _loose(deviation: float) -> tuple[int, ...]:
    """By a stroke's level, the standard deviation of it that is `deviation` at 80, in 1024ths: louder strokes vary by more."""
    return tuple(round(ONE * deviation * sqrt(level / 80)) for level in range(128))


def feel_part(plan: Plan, notes: Sequence[Note], style: PartStyle, feel: Feel, chance: Random) -> tuple[Note, ...]:
    """A pitched part as a person plays it: swung, leaning, drifting, its notes as long as the style holds them."""
    swing, count, quarter = Clock(plan, feel).late, len(notes), TICKS_PER_QUARTER
    ticks, soft = ONE * plan.humanize / plan.tick_ms, plan.humanize * VELOCITY_SPREAD
    scatter = round(ticks * (feel.scatter if style.scatter < 0 else style.scatter))
    late, strum, held = round(ticks * style.late) + HALF, round(ticks * style.strum), round(ONE * style.length)
    bent: list[Bent] = []
    now, begin, place, drift, lean = -1, 0, 0, 0, 0
    end, until = -1, 0  # where a note's written end is played: what is struck together mostly ends together
    single = True
    chances = (deviates(chance, count, each) for each in (FRESH, LEAN * soft * FRESH, ONE_TOUCH * soft))
    for (start, duration, pitch, velocity), fresh, louder, touch in zip(sorted(notes), *chances, strict=True):
        if start != now:
            drift, lean = (KEPT * drift >> BITS) + fresh, (KEPT * lean >> BITS) + louder
            drift = -FAR if drift < -FAR else FAR if drift > FAR else drift
            now, begin = start, start + swing[start % quarter]
            place = (begin << BITS) + late + (scatter * drift >> BITS)
        else:
            place += strum
            single = False
        if start + duration != end:
            end = start + duration
            until = end + swing[end % quarter]
        sounding = (until - begin) * held >> BITS
        loud = velocity + (velocity * (lean + touch) + HALF >> BITS)
        loud = 1 if loud < 1 else 127 if loud > 127 else loud
        bent.append((place >> BITS, sounding if sounding > LEAST else LEAST, pitch, loud))
    return clean(bent, plan.end, single=single)


def clean(notes: Sequence[Bent], end: int, *, single: bool = False) -> tuple[Note, ...]:
    """Notes in order, none before tick 0 or sounding past `end`, no two of one pitch overlapping; the later one wins.

    Of a `single` line no two overlap at all.
    """
    kept: list[Bent] = []
    free, latest = [0] * 128, [-1] * 128  # by pitch, or all at 0: the tick until which it sounds, and where it is in `kept`
    for note in sorted(notes):
        start, duration, pitch, velocity = note
        string, stop = 0 if single else pitch, start + duration
        if not free[string] <= start < stop <= end:
            start = start if start > 0 else 0
            if start >= end:
                continue
            stop = end if stop > end else stop if stop > start else start + 1
            note = (start, stop - start, pitch, velocity)
            if free[string] > start:
                other, held, sounded, loud = kept[latest[string]]
                if other == start:
                    kept[latest[string]] = (start, max(held, stop - start), pitch, max(loud, velocity))
                    free[string] = start + max(held, stop - start)
                    continue
                kept[latest[string]] = (other, start - other, sounded, loud)
        free[string], latest[string] = stop, len(kept)
        kept.append(note)
    return tuple(map(note_of, kept))
