"""The mistakes that make blues sound wrong, as tests of a piece: true where the mistake is heard."""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean
from types import MappingProxyType
from typing import Final

from app.theory.notes import BEND
from benchmarks._music_hearing import Wrong, jazz_chords, over, under
from benchmarks._music_score import Score, ratio_of

THUMB: Final = 55  # G3: below it the thumb plays


def weak_backbeat(score: Score) -> bool | None:
    snare = score.in_plain(score.drums("snare", "stick"))
    beats = [hit.velocity for hit in snare if hit.step in (score.cells, 3 * score.cells)]
    ghosts = [hit.velocity for hit in snare if hit.step not in (score.cells, 3 * score.cells)]
    if len(beats) < score.steps // 2:
        return True
    return fmean(beats) < fmean(ghosts) + 15 if len(ghosts) > 8 else False


def straight_ghosts(score: Score) -> bool | None:
    return under(ratio_of(score, score.in_plain(score.drums("snare", "hat", "ride")), 12, pair="8th"), 1.4)


def major_tonic(score: Score) -> bool:
    key = score.plan.key.tonic_pc
    return any(span.chord.seventh == 11 and span.chord.root_pc == key for _, span in score.spans)


def even_choruses(score: Score) -> bool | None:
    """Choruses whose mean loudness differs by less than six."""
    means = []
    for bars in score.sections("head", "solo", "chorus", "verse"):
        start, end = bars[0].start, bars[-1].start + score.plan.metre.bar
        loud = [
            note.velocity
            for role, part in score.roles.items()
            if role != "drums"
            for note in part.notes
            if start <= note.start < end
        ]
        means += [fmean(loud)] if loud else []
    return max(means) - min(means) < 6 if len(means) > 1 else None


def dominant_tonic(score: Score) -> bool | None:
    """A dominant seventh on I in more than a fifth of the tonic bars of a minor blues."""
    key = score.plan.key.tonic_pc
    tonics = [span.chord for bar, span in score.spans if span.chord.root_pc == key and not bar.last]
    return over(fmean(chord.family == "dom" for chord in tonics) if tonics else None, 0.2)


def both_fives(score: Score) -> bool:
    five = (score.plan.key.tonic_pc + 7) % 12
    return any(
        {"min", "dom"} <= {span.chord.family for bar in bars for span in bar.spans if span.chord.root_pc == five}
        for bars in score.sections("head", "solo", "chorus")
    )


def flat_six_astray(score: Score) -> bool | None:
    key = score.plan.key.tonic_pc
    after = [
        (second.chord.root_pc - key) % 12
        for (_, first), (_, second) in pairwise(score.spans)
        if (first.chord.root_pc - key) % 12 == 8 and first.chord.family == "dom" and first.chord != second.chord
    ]
    return any(step != 7 for step in after) if after else None


def half_notes(score: Score) -> bool | None:
    return "bass" in score.roles and score.per_bar(score.onsets("bass")) < 3


def no_riff(score: Score) -> bool | None:
    """Horns that never repeat a rhythm of two bars."""
    if "horns" not in score.roles:
        return None
    rows: dict[int, set[int]] = {}
    for hit in score.onsets("horns"):
        rows.setdefault(hit.bar, set()).add(hit.step)
    pairs = [(frozenset(rows.get(bar, ())), frozenset(rows.get(bar + 1, ()))) for bar in range(0, len(score.plan.bars) - 1, 2)]
    played = [pair for pair in pairs if any(pair)]
    return len(set(played)) == len(played) if len(played) > 3 else None


def odd_chorus(score: Score) -> bool:
    return any(len(bars) % 8 for bars in score.sections("head", "solo", "chorus"))


def late_four(score: Score) -> bool | None:
    """The first IV of an eight-bar blues in its fifth bar; I I I I IV V I V, which has it there, is a form of its own."""
    key = score.plan.key.tonic_pc
    for bars in score.sections("head"):
        fours = [bar.place for bar in bars[:8] if (bar.spans[0].chord.root_pc - key) % 12 == 5]
        five = (bars[5].spans[0].chord.root_pc - key) % 12 == 7 if len(bars) > 5 else False
        return bool(fours) and fours[0] == 4 and not five
    return None


def no_turnaround(score: Score) -> bool | None:
    key = score.plan.key.tonic_pc
    found = [
        any((span.chord.root_pc - key) % 12 in (7, 1, 8) for bar in bars[6:8] for span in bar.spans)
        for bars in score.sections("head", "solo")
        if len(bars) >= 8 and bars[-1].number < len(score.plan.bars) - 2
    ]
    return not all(found) if found else None


def no_blue_notes(score: Score) -> bool | None:
    """Four bars running in which nobody above the bass leaves the major scale, without b3 and b7."""
    roles = [role for role in ("guitar", "keys", "melody", "horns") if role in score.roles]
    if not roles:
        return None
    blue = {(score.plan.key.tonic_pc + step) % 12 for step in (3, 10)}
    bars = {hit.bar for role in roles for hit in score.hits(role) if hit.pitch % 12 in blue}
    return any(not bars & set(range(at, at + 4)) for at in range(len(score.plan.bars) - 4))


def bent_or_distorted(score: Score) -> bool:
    """A guitar with distortion, or bends of a whole tone and held ones, as slow blues has them."""
    programs = any(part.program in (29, 30) for part in score.roles.values())
    bends = [control for part in score.roles.values() for control in part.controls if control.number == BEND and control.value]
    notes = sum(len(part.notes) for role, part in score.roles.items() if role != "drums")
    return programs or len(bends) > 0.05 * notes


def walking_thumb(score: Score) -> bool | None:
    """A thumb that walks: four different low notes on the beats, in more than a tenth of the bars."""
    rows: dict[int, dict[int, int]] = {}
    for hit in score.hits("guitar"):
        if hit.step % score.cells == 0 and hit.pitch < THUMB:
            low = rows.setdefault(hit.bar, {})
            low[hit.step] = min(hit.pitch, low.get(hit.step, hit.pitch))
    walked = [len(set(low.values())) == 4 for low in rows.values()]
    return over(fmean(walked) if walked else None, 0.1)


def two_five(score: Score) -> bool:
    """A minor seventh chord that falls a fifth into a dominant."""
    return any(
        first.chord.family in ("min", "hdim")
        and second.chord.family == "dom"
        and (first.chord.root_pc - second.chord.root_pc) % 12 == 7
        for (_, first), (_, second) in pairwise(score.spans)
    )


MISTAKES: Final = MappingProxyType(
    {
        "shuffle": (
            Wrong("weak backbeat", weak_backbeat),
            Wrong("straight ghosts", straight_ghosts),
            Wrong("I a major seventh", major_tonic),
            Wrong("four bars without a blue note", no_blue_notes),
        ),
        "slow": (
            Wrong("not in 12/8", lambda s: not s.plan.metre.compound),
            Wrong("bass over eight notes", lambda s: s.per_bar(s.onsets("bass")) >= 8),
            Wrong("constant loudness", even_choruses),
        ),
        "minor": (
            Wrong("dominant on I", dominant_tonic),
            Wrong("v and V7 in one chorus", both_fives),
            Wrong("bVI7 not to V", flat_six_astray),
        ),
        "jump": (
            Wrong("bends of slow blues, or distortion", bent_or_distorted),
            Wrong("horns without a riff", no_riff),
            Wrong("bass in half notes", half_notes),
        ),
        "eight_bar": (
            Wrong("odd chorus", odd_chorus),
            Wrong("IV first in bar 5", late_four),
            Wrong("no turnaround", no_turnaround),
        ),
        "delta": (
            Wrong("kit or bass", lambda s: "bass" in s.roles or any(h for h in s.drums("snare", "hat", "ride"))),
            Wrong("jazz chords", jazz_chords(0)),
            Wrong("ii-V", two_five),
            Wrong("a thumb that walks", walking_thumb),
        ),
    }
)
