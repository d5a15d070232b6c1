"""`octet generate` against the Musical MIDI Accompaniment program (Debian package `mma`), whole processes and warm.

Both make 32 bars of jazz swing. Runs alternate, so that other work on the machine hits both alike; medians and their ratio are
printed. MMA runs on the system's Python, Octet on the one that runs this.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.services.base_genre_generator import BaseGenreGenerator

ROUNDS = 15
BEFORE = 30  # other pieces that the process has made before, as a service has: what is known of chords and bars is remembered
FIVE = 5
OCTET = Path(sys.executable).with_name("octet")
SONG = "Tempo 140\nGroove Swing\n" + "".join(
    f"{bar} {chord}\n" for bar, chord in enumerate(["Cmaj7", "A7", "Dm7", "G7", "Em7", "A7", "Dm7", "G7"] * 16, 1)
)


def main() -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as folder:
        mma = _whole_processes(Path(folder))
    _warm(mma)


def _whole_processes(folder: Path) -> tuple[float, float] | None:
    """Print wall and CPU of whole processes; MMA's medians of both in ms for 32 bars, None where it is not installed."""
    cases = {f"octet {bars} bars": _octet(folder, bars) for bars in (32, 128)}
    if shutil.which("mma"):
        for bars in (32, 128):
            song = folder / f"{bars}.mma"
            song.write_text("\n".join(SONG.splitlines()[: bars + 2]) + "\n", encoding="utf-8")
            cases[f"mma {bars} bars"] = ["mma", "-f", str(folder / "mma.mid"), str(song)]
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in cases}
    for command in cases.values():
        _timed(command)
    for _ in range(ROUNDS):
        for name, command in cases.items():
            times[name].append(_timed(command))
    walls = {name: median(wall for wall, _ in runs) for name, runs in times.items()}
    base = walls.get("mma 32 bars")
    print(f"{'whole process':<20}{'wall ms':>9}{'cpu ms':>9}{'wall / mma 32':>15}{'cpu / mma 32':>14}")
    cpu = {name: median(spent for _, spent in runs) for name, runs in times.items()}
    for name in cases:
        ratios = f"{walls[name] / base:>15.2f}{cpu[name] / cpu['mma 32 bars']:>14.2f}" if base else f"{'mma not found':>15}"
        print(f"{name:<20}{walls[name]:>9.1f}{cpu[name]:>9.1f}{ratios}")
    return (base, cpu["mma 32 bars"]) if base else None


def _octet(folder: Path, bars: int) -> list[str]:
    out = str(folder / f"octet{bars}.mid")
    return [str(OCTET), "generate", "jazz", "--bars", str(bars), "--seed", "7", "--model", "rules", "--force", "-o", out]


def _timed(command: list[str]) -> tuple[float, float]:
    """Wall and CPU milliseconds of one run."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall * 1000, spent * 1000


def _warm(mma: tuple[float, float] | None) -> None:
    """Print request to MIDI bytes in a warm process: 32 and 128 bars of five parts, over all genres.

    CPU is told beside the wall, since other work on the machine makes that longer; MMA's own is divided by alike.
    """
    from app.services.registry import discover
    from app.services.runtime import Runtime

    registry, runtime = discover(), Runtime("rules_only")
    heads = ("parts", 6), ("32 bars ms", 11), ("cpu ms", 8), ("128 / 32 cpu", 14), ("32 / mma", 10), ("cpu / mma", 11)
    print(f"\n{'warm, melody too':<20}" + "".join(f"{head:>{width}}" for head, width in heads))
    for name in registry.names:
        service = registry.service(name, runtime)
        parts, wall, cpu = _made(service, name, 32)
        _, _, long = _made(service, name, 128)
        ratio = f"{wall / mma[0]:>10.3f}{cpu / mma[1]:>11.3f}" if mma else ""
        print(f"{name:<20}{parts:>6}{wall:>11.1f}{cpu:>8.1f}{long / cpu:>14.2f}{ratio}")


def _made(service: BaseGenreGenerator, name: str, bars: int) -> tuple[int, float, float]:
    """How many parts a piece of five at most has, and the median wall and CPU milliseconds of making one."""
    from app.services.runtime import run_straight
    from app.theory.brief import Ask

    roles = service.understand(Ask(name, with_parts=("melody",))).parts
    ask = Ask(name, num_bars=bars, parts=(*roles[: FIVE - 1], roles[-1]))
    for seed in range(BEFORE):
        run_straight(service.make(ask._replace(seed=seed)))
    runs, parts = [], 0
    for seed in range(BEFORE, BEFORE + ROUNDS):
        start, spent = time.perf_counter(), time.process_time()
        piece = run_straight(service.make(ask._replace(seed=seed)))
        runs.append(((time.perf_counter() - start) * 1000, (time.process_time() - spent) * 1000))
        parts = len(piece.arrangement.parts)
    return parts, median(wall for wall, _ in runs), median(cpu for _, cpu in runs)


if __name__ == "__main__":
    main()
