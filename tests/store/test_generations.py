"""Generations in a database: kept before it is said so, found by their owner alone, listed in order, deleted for good."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.errors import StoreFull
from app.store.answers import Answer, Answers
from app.store.durable import Durable
from app.store.generations import Generations, Wanted
from app.store.place import Place
from app.store.record import Record, new_id, packed
from app.store.tables import FEEDBACK


def record(number: int = 0, **fields: object) -> Record:
    """A generation, whatever is in it."""
    row = Record(
        id=new_id(), created=1_000_000 + number, genre="jazz", application="swing", seed=2**31 - 1, method="rule-based",
        version="1", key="Bb major", tempo=120.5, time_signature="4/4", num_bars=32, how="generate", parent="", changed="{}",
        request='{"description": "é\\u0000\\ud800"}', result=packed(b'{"midi_base64": ""}'), progression="{}", cost_usd=None,
        file=packed(bytes(range(256))),
    )  # fmt: skip
    return row._replace(**fields)  # type: ignore[arg-type]  # the caller's fields


def test_what_is_kept_is_found_as_it_was_by_its_owner_alone(database: Durable) -> None:
    """Every field to the bit; for others it is not there: not to find, list, speak of or delete."""
    library, mine = Generations(database), record()

    async def use() -> None:
        await library.keep(mine, "ann")
        assert await library.find(mine.id, "ann") == mine
        assert (await library.page("ann", Wanted(), 10))[0].id == mine.id
        for other in ("", "bob"):
            assert await library.find(mine.id, other) is None
            assert await library.file(mine.id, other) is None
            assert await library.page(other, Wanted(), 10) == []
            assert await library.say(mine.id, other, "keep", None, "") is None
            assert not await library.delete(mine.id, other)
        assert await library.find(mine.id, "ann") == mine

    asyncio.run(use())


@pytest.mark.parametrize("kept", [b"MThd as it was", packed(b"MThd as it was")])
def test_a_file_is_read_as_it_was_given_however_it_is_kept(database: Durable, kept: bytes) -> None:
    """Packed, or, in a database of before, as it is."""
    library, mine = Generations(database), record(file=kept)

    async def use() -> None:
        await library.keep(mine, "ann")
        found, file = await library.find(mine.id, "ann"), await library.file(mine.id, "ann")
        assert found is not None
        assert file is not None
        assert found.midi == file.midi == b"MThd as it was"

    asyncio.run(use())


def test_keeping_twice_is_keeping_once(database: Durable) -> None:
    """As when a connection broke and nobody knows whether it was kept."""
    library, mine = Generations(database), record()

    async def use() -> int:
        await library.keep(mine, "")
        await library.keep(mine, "")
        return len(await library.page("", Wanted(), 10))

    assert asyncio.run(use()) == 1


def test_pages_have_each_once_in_order_even_made_at_one_instant(database: Durable) -> None:
    """By when they were made, then by id."""
    library = Generations(database)
    rows = [record(number // 3) for number in range(10)]
    wanted = [row.id for row in sorted(rows, key=lambda row: (row.created, row.id), reverse=True)]

    async def use() -> list[str]:
        await asyncio.gather(*(library.keep(row, "") for row in rows))
        found, after = [], None
        while page := await library.page("", Wanted(), 3, after):
            found += [row.id for row in page]
            after = (page[-1].created, page[-1].id)
        return found

    assert asyncio.run(use()) == wanted


def test_a_nul_is_kept_by_neither_database(database: Durable) -> None:
    """PostgreSQL has none in texts: so both leave it out."""
    library, mine = Generations(database), record(method="a\0b")

    async def use() -> Record | None:
        await library.keep(mine, "")
        return await library.find(mine.id, "")

    assert asyncio.run(use()) == mine._replace(method="ab")


def test_what_was_said_and_answered_goes_with_a_generation(database: Durable) -> None:
    """Its feedback, and the answers that it was in."""
    library, answers, mine = Generations(database), Answers(database), record()

    async def use() -> None:
        await library.keep(mine, "")
        await library.say(mine.id, "", "rate", 5, "bass")
        assert [(row.action, row.rating, row.part) for row in await library.said(mine.id)] == [("rate", 5, "bass")]
        await answers.begin("", "k", "d", 60)
        await answers.finish("", "k", Answer("d", 200, "{}", b"body"), f"{new_id()}, {mine.id}")
        assert await library.delete(mine.id, "")
        assert await library.said(mine.id) == []
        assert await answers.begin("", "k", "d", 60) is None
        left = await database.read(lambda connection: connection.scalar(sa.select(sa.func.count()).select_from(FEEDBACK)))
        assert left == 0

    asyncio.run(use())


def test_deleted_words_are_in_no_file_any_more(tmp_path: Path) -> None:
    """Not in SQLite's database, not in its log."""
    database = Durable(Place(path=str(tmp_path / "g.sqlite3")))
    library, word = Generations(database), b"zebracrossing"
    mine = record(request='{"description": "%s"}' % (word.decode() * 500))

    def written() -> bool:
        return any(word in path.read_bytes() for path in tmp_path.iterdir())

    async def use() -> None:
        await library.keep(mine, "")
        await library.keep(record(), "")
        assert written()
        await library.delete(mine.id, "")
        assert not written()

    asyncio.run(use())
    database.close()


def test_the_old_are_found_to_be_deleted(database: Durable) -> None:
    """Those made before a time, whoever's they are, and no other."""
    library = Generations(database)
    rows = [record(number) for number in range(4)]

    async def use() -> None:
        for row, owner in zip(rows, "abab", strict=True):
            await library.keep(row, owner)
        old = await library.old(rows[2].created)
        assert set(old) == {rows[0].id, rows[1].id}
        await library.forget(old)
        assert [len(await library.page(owner, Wanted(), 9)) for owner in "ab"] == [1, 1]

    asyncio.run(use())


def test_a_full_disk_is_told_and_passes(tmp_path: Path) -> None:
    """What does not fit is refused whole, what is there is read on, and once there is room it goes on."""
    database = Durable(Place(path=str(tmp_path / "g.sqlite3")))
    library, first, large = Generations(database), record(), record(file=os.urandom(400_000))

    def limited(pages: int) -> Callable[[sa.Connection], object]:
        return lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count={pages}").scalar()

    async def use() -> None:
        await library.keep(first, "")
        await database.write(limited(60))
        with pytest.raises(StoreFull, match="free some space"):
            await library.keep(large, "")
        fits, refused = record(), large._replace(id=new_id())
        done = await asyncio.gather(library.keep(fits, ""), library.keep(refused, ""), return_exceptions=True)
        assert [type(one) for one in done] == [type(None), StoreFull]
        assert {row.id for row in await library.page("", Wanted(), 9)} == {first.id, fits.id}
        await database.write(limited(100_000))
        await library.keep(large, "")
        assert await library.find(large.id, "") == large

    asyncio.run(use())
    database.close()
