"""What the genres must sound like, measured: a table an application, each check named, real players beside it where known.

python -m benchmarks.music [--seeds N] [--only genre/application] [--failed]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from statistics import fmean

from app.services.registry import discover
from app.services.runtime import Runtime
from app.studio import generate
from app.theory.brief import Ask
from benchmarks._music_common import Check, checks
from benchmarks._music_hearing import Wrong
from benchmarks._music_likeness import distances
from benchmarks._music_mistakes import genre_checks, mistakes, sung_mistakes
from benchmarks._music_rows import row_checks
from benchmarks._music_score import Score

SEEDS = 50


def main(arguments: list[str] | None = None) -> int:
    """Print the tables; 1 when a check is missed."""
    reader = argparse.ArgumentParser(description="Musical checks.")
    reader.add_argument("--seeds", type=int, default=SEEDS)
    reader.add_argument("--only", default="", help="genre or genre/application")
    reader.add_argument("--failed", action="store_true", help="only what is missed")
    asked = reader.parse_args(arguments or [])
    missed = 0
    firsts: dict[str, list[tuple[str, Score]]] = {}
    for genre, application in applications():
        if not f"{genre}/{application}".startswith(asked.only):
            continue
        pieces = [score(genre, application, seed) for seed in range(asked.seeds)]
        print(f"\n{genre}/{application}")
        name = genre, application
        for check in [*checks(*name), *row_checks(*name), *genre_checks(*name)]:
            missed += report(check, pieces, failed=asked.failed)
        for wrong in mistakes(*name):
            missed += report_wrong(wrong, pieces, failed=asked.failed)
        if lines := sung_mistakes(*name):
            sung = [score(genre, application, seed, with_parts=("melody",)) for seed in range(asked.seeds)]
            missed += sum(report_wrong(wrong, sung, failed=asked.failed) for wrong in lines)
        missed += same(pieces)
        firsts.setdefault(genre, []).append((application, pieces[0]))
    for genre, scores in firsts.items():
        near = sorted((distance, a, b) for a, b, distance in distances(scores))[:2]
        if near:
            print(f"\n{genre}: nearest grids " + ", ".join(f"{a} and {b} {distance:.2f}" for distance, a, b in near))
    print(f"\n{missed} checks missed")
    return 1 if missed else 0


def applications() -> Iterator[tuple[str, str]]:
    """All genres with all their applications."""
    registry = discover()
    for name in registry.names:
        for application in registry.service(name, Runtime()).genre.vocabulary.applications:
            yield name, application


def score(genre: str, application: str, seed: int, **asked: object) -> Score:
    """A piece with everything at its default, read for the checks."""
    registry, runtime = discover(), Runtime()
    piece = generate(Ask(genre, application=application, seed=seed, strategy="rules_only", **asked), registry, runtime)  # type: ignore[arg-type]
    brief = piece.brief
    return Score(piece, registry.service(genre, runtime).genre.style(application, brief.tempo, brief.metre))


def report(check: Check, pieces: list[Score], *, failed: bool) -> bool:
    """Print one line; whether the check is missed."""
    values = [value for piece in pieces if (value := check.value(piece)) is not None]
    if not values:
        return False
    mean = fmean(values)
    good = check.least - 1e-9 <= mean <= check.most + 1e-9
    if not good or not failed:
        bounds = f"{check.least:g} to {check.most:g}"
        print(f"  {'ok  ' if good else 'MISS'} {check.name:<46}{mean:>9.2f}  {bounds:<14}{check.people}")
    return not good


def report_wrong(wrong: Wrong, pieces: list[Score], *, failed: bool) -> bool:
    """Print one line; whether the mistake is heard in any piece."""
    heard = [seed for seed, piece in enumerate(pieces) if wrong.heard(piece)]
    if heard or not failed:
        seeds = f"  seeds {', '.join(map(str, heard[:8]))}" if heard else ""
        print(f"  {'MISS' if heard else 'ok  '} wrong: {wrong.name:<44}{len(heard):>4} of {len(pieces)}{seeds}")
    return bool(heard)


def same(pieces: list[Score]) -> bool:
    """Whether two seeds made the same notes; told if so."""
    if len({tuple(part.notes for part in piece.arrangement.parts) for piece in pieces}) == len(pieces):
        return False
    print("  MISS two seeds are the same piece")
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
