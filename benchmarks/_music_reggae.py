"""The mistakes that make reggae sound wrong, as tests of a piece: true where the mistake is heard."""

from __future__ import annotations

from itertools import combinations
from statistics import fmean
from types import MappingProxyType
from typing import Final

from app.arrange.kit import DRUMS
from benchmarks._music_hearing import Wrong, bars_missing, even_quarters, on_steps, over, sevenths
from benchmarks._music_score import Hit, Score


def on_the_beat(score: Score) -> bool | None:
    beats = range(0, score.steps, score.cells)
    found = [hit for role in ("guitar", "keys") if role in score.roles for hit in score.onsets(role) if abs(hit.late) < 60]
    return over(on_steps(score, found, beats), 0.05)


def layers_disagree(score: Score) -> bool | None:
    hat, keys = ([hit.late for hit in score.in_plain(hits) if hit.step % 2] for hits in (score.drums("hat"), score.hits("organ")))
    return abs(fmean(hat) - fmean(keys)) > 25 if len(hat) > 8 and len(keys) > 8 else None


def louder_on_one(score: Score) -> bool:
    kicks = score.in_plain(score.drums("kick"))
    one, rest = ([hit.velocity for hit in kicks if (hit.step == 0) == first] for first in (True, False))
    return bool(one and rest) and fmean(one) > fmean(rest) + 6


def alone(score: Score) -> float:
    """Share of bars in which bass and drums sound, and nothing else."""
    bars = {role: _sounding(score, role) for role in score.roles}
    rest = set().union(*(found for role, found in bars.items() if role not in ("bass", "drums")))
    return len((bars["bass"] & bars["drums"]) - rest) / len(score.plan.bars)


def _sounding(score: Score, role: str) -> set[int]:
    """The bars in which a part is struck."""
    hits = score.drums(*DRUMS) if role == "drums" else score.hits(role)
    return {hit.bar for hit in hits}


def off_grid(score: Score) -> bool:
    """A part that comes, or a bass or kit that comes or goes, on another bar than the first or third of four."""
    for role in score.roles:
        own = _sounding(score, role)
        for bar in score.plan.bars[1:-1]:
            comes = bar.number in own and bar.number - 1 not in own
            goes = role in ("bass", "drums") and bar.number not in own and bar.number - 1 in own
            if (comes or goes) and bar.place % 2:
                return True
    return False


def _repeats(score: Score, role: str) -> list[list[Hit]]:
    """The echoes of a part: strokes three steps apart on one pitch, each softer than the one before."""
    groups: dict[int, list[Hit]] = {}
    for hit in score.drums("stick", "snare", "tom2") if role == "drums" else score.hits(role):
        groups.setdefault(hit.pitch, []).append(hit)
    found: dict[int, list[Hit]] = {}
    for hits in groups.values():
        places = {hit.bar * score.steps + hit.step: hit for hit in hits}
        for place, hit in places.items():
            chain = [hit]
            while (after := places.get(place + 3 * len(chain))) and after.velocity < 0.9 * chain[-1].velocity:
                chain.append(after)
            if len(chain) > 2 and place - 3 not in places:
                found[place] = chain
    return list(found.values())


def no_echo(score: Score) -> bool:
    """No echo that falls over four strokes and more."""
    return not any(len(chain) >= 4 for role in score.roles for chain in _repeats(score, role))


def echoes_together(score: Score) -> bool:
    """Two instruments echoed at once."""
    times = [(chain[1].start, chain[-1].start) for role in score.roles for chain in _repeats(score, role)]
    return any(a[0] < b[1] and b[0] < a[1] for a, b in combinations(times, 2))


def echo_everywhere(score: Score) -> bool:
    """More than a quarter of the strokes on snare and stick echoed; a chop that comes alone is echoed rightly."""
    echoed = _repeats(score, "drums")
    plain = len(score.drums("stick", "snare")) - sum(len(chain) - 1 for chain in echoed)
    return len(echoed) > 0.25 * plain


def flat_echo(score: Score) -> bool:
    """Soft chords three steps apart that do not fall."""
    for role in ("guitar", "keys"):
        places = {hit.bar * score.steps + hit.step: hit for hit in score.onsets(role)}
        soft = [place for place, hit in places.items() if hit.velocity < 50 and place + 3 in places]
        if any(places[place + 3].velocity > places[place].velocity + 2 and places[place + 3].velocity < 50 for place in soft):
            return True
    return False


def constant_eighths(score: Score) -> bool | None:
    """A bass on all eighths of the bar in a quarter of the bars."""
    rows: dict[int, set[int]] = {}
    for hit in score.in_plain(score.onsets("bass")):
        rows.setdefault(hit.bar, set()).add(hit.step)
    return fmean(set(range(0, 16, 2)) <= steps for steps in rows.values()) > 0.25 if rows else None


def few_minor(score: Score) -> bool:
    return fmean(span.chord.family == "min" for _, span in score.spans) > 0.8


def loud_backbeat(score: Score) -> bool | None:
    hits = [hit.velocity for hit in score.in_plain(score.drums("snare")) if hit.step in (4, 12)]
    return fmean(hits) >= 95 if len(hits) > 4 else None


MISTAKES: Final = MappingProxyType(
    {
        "one_drop": (
            Wrong("kick on 1 in over .2", lambda s: s.rate(s.drums("kick"), 0) > 0.2),
            Wrong("chords on the beat", on_the_beat),
            Wrong("bass over ten onsets", lambda s: s.per_bar(s.onsets("bass")) > 10),
            Wrong("bass in constant eighths", constant_eighths),
        ),
        "rockers": (
            Wrong("kick missing on 1 or 3", bars_missing(lambda s: s.drums("kick"), (0, 8), 0.9)),
            Wrong("snare on 1 or 3", lambda s: over(on_steps(s, [h for h in s.drums("snare") if h.velocity > 80], (0, 8)), 0.05)),
            Wrong("layers disagree", layers_disagree),
        ),
        "steppers": (
            Wrong("kick eighths missing", bars_missing(lambda s: s.drums("kick"), tuple(range(0, 16, 2)), 0.95)),
            Wrong("kick louder on 1", louder_on_one),
            Wrong("over .15 sevenths", lambda s: sevenths(s) > 0.15),
        ),
        "ska": (
            Wrong("chords on the beat", on_the_beat),
            Wrong("bass does not walk", lambda s: s.per_bar(s.onsets("bass")) < 3),
            Wrong("slower than 105", lambda s: s.tempo < 105),
            Wrong("half feel: no stroke on 2 or 4", bars_missing(lambda s: s.drums("snare", "stick"), (3, 9), 0.8)),
        ),
        "rocksteady": (
            Wrong("bass in even quarters", even_quarters),
            Wrong("a minor vamp throughout", few_minor),
            Wrong("full snare backbeats", loud_backbeat),
        ),
        "dub": (
            Wrong("bass and drums alone in under .25 of the bars", lambda s: alone(s) < 0.25),
            Wrong("mutes off the grid of two bars", off_grid),
            Wrong("no echo that falls", no_echo),
            Wrong("an echo that does not fall", flat_echo),
            Wrong("two echoes at once", echoes_together),
            Wrong("an echo on every stroke", echo_everywhere),
            Wrong("over .15 sevenths", lambda s: sevenths(s) > 0.15),
        ),
    }
)
