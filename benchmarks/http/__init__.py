"""What the service costs: `python -m benchmarks http` measures all and ends with each figure beside its goal; `http.web` a part.

Figures are ratios of runs that take turns on one machine with the client; what other processes do meanwhile falls on both.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

PARTS = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def main(options: Sequence[str] = ()) -> None:
    """Run every part; options are each part's own, so they are given to one part by its name."""
    if options:
        raise SystemExit(f"name the part: {', '.join(f'http.{part}' for part in PARTS)}")
    figures = []
    for part in PARTS:
        print(f"\n-- http.{part}")
        figures += importlib.import_module(f"benchmarks.http.{part}").main()
    print("\n-- all figures")
    print(*figures, sep="\n")
