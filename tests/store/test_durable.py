"""The database beneath: brought up to date, one process's alone, lost connections, and what was acknowledged before a kill."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.errors import RequestError, StoreError, StoreTaken
from app.store.durable import TOGETHER, Durable
from app.store.engines import to_write
from app.store.place import Lock, Place, place_of, refuse_taken, refuse_workers
from app.store.tables import METADATA, USAGE
from app.store.upgrading import HEAD, upgrade, version_of
from tests.postgres import Postgres

ONE = {"subject": "s", "period": "p", "requests": 1, "usd": 0.0, "changed": 0}


def put(number: int, connection: sa.Connection) -> int:
    """A row."""
    return connection.execute(sa.insert(USAGE), ONE | {"subject": str(number)}).rowcount


def count(connection: sa.Connection) -> int:
    """Of all rows."""
    return connection.scalar(sa.select(sa.func.count()).select_from(USAGE)) or 0


def test_the_steps_make_the_tables_that_the_code_knows(place: Place) -> None:
    """From nothing to the newest step: no column, index or type is another."""
    with to_write(place, "WAL").begin() as connection:
        upgrade(connection)
        options = {"compare_type": True, "include_name": lambda name, kind, _: name != "alembic_version" or kind != "table"}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
        assert version_of(connection) == HEAD

    assert found == []


def test_the_newest_step_is_the_one_that_is_looked_for() -> None:
    """So that opening a database that is up to date imports no alembic."""
    config = Config()
    config.set_main_option("script_location", "app.store:migrations")

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_several_may_open_a_new_database_at_once(postgres: Postgres) -> None:
    """Workers that start together: one makes the tables, the others find them."""
    places = place_of(postgres.url("together"))
    databases = [Durable(places) for _ in range(4)]

    async def use() -> None:
        await asyncio.gather(*(asyncio.to_thread(database.open) for database in databases))
        await asyncio.gather(*(database.write(lambda connection: put(0, connection)) for database in databases[:1]))
        assert await databases[3].read(count) == 1

    asyncio.run(use())
    for database in databases:
        database.close()


def test_a_database_of_a_newer_version_is_left_alone(place: Place) -> None:
    """It says of which."""
    engine = to_write(place, "WAL")
    with engine.begin() as connection:
        upgrade(connection)
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    database = Durable(place)

    with pytest.raises(StoreError, match="9999"):
        database.open()


def test_a_step_that_is_cut_off_leaves_nothing_behind(place: Place) -> None:
    """All of it is there or none: the next start begins anew."""
    engine = to_write(place, "WAL")
    with suppress(InterruptedError), engine.begin() as connection:
        upgrade(connection)
        raise InterruptedError
    with engine.begin() as connection:
        assert sa.inspect(connection).get_table_names() == []
        upgrade(connection)
    engine.dispose()


def test_one_that_cannot_takes_no_other_along(database: Durable) -> None:
    """Of many that are written at once, each is done or told why not."""

    async def use() -> None:
        await database.write(lambda connection: put(7, connection))
        done = await asyncio.gather(
            *(database.write(lambda connection, number=number: put(number, connection)) for number in range(20)),
            return_exceptions=True,
        )
        assert [number for number, one in enumerate(done) if isinstance(one, Exception)] == [7]
        assert await database.read(count) == 20

    asyncio.run(use())


def test_readers_cannot_write(tmp_path: Path) -> None:
    """So that SQLite's file has one writer."""
    database = Durable(Place(path=str(tmp_path / "x.sqlite3")))

    async def use() -> None:
        with pytest.raises(StoreError):
            await database.read(lambda connection: put(1, connection))

    asyncio.run(use())
    database.close()


def test_a_second_process_is_refused_and_told_what_to_do(tmp_path: Path) -> None:
    """While the first lives, be it this process or another; afterwards it may."""
    path = str(tmp_path / "x.sqlite3")
    script = (
        f"import time, app.store.place as p; p.Lock({path!r}, shared=False).take(); print('held', flush=True); time.sleep(60)"
    )
    holding = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert holding.stdout is not None
    assert holding.stdout.readline() == "held\n"
    with pytest.raises(StoreTaken, match=f"process {holding.pid} keeps .* OCTET_DATA_DIR"):
        Lock(path, shared=False).take()
    holding.kill()
    holding.wait()
    holding.stdout.close()
    mine = Lock(path, shared=False)
    mine.take()
    with pytest.raises(StoreTaken, match="this process"):
        Lock(path, shared=False).take()
    mine.give_back()
    refuse_taken(f"sqlite:///{path}")


def test_a_taken_file_is_found_when_it_is_opened(tmp_path: Path) -> None:
    """And once it is free it is opened."""
    place = Place(path=str(tmp_path / "x.sqlite3"))
    lock, database = Lock(place.path, shared=False), Durable(place)
    lock.take()
    with pytest.raises(StoreTaken):
        database.open()
    lock.give_back()
    database.open()
    database.close()


def test_a_file_for_several_processes_is_written_by_all_of_them(tmp_path: Path) -> None:
    """As the keys are: in a journal that every SQLite shares safely."""
    place = Place(path=str(tmp_path / "keys.sqlite3"))
    databases = [Durable(place, journal=TOGETHER) for _ in range(3)]

    async def use() -> None:
        await asyncio.gather(
            *(databases[number % 3].write(lambda connection, number=number: put(number, connection)) for number in range(30))
        )
        assert await databases[0].read(count) == 30

    asyncio.run(use())
    for database in databases:
        database.close()


@pytest.mark.parametrize(
    ("url", "workers", "version", "refused"),
    [
        ("sqlite:////srv/x.sqlite3", 1, (3, 40, 1), False),
        ("sqlite:////srv/x.sqlite3", 2, (3, 51, 2), True),
        ("sqlite:////srv/x.sqlite3", 2, (3, 51, 3), False),
        ("sqlite:////srv/x.sqlite3", 2, (3, 52, 0), False),
        ("postgresql://h/x", 8, (3, 7, 0), False),
    ],
)
def test_several_workers_need_a_database_that_can(url: str, workers: int, version: tuple[int, ...], refused: bool) -> None:
    """SQLite before 3.51.3 can lose data to two writers of its log."""
    if not refused:
        refuse_workers(url, workers, version)
        return
    with pytest.raises(RequestError, match=r"PostgreSQL .* or SQLite 3\.51\.3"):
        refuse_workers(url, workers, version)


@pytest.mark.parametrize("url", ["mysql://h/x", "sqlite://", "sqlite:///:memory:", "x", "sqlite:///", "postgresql:/h"])
def test_a_url_that_names_no_database_is_refused(url: str) -> None:
    """With how one is written."""
    with pytest.raises(RequestError, match="sqlite:////FOLDER/FILE or postgresql://USER@HOST/NAME"):
        place_of(url)


@pytest.mark.parametrize("path", ["/proc/nowhere/x.sqlite3", "/dev/null/x.sqlite3"])
def test_a_place_that_cannot_be_written_is_told(path: str) -> None:
    """As ours, and again the next time."""
    database = Durable(Place(path=path))
    for _ in range(2):
        with pytest.raises(StoreError, match="cannot be written"):
            database.open()


def test_nowhere_keeps_nothing_and_says_what_to_set() -> None:
    """A process without a home."""
    with pytest.raises(StoreError, match="OCTET_DATA_DIR or OCTET_DATABASE_URL"):
        asyncio.run(Durable(None).read(count))


def test_a_server_that_was_away_is_found_again(postgres: Postgres) -> None:
    """While it is down both reading and writing say so; afterwards they go on, though every connection broke."""
    database = Durable(place_of(postgres.url("away")))

    async def use() -> None:
        await database.write(lambda connection: put(1, connection))
        assert await database.read(count) == 1
        postgres.stop("immediate")
        try:
            done = await asyncio.gather(
                *(database.write(lambda connection, number=number: put(number, connection)) for number in range(2, 12)),
                database.read(count),
                return_exceptions=True,
            )
            assert {type(one) for one in done} == {StoreError}
        finally:
            postgres.start()
        await database.write(lambda connection: put(2, connection))
        assert await database.read(count) == 2

    asyncio.run(use())
    database.close()


def test_a_connection_that_breaks_between_two_requests_is_replaced(postgres: Postgres) -> None:
    """Nobody notices: what may be done twice is done again."""
    database = Durable(place_of(postgres.url("broken")))
    away = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'broken' AND pid <> pg_backend_pid()")

    async def use() -> None:
        await database.write(lambda connection: put(1, connection))
        other = Durable(place_of(postgres.url("broken")))
        await other.read(lambda connection: connection.execute(away).all())
        other.close()
        await asyncio.gather(*(database.write(lambda connection, number=number: put(number, connection)) for number in (2, 3)))
        assert await database.read(count) == 3

    asyncio.run(use())
    database.close()


KEEPS_ON = """
import asyncio, sys
import sqlalchemy as sa
from app.store.durable import Durable
from app.store.place import Place
from app.store.tables import USAGE

async def main():
    database = Durable(Place(path=sys.argv[1]))
    first = int(sys.argv[2])
    async def one(number):
        row = {"subject": str(number), "period": "p", "requests": 1, "usd": 0.0, "changed": 0}
        await database.write(lambda connection: connection.execute(sa.insert(USAGE), row).rowcount)
        print(number, flush=True)
    while True:
        await asyncio.gather(*(one(number) for number in range(first, first + 8)))
        first += 8

asyncio.run(main())
"""


def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path) -> None:
    """Killed in the middle of writing, again and again: nothing that was said to be kept is missing, and the file is whole."""
    path, told = str(tmp_path / "x.sqlite3"), set[str]()
    for first in range(0, 4_000_000, 1_000_000):
        process = subprocess.Popen([sys.executable, "-c", KEEPS_ON, path, str(first)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        told |= {process.stdout.readline().strip() for _ in range(20 + first // 100_000)}
        os.kill(process.pid, signal.SIGKILL)
        told |= {line.strip() for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")}
        process.wait()
        process.stdout.close()
    database = Durable(Place(path=path))

    async def use() -> None:
        kept = await database.read(lambda connection: set(connection.scalars(sa.select(USAGE.c.subject))))
        whole = await database.read(lambda connection: connection.exec_driver_sql("PRAGMA integrity_check").scalar())
        assert told <= kept
        assert whole == "ok"

    assert len(told) > 80
    asyncio.run(use())
    database.close()
