"""Runs the benchmarks named, or all of them; options after a name are that benchmark's own."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).parent
NAMES = sorted(
    path.stem for path in (*HERE.glob("*.py"), *(one.parent for one in HERE.glob("*/__init__.py"))) if path.stem[0] != "_"
)


def main(names: list[str]) -> int:
    """Run each module's `main`; an unknown name is told with the known ones."""
    first = next((place for place, name in enumerate(names) if name.startswith("-")), len(names))
    names, options = names[:first], names[first:]
    status = 0
    for name in names or NAMES:
        if name.partition(".")[0] not in NAMES:
            sys.stderr.write(f'no benchmark "{name}"; there are {", ".join(NAMES)}\n')
            return 2
        print(f"\n== {name}")
        run = importlib.import_module(f"benchmarks.{name}").main
        figures = run(options) if options else run()
        if isinstance(figures, int):
            status = max(status, figures)
        elif figures:
            print(*figures, sep="\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
