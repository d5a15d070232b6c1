"""The mistakes that make classical music sound wrong, as tests of a piece: true where the mistake is heard."""

from __future__ import annotations

from itertools import pairwise
from types import MappingProxyType
from typing import Final

from benchmarks._music_hearing import Wrong, on_steps, oompah, over, pace, parallels
from benchmarks._music_score import Score


def close_left_hand(score: Score) -> bool | None:
    """A left hand in close position below C3: two notes nearer than a fifth there, struck together."""
    rows: dict[int, list[int]] = {}
    for hit in score.hits("keys"):
        rows.setdefault(hit.bar * score.steps + hit.step, []).append(hit.pitch)
    return any(b < 48 and b - a < 7 for notes in rows.values() for a, b in pairwise(sorted(notes)))


def no_pedal(score: Score) -> bool:
    return not any(control.number == 64 for part in score.arrangement.parts for control in part.controls)


def same_melody(score: Score) -> bool | None:
    rows = [tuple((hit.step, hit.pitch) for hit in score.hits("melody") if hit.bar == bar) for bar in range(len(score.plan.bars))]
    phrases = [tuple(rows[at : at + 8]) for at in range(0, len(rows) - 7, 8)]
    return len(set(phrases)) < len(phrases) if len(phrases) > 1 and "melody" in score.roles else None


def one_rhythm(score: Score) -> bool | None:
    """All four voices in one rhythm for more than eight bars."""
    names = ("violin1", "violin2", "viola", "cello")
    if not all(name in score.roles for name in names):
        return None
    run = longest = 0
    for bar in range(len(score.plan.bars)):
        rhythms = {frozenset(hit.step for hit in score.hits(name) if hit.bar == bar) for name in names}
        run = run + 1 if len(rhythms) == 1 else 0
        longest = max(longest, run)
    return longest > 8


def crossing(score: Score) -> bool | None:
    """Viola or cello above the second violin for over two beats."""
    if "violin2" not in score.roles:
        return None
    beat = score.plan.metre.beats[0][1]
    second = score.hits("violin2")
    return any(
        min(a.end, b.end) - max(a.start, b.start) > 2 * beat and a.pitch > b.pitch
        for role in ("viola", "cello")
        for a in score.hits(role)
        for b in second
    )


def bass_off_one(score: Score) -> bool | None:
    """A waltz whose low notes fall on 2 or 3."""
    low = [hit for hit in score.hits("keys") if hit.pitch < 48]
    return over(on_steps(score, low, [step for step in range(score.steps) if step]), 0.25)


MISTAKES: Final = MappingProxyType(
    {
        "chorale": (
            Wrong("parallels", parallels),
            Wrong("slow harmony", lambda s: pace(s) * 1.5 < len(s.plan.metre.beats)),
        ),
        "minuet": (
            Wrong("phrases not of four", lambda s: any(section.bars % 4 for section in s.arrangement.form.sections)),
            Wrong("oom-pah-pah", oompah),
        ),
        "waltz": (
            Wrong("bass on 2 or 3", bass_off_one),
            Wrong("no strains of eight", lambda s: any(section.bars % 8 for section in s.arrangement.form.sections)),
        ),
        "sonatina": (Wrong("a chord an eighth", lambda s: pace(s) > 4),),
        "nocturne": (
            Wrong("close low left hand", close_left_hand),
            Wrong("no pedal", no_pedal),
            Wrong("literal repeat of the melody", same_melody),
        ),
        "string_quartet": (
            Wrong("one rhythm over eight bars", one_rhythm),
            Wrong("viola or cello above violin 2", crossing),
        ),
    }
)
