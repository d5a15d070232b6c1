"""Time and chance as one argument, so that a test waits for nothing."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from random import Random
from typing import NamedTuple


async def _sleep(seconds: float) -> None:
    import asyncio

    await asyncio.sleep(seconds)


class Moment(NamedTuple):
    """`now` never goes back and is what deadlines count in; `wall` (seconds since 1970) is for budgets' days and the log."""

    now: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = _sleep
    chance: Random = Random()  # noqa: S311, RUF100 - spreads retries, no secret
