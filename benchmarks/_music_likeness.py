"""How unlike the grids of applications are: no two may be the same music under two names."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from statistics import fmean

from benchmarks._music_score import Score


def distances(scores: Iterable[tuple[str, Score]]) -> list[tuple[str, str, float]]:
    """How unlike the grids of applications are: mean difference of the rates of drums and of onsets."""
    grids = [(name, _grid(score)) for name, score in scores]
    found = []
    for (a, first), (b, second) in combinations(grids, 2):
        used = [abs(x - y) for x, y in zip(first, second, strict=True) if x or y]
        found.append((a, b, fmean(used) if used else 1.0))
    return found


def _grid(score: Score) -> list[float]:
    groups = (("kick",), ("snare", "stick", "clap"), ("hat", "ride", "open", "bell"))
    rows = [score.drums(*names) for names in groups] + [
        score.onsets(role) for role in ("bass", "keys", "guitar", "melody", "organ", "soprano", "violin1", "violin2")
    ]
    places = [[hit.step * 48 // score.steps for hit in score.in_plain(row)] for row in rows]
    return [min(1.0, row.count(step) / max(1, len(score.plain))) for row in places for step in range(48)]
