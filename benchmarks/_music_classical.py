"""The mistakes that make classical music sound wrong, as tests of a piece: true where the mistake is heard."""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean
from types import MappingProxyType
from typing import Final

from app.theory.key import Key
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


def open_phrases(score: Score) -> bool:
    """A section of a chorale that ends on neither I nor V of the key it has come to, nor on VI after V."""
    for bars in score.sections():
        last = bars[-1].spans[-1]
        key = Key.parse(last.analysis.key) if last.analysis.key else score.plan.key
        if (last.chord.bass_pc - key.tonic_pc) % 12 not in (0, 7, 8 if key.is_minor else 9):
            return True
    return False


def no_half_way_goal(score: Score) -> bool:
    """No cadence on V or in it (in minor III or v) at the end of any of the first half's phrases of four bars."""
    half = [bar for bar in score.plan.bars if bar.number < max(16, len(score.plan.bars) // 2)]
    goals = (7, 3) if score.plan.key.is_minor else (7,)
    ends = [bar.spans[-1] for bar in half if bar.place % 4 == 3]
    return not any((span.chord.root_pc - score.plan.key.tonic_pc) % 12 in goals for span in ends)


def even_waltz(score: Score) -> bool | None:
    """A left hand whose chords are as loud as its basses, or as long."""
    low, high = ([hit for hit in score.hits("keys") if (hit.pitch < 48) == below] for below in (True, False))
    if len(low) < 8 or len(high) < 8:
        return None
    loud = fmean(hit.velocity for hit in low) - fmean(hit.velocity for hit in high)
    length = fmean(hit.end - hit.start for hit in low) / fmean(hit.end - hit.start for hit in high)
    return loud < 4 or length < 1.1


def figure_leaps(score: Score) -> bool | None:
    """An Alberti figure whose upper two notes leap more than a fifth into a new chord."""
    tops = []
    for _, span in score.spans:
        notes = sorted({hit.pitch for hit in score.hits("keys") if span.start - 40 <= hit.start < span.end - 40})
        if len(notes) > 2:
            tops.append(notes[-2:])
    return any(abs(a[place] - b[place]) > 7 for a, b in pairwise(tops) for place in (0, 1)) if tops else None


def second_theme_at_home(score: Score) -> bool | None:
    """A second theme, of its own letter in the first half, that never leaves for V (in minor III or v)."""
    goals = (7, 3) if score.plan.key.is_minor else (7,)
    for bars in score.sections():
        if bars[0].section.label in ("S", "B") and bars[0].number < len(score.plan.bars) // 2:
            spans = [span for bar in bars for span in bar.spans]
            keys = {Key.parse(span.analysis.key).tonic_pc for span in spans if span.analysis.key}
            roots = keys | {bars[place].spans[-1].chord.root_pc for place in range(3, len(bars), 4)}
            return not any((pc - score.plan.key.tonic_pc) % 12 in goals for pc in roots)
    return None


def never_rests(score: Score) -> bool:
    """A string part that does not rest for an eighth anywhere."""
    least = score.plan.metre.beats[0][1] // 2
    for role in ("violin1", "violin2", "viola", "cello"):
        hits = score.hits(role)
        if hits and not any(b.start - a.end >= 0.8 * least for a, b in pairwise(hits)):
            return True
    return False


MISTAKES: Final = MappingProxyType(
    {
        "chorale": (
            Wrong("parallels", parallels),
            Wrong("slow harmony", lambda s: pace(s) * 1.5 < len(s.plan.metre.beats)),
            Wrong("a phrase without a cadence", open_phrases),
        ),
        "minuet": (
            Wrong("phrases not of four", lambda s: any(section.bars % 4 for section in s.arrangement.form.sections)),
            Wrong("oom-pah-pah", oompah),
            Wrong("no cadence in V or III in the first half", no_half_way_goal),
        ),
        "waltz": (
            Wrong("bass on 2 or 3", bass_off_one),
            Wrong("chords as long or as loud as the bass", even_waltz),
            Wrong("no strains of eight", lambda s: any(section.bars % 8 for section in s.arrangement.form.sections)),
        ),
        "sonatina": (
            Wrong("a chord an eighth", lambda s: pace(s) > 4),
            Wrong("a figure that leaps into a new chord", figure_leaps),
            Wrong("a second theme that stays in I", second_theme_at_home),
        ),
        "nocturne": (
            Wrong("close low left hand", close_left_hand),
            Wrong("no pedal", no_pedal),
            Wrong("literal repeat of the melody", same_melody),
        ),
        "string_quartet": (
            Wrong("one rhythm over eight bars", one_rhythm),
            Wrong("viola or cello above violin 2", crossing),
            Wrong("a part that never rests", never_rests),
        ),
    }
)
