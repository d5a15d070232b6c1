"""Generations: kept, found, listed by pages, spoken of, deleted. Each belongs to an owner, and to others it is not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.store.durable import Durable
from app.store.engines import tidy_later
from app.store.record import Record, Summary, microseconds, new_id, unpacked
from app.store.tables import ANSWERS, FEEDBACK, GENERATIONS, insertion

AT_ONCE: Final = 200  # that are deleted in one transaction, so that nobody waits long
LIST: Final = tuple(GENERATIONS.c[name] for name in Summary._fields)
WHOLE: Final = tuple(GENERATIONS.c[name] for name in Record._fields)


class Wanted(NamedTuple):
    """Which generations a list is to have; what is empty or None does not matter."""

    genre: str = ""
    application: str = ""
    method: str = ""
    parent: str = ""
    since: int | None = None  # microseconds since 1970, within
    until: int | None = None  # without


class Feedback(NamedTuple):
    """What a listener said of a generation."""

    id: str
    generation: str
    created: int  # microseconds since 1970
    action: str  # keep | regenerate | rate | edit
    rating: int | None = None  # 1-5
    part: str = ""


class File(NamedTuple):
    """A generation's file, and what it may be called by."""

    genre: str
    seed: int
    method: str
    file: bytes  # as Record has it

    @property
    def midi(self) -> bytes:
        """The MIDI file."""
        return unpacked(self.file)


FILE: Final = tuple(GENERATIONS.c[name] for name in File._fields)
Place = tuple[int, str]  # where in the order a generation stands: when it was made, its id


class Generations:
    """All methods raise StoreError where the database cannot be reached, StoreFull where it can take no more."""

    def __init__(self, database: Durable) -> None:
        self._database = database

    async def keep(self, record: Record, owner: str) -> None:
        """Keep it: it is on the disk when this returns."""
        row = {name: _clean(value) for name, value in record._asdict().items()} | {"owner": owner}
        await self._database.insert(_insert, row)

    async def find(self, id: str, owner: str) -> Record | None:
        """The whole of it."""
        asked = sa.select(*WHOLE).where(GENERATIONS.c.id == id, GENERATIONS.c.owner == owner)
        row = await self._database.read(lambda connection: connection.execute(asked).one_or_none())
        return None if row is None else Record(*row)

    async def file(self, id: str, owner: str) -> File | None:
        """Its file alone."""
        asked = sa.select(*FILE).where(GENERATIONS.c.id == id, GENERATIONS.c.owner == owner)
        row = await self._database.read(lambda connection: connection.execute(asked).one_or_none())
        return None if row is None else File(*row)

    async def page(self, owner: str, wanted: Wanted, most: int, after: Place | None = None) -> Sequence[Summary]:
        """The newest first, from `after` on."""
        columns = GENERATIONS.c
        asked = sa.select(*LIST).where(columns.owner == owner, *_conditions(wanted))
        if after is not None:
            asked = asked.where(sa.tuple_(columns.created, columns.id) < sa.tuple_(*map(sa.literal, after)))
        asked = asked.order_by(columns.created.desc(), columns.id.desc()).limit(most)
        rows = await self._database.read(lambda connection: connection.execute(asked).all())
        return [Summary(*row) for row in rows]

    async def say(self, id: str, owner: str, action: str, rating: int | None, part: str) -> Feedback | None:
        """Keep what was said of it; None where it is not there."""
        said = Feedback(new_id(), id, microseconds(), action, rating, part)
        there = sa.select(GENERATIONS.c.id).where(GENERATIONS.c.id == id, GENERATIONS.c.owner == owner)

        def write(connection: Connection) -> bool:
            if connection.scalar(there) is None:
                return False
            connection.execute(insertion(connection, FEEDBACK).on_conflict_do_nothing(), said._asdict())
            return True

        return said if await self._database.write(write) else None

    async def said(self, id: str) -> Sequence[Feedback]:
        """What was said of it, in order."""
        asked = sa.select(*(FEEDBACK.c[name] for name in Feedback._fields)).where(FEEDBACK.c.generation == id)
        asked = asked.order_by(FEEDBACK.c.created, FEEDBACK.c.id)
        rows = await self._database.read(lambda connection: connection.execute(asked).all())
        return [Feedback(*row) for row in rows]

    async def delete(self, id: str, owner: str) -> bool:
        """Delete it with all that was said of it, and the answers that it was in. Whether it was there."""
        there = sa.and_(GENERATIONS.c.id == id, GENERATIONS.c.owner == owner)
        return await self._database.write(lambda connection: _deleted(connection, there)) > 0

    async def old(self, before: int) -> Sequence[str]:
        """The ids of the first of those made before a time (microseconds since 1970), whoever's they are."""
        asked = sa.select(GENERATIONS.c.id).where(GENERATIONS.c.created < before).order_by(GENERATIONS.c.created).limit(AT_ONCE)
        return await self._database.read(lambda connection: connection.scalars(asked).all())

    async def forget(self, ids: Sequence[str]) -> None:
        """Delete them as `delete` does, whoever's they are."""
        await self._database.write(lambda connection: _deleted(connection, GENERATIONS.c.id.in_(ids)))


def _insert(connection: Connection, rows: list[Mapping[str, Any]]) -> None:
    connection.execute(insertion(connection, GENERATIONS).on_conflict_do_nothing(), rows)


def _deleted(connection: Connection, which: sa.ColumnElement[bool]) -> int:
    ids = list(connection.scalars(sa.delete(GENERATIONS).where(which).returning(GENERATIONS.c.id)))
    if ids:
        tidy_later(connection)
    for id in ids:
        connection.execute(sa.delete(ANSWERS).where(ANSWERS.c.made.contains(id)))
    return len(ids)


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    columns, found = GENERATIONS.c, []
    for name in ("genre", "application", "method", "parent"):
        if getattr(wanted, name):
            found.append(columns[name] == getattr(wanted, name))
    if wanted.since is not None:
        found.append(columns.created >= wanted.since)
    if wanted.until is not None:
        found.append(columns.created < wanted.until)
    return found


def _clean(value: object) -> object:
    """PostgreSQL's texts have no NUL, so neither have SQLite's."""
    return value.replace("\0", "") if isinstance(value, str) else value
