"""What the mistakes of several genres are found with: shares of chords and steps, rates, runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

from benchmarks._music_score import Hit, Score, ratio_of


class Wrong(NamedTuple):
    """A mistake and how it is found; None where the piece has nothing to find it in."""

    name: str
    heard: Callable[[Score], bool | None]


def sevenths(score: Score) -> float:
    """Share of chords with a seventh or more."""
    return score.share(lambda span: span.chord.is_seventh)


def rich(score: Score) -> float:
    """Share of chords beyond the seventh."""
    return score.share(lambda span: bool(span.chord.tensions))


def on_steps(score: Score, hits: Iterable[Hit], steps: Iterable[int]) -> float | None:
    """Share of hits in plain bars that lie on those steps."""
    chosen, wanted = score.in_plain(hits), set(steps)
    return fmean(hit.step in wanted for hit in chosen) if chosen else None


def over(value: float | None, most: float) -> bool | None:
    return None if value is None else value > most


def under(value: float | None, least: float) -> bool | None:
    return None if value is None else value < least


def pace(score: Score) -> float:
    """Chord changes a bar."""
    chords = [span.chord for _, span in score.spans]
    return (1 + sum(a != b for a, b in pairwise(chords))) / len(score.plan.bars)


def few_fourths(score: Score) -> bool | None:
    chords: dict[int, list[int]] = {}
    for hit in score.hits("keys"):
        chords.setdefault(hit.bar * score.steps + hit.step, []).append(hit.pitch)
    steps = [b - a for notes in chords.values() if len(notes) > 2 for a, b in pairwise(sorted(notes))]
    return under(fmean(step in (5, 7, 6) for step in steps), 0.7) if steps else None


def eighths_under(ratio: float) -> Callable[[Score], bool | None]:
    return lambda score: under(ratio_of(score, score.in_plain(score.drums("hat", "ride")), 12, pair="8th"), ratio)


def even_quarters(score: Score) -> bool | None:
    """A bass in quarters: more than six notes in ten on beats, and four to the bar."""
    hits = score.onsets("bass")
    on = on_steps(score, hits, range(0, score.steps, score.cells))
    return on > 0.85 and 3.5 < score.per_bar(hits) < 4.5 if on is not None else None


def oompah(score: Score) -> bool | None:
    steps = {hit.bar: set() for hit in score.onsets("keys")}  # type: dict[int, set[int]]
    for hit in score.onsets("keys"):
        steps[hit.bar].add(hit.step)
    return fmean({3, 6} <= found and not found - {0, 3, 6} for found in steps.values()) > 0.3 if steps else None


def has(*roles: str) -> Callable[[Score], bool]:
    return lambda score: any(role in score.roles for role in roles)


def jazz_chords(share: float) -> Callable[[Score], bool]:
    return lambda score: rich(score) > share


def bars_missing(hits: Callable[[Score], list[Hit]], steps: tuple[int, ...], least: float) -> Callable[[Score], bool | None]:
    """Whether a step of those is struck in fewer plain bars than that."""

    def heard(score: Score) -> bool | None:
        found = hits(score)
        return any(score.rate(found, step) < least for step in steps) if found and score.plain else None

    return heard


def parallels(score: Score) -> bool | None:
    """More than half a parallel fifth or octave in a hundred steps of the four voices."""
    voices = [score.onsets(name) for name in ("soprano", "alto", "tenor", "bass")]
    if not all(voices):
        return None
    ticks = sorted({hit.bar * score.steps + hit.step for voice in voices for hit in voice})
    rows = []
    for tick in ticks:
        rows.append(
            [next((hit.pitch for hit in reversed(voice) if hit.bar * score.steps + hit.step <= tick), 0) for voice in voices]
        )
    bad = sum(
        (a[high] - a[low]) % 12 == (b[high] - b[low]) % 12 in (0, 7) and a[high] != b[high] and a[low] != b[low]
        for a, b in pairwise(rows)
        for high in range(4)
        for low in range(high + 1, 4)
    )
    return bad / max(1, len(rows) - 1) > 0.005


def chords_of(score: Score, role: str, low: int = 0) -> list[list[int]]:
    """The chords of three notes and more that a part strikes, from a pitch up, each from below."""
    rows: dict[int, list[int]] = {}
    for hit in score.hits(role):
        if hit.pitch >= low:
            rows.setdefault(hit.bar * score.steps + hit.step, []).append(hit.pitch)
    return [sorted(notes) for _, notes in sorted(rows.items()) if len(notes) > 2]
