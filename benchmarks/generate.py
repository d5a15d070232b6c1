"""`octet generate` against the Musical MIDI Accompaniment program (Debian package `mma`), whole processes and warm.

Both make 32 bars of jazz swing. Runs alternate, so that other work on the machine hits both alike; medians and their ratios are
printed. MMA runs as its package has it, on the system's Python, and on the Python that runs this and Octet: distributions
build theirs with optimisations that others lack.
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
PIECES = 3  # of each genre and length in a round, after one that finds another genre in the processor's caches
BEFORE = 30  # other pieces that the process has made before, as a service has: what is known of chords and bars is remembered
FIVE = 5
LENGTHS = 32, 128
OCTET = Path(sys.executable).with_name("octet")
SONG = "Tempo 140\nGroove Swing\n" + "".join(
    f"{bar} {chord}\n" for bar, chord in enumerate(["Cmaj7", "A7", "Dm7", "G7", "Em7", "A7", "Dm7", "G7"] * 16, 1)
)
Timed = tuple[float, float]  # wall and CPU milliseconds


def main() -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as folder:
        mma = _mma(Path(folder))
        _whole_processes(Path(folder), mma)
        _warm({name: command for name, command in mma.items() if name.endswith("32 bars")})


def _mma(folder: Path) -> dict[str, list[str]]:
    """The commands that run MMA, by name; none where it is not installed."""
    program = shutil.which("mma")
    if program is None:
        print("mma not found: no ratios to it")
        return {}
    commands = {}
    for bars in LENGTHS:
        song = folder / f"{bars}.mma"
        song.write_text("\n".join(SONG.splitlines()[: bars + 2]) + "\n", encoding="utf-8")
        command = [program, "-f", str(folder / "mma.mid"), str(song)]
        commands |= {f"mma {bars} bars": command, f"mma here {bars} bars": [sys.executable, *command]}
    return commands


def _whole_processes(folder: Path, mma: dict[str, list[str]]) -> None:
    """Print wall and CPU of whole processes."""
    cases = {f"octet {bars} bars": _octet(folder, bars) for bars in LENGTHS} | mma
    times: dict[str, list[Timed]] = {name: [] for name in cases}
    for command in cases.values():
        _timed(command)
    for _ in range(ROUNDS):
        for name, command in cases.items():
            times[name].append(_timed(command))
    heads = ("wall ms", 9), ("cpu ms", 9), *((f"wall / {base}", 24) for base in _bases(mma))
    print(f"{'whole process':<20}" + "".join(f"{head:>{width}}" for head, width in heads))
    for name, runs in times.items():
        wall, cpu = _medians(runs)
        ratios = "".join(f"{wall / _medians(times[base])[0]:>24.2f}" for base in _bases(mma))
        print(f"{name:<20}{wall:>9.1f}{cpu:>9.1f}{ratios}")


def _bases(mma: dict[str, list[str]]) -> list[str]:
    return [name for name in mma if name.endswith("32 bars")]


def _octet(folder: Path, bars: int) -> list[str]:
    out = str(folder / f"octet{bars}.mid")
    return [str(OCTET), "generate", "jazz", "--bars", str(bars), "--seed", "7", "--model", "rules", "--force", "-o", out]


def _timed(command: list[str]) -> Timed:
    """One run of a process."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall * 1000, spent * 1000


def _medians(runs: list[Timed]) -> Timed:
    return median(wall for wall, _ in runs), median(cpu for _, cpu in runs)


class _Player:
    """A genre's service that makes one piece of five parts after another, each of another seed."""

    def __init__(self, service: BaseGenreGenerator, name: str) -> None:
        from app.theory.brief import Ask

        roles = service.understand(Ask(name, with_parts=("melody",))).parts
        self.service, self.ask, self.seed = service, Ask(name, parts=(*roles[: FIVE - 1], roles[-1])), 0
        self.times: dict[int, list[Timed]] = {bars: [] for bars in LENGTHS}
        self.parts = 0

    def play(self, bars: int) -> Timed:
        """Make the next piece of so many bars; the time from request to MIDI bytes."""
        from app.services.runtime import run_straight

        start, spent = time.perf_counter(), time.process_time()
        piece = run_straight(self.service.make(self.ask._replace(seed=self.seed, num_bars=bars)))
        self.seed, self.parts = self.seed + 1, len(piece.arrangement.parts)
        return (time.perf_counter() - start) * 1000, (time.process_time() - spent) * 1000

    def round(self) -> None:
        """Make some pieces of each length, and keep their medians."""
        self.play(LENGTHS[0])
        for bars in LENGTHS:
            self.times[bars].append(_medians([self.play(bars) for _ in range(PIECES)]))


def _warm(mma: dict[str, list[str]]) -> None:
    """Print request to MIDI bytes in a warm process that keeps its garbage collector as a worker of the service does."""
    from app.api.worker import collect_seldom
    from app.services.registry import discover
    from app.services.runtime import Runtime

    registry, runtime = discover(), Runtime("rules_only")
    players = {name: _Player(registry.service(name, runtime), name) for name in registry.names}
    for player in players.values():
        for _ in range(BEFORE):
            player.play(LENGTHS[0])
    collect_seldom()
    whole: dict[str, list[Timed]] = {name: [] for name in mma}
    for _ in range(ROUNDS):
        for name, command in mma.items():
            whole[name].append(_timed(command))
        for player in players.values():
            player.round()
    _print_warm(players, whole)


def _print_warm(players: dict[str, _Player], whole: dict[str, list[Timed]]) -> None:
    """Ratios are medians of each round's own."""
    heads = ("parts", 6), ("32 bars ms", 11), ("cpu ms", 8), ("128 / 32 cpu", 14), *((f"wall / {name}", 24) for name in whole)
    print(f"\n{'warm, melody too':<20}" + "".join(f"{head:>{width}}" for head, width in heads))
    for name, player in players.items():
        (wall, cpu), (_, long) = (_medians(player.times[bars]) for bars in LENGTHS)
        rounds = player.times[LENGTHS[0]]
        ratios = "".join(
            f"{median(own[0] / base[0] for own, base in zip(rounds, runs, strict=True)):>24.3f}" for runs in whole.values()
        )
        print(f"{name:<20}{player.parts:>6}{wall:>11.1f}{cpu:>8.1f}{long / cpu:>14.2f}{ratios}")


if __name__ == "__main__":
    main()
