"""The rules of four-part writing between two chords, as prices.

Rules R4-R16 of Octet's classical dossier: no parallels, no overlap, leading tones and sevenths led, small steps above.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Final

from app.arrange.satb_chords import FORBIDDEN, OCTAVE, OUTER, WITHOUT, Facts, Four, Laid, perfects

VOICES: Final = (0, 1, 2, 3)
STEP: Final = 2
NEVER: Final = 3 * FORBIDDEN  # a parallel or an overlap: dearer than a leading tone and a seventh astray
TOO_FAR: Final = 4 * FORBIDDEN
JUMP: Final = 0.8  # an upper voice that goes more than a third
STILL: Final = 1.3  # a soprano that stays: it has the tune
LEAPS: Final = frozenset({-11, -10, -6, 6, 10, 11})  # moves that cost something more
LEAPS_IN_MINOR: Final = LEAPS | {-3, 3}
SIMILAR: Final = 0.5  # outer voices in similar motion

Arrival = tuple[list[float], list[tuple[float, int]]]  # what the steps to a layout cost from each of the chord before,
# FORBIDDEN for each hard rule broken; and those that cost less than NEVER with their places, the least first


def _by_move(price: float, furthest: int) -> tuple[float, ...]:
    """What a voice's moves cost; those down are counted from the end."""
    moves = (*range(4 * OCTAVE), *range(-4 * OCTAVE, 0))
    return tuple(price * abs(move) if abs(move) <= furthest else inf for move in moves)


UPPERMOST: Final = _by_move(0.16, 9)
INNER: Final = _by_move(0.22, 7)
LOWEST: Final = _by_move(0.07, 12)


def arrival(before: Laid, after: Laid, place: int) -> Arrival:
    """What the steps to a layout of the chord after cost."""
    top, high, low, base = after.fours[place]
    perfect, leaps = after.perfects[place], LEAPS_IN_MINOR if after.augmented else LEAPS
    outer = perfect & OUTER  # whether soprano and bass come to stand in a perfect interval
    column, cheap = [NEVER] * len(before.fours), []
    for start, (soprano, alto, tenor, bass) in enumerate(before.fours):
        if high > soprano or low > alto or base > tenor or top < alto or high < tenor or low < bass:
            continue  # a voice would go past where its neighbour just was
        first, second, third, fourth = moves = (top - soprano, high - alto, low - tenor, base - bass)
        price = UPPERMOST[first] + INNER[second] + INNER[third] + LOWEST[fourth]
        if price == inf:
            column[start] = TOO_FAR
            continue
        kept = perfect & before.perfects[start]
        wrong = _both_move(kept, moves) if kept else 0
        if outer and first * fourth > 0 and not -STEP <= first <= STEP:
            wrong += 1
        if wrong:
            column[start] = NEVER * wrong
            continue
        if not (-4 <= first <= 4 and -4 <= second <= 4 and -4 <= third <= 4):
            price = _jumping(price, moves)
        price += SIMILAR if first * fourth > 0 else 0.0 if first else STILL
        if before.led[start] or before.six_four or not leaps.isdisjoint(moves):
            price = _led_on(price, moves, before, start, after)
        column[start] = price
        cheap.append((price, start))
    cheap.sort()
    return column, cheap


def _jumping(price: float, moves: Four) -> float:
    """The price with what each of the upper voices pays for more than a third."""
    for move in moves[:3]:
        if not -4 <= move <= 4:
            price += JUMP
    return price


def _led_on(price: float, moves: Four, before: Laid, start: int, after: Laid) -> float:
    """The price with what leaps cost, and leading tones, sevenths and a 6/4 that are not led on."""
    one, left, right = before.fours[start], before.facts, after.facts
    led = before.led[start]
    for voice in led if LEAPS_IN_MINOR.isdisjoint(moves) else VOICES:
        pitch, move = one[voice], moves[voice]
        if move in LEAPS_IN_MINOR:
            price += _melodic(pitch, pitch + move, after.augmented)
        if voice in led:
            price += _led(voice, pitch, move, left, right)
    return price + _six_four(one, moves, left, right) if before.six_four else price


def overlaps(one: Four, other: Four) -> bool:
    """Whether a voice goes past where its neighbour just was."""
    return (
        other[1] > one[0] or other[2] > one[1] or other[3] > one[2] or other[0] < one[1] or other[1] < one[2] or other[2] < one[3]
    )


def parallels(one: Sequence[int], other: Sequence[int]) -> int:
    """How many pairs of moving voices go from a perfect interval to the same one (octaves taken off)."""
    kept = perfects(tuple(one)) & perfects(tuple(other))
    return _both_move(kept, [after - before for before, after in zip(one, other, strict=True)]) if kept else 0


def direct(one: Four, other: Four) -> bool:
    """Whether the outer voices leap in the same direction into a perfect interval."""
    soprano, bass = other[0] - one[0], other[3] - one[3]
    return soprano * bass > 0 and not -STEP <= soprano <= STEP and perfects(other) & OUTER != 0


def _both_move(pairs: int, moves: Sequence[int]) -> int:
    """In how many of these pairs of voices, written as `perfects` does, both move."""
    for voice in VOICES:
        if not moves[voice]:
            pairs &= WITHOUT[voice]
    return pairs.bit_count()


def _melodic(before: int, after: int, augmented: frozenset[int]) -> float:
    """What a melodic interval costs: sevenths and the augmented second are forbidden, tritones dear."""
    size = abs(after - before)
    if size in (10, 11):
        return FORBIDDEN
    if size == 3 and before % 12 in augmented and after % 12 in augmented:
        return FORBIDDEN
    return 3.0 if size == 6 else 0.0


def _led(voice: int, pitch: int, move: int, left: Facts, right: Facts) -> float:
    """What leading tones and sevenths pay that are not led on."""
    tone = pitch % 12
    if tone == left.leading and tone not in right.tones:
        if (tone + 1) % 12 in right.tones and move != 1:
            inner_fall = voice in (1, 2) and move in (-3, -4)
            return 1.0 if inner_fall else FORBIDDEN
        return 0.0
    if tone != left.seventh:
        return 0.0
    if tone == left.rises and move == 1:
        return 0.0
    if move == 0 or move in (-1, -2):
        return 0.0
    same = right.seventh == tone and right.root == left.root
    return 2.0 if same else FORBIDDEN / 2


def _six_four(one: Four, moves: Sequence[int], left: Facts, right: Facts) -> float:
    """A cadential 6/4 falls: the sixth to the fifth, the fourth to the third."""
    price = 0.0
    if right.bass != left.bass or right.root != left.bass:
        return price
    for voice in (0, 1, 2):
        if one[voice] % 12 in (left.root, left.third) and moves[voice] not in (-1, -2):
            price += 4.0
    return price
