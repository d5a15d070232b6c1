"""The mistakes that make reggae sound wrong, as tests of a piece: true where the mistake is heard."""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean
from types import MappingProxyType
from typing import Final

from benchmarks._music_hearing import Wrong, even_quarters, on_steps, over, sevenths
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
    """Share of bars in which bass and drums (or one of them) sound alone."""
    length = score.plan.metre.bar
    heard = {note.start // length for role, part in score.roles.items() if role not in ("bass", "drums") for note in part.notes}
    return 1 - len(heard) / len(score.plan.bars)


def few_minor(score: Score) -> bool:
    return fmean(span.chord.family == "min" for _, span in score.spans) > 0.8


def loud_backbeat(score: Score) -> bool | None:
    hits = [hit.velocity for hit in score.in_plain(score.drums("snare")) if hit.step in (4, 12)]
    return fmean(hits) >= 95 if len(hits) > 4 else None


def bars_missing(hits: Callable[[Score], list[Hit]], steps: tuple[int, ...], least: float) -> Callable[[Score], bool | None]:
    """Whether a step of those is struck in fewer plain bars than that."""

    def heard(score: Score) -> bool | None:
        found = hits(score)
        return any(score.rate(found, step) < least for step in steps) if found and score.plain else None

    return heard


MISTAKES: Final = MappingProxyType(
    {
        "one_drop": (
            Wrong("kick on 1 in over .2", lambda s: s.rate(s.drums("kick"), 0) > 0.2),
            Wrong("chords on the beat", on_the_beat),
            Wrong("bass over ten onsets", lambda s: s.per_bar(s.onsets("bass")) > 10),
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
        ),
        "rocksteady": (
            Wrong("bass in even quarters", even_quarters),
            Wrong("a minor vamp throughout", few_minor),
            Wrong("full snare backbeats", loud_backbeat),
        ),
        "dub": (Wrong("bass and drums alone in under .25 of the bars", lambda s: alone(s) < 0.25),),
    }
)
