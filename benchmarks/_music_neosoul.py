"""The mistakes that make neo-soul sound wrong, as tests of a piece: true where the mistake is heard."""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean, pstdev
from types import MappingProxyType
from typing import Final

from benchmarks._music_hearing import Wrong, chords_of, few_fourths, on_steps, over, sevenths, under
from benchmarks._music_score import Score

E3: Final = 52


def quantised(score: Score) -> bool | None:
    late = [hit.late for role in score.roles if role != "drums" for hit in score.hits(role)] + [
        hit.late for hit in score.drums("kick", "snare", "stick")
    ]
    return pstdev(late) < 4 or pstdev(late) > 25 if len(late) > 40 else None


def unchanged_loop(score: Score) -> bool:
    """The same four bars of chords more than four times running."""
    bars = [tuple(span.chord for span in bar.spans) for bar in score.plan.bars]
    loops = [tuple(bars[at : at + 4]) for at in range(0, len(bars) - 3, 4)]
    run = longest = 1
    for a, b in pairwise(loops):
        run = run + 1 if a == b else 1
        longest = max(longest, run)
    return longest > 4


def rolled_offsets(score: Score) -> bool | None:
    late = [hit.late for hit in score.drums("snare") if hit.step in (4, 12)]
    return over(pstdev(late), 6) if len(late) > 8 else None


def one_swing(score: Score) -> bool | None:
    means = [
        fmean(hit.late for hit in hits)
        for hits in (score.drums("hat"), score.drums("snare"), score.hits("bass"), score.hits("keys"))
        if len(hits) > 8
    ]
    return max(means) - min(means) < 15 if len(means) > 2 else None


def busy_fills(score: Score) -> bool:
    """A bar with toms, or with more than five strokes on the snare."""
    snares: dict[int, int] = {}
    for hit in score.drums("snare"):
        snares[hit.bar] = snares.get(hit.bar, 0) + 1
    return len(score.drums("tom1", "tom2", "tom3")) > 0 or max(snares.values(), default=0) > 5


def crashes(score: Score) -> bool:
    return len(score.drums("crash", "crash2")) > 0


def straight_eighth_bass(score: Score) -> bool | None:
    return under(on_steps(score, score.onsets("bass"), range(1, 16, 2)), 0.15)


def no_ghosts(score: Score) -> bool | None:
    ghosts = [hit for hit in score.drums("snare") if hit.velocity <= 55]
    return score.per_bar(ghosts, playing=False) < 1


def stuck_keys(score: Score) -> bool | None:
    """More than two bars with neither a stroke nor an end in the keys."""
    hits = score.hits("keys")
    return (
        any(b.start - a.start > 2 * score.plan.metre.bar + 240 and a.end > b.start - 480 for a, b in pairwise(hits))
        if hits
        else None
    )


def top_leaps(score: Score) -> bool | None:
    """Whole chords that leap in parallel more than a fourth in the top voice."""
    chords: dict[int, list[int]] = {}
    for hit in score.hits("keys"):
        chords.setdefault(hit.bar * score.steps + hit.step, []).append(hit.pitch)
    rows = [sorted(notes) for _, notes in sorted(chords.items()) if len(notes) > 2]
    moves = [{b - a for a, b in zip(first, second, strict=True)} for first, second in pairwise(rows) if len(first) == len(second)]
    return any(len(move) == 1 and abs(next(iter(move))) > 5 for move in moves) if moves else None


def functional(score: Score) -> bool:
    """A dominant that falls to the tonic in an A section."""
    key = score.plan.key.tonic_pc
    return any(
        first.chord.family == "dom"
        and (first.chord.root_pc - key) % 12 == 7
        and (second.chord.root_pc - key) % 12 == 0
        and first.chord.third == 4
        for (bar, first), (_, second) in pairwise(score.spans)
        if bar.section.label == "A"
    )


def roots_above(score: Score) -> bool | None:
    """The root among the upper notes of more than a fifth of the keys' chords, where the bass has it."""
    found = []
    early = score.plan.metre.beats[0][1] * 2 // 3  # a push belongs to the chord that comes
    for bar, span in score.spans:
        hits = [hit for hit in score.hits("keys") if span.start <= hit.start < span.end - early and hit.pitch >= E3]
        if len(hits) > 2 and "bass" in bar.only:
            found.append(span.chord.root_pc in {hit.pitch % 12 for hit in hits})
    return over(fmean(found) if found else None, 0.2)


def stacked_thirds(score: Score) -> bool | None:
    """Chords of four notes in thirds in more than a tenth of the keys' chords."""
    rows = [notes for notes in chords_of(score, "keys") if len(notes) > 3]
    return over(fmean(all(b - a in (3, 4) for a, b in pairwise(notes)) for notes in rows) if rows else None, 0.1)


MISTAKES: Final = MappingProxyType(
    {
        "smooth": (
            Wrong("more than .2 triads", lambda s: sevenths(s) < 0.8),
            Wrong("roots in the right hand", roots_above),
            Wrong("quantised, or random", quantised),
            Wrong("a loop unchanged over four times", unchanged_loop),
        ),
        "dilla": (
            Wrong("snare offsets re-rolled", rolled_offsets),
            Wrong("one swing for all parts", one_swing),
            Wrong("crashes", crashes),
            Wrong("busy fills", busy_fills),
        ),
        "uptempo": (
            Wrong("a bass in straight eighths", straight_eighth_bass),
            Wrong("no ghosts on the snare", no_ghosts),
            Wrong("pads for comping: keys under two onsets", lambda s: s.per_bar(s.onsets("keys")) < 2),
        ),
        "ballad": (
            Wrong("over four kicks a bar", lambda s: s.per_bar(s.drums("kick")) > 4),
            Wrong("keys stand still over two bars", stuck_keys),
            Wrong("block leaps over a fourth", top_leaps),
        ),
        "quartal": (
            Wrong("hardly any fourths and fifths", few_fourths),
            Wrong("thirds stacked on the root", stacked_thirds),
            Wrong("V7 to i in an A section", functional),
        ),
    }
)
