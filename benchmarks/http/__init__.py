"""What the service costs, each part a benchmark of its own: `python -m benchmarks http` runs all, `http.web` one."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

PARTS = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def main(options: Sequence[str] = ()) -> None:
    """Run every part; options are each part's own, so they are given to one part by its name."""
    if options:
        raise SystemExit(f"name the part: {', '.join(f'http.{part}' for part in PARTS)}")
    for part in PARTS:
        print(f"\n-- http.{part}")
        importlib.import_module(f"benchmarks.http.{part}").main()
