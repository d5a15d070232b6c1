"""Progressions by rule held against real charts of their genres by an independent judge, where that is at hand.

python -m benchmarks.harmony [--count 240] [--genres jazz,blues] [--default] [--out FILE] [--gate]

Each genre writes that many progressions of 16 and 32 bars, complexity 5, over its applications and their keys in turn
(`--default`: only the application it plays when none is named). Without the judge the file is written and speed is told.
With classical, the share of four-part chords on which music21 agrees with our numerals is told, where it is installed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from random import Random
from time import perf_counter

from app.harmony.compose import compose
from app.harmony.tables import read_tables
from app.theory.brief import Brief
from app.theory.key import Key
from app.theory.progression import Progression
from app.theory.rhythm import Metre

ROOT = Path(__file__).parent.parent
JUDGE = ROOT.parent / "shared" / "tools" / "eval_chords.py"
GENRES = ("gospel", "jazz", "blues", "classical", "neosoul", "reggae", "latin", "rnb")
BARS = (16, 32)


def progressions(genre: str, count: int, default_only: bool) -> Iterator[Progression]:
    """A genre's progressions: the application, its keys and the two lengths in turn."""
    about = tomllib.loads((ROOT / "genres" / genre / "genre.toml").read_text(encoding="utf-8"))
    raw = tomllib.loads((ROOT / "genres" / genre / "harmony.toml").read_text(encoding="utf-8"))
    names = [about["default"]] if default_only else list(about["applications"])
    for seed in range(count):
        name = names[seed // 2 % len(names)]
        told = about["applications"][name]
        key = told["keys"][seed // (2 * len(names)) % len(told["keys"])]
        brief = Brief(
            genre=genre, application=name, description="", key=Key.parse(key), tempo=told["tempo"], metre=Metre.of(told["metre"]),
            num_bars=BARS[seed % 2], seed=seed, bars_asked=True,
        )  # fmt: skip
        yield compose(brief, read_tables(raw, name), Random(seed))


def line(genre: str, progression: Progression) -> str:
    """A progression as the judge reads it."""
    bars = [[[str(span.chord), float(span.beats)] for span in bar] for bar in progression.bars]
    return json.dumps({"genre": genre, "key": progression.key.short.split()[0], "bars": bars})


def write(path: Path, genres: list[str], count: int, default_only: bool) -> None:
    """All progressions as JSON lines; prints the milliseconds that each takes."""
    with path.open("w", encoding="utf-8") as file:
        for genre in genres:
            start = perf_counter()
            lines = [line(genre, progression) for progression in progressions(genre, count, default_only)]
            print(f"{genre:10} {count} progressions, {1000 * (perf_counter() - start) / count:.2f} ms each")
            file.write("\n".join(lines) + "\n")


def agreement() -> None:
    """Print the share of chords of chorale and string quartet whose numerals music21 finds in the sounding voices."""
    if find_spec("music21") is None:
        return
    from tests.harmony.test_music21_agrees import agreement as agreed

    for application, kind in (("chorale", "choir"), ("string_quartet", "quartet")):
        share, wrong = agreed(application, kind)
        print(f"{application}: music21 agrees on {share:.1%} of chords, not on {len(wrong)}")


def main(arguments: list[str] | None = None) -> int:
    """Write the progressions and let the judge speak."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--genres", default=",".join(GENRES))
    parser.add_argument("--default", action="store_true")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--gate", action="store_true")
    asked = parser.parse_args([] if arguments is None else arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = asked.out or Path(folder) / "progressions.jsonl"
        write(path, asked.genres.split(","), asked.count, asked.default)
        if "classical" in asked.genres.split(","):
            agreement()
        if not JUDGE.exists():
            print("the judge of chord progressions is not at hand")
            return 0
        gate = ["--gate"] if asked.gate else []
        return subprocess.run([sys.executable, str(JUDGE), str(path), *gate], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
