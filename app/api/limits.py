"""How often a key may ask: a bucket of tokens for each, and with several workers a count that they share."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple, Protocol

from app.errors import StoreError

MOST: Final = 10_000  # buckets that are remembered
MINUTE_S: Final = 60.0


class Rate(NamedTuple):
    """`burst` requests at once, and `per_minute` in the long run."""

    per_minute: float
    burst: int


class Verdict(NamedTuple):
    """Whether a request may be made, how many more may follow at once, and in how many seconds one (all) may."""

    allowed: bool
    left: int
    again_s: float
    full_s: float


class Shared(Protocol):
    """Counts that all workers of a service share: `app.store.usage.Usage` is one."""

    async def reserve(self, subject: str, requests: int, usd: float, most: Sequence[Any]) -> object | None:
        """Count requests in every period, or in none: then the one that would overflow."""
        ...


class Buckets:
    """Of one process. A bucket that nobody has used for long is full, so it may be forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tokens: dict[str, tuple[float, float]] = {}  # subject → tokens, and when they were counted

    def take(self, subject: str, rate: Rate) -> Verdict:
        """Take a token of the subject's bucket, if there is one."""
        now, a_second = self._clock(), rate.per_minute / MINUTE_S
        tokens, counted = self._tokens.get(subject, (float(rate.burst), now))
        tokens = min(float(rate.burst), tokens + (now - counted) * a_second)
        allowed = tokens >= 1.0
        tokens -= allowed
        if len(self._tokens) >= MOST and subject not in self._tokens:
            self._tokens.pop(next(iter(self._tokens)))
        self._tokens[subject] = (tokens, now)
        return Verdict(allowed, int(tokens), max(0.0, 1.0 - tokens) / a_second, (rate.burst - tokens) / a_second)


async def shared_verdict(shared: Shared, subject: str, rate: Rate, wall: float) -> Verdict | None:
    """A refusal by the minute's count of all workers; None where there is room, or nobody can count."""
    from app.store.usage import Most

    minute, second = divmod(wall, MINUTE_S)
    period = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(minute * MINUTE_S))
    with suppress(StoreError):  # who cannot count lets through: each worker's own bucket still holds
        if await shared.reserve(subject, 1, 0.0, [Most(period, rate.per_minute + rate.burst)]) is not None:
            return Verdict(False, 0, MINUTE_S - second, MINUTE_S - second)
    return None


def headers_of(verdict: Verdict, rate: Rate) -> dict[str, str]:
    """The fields of the IETF's draft on rate limits (draft-ietf-httpapi-ratelimit-headers-10), and Retry-After for a refusal."""
    window = math.ceil(rate.burst / rate.per_minute * MINUTE_S)
    rows = {
        "ratelimit-policy": f'"requests";q={rate.burst};w={window}',
        "ratelimit": f'"requests";r={verdict.left};t={math.ceil(verdict.full_s)}',
    }
    return rows if verdict.allowed else rows | {"retry-after": str(max(1, math.ceil(verdict.again_s)))}
