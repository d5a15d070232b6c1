"""The mistakes that make jazz sound wrong, as tests of a piece: true where the mistake is heard."""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean, pstdev
from types import MappingProxyType
from typing import Final

from benchmarks._music_hearing import Wrong, eighths_under, even_quarters, few_fourths, oompah
from benchmarks._music_score import Score


def flat_ride(score: Score) -> bool | None:
    """A ride that never varies its ratio."""
    offs = [hit.late for hit in score.in_plain(score.drums("ride")) if hit.step % 3 == 2]
    return pstdev(offs) < 2 if len(offs) > 12 else None


def square_piano(score: Score) -> bool | None:
    """Attacks on three beats and more of a bar, two bars running."""
    if "keys" not in score.roles:
        return None
    beats: dict[int, set[int]] = {}
    for hit in score.in_plain(score.onsets("keys")):
        if hit.step % score.cells == 0:
            beats.setdefault(hit.bar, set()).add(hit.step)
    busy = {bar for bar, steps in beats.items() if len(steps) >= 3}
    return any(bar + 1 in busy for bar in busy)


def no_foot(score: Score) -> bool:
    foot, two, four = score.drums("foot"), score.cells, 3 * score.cells
    heads = [bar for bar in score.plain if score.plan.bars[bar].section.kind in ("head", "verse")] or score.plain
    return min(score.rate(foot, two, heads), score.rate(foot, four, heads)) < 0.7


def sticks_first(score: Score) -> bool:
    """A ride or snare at full level in the first eight bars."""
    return any(hit.velocity > 95 for hit in score.drums("ride", "snare", "tap") if hit.bar < 8)


def walks_at_once(score: Score) -> bool | None:
    bars: dict[int, int] = {}
    for hit in score.onsets("bass"):
        bars[hit.bar] = bars.get(hit.bar, 0) + 1
    return fmean(bars.get(bar, 0) >= 4 for bar in range(8)) > 0.5


def no_ritard(score: Score) -> bool:
    return len(score.arrangement.tempo) < 2


def cadences(score: Score) -> bool:
    """More than one ii-V-I or V7-I cadence in sixteen bars."""
    falls = [
        first.chord.family == "dom" and first.chord.third == 4 and (first.chord.root_pc - second.chord.root_pc) % 12 == 7
        for (_, first), (_, second) in pairwise(score.spans)
        if first.chord != second.chord
    ]
    return sum(falls) > max(1, len(score.plan.bars) // 16)


def roots_only(score: Score) -> bool | None:
    """The root on every downbeat for more than eight bars, pedals aside."""
    run = longest = 0
    first = {hit.bar: hit for hit in reversed(score.onsets("bass")) if hit.step == 0}
    for bar in score.plan.bars:
        hit = first.get(bar.number)
        run = run + 1 if hit and bar.variation == "b" and hit.pitch % 12 == bar.spans[0].chord.root_pc else 0
        longest = max(longest, run)
    return longest > 8


def few_levels(score: Score) -> bool | None:
    hits = score.drums("snare")
    return len({hit.velocity // 12 for hit in hits}) < 3 if len(hits) > 12 else None


def three_quarters(score: Score) -> bool | None:
    """More than two quarters running in a line, outside phrase ends."""
    hits, beat = score.hits("melody"), score.plan.metre.beats[0][1]
    steps = [b.start - a.start for a, b in pairwise(hits)]
    run = 0
    for step in steps:
        if 0.8 * beat < step < 1.2 * beat:
            run += 1
        else:
            if run > 2 and step < 1.6 * beat:  # a longer note or a rest ends the phrase
                return True
            run = 0
    return False if hits else None


def plain_dominants(score: Score) -> bool | None:
    """No altered tone over any dominant that falls to a minor chord."""
    found = []
    for (_, first), (_, second) in pairwise(score.spans):
        chord = first.chord
        falls = (chord.root_pc - second.chord.root_pc) % 12 == 7 and second.chord.family == "min"
        if chord.family == "dom" and chord.third == 4 and falls:
            sounding = {(pc - chord.root_pc) % 12 for pc in score.sounding(first.start, first.end, "melody", "keys")}
            found.append(bool(sounding & {1, 3, 6, 8}))
    return not any(found) if len(found) > 2 else None


def on_the_grid(score: Score) -> bool | None:
    """A melody whose onsets all lie within five milliseconds of the grid."""
    late = [abs((hit.start - score.grid[hit.bar * score.steps + hit.step]) * score.plan.tick_ms) for hit in score.hits("melody")]
    return all(ms < 5 for ms in late) if late else None


SUNG: Final = MappingProxyType(  # heard where a melody plays
    {
        "bebop": (
            Wrong("line: over two quarters running", three_quarters),
            Wrong("line: V7 to a minor chord without an altered tone", plain_dominants),
        ),
        "ballad": (Wrong("line: quantised", on_the_grid),),
    }
)

MISTAKES: Final = MappingProxyType(
    {
        "swing": (
            Wrong("ride straight at 140", eighths_under(1.4)),
            Wrong("ride with no spread", flat_ride),
            Wrong("piano on three beats, two bars running", square_piano),
            Wrong("foot absent on 2 and 4", no_foot),
        ),
        "bebop": (
            Wrong("ratio of 2 at 220", lambda s: s.style.feel.ratio_at(s.tempo) >= 2),
            Wrong("piano on three beats", square_piano),
        ),
        "ballad": (
            Wrong("sticks at full level", sticks_first),
            Wrong("walks from bar 1", walks_at_once),
            Wrong("no ritard", no_ritard),
        ),
        "waltz": (
            Wrong("oom-pah-pah", oompah),
            Wrong("foot on 1", lambda s: s.rate(s.drums("foot"), 0) > 0.3),
            Wrong("kick on all beats", lambda s: min(s.rate(s.drums("kick"), step) for step in (0, 3, 6)) > 0.3),
        ),
        "modal": (
            Wrong("ii-V-I", cadences),
            Wrong("no fourths in the chords", lambda s: bool(few_fourths(s))),
            Wrong("root on every downbeat", roots_only),
        ),
        "fusion": (
            Wrong("triplet swing", lambda s: s.style.feel.ratio_at(s.tempo) > 1.3),
            Wrong("walking quarters", even_quarters),
            Wrong("snare of fewer than three levels", few_levels),
        ),
    }
)
