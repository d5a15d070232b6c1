"""Bars that are neither row nor formula: a walk through the application's own chords, each led on from the last by function."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from random import Random
from types import MappingProxyType
from typing import Final, NamedTuple

from app.harmony.change import leads
from app.harmony.step import BAR, Step, Steps
from app.theory.chance import weighted

IDIOM: Final = 1.8  # how much more a move that the rows have weighs than one that only theory allows
JOINS: Final = MappingProxyType(  # semitones from root to root → how well it goes on after a dominant, diminished, minor, else
    {
        0: (0.6, 0.3, 0.45, 0.45), 1: (0.6, 2.2, 0.7, 0.8), 2: (0.7, 0.15, 1.0, 1.1), 3: (0.3, 0.2, 0.9, 0.9),
        4: (0.2, 0.15, 0.6, 0.8), 5: (2.0, 0.4, 2.4, 1.4), 6: (0.5, 0.1, 0.3, 0.4), 7: (0.2, 0.1, 0.8, 1.1),
        8: (0.3, 0.6, 1.0, 0.8), 9: (0.7, 0.2, 0.6, 1.1), 10: (0.3, 0.3, 0.9, 0.9), 11: (1.0, 0.7, 0.7, 0.8),
    }
)  # fmt: skip
COLUMNS: Final = MappingProxyType({"dom": 0, "dim": 1, "min": 2})
ONWARD: Final = tuple(tuple(JOINS[distance][column] for distance in range(12)) for column in range(4))
NOWHERE: Final[MappingProxyType[Name, float]] = MappingProxyType({})
AGAIN: Final = 0.35  # how well a chord goes on from itself
COMMON: Final = 0.45  # how much the chords that every style may use weigh against all of the rows'
MAJOR: Final = (  # fifths above the tonic, triad, seventh chord, weight: the scale's chords, then neighbours' and borrowed ones
    (0, "", "maj7", 6), (2, "m", "m7", 5), (4, "m", "m7", 4), (-1, "", "maj7", 6), (1, "", "7", 5), (3, "m", "m7", 5),
    (5, "dim", "m7b5", 1.5), (0, "7", "7", 1.5), (2, "", "7", 2), (4, "7", "7", 2), (3, "7", "7", 2),
    (5, "7", "7", 0.8), (-1, "m", "m7", 1.5), (1, "m", "m7", 1.5),
    (-2, "", "7", 1.5), (-3, "", "maj7", 0.8), (-4, "", "maj7", 1), (0, "m", "m7", 0.5), (6, "dim7", "m7b5", 0.8),
)  # fmt: skip
MINOR: Final = (
    (0, "m", "m7", 6), (2, "dim", "m7b5", 3), (-3, "", "maj7", 4), (-1, "m", "m7", 6), (1, "7", "7", 5), (1, "m", "m7", 2.5),
    (-4, "", "maj7", 4), (-2, "", "7", 4), (0, "7", "7", 1.5), (-1, "", "7", 1.2), (2, "7", "7", 1),
    (-5, "", "maj7", 0.7), (3, "dim", "m7b5", 0.7), (5, "dim7", "dim7", 1),
)  # fmt: skip


def joined(last: Step, first: Step) -> float:
    """How well a chord goes on from another."""
    distance = (first.pc - last.pc) % 12
    if distance == 0 and last.same(first):
        return AGAIN
    return onward(last)[distance]


def onward(last: Step) -> tuple[float, ...]:
    """How well it goes on from a chord by so many semitones."""
    return ONWARD[COLUMNS.get(last.family, 3)]


Name = tuple[int, str, int | None]  # root, suffix and bass of a chord


class Vocabulary(NamedTuple):
    """The chords of some rows, how large a share each has, which follows which, and how many bars hold two."""

    chords: tuple[Step, ...]
    names: tuple[Name, ...]
    pcs: tuple[int, ...]
    shares: tuple[float, ...]  # of all chords
    moves: MappingProxyType[Name, MappingProxyType[Name, float]]
    halved: float

    def __hash__(self) -> int:
        return hash(self.shares[:8])  # a few do to tell one from others; mappings have no hash


def name_of(step: Step) -> Name:
    """What tells a chord from others in a walk."""
    return step.root, step.suffix, step.bass


def vocabulary(rows: Iterable[tuple[tuple[Steps, ...], float]], minor: bool, breadth: float, inverted: bool) -> Vocabulary:
    """The chords of weighted rows (none in local keys; over a bass only if `inverted`) and, by `breadth`, those of the scale."""
    chords: dict[Name, Step] = {}
    counts: dict[Name, float] = {}
    moves: dict[Name, dict[Name, float]] = {}
    bars = halves = 0.0
    for row, weight in rows:
        before: Name | None = None
        for bar in row:
            bars += weight
            halves += weight * (len(bar) > 1)
            for step in bar:
                name = name_of(step) if step.home is None and (inverted or step.bass is None) else None
                if name is not None:
                    chords.setdefault(name, step)
                    counts[name] = counts.get(name, 0.0) + weight
                    if before is not None and before != name:
                        followers = moves.setdefault(before, {})
                        followers[name] = followers.get(name, 0.0) + weight
                before = name
    _broaden(chords, counts, minor, COMMON * breadth)
    frozen = {name: MappingProxyType(followers) for name, followers in moves.items()}
    every = sum(counts.values())
    steps = tuple(chords.values())
    return Vocabulary(
        steps,
        tuple(chords),
        tuple(step.pc for step in steps),
        tuple(counts[name] / every for name in chords),
        MappingProxyType(frozen),
        halves / max(bars, 1.0),
    )


def _broaden(chords: dict[Name, Step], counts: dict[Name, float], minor: bool, share: float) -> None:
    """Add the chords that every style may use, as triads or sevenths as the rows' own chords are."""
    every = sum(counts.values())
    sevenths = sum(count for (_, suffix, _), count in counts.items() if suffix not in ("", "m", "dim")) / max(every, 0.1)
    table = MINOR if minor else MAJOR
    unit = every * share / sum(weight for *_, weight in table)
    for root, triad, seventh, weight in table:
        for suffix, part in ((triad, 1 - sevenths), (seventh, sevenths)):
            name = (root, suffix, None)
            chords.setdefault(name, Step(root, suffix))
            counts[name] = counts.get(name, 0.0) + weight * unit * part


def walked(
    words: Vocabulary, size: int, before: Step | None, goal: Step | None, chance: Random, pace: float = 1.0
) -> list[Steps]:
    """So many bars, one or two chords each, that go on from a chord and lead to another; two `pace` times as often as in rows."""
    bars: list[Steps] = []
    last = before
    halved = min(0.9, words.halved * pace)
    for bar in range(size):
        count = 2 if chance.random() < halved else 1
        steps = []
        for place in range(count):
            ahead = goal if bar == size - 1 and place == count - 1 else None
            last = _next(words, last, ahead, chance).lasting(BAR // count)
            steps.append(last)
        bars.append(tuple(steps))
    return bars


def _next(words: Vocabulary, last: Step | None, goal: Step | None, chance: Random) -> Step:
    weights = words.shares if last is None else _onward(words, name_of(last))
    if goal is not None:
        weights = tuple([weight * led for weight, led in zip(weights, _led(words, name_of(goal)), strict=True)])
    return weighted(chance.random, words.chords, weights)


@lru_cache(maxsize=512)
def _led(words: Vocabulary, goal: Name) -> tuple[float, ...]:
    """How well every chord leads to the one that is to come; a diminished one only by half step or up a fourth."""
    then = _named(goal)
    return tuple(0.001 if chord.family == "dim" and not leads(chord, then) else joined(chord, then) for chord in words.chords)


def _named(name: Name) -> Step:
    root, suffix, bass = name
    return Step(root, suffix, bass=bass)


@lru_cache(maxsize=1024)
def _onward(words: Vocabulary, name: Name) -> tuple[float, ...]:
    """The weight of every chord after another: how common it is and how well it goes on, and more where rows go on so."""
    last = _named(name)
    followers = words.moves.get(name, NOWHERE)
    idiom = IDIOM / (sum(followers.values()) or 1.0)
    joins = onward(last)
    root = last.pc
    weights = []
    for after, pc, share in zip(words.names, words.pcs, words.shares, strict=True):
        weight = share * joins[(pc - root) % 12] + idiom * followers.get(after, 0.0)
        weights.append(weight * 0.3 if pc == root else weight)
    if last.family == "dim":
        led = [weight * leads(last, chord) for weight, chord in zip(weights, words.chords, strict=True)]
        return tuple(led if any(led) else weights)
    return tuple(weights)
