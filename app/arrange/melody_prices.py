"""What pitches cost in a melody: those that fit the chord and that the style likes there least, more the farther from the aim."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import lru_cache
from math import inf
from typing import Final

from app.arrange.degrees import ladder
from app.arrange.plan import Plan
from app.arrange.style import PartStyle
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.scale import SCALES, chord_scale, scale_in_key

REACH: Final = 6  # semitones around the aim that are looked at
PULL: Final = 0.2  # what each semitone away from the aim costs
PULLS: Final = tuple(PULL * away for away in (*range(REACH + 1), *range(REACH, 0, -1)))  # from the aim up, then from below
STRANGE: Final = 3.0  # what a closing note pays that is no chord tone
UNLIKED: Final = 0.5  # what a strong note pays that is none of those the style likes there, or a root over a major seventh
MAJOR_SEVENTH: Final = 11  # semitones above the root

Layer = list[tuple[int, float]]  # pitches that may sound, from below, with their prices


class Register(dict[int, Layer]):
    """Aim → the pitches of a part near it that may sound on an onset, with what each costs; found when it is first asked for."""

    def __init__(self, costs: Mapping[int, float], low: int, high: int) -> None:
        super().__init__()
        self.low, self.high = low, high
        self.pitches = [pitch for pitch in range(low, high + 1) if pitch % 12 in costs]
        self.costs = [costs[pitch % 12] for pitch in self.pitches]

    def __missing__(self, aim: int) -> Layer:
        first, end = bisect_left(self.pitches, aim - REACH), bisect_right(self.pitches, aim + REACH)
        near = zip(self.pitches[first:end], self.costs[first:end], strict=True)
        found = [(pitch, cost + PULLS[pitch - aim]) for pitch, cost in near]
        self[aim] = found = found or [(min(max(aim, self.low), self.high), 0.0)]
        return found


class Prices:
    """The chords that one piece's melody is heard in, and what pitches cost there.

    What is known of a chord is kept by its identity: to hash one takes long.
    """

    def __init__(self, plan: Plan, style: PartStyle) -> None:
        self.key, self.style = plan.key, style
        self.known: dict[tuple[int, bool, str], Register] = {}
        self.chords: list[Chord] = []
        self.ends: list[int] = []
        self.until: list[float] = []  # as ends, but for a bar's last chord, heard until the next bar, and the piece's, for ever
        bar = plan.metre.bar
        for planned in plan.bars:
            for _, end, chord, _, _ in planned.spans:
                self.chords.append(chord)
                self.ends.append(end)
                self.until.append(end)
            self.until[-1] = planned.start + bar
        self.until[-1] = inf

    def chord_under(self, tick: int, length: int) -> Chord:
        """The chord a note is heard in: the next one where the note rings longer in that."""
        place = bisect_right(self.until, tick)
        end = self.ends[place]
        if tick + length - end >= end - tick:
            place = bisect_right(self.until, end)
        return self.chords[place]

    def register(self, tick: int, length: int, strong: bool, closes: str) -> Register:
        """The pitches of the part that may sound on an onset, by aim."""
        chord = self.chord_under(tick, length)
        found = self.known.get((id(chord), strong, closes))
        if found is None:
            style, song = self.style, self.style.song
            goals = {"half": song.half, "full": song.full}.get(closes, song.strong if strong else ())
            found = _register(chord, strong, bool(closes), self.key, style.scale, goals, style.low, style.high)
            self.known[id(chord), strong, closes] = found
        return found


@lru_cache(maxsize=512)
def _register(
    chord: Chord, strong: bool, closes: bool, key: Key, scale: str, goals: tuple[int, ...], low: int, high: int
) -> Register:
    return Register(pitch_class_costs(chord, strong, closes, key, scale, goals), low, high)


def _goals(chord: Chord, key: Key, degrees: tuple[int, ...]) -> dict[int, float]:
    """Pitch classes of degrees, with what each costs: the first named least."""
    steps = ladder(chord, key)
    return {(chord.root_pc + steps[degree]) % 12: 0.25 * rank for rank, degree in reversed([*enumerate(degrees)])}


def pitch_class_costs(chord: Chord, strong: bool, closes: bool, key: Key, scale: str, goals: tuple[int, ...]) -> dict[int, float]:
    """What each pitch class costs over a chord: chord tones least, on strong notes nothing else is cheap; avoided ones absent.

    `goals` are degrees of the chord that are liked there, the first most.
    """
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
    return costs or {key.tonic_pc: 0.0}
