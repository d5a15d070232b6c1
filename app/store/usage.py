"""What was asked and spent, by subject and period: counted by all processes of a service together, and across restarts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from math import inf
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.store.durable import Durable
from app.store.record import microseconds
from app.store.tables import USAGE, insertion


class Used(NamedTuple):
    """What was asked and spent."""

    requests: int = 0
    usd: float = 0.0


class Most(NamedTuple):
    """How much a period may have. Its name is anything: `2026-11-21`, `2026-11`."""

    period: str
    requests: float = inf
    usd: float = inf


class _Overflow(Exception):
    """Undoes what the other periods were given."""


class Usage:
    """All methods raise StoreError where the database cannot be reached, StoreFull where it can take no more."""

    def __init__(self, database: Durable) -> None:
        self._database = database

    async def reserve(self, subject: str, requests: int, usd: float, most: Sequence[Most]) -> Most | None:
        """Count it in every period, or in none: then the one that it would overflow."""
        return await self._database.write(partial(_reserved, subject, Used(requests, usd), tuple(most)), again=False)

    async def add(self, subject: str, periods: Sequence[str], requests: int = 0, usd: float = 0.0) -> None:
        """Count it whatever it comes to; less than 0 gives back."""
        await self.reserve(subject, requests, usd, [Most(period) for period in periods])

    async def used(self, subject: str, period: str) -> Used:
        """What one subject has used in a period."""
        return (await self.of_period(period, subject)).get(subject, Used())

    async def of_period(self, period: str, subject: str | None = None) -> Mapping[str, Used]:
        """What every subject has used in a period, or one has."""
        asked = sa.select(USAGE.c.subject, USAGE.c.requests, USAGE.c.usd).where(USAGE.c.period == period)
        if subject is not None:
            asked = asked.where(USAGE.c.subject == subject)
        rows = await self._database.read(lambda connection: connection.execute(asked).all())
        return {name: Used(requests, usd) for name, requests, usd in rows}

    async def sweep(self, before: int) -> None:
        """Forget what has not changed since a time (microseconds since 1970)."""
        asked = sa.delete(USAGE).where(USAGE.c.changed < before)
        await self._database.write(lambda connection: connection.execute(asked).rowcount)


def _reserved(subject: str, more: Used, most: Sequence[Most], connection: Connection) -> Most | None:
    """In an inner transaction, as others share the outer one."""
    try:
        with connection.begin_nested():
            for limit in sorted(most):  # in one order, so that two workers never wait for each other
                if not _counted(subject, more, limit, connection):
                    raise _Overflow(limit)
    except _Overflow as full:
        found: Most = full.args[0]
        return found
    return None


def _counted(subject: str, more: Used, limit: Most, connection: Connection) -> bool:
    """Whether there was room: found out and used up in one statement."""
    if more.requests > limit.requests or more.usd > limit.usd:
        return False
    now = microseconds()
    requests, usd = USAGE.c.requests + more.requests, USAGE.c.usd + more.usd
    room = [total <= most for total, most in ((requests, limit.requests), (usd, limit.usd)) if most != inf]
    asked = (
        insertion(connection, USAGE)
        .values(subject=subject, period=limit.period, requests=more.requests, usd=more.usd, changed=now)
        .on_conflict_do_update(
            index_elements=[USAGE.c.subject, USAGE.c.period],
            set_={"requests": requests, "usd": usd, "changed": now},
            where=sa.and_(*room) if room else None,
        )
        .returning(USAGE.c.subject)
    )
    return connection.execute(asked).first() is not None
