"""The pitches of a melody: the cheapest path through what fits the chords, near an arch, along the motif; then approaches."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from random import Random
from typing import Final

from app.arrange.melody_prices import Layer, Prices
from app.arrange.plan import BarPlan, Plan
from app.arrange.song import Song
from app.arrange.style import PartStyle
from app.arrange.tunes import Onset
from app.theory.scale import chord_scale

# What a move costs by its semitones: steps are sung, leaps are rare.
LEAPS: Final = (2.2, 0.4, 0.2, 0.4, 0.6, 1.1, 2.4, 1.5, 2.4, 2.8, 4.2, 5.0, 3.2)
FARTHER: Final = 6.0
SKIP: Final = 4  # semitones from which a move is a leap that a style may like
WIDEST: Final = 127  # semitones between any two pitches
TURNED: Final = 6  # semitones of a leap that should be turned back from
ONWARD: Final = 1.6  # what going on after it costs
WAVERING: Final = 0.55  # what turning back after a step costs
CONTOUR: Final = 4.5  # semitones of a motif's contour
CLIMAX: Final = 0.66  # where in a section the arch is highest
SLOPE: Final = max(CLIMAX, 1 - CLIMAX)  # of its longer side
PHRASE: Final = 4  # bars of the smaller arcs
NOISE: Final = 0.55  # what chance adds to a pitch's price at most
HOMING: Final = 0.3  # what each semitone away from where a motif began costs when it comes back

INTERVALS: Final = range(-WIDEST, WIDEST + 1)
HEARD: Final = (  # how a pitch may be reached → what the next move costs more: where it rises, where it falls
    (0.0, 0.0),  # in any other way
    (ONWARD, 0.0),  # by a leap up: going on after it
    (0.0, ONWARD),
    (0.0, WAVERING),  # by a step up: turning back after it
    (WAVERING, 0.0),
)
# Five tables in one, each with a place for every interval from -WIDEST to WIDEST, one for each way of HEARD. A node has the place
# that stands for pitch 0 in its own, so that its place and a pitch together are where the move to that pitch is found.
ARRIVED: Final = tuple(  # for each of those places, the place for pitch 0 of a node reached by that interval, and its pitch
    WIDEST + len(INTERVALS) * (0 if not move else (1 if move > 0 else 2) + (2 if abs(move) < TURNED else 0))
    for _ in HEARD
    for move in INTERVALS
)

Path = tuple[int, "Path | None"]  # a pitch and those before it
Node = tuple[float, int, Path]  # price so far, place, pitches


def pitches(
    plan: Plan, bars: list[BarPlan], onsets: list[Onset], style: PartStyle, wanted: list[int], chance: Random, prices: Prices
) -> list[int]:
    """One pitch an onset; `wanted`, where it is not empty, is what each should be near."""
    aims = wanted or _arch(plan, bars, onsets, style, chance)
    register = prices.register
    layers = [
        register(tick, length, strong, closes)[aim]
        for (tick, length, strong, closes, _, _, _), aim in zip(onsets, aims, strict=True)
    ]
    return _approached(plan, onsets, _cheapest(layers, onsets, style.song, chance), style, chance, prices)


def _arch(plan: Plan, bars: list[BarPlan], onsets: list[Onset], style: PartStyle, chance: Random) -> list[int]:
    """The pitches a line rises to and falls from: an arch over the section, a smaller one in each phrase, the motif's contour."""
    start, bar, low, high = bars[0].start, plan.metre.bar, style.low, style.high
    length, phrase = bars[-1].start + bar - start, PHRASE * bar
    room = (high - low) * 0.3
    floor, reach = (low + high) / 2 - room * 0.8, min(CONTOUR, room) * style.song.wide
    draw = chance.random
    aims = []
    for tick, _, _, _, _, _, lean in onsets:
        since = tick - start
        height = 1.0 - abs(since / length - CLIMAX) / SLOPE
        wave = 1.0 - abs(since % phrase / phrase - 0.45) / 0.55
        aim = floor + room * (height + 0.6 * wave) + reach * lean + 2.0 * (draw() - 0.5)
        aims.append(round(low if aim < low else high if aim > high else aim))
    return aims


def _cheapest(layers: list[Layer], onsets: list[Onset], song: Song, chance: Random) -> list[int]:
    """The path of least cost; each layer remembers for every pitch the best way to it.

    Where a motif comes back, what was sung until then is settled, so that the copy follows what is heard.
    """
    draw, literal, stay, leaps = chance.random, song.literal, song.stay, song.leaps
    plain = _moves(None, literal, stay, leaps)
    best: list[Node] = sorted([(cost + draw(), WIDEST - pitch, (pitch, None)) for pitch, cost in layers[0]])
    settled: list[int] = []
    for layer, (_, _, _, closes, copied, begins, _) in zip(layers[1:], onsets[1:], strict=True):
        moves, home = plain, None
        if copied >= 0 and not closes:
            if copied >= len(settled):
                settled = _back(best[0][2])
                best = best[:1]
            if begins:
                home = settled[copied]
            elif copied:
                moves = _moves(settled[copied] - settled[copied - 1], literal, stay, leaps)
        best = _reached(best, layer, moves, draw) if home is None else _reached(best, layer, moves, draw, home, HOMING * literal)
        best.sort()
    return _back(best[0][2])


def _reached(
    best: list[Node],
    layer: Layer,
    moves: tuple[tuple[float, ...], float],
    draw: Callable[[], float],
    home: int = 0,
    homing: float = 0.0,
) -> list[Node]:
    """The best way to each pitch of a layer from those of the layer before, the cheapest first."""
    (table, least_move), (start, begun, opening), rest = moves, best[0], best[1:]
    row: list[Node] = []
    for pitch, cost in layer:
        least, at, before = start + table[begun + pitch], begun, opening
        enough = least - least_move
        for sofar, place, path in rest:
            if sofar >= enough:
                break
            price = sofar + table[place + pitch]
            if price < least:
                least, at, before = price, place, path
                enough = price - least_move
        least += cost
        if homing:
            least += homing * abs(pitch - home)
        row.append((least + NOISE * draw(), ARRIVED[at + pitch] - pitch, (pitch, before)))
    return row


def _back(path: Path | None) -> list[int]:
    """The pitches of a path, the first first."""
    chosen = []
    while path is not None:
        pitch, path = path
        chosen.append(pitch)
    return chosen[::-1]


@lru_cache(maxsize=1024)
def _moves(hint: int | None, literal: float, stay: float, leaps: float) -> tuple[tuple[float, ...], float]:
    """What each interval costs as a move, for each way of HEARD, and the least that any costs.

    A motif that returns wants its own interval, the hint.
    """
    plain = []
    for interval in INTERVALS:
        size = abs(interval)
        cost = LEAPS[size] if size < len(LEAPS) else FARTHER
        cost *= stay if not size else leaps if size > SKIP else 1.0
        plain.append(cost if hint is None else max(0.0, 1.0 - 1.2 * literal) * cost + 0.9 * literal * abs(interval - hint))
    priced = list(zip(INTERVALS, plain, strict=True))
    more = [cost + (above if move > 0 else below if move else 0.0) for above, below in HEARD for move, cost in priced]
    return tuple(more), min(plain)


def _approached(plan: Plan, onsets: list[Onset], line: list[int], style: PartStyle, chance: Random, prices: Prices) -> list[int]:
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
            above = next(step for step in (1, 2, 3) if (goal + step) % 12 in _around(plan, onset, prices) or step == 3)
            found[index - 2], found[index - 1] = goal + above, goal - 1
        elif song.enclose <= lot < song.enclose + song.approach:
            found[index - 1] = goal - 1 if found[index - 2] <= goal else goal + 1
    return [min(max(pitch, style.low), style.high) for pitch in found]


def _around(plan: Plan, onset: Onset, prices: Prices) -> frozenset[int]:
    return frozenset(chord_scale(prices.chord_under(onset.tick, onset.length), plan.key))
