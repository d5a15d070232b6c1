"""Answers to requests that came with an Idempotency-Key: given once, kept for a day, given again to whoever repeats one."""

from __future__ import annotations

from functools import partial
from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.store.durable import Durable
from app.store.record import microseconds
from app.store.tables import ANSWERS, insertion

DAY: Final = 86_400 * 1_000_000  # microseconds
UNDER_WAY: Final = 0


class Answer(NamedTuple):
    """An answer as it was given; `status` 0: it is under way."""

    digest: str
    status: int
    headers: str = ""  # JSON: the headers that are its own
    body: bytes = b""


COLUMNS: Final = tuple(ANSWERS.c[name] for name in Answer._fields)


class Answers:
    """All methods raise StoreError where the database cannot be reached, StoreFull where it can take no more."""

    def __init__(self, database: Durable) -> None:
        self._database = database

    async def begin(self, owner: str, key: str, digest: str, lease_s: float) -> Answer | None:
        """The answer that there is, or is being made; None: it is the caller's to make now, within `lease_s` seconds."""
        now = microseconds()
        row = {"owner": owner, "key": key, "digest": digest, "begun": now, "until": now + int(lease_s * 1e6)}
        return await self._database.write(partial(_begun, row, now), again=False)

    async def finish(self, owner: str, key: str, answer: Answer, made: str) -> None:
        """Keep it for a day. `made` are the ids of generations in it: it goes with them when they are deleted."""
        now = microseconds()
        row = {**answer._asdict(), "until": now + DAY, "made": made}
        asked = sa.update(ANSWERS).where(ANSWERS.c.owner == owner, ANSWERS.c.key == key).values(row)
        await self._database.write(lambda connection: connection.execute(asked).rowcount)

    async def give_up(self, owner: str, key: str) -> None:
        """None was made: whoever asks next may make it."""
        which = (ANSWERS.c.owner == owner, ANSWERS.c.key == key, ANSWERS.c.status == UNDER_WAY)
        await self._database.write(lambda connection: connection.execute(sa.delete(ANSWERS).where(*which)).rowcount)

    async def sweep(self, *, begun_before: int = 0) -> None:
        """Delete those that are over, and those under way that were begun before a time, as whoever made them is gone."""
        dead = sa.and_(ANSWERS.c.status == UNDER_WAY, ANSWERS.c.begun < begun_before)
        asked = sa.delete(ANSWERS).where(sa.or_(ANSWERS.c.until < microseconds(), dead))
        await self._database.write(lambda connection: connection.execute(asked).rowcount)


def _begun(row: dict[str, object], now: int, connection: Connection) -> Answer | None:
    which = (ANSWERS.c.owner == row["owner"], ANSWERS.c.key == row["key"])
    connection.execute(sa.delete(ANSWERS).where(*which, ANSWERS.c.until < now))
    whole = {**row, "status": UNDER_WAY, "headers": "", "body": b"", "made": ""}
    asked = insertion(connection, ANSWERS).on_conflict_do_nothing().returning(ANSWERS.c.key)
    if connection.execute(asked, whole).first() is not None:
        return None
    return _of(connection, str(row["owner"]), str(row["key"]), now)


def _of(connection: Connection, owner: str, key: str, now: int) -> Answer | None:
    asked = sa.select(*COLUMNS).where(ANSWERS.c.owner == owner, ANSWERS.c.key == key, ANSWERS.c.until >= now)
    row = connection.execute(asked).one_or_none()
    return None if row is None else Answer(*row)
