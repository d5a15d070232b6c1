"""What was asked and spent is counted by all together, and never beyond its bound."""

from __future__ import annotations

import asyncio

from app.store.durable import Durable
from app.store.place import Place
from app.store.usage import Most, Usage, Used


def test_what_is_counted_adds_up_and_can_be_given_back(database: Durable) -> None:
    """By subject and period; each period by itself."""
    usage = Usage(database)

    async def use() -> None:
        await usage.add("ann", ["2026-11-21", "2026-11"], requests=1, usd=0.5)
        await usage.add("ann", ["2026-11"], requests=1, usd=-0.25)
        await usage.add("bob", ["2026-11"], requests=3)
        assert await usage.used("ann", "2026-11-21") == Used(1, 0.5)
        assert await usage.of_period("2026-11") == {"ann": Used(2, 0.25), "bob": Used(3, 0.0)}
        assert await usage.used("ann", "2026-12") == Used()

    asyncio.run(use())


def test_a_bound_is_reached_exactly_however_many_ask_at_once(place: Place) -> None:
    """By two services that share a database as well (one where it lets one alone): ten may, forty may not."""
    databases = [Durable(place) for _ in range(1 if place.is_file else 2)]
    counters = [Usage(database) for database in databases]

    async def use() -> None:
        bounds = [Most("day", usd=1.0), Most("month", requests=1000)]
        asked = [counters[number % len(counters)].reserve("ann", 1, 0.1, bounds) for number in range(50)]
        refused = [full for full in await asyncio.gather(*asked) if full is not None]
        assert refused == [bounds[0]] * 40
        assert await counters[0].used("ann", "month") == await counters[0].used("ann", "day")
        assert (await counters[0].used("ann", "day")).requests == 10

    asyncio.run(use())
    for database in databases:
        database.close()


def test_nothing_is_counted_where_one_period_would_overflow(database: Durable) -> None:
    """Not in the periods that had room; and the first request of a period is bounded too."""
    usage = Usage(database)

    async def use() -> None:
        full = Most("month", requests=0)
        assert await usage.reserve("ann", 1, 0.0, [Most("day"), full]) == full
        assert await usage.used("ann", "day") == Used()
        assert await usage.reserve("ann", 1, 0.0, [Most("day")]) is None

    asyncio.run(use())


def test_old_counts_are_forgotten(database: Durable) -> None:
    """Those that have not changed since."""
    usage = Usage(database)

    async def use() -> Used:
        await usage.add("ann", ["p"], requests=1)
        await usage.sweep(0)
        assert await usage.used("ann", "p") == Used(1, 0.0)
        await usage.sweep(2**62)
        return await usage.used("ann", "p")

    assert asyncio.run(use()) == Used()
