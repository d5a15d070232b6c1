"""The rules of four-part writing between two chords, as prices.

Rules R4-R16 of Octet's classical dossier: no parallels, no overlap, leading tones and sevenths led, small steps above.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from app.arrange.satb_chords import BITS, FORBIDDEN, OUTER, Facts, Four, Laid, perfects

VOICES: Final = (0, 1, 2, 3)
STEP: Final = 2
NEVER: Final = 3 * FORBIDDEN  # a parallel or an overlap: dearer than a leading tone and a seventh astray
TOO_FAR: Final = 4 * FORBIDDEN
STILL: Final = 1.3  # a soprano that stays: it has the tune
MOVES: Final[tuple[int, ...]] = (*range(13), *range(-12, 0))  # those down are counted from the end
UPPERMOST: Final = tuple(0.16 * abs(move) for move in MOVES)
INNER: Final = tuple(0.22 * abs(move) for move in MOVES)
LOWEST: Final = tuple(0.07 * abs(move) for move in MOVES)
LEAPS: Final = frozenset({-11, -10, -6, -3, 3, 6, 10, 11})  # moves that cost something more in some key
SIMILAR: Final = 0.5  # outer voices in similar motion


class Arrival(NamedTuple):
    """The steps by which a layout is reached from those of the chord before."""

    column: list[float]  # what each one of them pays; FORBIDDEN for each hard rule that it breaks
    cheap: list[tuple[float, int]]  # the prices below NEVER with their places, the least first


def arrival(before: Laid, after: Laid, place: int) -> Arrival:
    """What the steps to a layout of the chord after cost."""
    top, high, low, base = after.fours[place]
    perfect = after.perfects[place]
    column, cheap = [NEVER] * len(before.fours), []
    for start, (soprano, alto, tenor, bass) in enumerate(before.fours):
        if high > soprano or low > alto or base > tenor or top < alto or high < tenor or low < bass:
            continue  # a voice would go past where its neighbour just was
        moves = (top - soprano, high - alto, low - tenor, base - bass)
        wrong = _wrong(moves, before.perfects[start], perfect) if perfect else 0
        if not (-9 <= moves[0] <= 9 and -7 <= moves[1] <= 7 and -7 <= moves[2] <= 7 and -12 <= moves[3] <= 12):
            column[start] = TOO_FAR  # semitones a voice leaps
        elif wrong:
            column[start] = NEVER * wrong
        else:
            column[start] = price = _price(moves, before, start, after)
            if price < NEVER:
                cheap.append((price, start))
    cheap.sort()
    return Arrival(column, cheap)


def _price(moves: Four, before: Laid, start: int, after: Laid) -> float:
    """What a step costs that breaks no rule of motion."""
    price = _smooth(moves)
    led = before.led[start]
    if led or not LEAPS.isdisjoint(moves):
        for voice in VOICES:
            pitch = before.fours[start][voice]
            if moves[voice] in LEAPS:
                price += _melodic(pitch, pitch + moves[voice], after.augmented)
            if voice in led:
                price += _led(voice, pitch, moves[voice], before.facts, after.facts)
    return price + _six_four(before.fours[start], moves, before.facts, after.facts)


def _smooth(moves: Four) -> float:
    """Small steps above, and outer voices that do not move the same way."""
    soprano, alto, tenor, bass = moves
    price = UPPERMOST[soprano] + INNER[alto] + INNER[tenor] + LOWEST[bass]
    for move in (soprano, alto, tenor):
        if move > 4 or move < -4:
            price += 0.8
    if not soprano:
        price += STILL
    elif soprano * bass > 0:
        price += SIMILAR
    return price


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
    return _direct(other[0] - one[0], other[3] - one[3], perfects(other))


def _wrong(moves: Four, left: int, right: int) -> int:
    """How many parallel and direct perfect intervals a step has, from those pairs of voices in one to these."""
    kept = left & right
    return (_both_move(kept, moves) if kept else 0) + _direct(moves[0], moves[3], right)


def _both_move(pairs: int, moves: Sequence[int]) -> int:
    """In how many of these pairs of voices, written as `perfects` does, both move."""
    return sum([1 for bit, upper, lower in BITS if pairs & bit and moves[upper] and moves[lower]])


def _direct(soprano: int, bass: int, perfect: int) -> bool:
    return perfect & OUTER != 0 and soprano * bass > 0 and not -STEP <= soprano <= STEP


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
    if left.bass != left.fifth or right.bass != left.bass or right.root != left.bass:
        return price
    for voice in (0, 1, 2):
        if one[voice] % 12 in (left.root, left.third) and moves[voice] not in (-1, -2):
            price += 4.0
    return price
