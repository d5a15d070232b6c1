"""Runs the benchmarks named, or all of them."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def main(names: list[str]) -> int:
    """Run each module's `main`; an unknown name is told with the known ones."""
    for name in names or NAMES:
        if name not in NAMES:
            sys.stderr.write(f'no benchmark "{name}"; there are {", ".join(NAMES)}\n')
            return 2
        print(f"\n== {name}")
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
