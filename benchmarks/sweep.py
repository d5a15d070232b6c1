"""Every application in every metre over many seeds, each file linted and its bars counted: `python -m benchmarks sweep`.

`OCTET_SWEEP_SEEDS` says how many seeds (20 by default); even seeds make the default length, odd ones 7, 12, 16 or 33 bars.
"""

from __future__ import annotations

import os
from collections import Counter

from app.render.lint import lint
from app.services.registry import discover
from app.services.runtime import Runtime, run_straight
from app.theory.brief import Ask
from app.theory.rhythm import METRES

LENGTHS = (7, 12, 16, 33)


def main() -> None:
    """Print pieces, findings and wrong lengths by genre, and each kind of finding."""
    seeds = int(os.environ.get("OCTET_SWEEP_SEEDS", "20"))
    registry, runtime = discover(), Runtime("rules_only")
    rules: Counter[str] = Counter()
    print(f"{'genre':<12}{'applications':>13}{'pieces':>8}{'findings':>10}{'wrong bars':>12}")
    for name in registry.names:
        service = registry.service(name, runtime)
        pieces = findings = wrong = 0
        applications = tuple(service.genre.vocabulary.applications)
        for application, metre, seed in ((a, m, s) for a in applications for m in METRES for s in range(seeds)):
            bars = LENGTHS[seed // 2 % len(LENGTHS)] if seed % 2 else None
            piece = run_straight(service.make(Ask(name, application=application, time_signature=metre, seed=seed, num_bars=bars)))
            found = lint(piece.midi)
            rules.update(finding.rule for finding in found)
            pieces, findings = pieces + 1, findings + len(found)
            wrong += bars is not None and len(piece.progression.bars) != bars
        print(f"{name:<12}{len(applications):>13}{pieces:>8}{findings:>10}{wrong:>12}", flush=True)
    for rule, count in rules.most_common():
        print(f"  {rule}: {count}")
