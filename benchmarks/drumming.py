"""The drummer against recorded people: pieces of every application that the judge of drum parts knows, with its gates.

The judge lies beside the checkout (`../shared/tools/eval_grooves.py`); without it nothing is measured.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

JUDGE: Final = Path(__file__).parents[2] / "shared" / "tools" / "eval_grooves.py"
PIECES: Final = 30
BARS: Final = 32
GATED: Final = (("jazz", "swing"), ("jazz", "bebop"), ("rnb", "classic_soul"), ("neosoul", "smooth"))
SHOWN: Final = (  # judged by one or two recorded people: to look at, not gated
    ("jazz", "waltz"), ("jazz", "fusion"), ("jazz", "modal"), ("blues", "shuffle"), ("latin", "bossa_nova"), ("latin", "samba"),
    ("rnb", "motown"), ("reggae", "one_drop"), ("reggae", "steppers"), ("gospel", "shout"), ("neosoul", "uptempo"),
)  # fmt: skip


def main() -> int:
    """Print the judge's tables of the gated applications with their gates, then of the others; the gates' exit status."""
    if not JUDGE.is_file():
        print(f"no judge of drum parts at {JUDGE}: nothing measured")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        gated, shown = Path(folder, "gated"), Path(folder, "shown")
        render(GATED, gated)
        status = judge(gated, "--gate")
        render(SHOWN, shown)
        judge(shown, gates=False)
    return status


def render(applications: tuple[tuple[str, str], ...], folder: Path) -> None:
    """Write the pieces as `genre_application_seed.mid`, default tempo and feel, seeds from 0."""
    from app.services.registry import discover
    from app.services.runtime import Runtime
    from app.studio import generate
    from app.theory.brief import Ask

    folder.mkdir(exist_ok=True)
    registry, runtime = discover(), Runtime()
    for genre, application in applications:
        for seed in range(PIECES):
            ask = Ask(genre, application=application, num_bars=BARS, seed=seed, strategy="rules_only")
            (folder / f"{genre}_{application}_{seed}.mid").write_bytes(generate(ask, registry, runtime).midi)


def judge(folder: Path, *options: str, gates: bool = True) -> int:
    """Print what the judge says of a folder of pieces, without its gates where they do not apply; its exit status."""
    said = subprocess.run([sys.executable, str(JUDGE), str(folder), *options], check=False, capture_output=True, text=True)
    lines = said.stdout.splitlines()
    if not gates:
        lines = [line for line in lines if not line.startswith(("pass", "FAIL", "macro", "gates"))]
    print(*lines, said.stderr, sep="\n")
    return said.returncode


if __name__ == "__main__":
    sys.exit(main())
