"""The mistakes that make gospel sound wrong, as tests of a piece: true where the mistake is heard."""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean
from types import MappingProxyType
from typing import Final

from app.arrange.plan import BarPlan
from benchmarks._music_hearing import Wrong, bars_missing, eighths_under, over, pace, parallels, rich, sevenths
from benchmarks._music_score import Hit, Score


def passing(score: Score) -> bool:
    """Eight bars running without a chromatic dominant or a diminished chord."""
    key = score.plan.key
    diatonic = {(key.tonic_pc + step) % 12 for step in ((0, 2, 3, 5, 7, 8, 10) if key.is_minor else (0, 2, 4, 5, 7, 9, 11))}
    run = longest = 0
    for bar in score.plan.bars:
        chromatic = any(span.chord.pitch_classes - diatonic for span in bar.spans)
        run = 0 if chromatic else run + 1
        longest = max(longest, run)
    return longest > 8


def wandering_diminished(score: Score) -> bool | None:
    """A diminished chord whose bass moves neither by a half step nor up a fourth."""
    chords = [span.chord for _, span in score.spans]
    moves = [(b.bass_pc - a.bass_pc) % 12 for a, b in pairwise(chords) if a.family == "dim" and b != a]
    return any(move not in (1, 11, 5) for move in moves) if moves else None


def passing_first(score: Score) -> bool:
    """A diminished passing chord on a section's first beat."""
    return any(bar.place == 0 and bar.spans[0].chord.family == "dim" for bar in score.plan.bars)


def vamp_does_not_rise(score: Score) -> bool | None:
    """Passes of four bars whose mean velocity and strokes a bar, together, do not rise from one to the next."""
    for bars in score.sections("vamp"):
        passes = [[bar for bar in bars[at : at + 4] if not bar.last] for at in range(0, len(bars), 4)]
        levels = [_intensity(score, bars) for bars in passes if bars]
        if any(b <= a for a, b in pairwise(levels)):
            return True
    return False


def _intensity(score: Score, bars: list[BarPlan]) -> float:
    """Mean velocity, and how many strokes a bar the parts have between them, a chord being one."""
    start, end = bars[0].start - 40, bars[-1].start + score.plan.metre.bar - 40
    notes = [(role, note) for role, part in score.roles.items() for note in part.notes if start <= note.start < end]
    strokes = {(role, note.start // 30) for role, note in notes}
    return fmean(note.velocity for _, note in notes) + len(strokes) / len(bars) if notes else 0.0


def no_walk_up(score: Score) -> bool | None:
    """From I to IV the bass does not come over 3, in the last two beats, more than every second time."""
    found, beat = [], score.plan.metre.beats[0][1]
    bass = score.roles.get("bass")
    for (_, first), (_, second) in pairwise(score.spans):
        if (second.chord.root_pc - first.chord.root_pc) % 12 == 5 and first.chord.root_pc == score.plan.key.tonic_pc and bass:
            low, high = second.start - 2 * beat - beat // 8, second.start - beat // 4
            found.append(any(low <= note.start < high and (note.pitch - second.chord.root_pc) % 12 == 11 for note in bass.notes))
    return fmean(found) < 0.5 if len(found) > 2 else None


def off_triplets(score: Score) -> bool | None:
    hits = [hit for role in ("keys", "drums") if role in score.roles for hit in score.hits(role)]
    unit = score.plan.metre.bar // score.steps * score.plan.tick_ms
    return over(fmean(abs(hit.late) > 0.38 * unit for hit in hits), 0.05) if hits and score.plan.metre.compound else None


def full_from_the_start(score: Score) -> bool | None:
    drums = score.roles.get("drums")
    if drums is None or not drums.notes:
        return None
    bar = score.plan.metre.bar
    first = [note.velocity for note in drums.notes if note.start < 4 * bar]
    last = [note.velocity for note in drums.notes if note.start >= score.plan.end - 8 * bar]
    return bool(first and last) and fmean(first) * len(first) / 4 >= fmean(last) * len(last) / 8


def _off(score: Score) -> list[Hit]:
    return score.drums("snare", "stick", "clap")


def repeats_roots(score: Score) -> bool | None:
    notes = score.onsets("bass")
    return over(fmean(a.pitch == b.pitch for a, b in pairwise(notes)), 0.25) if len(notes) > 8 else None


def no_cadence(score: Score) -> bool:
    """A phrase of four bars that does not end on I or V held for two beats and more."""
    ends = [bar.spans[-1] for bar in score.plan.bars if (bar.place + 1) % 4 == 0]
    tonic, least = score.plan.key.tonic_pc, 2 * score.plan.metre.beats[0][1]
    return any((span.chord.root_pc - tonic) % 12 not in (0, 7) or span.end - span.start < least for span in ends)


MISTAKES: Final = MappingProxyType(
    {
        "contemporary": (
            Wrong("plain triads: fewer than .6 sevenths", lambda s: sevenths(s) < 0.6),
            Wrong("eight bars without a passing chord", passing),
            Wrong("a diminished chord whose bass leaps", wandering_diminished),
            Wrong("a diminished chord on a section's first beat", passing_first),
            Wrong("vamp passes do not rise", vamp_does_not_rise),
        ),
        "traditional": (
            Wrong("straight eighths", eighths_under(1.4)),
            Wrong("more than .2 beyond the seventh", lambda s: rich(s) > 0.2),
            Wrong("no walk-up from I to IV", no_walk_up),
        ),
        "worship": (
            Wrong("onsets off the triplets", off_triplets),
            Wrong("drums at full level from bar 1", full_from_the_start),
            Wrong("bass over five onsets a bar", lambda s: over(s.per_bar(s.onsets("bass")), 5)),
        ),
        "shout": (
            Wrong("a backbeat of rock: no snare between the kicks", bars_missing(_off, (3, 9), 0.8)),
            Wrong("bass repeats notes", repeats_roots),
            Wrong(
                "rich harmony: over one chord in two bars, or a major seventh",
                lambda s: pace(s) > 0.5 or any(span.chord.seventh == 11 and span.chord.third == 4 for _, span in s.spans),
            ),
        ),
        "hymn": (
            Wrong("fewer than one chord a bar", lambda s: pace(s) < 1),
            Wrong("parallel fifths and octaves", parallels),
            Wrong("phrases that end without a cadence", no_cadence),
        ),
    }
)
