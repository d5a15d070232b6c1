"""API keys: seen once, kept as a hash, found until they are revoked or expire."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from app.errors import RequestError
from app.store.durable import Durable
from app.store.keys import REMEMBERED_S, USED_EVERY_S, Keys, Terms
from app.store.record import microseconds
from app.store.tables import KEYS

TERMS = Terms(("generate", "read"), rate_per_minute=30.0, burst=5, budget_day_usd=0.5)


class Clock:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_key_is_found_by_its_text_and_kept_only_as_a_hash(database: Durable) -> None:
    """With what it may do; nothing in the database is the key."""
    keys = Keys(database)

    async def use() -> None:
        key, secret = await keys.create("studio-1", TERMS)
        found = await keys.find(secret)
        assert found is not None
        assert (found.id, found.owner, found.scopes) == (key.id, "studio-1", {"generate", "read"})
        assert (found.rate_per_minute, found.burst, found.budget_day_usd, found.budget_month_usd) == (30.0, 5, 0.5, None)
        rows = await database.read(lambda connection: connection.execute(sa.select(KEYS)).all())
        assert secret not in str(rows)
        assert secret.startswith(key.prefix)
        assert len(secret) > 40

    asyncio.run(use())


@pytest.mark.parametrize("text", ["", "octet_", "é", "\0", "\ud800", "' OR 1=1 --", "x" * 8192])
def test_any_other_text_is_no_key(database: Durable, text: str) -> None:
    """And no error."""

    async def use() -> None:
        keys = Keys(database)
        await keys.create("studio", TERMS)
        assert await keys.find(text) is None

    asyncio.run(use())


def test_a_revoked_key_opens_nothing_a_second_later(database: Durable) -> None:
    """For a service that had remembered it; for whoever revoked it at once."""
    clock = Clock()
    service, person = Keys(database, clock), Keys(database)

    async def use() -> None:
        key, secret = await person.create("studio", TERMS)
        assert await service.find(secret) is not None
        assert await service.there_are()
        assert await person.revoke(key.id)
        assert not await person.revoke(key.id)
        assert await person.find(secret) is None
        clock.now += REMEMBERED_S
        assert await service.find(secret) is None
        assert not await service.there_are()

    asyncio.run(use())


def test_a_key_expires(database: Durable) -> None:
    """At its time."""

    async def use() -> None:
        keys = Keys(database)
        _, old = await keys.create("studio", TERMS._replace(expires=microseconds() - 1))
        _, new = await keys.create("studio", TERMS._replace(expires=microseconds() + 10**9))
        assert await keys.find(old) is None
        assert await keys.find(new) is not None

    asyncio.run(use())


def test_when_a_key_was_used_last_is_known_to_the_minute(database: Durable) -> None:
    """Not written anew with every request."""
    clock = Clock()
    keys = Keys(database, clock)

    async def use() -> None:
        _, secret = await keys.create("studio", TERMS)
        times = []
        for passed in (0.0, USED_EVERY_S / 2, USED_EVERY_S / 2):
            clock.now += passed
            await keys.find(secret)
            times.append((await keys.known())[0].last_used)
        assert times[0] is not None
        assert times[0] == times[1]
        assert times[2] is not None
        assert times[2] > times[0]

    asyncio.run(use())


@pytest.mark.parametrize("name", ["", "a b", "x" * 61, "a\0b", "<script>"])
def test_an_owner_has_a_plain_name(database: Durable, name: str) -> None:
    """Else it is refused."""
    with pytest.raises(RequestError, match="letters, digits"):
        asyncio.run(Keys(database).create(name, TERMS))
