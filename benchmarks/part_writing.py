"""Four-part writing over 1,000 composed progressions: parallels, crossings and more in a hundred steps, music21 confirming.

python -m benchmarks part_writing [--pieces N]
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Final, NamedTuple

from app.services.registry import discover
from app.services.runtime import Runtime
from app.studio import generate
from app.theory.brief import Ask
from app.theory.notes import Arrangement

PIECES: Final = 1000
WRITTEN: Final = (  # genre, application, its voices from above
    ("classical", "chorale", ("soprano", "alto", "tenor", "bass")),
    ("classical", "string_quartet", ("violin1", "violin2", "viola", "cello")),
    ("gospel", "hymn", ("soprano", "alto", "tenor", "bass")),
)
BACH: Final = {"parallel fifths": 0.26, "parallel octaves": 0.06}  # in 100 steps of his chorales
FAULTS: Final = ("parallel fifths", "parallel octaves", "crossings", "overlaps", "direct to a leap of the soprano")
CONFIRMED: Final = FAULTS[:4]  # what music21 has a check for
PERFECT: Final = {7: FAULTS[0], 0: FAULTS[1]}
OCTAVES: Final = 12

Four = tuple[int, ...]


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 where a rule is broken that none may break."""
    reader = argparse.ArgumentParser(description="Four-part writing.")
    reader.add_argument("--pieces", type=int, default=PIECES)
    count = reader.parse_args(arguments or []).pieces
    print(f"{'in 100 steps':<34}{'Bach':>8}" + "".join(f"{application:>16}" for _, application, _ in WRITTEN))
    seeds = [range(place, count, len(WRITTEN)) for place in range(len(WRITTEN))]
    found = [judged(*written, own) for written, own in zip(WRITTEN, seeds, strict=True)]
    for judge, (known, who) in enumerate(((FAULTS, ""), (CONFIRMED, ", music21"))):
        for fault in known:
            rates = "".join(f"{100 * rows.heard[judge][fault] / max(1, rows.steps):>16.3f}" for rows in found)
            print(f"{fault + who:<34}{BACH.get(fault, ''):>8}{rates}")
    print(f"{'steps':<42}" + "".join(f"{rows.steps:>16}" for rows in found))
    return 1 if any(any(rows.heard) for rows in found) else 0


class Judged(NamedTuple):
    """Steps from one sound to the next, and the faults in them as we and as music21 count them."""

    steps: int
    heard: tuple[Counter[str], Counter[str]]


def judged(genre: str, application: str, roles: tuple[str, ...], seeds: range) -> Judged:
    """Steps of an application's pieces, their faults by our count, and by music21's."""
    registry, runtime = discover(), Runtime()
    steps, ours, theirs = 0, Counter[str](), Counter[str]()
    for seed in seeds:
        ask = Ask(genre, application=application, seed=seed, strategy="rules_only", humanize=0.0, num_bars=16)
        for one, other in pairwise(slices(generate(ask, registry, runtime).arrangement, roles)):
            if one == other or in_octaves(one) or in_octaves(other):
                continue
            steps += 1
            ours.update(faults(one, other))
            theirs.update(confirmed(one, other))
    return Judged(steps, (ours, theirs))


def slices(arrangement: Arrangement, roles: tuple[str, ...]) -> Iterator[Four]:
    """What the voices have wherever one of them begins a note; one that rests still has its last."""
    parts = {part.role: part.notes for part in arrangement.parts}
    onsets = sorted((note.start, place, note.pitch) for place, role in enumerate(roles) for note in parts[role])
    now: list[int] = [0] * len(roles)
    for index, (tick, place, pitch) in enumerate(onsets):
        now[place] = pitch
        if all(now) and (index + 1 == len(onsets) or onsets[index + 1][0] != tick):
            yield tuple(now)


def in_octaves(four: Four) -> bool:
    """Whether all play one line, which is meant as such."""
    return len({pitch % OCTAVES for pitch in four}) == 1


def faults(one: Four, other: Four) -> Iterator[str]:
    """The rules that a step breaks."""
    for upper, lower in combinations(range(4), 2):
        gap = (other[upper] - other[lower]) % OCTAVES
        moved = one[upper] != other[upper] and one[lower] != other[lower]
        if gap in PERFECT and gap == (one[upper] - one[lower]) % OCTAVES and moved:
            yield PERFECT[gap]
    if list(other) != sorted(other, reverse=True):
        yield "crossings"
    for voice in range(3):
        if other[voice] < one[voice + 1] or other[voice + 1] > one[voice]:
            yield "overlaps"
    rise, fall = other[0] - one[0], other[3] - one[3]
    if rise * fall > 0 and abs(rise) > 2 and (other[0] - other[3]) % OCTAVES in PERFECT:
        yield FAULTS[4]


def confirmed(one: Four, other: Four) -> Iterator[str]:
    """The same by music21's voice-leading checks."""
    for upper, lower in combinations(range(4), 2):
        yield from _pair(one[upper], other[upper], one[lower], other[lower], neighbours=lower == upper + 1)


@lru_cache(maxsize=1 << 18)
def _pair(first: int, second: int, under: int, below: int, *, neighbours: bool) -> tuple[str, ...]:
    from music21 import note, voiceLeading

    names = [note.Note(pitch) for pitch in (first, second, under, below)]
    judge = voiceLeading.VoiceLeadingQuartet(*names)  # type: ignore[arg-type]
    told = (
        (judge.parallelFifth(), CONFIRMED[0]),
        (judge.parallelOctave() or judge.parallelUnison(), CONFIRMED[1]),
        (neighbours and judge.voiceCrossing(), CONFIRMED[2]),
        (neighbours and judge.voiceOverlap(), CONFIRMED[3]),
    )
    return tuple(name for heard, name in told if heard)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
