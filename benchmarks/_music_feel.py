"""What drummers do with time, measured: where off-sixteenths fall, and whether layers stand off the grid as their table says."""

from __future__ import annotations

from statistics import fmean, pstdev

from benchmarks._music_score import Hit, Score

OFTEN = 12  # strokes that a mean is taken of, at least
LAYERS = ("snare", "clap", "hat", "shaker", "stick")  # on the grid but for their table; the kick's offsets are in its rows
HALFWAY = 55.5  # % of the eighth: below it a feel is meant straight
KIT = ("hat", "ride", "shaker", "tamb", "snare", "kick", "bell")


def off_sixteenths(score: Score) -> float | None:
    """Where the e and the a fall within their eighth, in %: drums against their own strokes on eighths, lay-back aside."""
    beat, tick_ms = score.plan.metre.beats[0][1], score.plan.tick_ms
    if score.cells != 4 or score.style.feel.lean:
        return None
    places: list[float] = []
    for drum in KIT:
        hits = [hit for hit in score.in_plain(score.drums(drum)) if abs(hit.late) < 40]
        on, off = ([hit for hit in hits if hit.step % 2 == odd] for odd in (0, 1))
        if len(on) < OFTEN or len(off) < OFTEN:
            continue
        habit = fmean(hit.late for hit in on)
        places += [100 * (hit.late - habit) / tick_ms / (beat / 2) + _own(score, hit) for hit in off]
    return fmean(places) if len(places) >= 2 * OFTEN else None


def _own(score: Score, hit: Hit) -> float:
    """Where the swung grid has that sixteenth, in % of its eighth."""
    at = hit.bar * score.steps + hit.step
    return 100 * (score.grid[at] - score.grid[at - 1]) / (score.grid[at + 1] - score.grid[at - 1])


def straight(score: Score) -> float | None:
    """Off-sixteenths of a feel that is written straight."""
    return off_sixteenths(score) if _written(score) < HALFWAY else None


def swung(score: Score) -> float | None:
    """Off-sixteenths of a feel that is written swung."""
    return off_sixteenths(score) if _written(score) >= HALFWAY else None


def _written(score: Score) -> float:
    feel = score.style.feel
    ratio = feel.ratio_at(score.tempo) if feel.swing == "16th" else 1.0
    return 100 * ratio / (1 + ratio)


def layers_off_their_table(score: Score) -> float | None:
    """Milliseconds by which the layer that strays most lies off the place that the table gives it, on average."""
    drums = score.style.drums
    found = [
        abs(fmean(hit.late for hit in hits) - drums.late.get(drum, 0.0))
        for drum in LAYERS
        if drums and len(hits := score.in_plain(score.drums(drum))) >= OFTEN
    ]
    return max(found, default=None)


def layers_spread(score: Score) -> float | None:
    """Milliseconds of spread in the layer that has most."""
    found = [pstdev(hit.late for hit in hits) for drum in LAYERS if len(hits := score.in_plain(score.drums(drum))) >= OFTEN]
    return max(found, default=None)
