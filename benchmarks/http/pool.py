"""Making music over HTTP: what a cheap request waits meanwhile, what the service costs, and what is left past the knee.

Each figure is a ratio of runs that take turns: the event loop that generates itself against worker processes, the service against
as many bare processes, three times the load against what it can bear. Options: `--seconds N` a turn, `--rounds N`.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import sys
import time
from collections.abc import Sequence
from multiprocessing.pool import Pool
from typing import Final

from app.api.crafting import Order, by_rule
from app.api.serving import cores
from app.services.registry import discover
from app.services.runtime import BY_RULE_ALONE, Runtime
from app.theory.brief import Ask
from benchmarks.http._client import Caller, closed, get, good, open_loop, post
from benchmarks.http._figures import Figure, milliseconds, paired, share
from benchmarks.http._servers import Server, service, service_in_loop

BARS: Final = 32
CLIENTS: Final = 8
OVER: Final = 3.0  # times the knee
CHEAP: Final = get("/v1/genres/jazz")
EVERY_S: Final = 0.01  # a cheap request


def main(options: Sequence[str] = ()) -> list[Figure]:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="http.pool")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args(options)
    seconds, rounds = given.seconds, given.rounds
    with service() as server, multiprocessing.get_context("spawn").Pool(cores()) as pool:
        for warming in (lambda: asyncio.run(_made(server, 1.5)), lambda: _bare(pool, 0.5)):
            warming()
        figures = [*_cost(server, pool, seconds, rounds), *_overload(server, seconds, rounds)]
        with service_in_loop() as looped:
            asyncio.run(_made(looped, 1.5))
            figures += _meanwhile(server, looped, seconds, rounds)
    return figures


def _meanwhile(server: Server, looped: Server, seconds: float, rounds: int) -> list[Figure]:
    """What cheap requests wait while clients generate."""
    waits: dict[str, list[float]] = {server.at: [], looped.at: []}
    for _ in range(rounds):
        for one in (server, looped):
            waits[one.at] += asyncio.run(_mixed(one, seconds))
    alone = asyncio.run(_cheap(server, 1.0))
    print(f"a cheap GET alone: {milliseconds(alone)}")
    print(f"  while {CLIENTS} clients generate, in processes: {milliseconds(waits[server.at])}")
    print(f"  while {CLIENTS} clients generate, in the event loop: {milliseconds(waits[looped.at])}")
    ratio = share(waits[server.at], 0.99) / share(waits[looped.at], 0.99)
    return [Figure("cheap GET while 8 generate, p99: processes / event loop", ratio, 0.2, at_most=True)]


def _cost(server: Server, pool: Pool, seconds: float, rounds: int) -> list[Figure]:
    """What the service makes, and what as many processes make that do nothing else."""
    ours, theirs, cpu, bare_cpu = [], [], [], []
    for _ in range(rounds):
        rate, used = _bare(pool, seconds)
        theirs.append(rate)
        bare_cpu.append(used)
        before = server.cpu_s()
        rate = asyncio.run(_made(server, seconds))
        ours.append(rate)
        cpu.append((server.cpu_s() - before) / (rate * seconds))
    print(f"pieces/s: service {statistics.median(ours):.1f}, {cores()} bare processes {statistics.median(theirs):.1f}")
    print(f"CPU a piece: service {statistics.median(cpu) * 1e3:.1f} ms, bare {statistics.median(bare_cpu) * 1e3:.1f} ms")
    return [
        Figure("generate by rule, pieces/s: service / bare processes", paired(ours, theirs), 0.8),
        Figure("  the same by CPU, which other load disturbs less", paired(bare_cpu, cpu), 0.8),
    ]


def _overload(server: Server, seconds: float, rounds: int) -> list[Figure]:
    """What is made of three times what can be made."""
    kept, served, refused, other = [], list[float](), list[float](), 0
    for _ in range(rounds):
        knee = asyncio.run(_made(server, seconds))
        rows = asyncio.run(open_loop(server.at, OVER * knee, seconds, _piece))
        kept.append(len(good(rows)) / seconds / knee)
        served += good(rows)
        refused += [row.seconds for row in rows if row.status == 503]
        other += sum(row.status not in (200, 503) for row in rows)
    print(f"at {OVER:g} x the knee ({knee:.0f}/s): served {milliseconds(served)}; refused with 503 {milliseconds(refused)}")
    print(f"  refused {len(refused) / (len(served) + len(refused)):.0%}, neither made nor refused {other}")
    return [
        Figure("3 x overload: made / made at the knee", statistics.median(kept), 0.9),
        Figure("  p99 of the served (three times what the whole line takes)", share(served, 0.99), 3 * 36 / knee, True, "s"),
    ]


def _piece(number: int) -> bytes:
    return post("/v1/generate/jazz", {"num_bars": BARS, "seed": number})


async def _made(server: Server, seconds: float) -> float:
    """Pieces a second for clients who ask again as soon as they are answered."""
    rows, took = await closed(server.at, CLIENTS, seconds, _piece)
    return len(good(rows)) / took


async def _mixed(server: Server, seconds: float) -> list[float]:
    making = asyncio.create_task(_made(server, seconds))
    cheap = await _cheap(server, seconds)
    await making
    return cheap


async def _cheap(server: Server, seconds: float) -> list[float]:
    until, rows, caller = time.perf_counter() + seconds, [], Caller(server.at)
    while time.perf_counter() < until:
        rows.append((await caller.ask(CHEAP)).seconds)
        await asyncio.sleep(EVERY_S)
    caller.close()
    return rows


def _bare(pool: Pool, seconds: float) -> tuple[float, float]:
    """Pieces a second that as many processes make which do nothing else, and the seconds of CPU of each piece."""
    rates, cpu = zip(*pool.map(_make, [seconds] * cores(), chunksize=1), strict=True)
    return sum(rates), statistics.mean(cpu)


def _make(seconds: float) -> tuple[float, float]:
    service = discover().service("jazz", Runtime(BY_RULE_ALONE))
    by_rule(service, Order(Ask("jazz", num_bars=BARS, seed=0), ""))
    began, used, count = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() < began + seconds:
        by_rule(service, Order(Ask("jazz", num_bars=BARS, seed=count), ""))
        count += 1
    return count / (time.perf_counter() - began), (time.process_time() - used) / count


if __name__ == "__main__":
    print(*main(sys.argv[1:]), sep="\n")
