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

ROUNDS = 15
OCTET = Path(sys.executable).with_name("octet")
SONG = "Tempo 140\nGroove Swing\n" + "".join(
    f"{bar} {chord}\n" for bar, chord in enumerate(["Cmaj7", "A7", "Dm7", "G7", "Em7", "A7", "Dm7", "G7"] * 16, 1)
)


def main() -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as folder:
        mma = _whole_processes(Path(folder))
    _warm(mma)


def _whole_processes(folder: Path) -> float | None:
    """Print wall and CPU of whole processes; MMA's median wall in ms for 32 bars, None where it is not installed."""
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
    return base


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


def _warm(mma: float | None) -> None:
    """Print request to MIDI bytes in a warm process: 32 and 128 bars of five parts, over all genres."""
    from app.services.registry import discover
    from app.services.runtime import Runtime, run_straight
    from app.theory.brief import Ask

    registry, runtime = discover(), Runtime("rules_only")
    print(f"\n{'warm, melody too':<20}{'parts':>6}{'32 bars ms':>11}{'128 bars ms':>12}{'128 / 32':>10}{'32 / mma':>10}")
    for name in registry.names:
        service, millis, parts = registry.service(name, runtime), {}, 0
        for bars in (32, 128):
            runs = []
            for seed in range(12):
                start = time.perf_counter()
                piece = run_straight(service.make(Ask(name, num_bars=bars, seed=seed, with_parts=("melody",))))
                runs.append((time.perf_counter() - start) * 1000)
                parts = len(piece.arrangement.parts)
            millis[bars] = median(runs[2:])
        ratio = f"{millis[32] / mma:>10.3f}" if mma else ""
        print(f"{name:<20}{parts:>6}{millis[32]:>11.1f}{millis[128]:>12.1f}{millis[128] / millis[32]:>10.2f}{ratio}")


if __name__ == "__main__":
    main()
