"""The service under load: what a cheap request waits while others generate, what processes cost, and what is left past the knee.

Each figure is a ratio of two runs within one call, as machines differ: the event loop that generates itself against worker
processes, the service against bare processes, three times the load against what it can bear. Option: `--seconds N` a run.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psutil

from app.api.crafting import Order, by_rule
from app.api.parcels import worked_here
from app.api.serving import cores
from app.services.registry import discover
from app.services.runtime import BY_RULE_ALONE, Runtime
from app.theory.brief import Ask
from benchmarks.http._client import Caller, Took, get, post, share

BARS: Final = 32
CLIENTS: Final = 8
OVER: Final = 3.0  # times the knee
CHEAP: Final = get("/v1/genres/jazz")
EVERY_S: Final = 0.01  # a cheap request
IN_LOOP: Final = "from benchmarks.http.pool import serve_in_loop; serve_in_loop(int(__import__('sys').argv[1]))"


def main(options: Sequence[str] = ()) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="http.pool")
    parser.add_argument("--seconds", type=float, default=6.0)
    seconds: float = parser.parse_args(options).seconds
    bare, bare_cpu = _bare(seconds)
    with _service(os.getpid() % 10_000 + 20_000) as (port, process):
        idle = asyncio.run(_cheap_alone(port, 1.0))
        pooled = asyncio.run(_mixed(port, seconds))
        before = _cpu(process)
        alone = asyncio.run(_closed(port, CLIENTS, seconds))
        cpu = (_cpu(process) - before) / (alone * seconds)
        over = asyncio.run(_open(port, OVER * alone, seconds))
    with _service(os.getpid() % 10_000 + 30_001, IN_LOOP) as (port, _):
        looped = asyncio.run(_mixed(port, seconds))
    _line("a cheap GET: p50 ms, p99 ms, pieces/s", *_milliseconds(idle), 0.0)
    _line("  while 8 generate, in processes", *_milliseconds(pooled[0]), pooled[1])
    _line("  while 8 generate, in the event loop", *_milliseconds(looped[0]), looped[1])
    _line("  p99 in processes / in the event loop", share(pooled[0], 0.99) / share(looped[0], 0.99))
    _line("pieces/s: service, bare processes, ratio", alone, bare, alone / bare)
    _line("CPU ms a piece: service, bare, bare / service", cpu * 1e3, bare_cpu * 1e3, bare_cpu / cpu)
    _beyond([row for row in over if row.status == 200], [row for row in over if row.status == 503], seconds, alone)
    print(f"neither made nor refused: {sum(row.status not in (200, 503) for row in over)}")


def _beyond(good: list[Took], refused: list[Took], seconds: float, knee: float) -> None:
    _line(f"at {OVER:g} x that: made/s, ratio", len(good) / seconds, len(good) / seconds / knee)
    _line("  p50 ms, p99 ms", *_milliseconds([row.seconds for row in good]))
    _line(
        "  refused: p50 ms, p99 ms, share",
        *_milliseconds([row.seconds for row in refused]),
        len(refused) / (len(good) + len(refused)),
    )


def _line(name: str, *figures: float) -> None:
    print(f"{name:<44}" + "".join(f"{figure:>10.3f}" if figure < 3 else f"{figure:>10.1f}" for figure in figures))


def _milliseconds(seconds: list[float]) -> tuple[float, float]:
    return share(seconds, 0.5) * 1e3, share(seconds, 0.99) * 1e3


@contextmanager
def _service(port: int, code: str = "") -> Iterator[tuple[int, psutil.Process]]:
    """A running service, warm: its port and its process."""
    with tempfile.TemporaryDirectory() as folder:
        what = ["-c", code, str(port)] if code else ["-m", "app.cli", "serve", "--port", str(port)]
        variables = os.environ | {"OCTET_DATA_DIR": folder, "OCTET_STRATEGY": BY_RULE_ALONE, "OCTET_LOG": "off"}
        process = subprocess.Popen([sys.executable, *what], env=variables, stderr=subprocess.DEVNULL)
        try:
            asyncio.run(_warm(port))
            yield port, psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(20)


async def _warm(port: int) -> None:
    caller = Caller(port)
    while True:
        try:
            await caller.ask(CHEAP)
            break
        except OSError:
            await asyncio.sleep(0.05)
    await _closed(port, CLIENTS, 1.0)


def serve_in_loop(port: int) -> None:
    """The same service, but for what generates: its event loop."""
    import uvicorn

    from app.main import create_app

    app = create_app()
    state = app.state.octet
    state.serving = state.serving._replace(processes=0)

    async def hands(function: Callable[..., Any], *arguments: Any) -> Any:
        return worked_here(function, arguments)

    state.hands = hands
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical", access_log=False)


def _request(seed: int) -> bytes:
    return post("/v1/generate/jazz", {"num_bars": BARS, "seed": seed})


async def _closed(port: int, clients: int, seconds: float) -> float:
    """Pieces a second that so many clients get who ask again as soon as they are answered."""
    until, rows = time.perf_counter() + seconds, []

    async def one(number: int) -> None:
        caller = Caller(port)
        while time.perf_counter() < until:
            rows.append(await caller.ask(_request(number * 1000 + len(rows))))
        caller.close()

    began = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(clients)))
    return sum(row.status == 200 for row in rows) / (time.perf_counter() - began)


async def _mixed(port: int, seconds: float) -> tuple[list[float], float]:
    """What cheap requests took while clients generate, and how many pieces those got a second."""
    making = asyncio.create_task(_closed(port, CLIENTS, seconds))
    cheap = await _cheap_alone(port, seconds)
    return cheap, await making


async def _cheap_alone(port: int, seconds: float) -> list[float]:
    until, rows, caller = time.perf_counter() + seconds, [], Caller(port)
    while time.perf_counter() < until:
        rows.append((await caller.ask(CHEAP)).seconds)
        await asyncio.sleep(EVERY_S)
    caller.close()
    return rows


async def _open(port: int, rate: float, seconds: float) -> list[Took]:
    """Requests sent at a rate, whatever becomes of those before."""
    free: list[Caller] = []
    rows: list[Took] = []

    async def one(number: int) -> None:
        caller = free.pop() if free else Caller(port)
        rows.append(await caller.ask(_request(number)))
        free.append(caller)

    began, tasks = time.perf_counter(), []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(one(number)))
    await asyncio.gather(*tasks)
    return rows


def _cpu(process: psutil.Process) -> float:
    """Seconds of CPU that a service and its workers have used."""
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return sum(row.user + row.system for row in times)


def _bare(seconds: float) -> tuple[float, float]:
    """Pieces a second that as many processes make which do nothing else, and the seconds of CPU of each piece."""
    with multiprocessing.get_context("spawn").Pool(cores()) as pool:
        rates, cpu = zip(*pool.map(_make, [seconds] * cores()), strict=True)
    return sum(rates), sum(cpu) / len(cpu)


def _make(seconds: float) -> tuple[float, float]:
    service = discover().service("jazz", Runtime(BY_RULE_ALONE))
    for seed in range(20):
        by_rule(service, Order(Ask("jazz", num_bars=BARS, seed=seed), ""))
    began, used, count = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() < began + seconds:
        by_rule(service, Order(Ask("jazz", num_bars=BARS, seed=count), ""))
        count += 1
    return count / (time.perf_counter() - began), (time.process_time() - used) / count


if __name__ == "__main__":
    main(sys.argv[1:])
