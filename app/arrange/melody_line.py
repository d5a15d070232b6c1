"""The pitches of a melody: the cheapest path through what fits the chords, near an arch, along the motif; then approaches."""

from __future__ import annotations

from functools import lru_cache
from math import inf
from random import Random
from types import MappingProxyType
from typing import Final, NamedTuple

from app.arrange.degrees import ladder
from app.arrange.plan import BarPlan, Plan
from app.arrange.song import Song
from app.arrange.style import PartStyle
from app.arrange.tunes import Onset
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.scale import SCALES, chord_scale, scale_in_key

REACH: Final = 6  # semitones around the arch that are looked at
# What a move costs by its semitones: steps are sung, leaps are rare.
LEAPS: Final = (2.2, 0.4, 0.2, 0.4, 0.6, 1.1, 2.4, 1.5, 2.4, 2.8, 4.2, 5.0, 3.2)
FARTHER: Final = 6.0
SKIP: Final = 4  # semitones from which a move is a leap that a style may like
WIDEST: Final = 127  # semitones between any two pitches
TURNED: Final = 6  # semitones of a leap that should be turned back from
ONWARD: Final = 1.6  # what going on after it costs
WAVERING: Final = 0.55  # what turning back after a step costs
PULL: Final = 0.2  # what each semitone away from the arch costs
CONTOUR: Final = 4.5  # semitones of a motif's contour
CLIMAX: Final = 0.66  # where in a section the arch is highest
PHRASE: Final = 4  # bars of the smaller arcs
NOISE: Final = 0.55  # what chance adds to a pitch's price at most
HOMING: Final = 0.3  # what each semitone away from where a motif began costs when it comes back
STRANGE: Final = 3.0  # what a closing note pays that is no chord tone
UNLIKED: Final = 0.5  # what a strong note pays that is none of those the style likes there, or a root over a major seventh
MAJOR_SEVENTH: Final = 11  # semitones above the root

HEARD: Final = (  # the move before, counted as in _moves → 0 none, 1 leap up, 2 leap down, 3 step up, 4 step down
    0,
    *(3 if interval < TURNED else 1 for interval in range(1, WIDEST + 1)),
    *(4 if interval < TURNED else 2 for interval in range(WIDEST + 1, 0, -1)),
)

Layer = tuple[tuple[int, float], ...]  # pitches that may sound, with their prices
Node = tuple[float, int, int, int]  # price so far, pitch, place of the one before, how it was reached: a place in HEARD


class Ground(NamedTuple):
    """What an onset stands on."""

    chord: Chord
    strong: bool
    closes: str


def pitches(
    plan: Plan, bars: list[BarPlan], onsets: list[Onset], style: PartStyle, wanted: list[int], chance: Random
) -> list[int]:
    """One pitch an onset; `wanted`, where it is not empty, is what each should be near."""
    start, length = bars[0].start, bars[-1].start + plan.metre.bar - bars[0].start
    layers = []
    for index, onset in enumerate(onsets):
        aim = wanted[index] if wanted else _arch(plan, style, onset, (start, length), chance)
        layers.append(_fitting(Ground(chord_under(plan, onset), onset.strong, onset.closes), style, plan, aim))
    return _approached(plan, onsets, _cheapest(layers, onsets, style.song, chance), style, chance)


def chord_under(plan: Plan, onset: Onset) -> Chord:
    """The chord a note is heard in: the next one where the note rings longer in that."""
    bar = plan.bars[max(0, min(onset.tick // plan.metre.bar, len(plan.bars) - 1))]
    span = bar.at(onset.tick)
    over = onset.tick + onset.length - span.end
    if over < span.end - onset.tick:
        return span.chord
    after = plan.bars[min(span.end // plan.metre.bar, len(plan.bars) - 1)]
    return after.at(span.end).chord


def _arch(plan: Plan, style: PartStyle, onset: Onset, section: tuple[int, int], chance: Random) -> int:
    """The pitch a line rises to and falls from: an arch over the section, a smaller one in each phrase, the motif's contour."""
    start, length = section
    middle, room = (style.low + style.high) / 2, (style.high - style.low) * 0.3
    height = 1.0 - abs((onset.tick - start) / length - CLIMAX) / max(CLIMAX, 1 - CLIMAX)
    inside = (onset.tick - start) % (PHRASE * plan.metre.bar) / (PHRASE * plan.metre.bar)
    wave = 1.0 - abs(inside - 0.45) / 0.55
    reach = min(CONTOUR, room) * style.song.wide * onset.lean
    aim = middle - room * 0.8 + room * (1.0 * height + 0.6 * wave) + reach + 2.0 * (chance.random() - 0.5)
    return round(min(max(aim, style.low), style.high))


def _fitting(ground: Ground, style: PartStyle, plan: Plan, aim: int) -> Layer:
    """Pitches that may sound on an onset, with what each costs there."""
    low, high = max(style.low, aim - REACH), min(style.high, aim + REACH)
    costs = pitch_class_costs(ground, plan.key, style.scale, style.song)
    found = tuple([(pitch, costs[pitch % 12] + PULL * abs(pitch - aim)) for pitch in range(low, high + 1) if pitch % 12 in costs])
    return found or ((min(max(aim, style.low), style.high), 0.0),)


@lru_cache(maxsize=2048)
def _goals(chord: Chord, key: Key, degrees: tuple[int, ...]) -> MappingProxyType[int, float]:
    """Pitch classes of degrees, with what each costs: the first named least."""
    steps = ladder(chord, key)
    return MappingProxyType(
        {(chord.root_pc + steps[degree]) % 12: 0.25 * rank for rank, degree in reversed([*enumerate(degrees)])}
    )


def pitch_class_costs(ground: Ground, key: Key, scale: str, song: Song) -> MappingProxyType[int, float]:
    """What each pitch class costs over a chord: chord tones least, on strong notes nothing else is cheap; avoided ones absent."""
    goals = {"half": song.half, "full": song.full}.get(ground.closes, song.strong if ground.strong else ())
    return _costs(ground, key, scale, goals)


@lru_cache(maxsize=4096)
def _costs(ground: Ground, key: Key, scale: str, goals: tuple[int, ...]) -> MappingProxyType[int, float]:
    chord, strong, closes = ground
    root = chord.root_pc
    tones = {(root + step) % 12: 0.0 for step in chord.intervals if step < 12}
    costs = dict.fromkeys(chord_scale(chord, key), 2.2 if strong else 0.35)
    costs.update({(root + step) % 12: (0.5 if strong else 0.3) for step in chord.tensions})
    if scale:
        allowed = {(key.tonic_pc + step) % 12 for step in SCALES[scale_in_key(scale, key)]}
        costs = {pc: cost if pc in allowed else cost + 1.2 for pc, cost in costs.items()}
        costs.update({pc: 0.6 if strong else 0.25 for pc in allowed if scale == "blues" and pc not in costs})
    if strong and chord.seventh == MAJOR_SEVENTH:
        tones[root] = UNLIKED
    costs.update(tones)
    liked = _goals(chord, key, goals) if goals and chord.intervals else {}
    if closes:
        costs = {pc: cost if pc in tones else cost + STRANGE for pc, cost in costs.items()}
        costs = {pc: liked.get(pc, cost + 2.5) for pc, cost in costs.items()}
    elif liked:
        costs = {pc: min(liked[pc], cost) if pc in liked else cost + UNLIKED for pc, cost in costs.items()}
    return MappingProxyType(costs or {key.tonic_pc: 0.0})


def _cheapest(layers: list[Layer], onsets: list[Onset], song: Song, chance: Random) -> list[int]:
    """The path of least cost; each layer remembers for every pitch the best way to it.

    Where a motif comes back, what was sung until then is settled, so that the copy follows what is heard.
    """
    draw = chance.random
    best: list[Node] = [(cost + draw(), pitch, -1, 0) for pitch, cost in layers[0]]
    history = [best]
    settled: list[int] = []
    for index in range(1, len(layers)):
        copied, begins = -1 if onsets[index].closes else onsets[index].copies, onsets[index].begins
        if copied >= len(settled):
            settled = _back(history)
            best = history[-1] = [min(best)]
        hint = settled[copied] - settled[copied - 1] if copied > 0 and not begins else None
        home = settled[copied] if copied >= 0 and begins else None
        tables = _moves(hint, song.literal, song.stay, song.leaps)
        before = [(cost, pitch, tables[heard], place) for place, (cost, pitch, _, heard) in enumerate(best)]
        before.sort()
        row: list[Node] = []
        for pitch, cost in layers[index]:
            least, place, interval = inf, 0, 0
            for sofar, last, table, at in before:
                if sofar >= least:  # no move costs less than nothing
                    break
                price = sofar + table[pitch - last]
                if price < least:
                    least, place, interval = price, at, pitch - last
            away = 0.0 if home is None else HOMING * song.literal * abs(pitch - home)
            row.append((least + cost + away + NOISE * draw(), pitch, place, HEARD[interval]))
        best = row
        history.append(row)
    return _back(history)


def _back(history: list[list[Node]]) -> list[int]:
    """The pitches of the cheapest path."""
    at = history[-1].index(min(history[-1]))
    chosen = []
    for row in reversed(history):
        _, pitch, before, _ = row[at]
        chosen.append(pitch)
        at = before
    return chosen[::-1]


@lru_cache(maxsize=1024)
def _moves(hint: int | None, literal: float, stay: float, leaps: float) -> tuple[tuple[float, ...], ...]:
    """What each interval costs as a move, for each way of HEARD; counted from 0 upward, then from below.

    A motif that returns wants its own interval, the hint.
    """
    plain = []
    for place in range(2 * WIDEST + 1):
        interval = place if place <= WIDEST else place - 2 * WIDEST - 1
        size = abs(interval)
        cost = LEAPS[size] if size < len(LEAPS) else FARTHER
        cost *= stay if not size else leaps if size > SKIP else 1.0
        plain.append(cost if hint is None else max(0.0, 1.0 - 1.2 * literal) * cost + 0.9 * literal * abs(interval - hint))
    heard = (  # how the note before was reached → what the next move costs more: nothing, on after a leap, back after a step
        (0.0, 0.0), (ONWARD, 0.0), (0.0, ONWARD), (0.0, WAVERING), (WAVERING, 0.0)
    )  # fmt: skip
    return tuple(
        tuple(cost + (above if 0 < place <= WIDEST else below if place else 0.0) for place, cost in enumerate(plain))
        for above, below in heard
    )


def _approached(plan: Plan, onsets: list[Onset], line: list[int], style: PartStyle, chance: Random) -> list[int]:
    """Short notes before a strong chord tone become its half step, or the step above and the half step below it."""
    song = style.song
    if not song.approach and not song.enclose:
        return line
    found = list(line)
    half = plan.metre.beats[0][1] // 2
    for index in range(2, len(onsets)):
        onset, before, second = onsets[index], onsets[index - 1], onsets[index - 2]
        if not onset.strong or before.strong or before.length > half or before.tick + before.length != onset.tick:
            continue
        goal, lot = line[index], chance.random()
        pair = not second.strong and second.length <= half and second.tick + second.length == before.tick and index > 2
        if pair and lot < song.enclose:
            above = next(step for step in (1, 2, 3) if (goal + step) % 12 in _around(plan, onset) or step == 3)
            found[index - 2], found[index - 1] = goal + above, goal - 1
        elif song.enclose <= lot < song.enclose + song.approach:
            found[index - 1] = goal - 1 if found[index - 2] <= goal else goal + 1
    return [min(max(pitch, style.low), style.high) for pitch in found]


def _around(plan: Plan, onset: Onset) -> frozenset[int]:
    return frozenset(chord_scale(chord_under(plan, onset), plan.key))
