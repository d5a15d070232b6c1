"""How many generations are kept a second, each on the disk before it is said so: one writer for all against one commit a row.

python -m benchmarks http.store [--clients 64] [--seconds 3] [--rounds 3] [--url postgresql://...]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence

from app.services.record import made_again, record_of
from app.services.registry import discover
from app.services.runtime import Runtime
from app.store.durable import Durable
from app.store.generations import Generations
from app.store.place import Place, place_of
from app.store.record import Record, new_id
from app.store.tables import GENERATIONS
from app.theory.brief import Ask
from benchmarks.http._figures import Figure, paired

PLAIN = "one commit a row"
SHARED = "one writer, commits shared"
Keep = Callable[[Record], Awaitable[None]]


def sample() -> Record:
    """A piece of 32 bars as it is kept."""
    registry = discover()
    ask = Ask(registry.names[0], num_bars=32, seed=1)
    return record_of(made_again(registry.service(ask.genre, Runtime("rules_only")), ask), ask, new_id())


async def rate(keep: Keep, record: Record, clients: int, seconds: float) -> tuple[float, float]:
    """Rows a second, and the median of milliseconds that a client waits."""
    waited: list[float] = []
    until = time.perf_counter() + seconds

    async def client() -> None:
        while time.perf_counter() < until:
            began = time.perf_counter()
            await keep(record._replace(id=new_id()))
            waited.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return len(waited) / (time.perf_counter() - began), statistics.median(waited) * 1e3


def one_by_one(folder: str) -> Keep:
    """SQLite by itself, in the same journal, as durable: each row in a transaction of its own."""
    names = [column.key for column in GENERATIONS.columns if column.key != "owner"]
    connection = sqlite3.connect(os.path.join(folder, "plain.sqlite3"), check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"CREATE TABLE IF NOT EXISTS generations ({', '.join(names)}, PRIMARY KEY (id))")
    asked = f"INSERT INTO generations ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    turn = asyncio.Lock()

    async def keep(record: Record) -> None:
        row = record._asdict()
        async with turn:
            await asyncio.to_thread(connection.execute, asked, [row[name] for name in names])

    return keep


def main(options: Sequence[str] = ()) -> list[Figure]:
    """Have both keep rows in turn, and print rates and their ratio."""
    parser = argparse.ArgumentParser(prog="http.store")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=0.6, help="a turn; disks are moody, so turns are short and many")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--url", default="", help="a PostgreSQL to keep them in too")
    return asyncio.run(_measured(parser.parse_args(options)))


async def _measured(given: argparse.Namespace) -> list[Figure]:
    record, found = sample(), dict[str, list[tuple[float, float]]]()
    with tempfile.TemporaryDirectory() as folder:
        kept = {SHARED: Durable(Place(path=os.path.join(folder, "shared.sqlite3")))}
        if given.url:
            kept["the same in PostgreSQL"] = Durable(place_of(given.url))
        ways = {PLAIN: one_by_one(folder)} | {name: kept_by(database) for name, database in kept.items()}
        for keep in ways.values():
            await rate(keep, record, given.clients, 1.0)
        for _ in range(given.rounds):
            for name, keep in ways.items():
                found.setdefault(name, []).append(await rate(keep, record, given.clients, given.seconds))
        for database in kept.values():
            database.close()
    rates = {name: [row[0] for row in rows] for name, rows in found.items()}
    size = len(record.result) + len(record.progression) + len(record.file)
    print(f"{given.clients} clients, rows of {size} bytes, WAL, synchronous FULL")
    for name, rows in found.items():
        print(f"{name:28} {statistics.median(rates[name]):6.0f}/s, p50 {statistics.median(row[1] for row in rows):.1f} ms")
    return [Figure("durable inserts at 64 clients: grouped / one commit a row", paired(rates[SHARED], rates[PLAIN]), 5.0)]


def kept_by(database: Durable) -> Keep:
    """As the service keeps them."""
    library = Generations(database)
    return lambda record: library.keep(record, "benchmark")


if __name__ == "__main__":
    import sys

    print(*main(sys.argv[1:]), sep="\n")
