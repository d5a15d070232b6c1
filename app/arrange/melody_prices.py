"""What pitches cost in a melody: those that fit the chord and that the style likes there least, more the farther from the aim."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
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
Register = tuple[list[int], list[float]]  # the pitches of a part that may sound over a chord, and what each costs for any aim


class Prices:
    """The chords that one piece's melody is heard in and what pitches cost there.

    What was found is remembered by the chord's identity: it takes long to hash one.
    """

    def __init__(self, plan: Plan, style: PartStyle) -> None:
        self.key, self.style = plan.key, style
        bar = plan.metre.bar
        self.chords = [span.chord for planned in plan.bars for span in planned.spans]
        self.ends = [span.end for planned in plan.bars for span in planned.spans]
        self.until = [end for planned in plan.bars for end in (*[span.end for span in planned.spans[:-1]], planned.start + bar)]
        self.known: dict[tuple[int, bool, str], Register] = {}
        self.layers: dict[tuple[int, bool, str, int], Layer] = {}

    def chord_under(self, tick: int, length: int) -> Chord:
        """The chord a note is heard in: the next one where the note rings longer in that."""
        last = len(self.chords) - 1
        place = min(bisect_right(self.until, tick), last)
        end = self.ends[place]
        if tick + length - end >= end - tick:
            place = min(bisect_right(self.until, end), last)
        return self.chords[place]

    def layer(self, chord: Chord, strong: bool, closes: str, aim: int) -> Layer:
        """Pitches near the aim that may sound on an onset, with what each costs there."""
        place = (id(chord), strong, closes, aim)
        found = self.layers.get(place)
        if found is None:
            pitches, costs = self._register(chord, strong, closes)
            low, high = bisect_left(pitches, aim - REACH), bisect_right(pitches, aim + REACH)
            near = zip(pitches[low:high], costs[low:high], strict=True)
            found = [(pitch, cost + PULLS[pitch - aim]) for pitch, cost in near]
            found = self.layers[place] = found or [(min(max(aim, self.style.low), self.style.high), 0.0)]
        return found

    def _register(self, chord: Chord, strong: bool, closes: str) -> Register:
        place = (id(chord), strong, closes)
        found = self.known.get(place)
        if found is None:
            style, song = self.style, self.style.song
            goals = {"half": song.half, "full": song.full}.get(closes, song.strong if strong else ())
            within = (style.low, style.high)
            found = self.known[place] = _register(chord, strong, bool(closes), self.key, style.scale, goals, within)
        return found


@lru_cache(maxsize=4096)
def _register(
    chord: Chord, strong: bool, closes: bool, key: Key, scale: str, goals: tuple[int, ...], within: tuple[int, int]
) -> Register:
    costs = pitch_class_costs(chord, strong, closes, key, scale, goals)
    pitches = [pitch for pitch in range(within[0], within[1] + 1) if pitch % 12 in costs]
    return pitches, [costs[pitch % 12] for pitch in pitches]


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
