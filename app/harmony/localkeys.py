"""In which key each chord is heard: a way through the keys on which leaving one costs more than a stranger in it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from app.harmony.keyfinding import arrives, is_tonic, key_of, speaks, worth
from app.theory.chord import Chord
from app.theory.key import Key

LEAVING: Final = 2.2  # what a change of key costs
FAR: Final = 0.25  # and for every fifth between the two signatures
RETURN: Final = 0.8  # how much less it costs to come home


def local_keys(chords: Sequence[tuple[Fraction, Chord]], home: Key, bar: int) -> list[Key]:
    """The key of each chord; `home` is the piece's, `bar` its beats. A key that is never confirmed by its tonic is none."""
    if not chords:
        return []
    ways = _ways(chords, home, bar)
    states = _steady(ways, chords, state_of(home))
    heard = [pair for pair in chords if pair[1].root]
    names = {state: home if state == state_of(home) else key_of(state, heard) for state in sorted(set(states))}
    return [names[state] for state in states]


def state_of(key: Key) -> int:
    """The number of a key: its tonic, and 12 more in minor."""
    return key.tonic_pc + (12 if key.is_minor else 0)


def _ways(chords: Sequence[tuple[Fraction, Chord]], home: Key, bar: int) -> list[int]:
    """The best state for each chord (Viterbi)."""
    start = state_of(home)
    best = [0.0 if state == start else -LEAVING - FAR * _distance(start, state) for state in range(24)]
    trail: list[list[int]] = []
    for place, (beats, chord) in enumerate(chords):
        before = tuple(other for _, other in chords[max(0, place - 2) : place])
        weight = worth(beats, bar)
        if place:
            best, came = _moved(best, start)
            trail.append(came)
        best = [score + weight * speaks(chord, state) + arrives(before, chord, state) for state, score in enumerate(best)]
    best[start] += LEAVING * RETURN / 2
    state = max(range(24), key=lambda one: (best[one], -one))
    states = [state]
    for came in reversed(trail):
        state = came[state]
        states.append(state)
    return states[::-1]


def _moved(best: list[float], home: int) -> tuple[list[float], list[int]]:
    """The best way into each state, and whence."""
    leader = max(range(24), key=lambda one: (best[one], -one))
    scores, came = [], []
    for state in range(24):
        ease = RETURN if state == home else 1.0
        stay, go = best[state], best[leader] - ease * (LEAVING + FAR * _distance(leader, state))
        scores.append(max(stay, go))
        came.append(state if stay >= go else leader)
    return scores, came


def _distance(one: int, other: int) -> int:
    """Fifths between the signatures of two keys, 0-6."""
    apart = (_signature(one) - _signature(other)) % 12
    return min(apart, 12 - apart)


def _signature(state: int) -> int:
    return (state * 7 + (9 if state > 11 else 0)) % 12


def _steady(states: list[int], chords: Sequence[tuple[Fraction, Chord]], home: int) -> list[int]:
    """Stretches in another key that never have its tonic, or are of one chord, are heard in the key before them."""
    steady: list[int] = []
    place = 0
    while place < len(states):
        end = place + 1
        while end < len(states) and states[end] == states[place]:
            end += 1
        state = states[place]
        confirmed = end - place > 1 and any(is_tonic(chord, state) >= 0.8 for _, chord in chords[place:end])
        steady += [state if confirmed or state == home else (steady[-1] if steady else home)] * (end - place)
        place = end
    return steady
