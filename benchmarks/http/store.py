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
    names = [column.name for column in GENERATIONS.columns if column.name != "owner"]
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
    """Run both in turn, round after round, and print rates and their ratio."""
    parser = argparse.ArgumentParser(prog="http.store")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--url", default="", help="a PostgreSQL to keep them in too")
    return asyncio.run(_measured(parser.parse_args(options)))


async def _measured(given: argparse.Namespace) -> list[Figure]:
    record, found = sample(), dict[str, list[tuple[float, float, float]]]()
    for _ in range(given.rounds):
        for name, row in (await _round(record, given)).items():
            found.setdefault(name, []).append(row)
    print(f"{given.clients} clients, rows of {len(record.result) + len(record.progression) + len(record.midi)} bytes")
    print("fresh: the log grows, so each commit waits for the file system; again: its space is used again")
    print(f"{'':30}{'fresh/s':>10}{'p50 ms':>10}{'again/s':>10}")
    columns = {name: list(zip(*rows, strict=True)) for name, rows in found.items()}
    for name, (fresh, again, waited) in columns.items():
        print(f"{name:30}{statistics.median(fresh):10.0f}{statistics.median(waited):10.1f}{statistics.median(again):10.0f}")
    (plain_fresh, plain_again, _), (fresh, again, _) = columns[PLAIN], columns[SHARED]
    return [
        Figure("durable inserts at 64 clients: grouped / one commit a row", paired(fresh, plain_fresh), 5.0),
        Figure("  the same where the log's space is used again", paired(again, plain_again), 5.0),
    ]


async def _round(record: Record, given: argparse.Namespace) -> dict[str, tuple[float, float, float]]:
    """Of each way the rates, fresh and again, and the wait in milliseconds."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        kept = {SHARED: Durable(Place(path=os.path.join(folder, "shared.sqlite3")))}
        if given.url:
            kept["the same in PostgreSQL"] = Durable(place_of(given.url))
        ways = {PLAIN: one_by_one(folder)} | {name: kept_by(database) for name, database in kept.items()}
        for name, keep in ways.items():
            fresh, waited = await rate(keep, record, given.clients, given.seconds)
            again, _ = await rate(keep, record, given.clients, given.seconds)
            found[name] = (fresh, again, waited)
        for database in kept.values():
            database.close()
    return found


def kept_by(database: Durable) -> Keep:
    """As the service keeps them."""
    library = Generations(database)
    return lambda record: library.keep(record, "benchmark")


if __name__ == "__main__":
    import sys

    print(*main(sys.argv[1:]), sep="\n")
