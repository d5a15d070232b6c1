"""The rules of four-part writing between two chords, as prices, and the cheapest way through a whole piece.

Rules R4-R16 of Octet's classical dossier: no parallels, no overlap, leading tones and sevenths led, small steps above.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import inf
from typing import Final

from app.arrange.satb_chords import FORBIDDEN, Facts, Four, facts, layouts
from app.theory.chance import Chance
from app.theory.chord import Chord
from app.theory.key import Key

PERFECT: Final = (0, 7)
PAIRS: Final = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))
STEP: Final = 2
NEVER: Final = 3 * FORBIDDEN  # a parallel or an overlap: dearer than a leading tone and a seventh astray
TOO_FAR: Final = 4 * FORBIDDEN
STILL: Final = 1.3  # a soprano that stays: it has the tune
TASTE: Final = 0.9  # what chance adds to a layout at most
SIMILAR: Final = 0.5  # outer voices in similar motion

Harmony = tuple[Chord, Key]


@lru_cache(maxsize=128)
def four_voices(harmonies: tuple[Harmony, ...], kind: str, seed: int = 0) -> tuple[Four, ...]:
    """Four voices through harmonies (no N.C. among them), breaking as few rules as can be: none, mostly.

    The seed decides between ways that are nearly as good.
    """
    draw = Chance(seed).of("voices").random
    rows = [layouts(chord, key, kind) for chord, key in harmonies]
    total = [price for _, price in rows[0]]
    back: list[list[int]] = []
    for before, after, row in zip(harmonies, harmonies[1:], rows[1:], strict=False):
        step, sums = [], []
        cheapest = sorted(zip(total, range(len(total)), strict=True))
        for column, (_, price) in zip(_steps(before, after, kind), row, strict=True):
            least, place = _least(cheapest, column)
            step.append(place)
            sums.append(least + price + TASTE * draw())
        back.append(step)
        total = sums
    place = total.index(min(total))
    path = [rows[-1][place][0]]
    for row, step in zip(reversed(rows[:-1]), reversed(back), strict=True):
        place = step[place]
        path.append(row[place][0])
    return tuple(reversed(path))


def _least(cheapest: Sequence[tuple[float, int]], column: Sequence[float]) -> tuple[float, int]:
    """The least of each total with its step, and its place, the first of equal ones; what costs more already is not looked at."""
    least, found = inf, 0
    for total, place in cheapest:
        if total > least:  # no step costs less than nothing
            break
        way = total + column[place]
        if way < least or (way == least and place < found):
            least, found = way, place
    return least, found


@lru_cache(maxsize=4096)
def _steps(before: Harmony, after: Harmony, kind: str) -> tuple[tuple[float, ...], ...]:
    """For each layout of the chord after, what each one of the chord before pays to reach it."""
    left, right = facts(*before), facts(*after)
    starts = [four for four, _ in layouts(*before, kind)]
    augmented = _augmented_second(after[1])
    return tuple(tuple(step_price(one, other, left, right, augmented) for one in starts) for other, _ in layouts(*after, kind))


def _augmented_second(key: Key) -> frozenset[int]:
    """The two pitch classes of a minor key between which no voice steps: its sixth and its leading tone."""
    return frozenset(((key.tonic_pc + 8) % 12, (key.tonic_pc + 11) % 12)) if key.is_minor else frozenset()


def step_price(one: Four, other: Four, left: Facts, right: Facts, augmented: frozenset[int]) -> float:
    """What a step between two layouts costs; FORBIDDEN for each hard rule that it breaks."""
    soprano, alto, tenor, bass = one
    if other[1] > soprano or other[2] > alto or other[3] > tenor or other[0] < alto or other[1] < tenor or other[2] < bass:
        return NEVER
    moves = (other[0] - soprano, other[1] - alto, other[2] - tenor, other[3] - bass)
    if not (
        -9 <= moves[0] <= 9 and -7 <= moves[1] <= 7 and -7 <= moves[2] <= 7 and -12 <= moves[3] <= 12
    ):  # semitones a voice leaps
        return TOO_FAR
    wrong = parallels(one, other) + direct(one, other)
    if wrong:
        return NEVER * wrong
    price = _smooth(moves)
    leading, seventh = left.leading, left.seventh
    for voice in (0, 1, 2, 3):
        if not -STEP <= moves[voice] <= STEP:
            price += _melodic(one[voice], other[voice], augmented)
        if one[voice] % 12 == leading or one[voice] % 12 == seventh:
            price += _led(voice, one[voice], moves[voice], left, right)
    if left.bass == left.fifth and right.bass == left.bass and right.root == left.bass:
        price += _six_four(one, moves, left)
    return price


def _smooth(moves: Sequence[int]) -> float:
    """Small steps above, and outer voices that do not move the same way."""
    soprano, alto, tenor, bass = moves
    price = 0.16 * abs(soprano) + 0.22 * abs(alto) + 0.22 * abs(tenor) + 0.07 * abs(bass)
    for move in (soprano, alto, tenor):
        if abs(move) > 4:
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
    count = 0
    for upper, lower, gap in _perfect(tuple(one)):
        if (other[upper] - other[lower]) % 12 == gap and one[upper] != other[upper] and one[lower] != other[lower]:
            count += 1
    return count


@lru_cache(maxsize=16384)
def _perfect(four: tuple[int, ...]) -> tuple[tuple[int, int, int], ...]:
    """The pairs of voices that stand in a perfect interval, with it."""
    gaps = ((upper, lower, (four[upper] - four[lower]) % 12) for upper, lower in PAIRS)
    return tuple(pair for pair in gaps if pair[2] in PERFECT)


def direct(one: Four, other: Four) -> bool:
    """Whether the outer voices leap in the same direction into a perfect interval."""
    soprano, bass = other[0] - one[0], other[3] - one[3]
    return soprano * bass > 0 and abs(soprano) > STEP and (other[0] - other[3]) % 12 in PERFECT


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


def _six_four(one: Four, moves: Sequence[int], left: Facts) -> float:
    """A cadential 6/4 falls: the sixth to the fifth, the fourth to the third."""
    price = 0.0
    for voice in (0, 1, 2):
        if one[voice] % 12 in (left.root, left.third) and moves[voice] not in (-1, -2):
            price += 4.0
    return price
