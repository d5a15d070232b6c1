"""Bars that are neither row nor formula: a walk through the application's own chords, each led on from the last by function."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from types import MappingProxyType
from typing import Final, NamedTuple

from app.harmony.step import BAR, Step, Steps

IDIOM: Final = 3.0  # how much more a move that the rows have weighs than one that only theory allows
JOINS: Final = MappingProxyType(  # semitones from the last root to the next → how well it goes on; after a dominant, and else
    {0: (0.3, 0.45), 1: (0.8, 0.9), 2: (0.8, 1.1), 3: (0.5, 0.9), 4: (0.4, 0.8), 5: (2.0, 1.5), 6: (0.3, 0.5), 7: (0.5, 1.0)}
    | {8: (0.4, 0.9), 9: (0.7, 1.1), 10: (0.5, 1.0), 11: (1.4, 0.9)}
)


def joined(last: Step, first: Step) -> float:
    """How well a chord goes on from another."""
    distance = (first.pc - last.pc) % 12
    if distance == 0 and last.same(first):
        return 0.35
    return JOINS[distance][0 if last.family == "dom" else 1]


class Vocabulary(NamedTuple):
    """The chords of some rows, how often each occurs, which follows which, and how many bars hold two."""

    chords: tuple[Step, ...]
    counts: tuple[float, ...]
    moves: MappingProxyType[tuple[int, str], MappingProxyType[tuple[int, str], float]]
    halved: float


def vocabulary(rows: Iterable[tuple[tuple[Steps, ...], float]]) -> Vocabulary:
    """The chords of weighted rows; those in local keys are left out."""
    chords: dict[tuple[int, str], Step] = {}
    counts: dict[tuple[int, str], float] = {}
    moves: dict[tuple[int, str], dict[tuple[int, str], float]] = {}
    bars = halves = 0.0
    for row, weight in rows:
        before: tuple[int, str] | None = None
        for bar in row:
            bars += weight
            halves += weight * (len(bar) > 1)
            for step in bar:
                name = (step.root, step.suffix) if step.home is None and step.bass is None else None
                if name is not None:
                    chords.setdefault(name, step)
                    counts[name] = counts.get(name, 0.0) + weight
                    if before is not None and before != name:
                        followers = moves.setdefault(before, {})
                        followers[name] = followers.get(name, 0.0) + weight
                before = name
    frozen = {name: MappingProxyType(followers) for name, followers in moves.items()}
    return Vocabulary(tuple(chords.values()), tuple(counts.values()), MappingProxyType(frozen), halves / max(bars, 1.0))


def walked(words: Vocabulary, size: int, before: Step | None, goal: Step | None, chance: Random) -> list[Steps]:
    """So many bars, one or two chords each, that go on from a chord and lead to another."""
    bars: list[Steps] = []
    last = before
    for bar in range(size):
        count = 2 if chance.random() < words.halved else 1
        steps = []
        for place in range(count):
            ahead = goal if bar == size - 1 and place == count - 1 else None
            last = _next(words, last, ahead, chance)._replace(units=BAR // count)
            steps.append(last)
        bars.append(tuple(steps))
    return bars


def _next(words: Vocabulary, last: Step | None, goal: Step | None, chance: Random) -> Step:
    followers = words.moves.get((last.root, last.suffix), {}) if last is not None else {}
    total = sum(followers.values()) or 1.0
    every = sum(words.counts)
    weights = []
    for chord, count in zip(words.chords, words.counts, strict=True):
        weight = count / every * (joined(last, chord) if last is not None else 1.0)
        weight += IDIOM * followers.get((chord.root, chord.suffix), 0.0) / total
        if last is not None and chord.pc == last.pc:
            weight *= 0.3
        weights.append(weight * (joined(chord, goal) if goal is not None else 1.0))
    return chance.choices(words.chords, weights)[0]
