"""One call to one model, with all that guards it: line, breaker, budget, loading, deadline. It never raises a fault."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, NamedTuple

from app.errors import ProviderError
from app.llm.config import Limits
from app.llm.faults import reaction
from app.llm.moment import Moment
from app.llm.money import Purse, most, real_cost
from app.llm.routing import Rung
from app.llm.types import Call, Event, Prompt, Reply
from app.llm.warming import Warming

UNDECIDED: Final = ("busy", "loading", "request", "overspent")  # they say nothing of the server's health


class Called(NamedTuple):
    """What one call gave: a reply, or the fault."""

    reply: Reply | None
    fault: ProviderError | None
    cost_usd: float | None = 0.0
    queued_ms: float = 0.0
    latency_ms: float = 0.0


class Caller:
    """Makes calls; shared by all requests."""

    def __init__(self, limits: Limits, purse: Purse, warming: Warming, moment: Moment) -> None:
        self.limits = limits
        self.purse = purse
        self.warming = warming
        self.moment = moment

    def seconds_for(self, rung: Rung, until: float, last: bool) -> float:
        """How long one attempt may take: `until` bounds it, and a further rung is left its chance."""
        left = until - self.moment.now()
        if rung.local:
            return left if last else min(self.limits.local_s, left)
        return min(self.limits.cloud_s, left)

    async def call(
        self, rung: Rung, prompt: Prompt, until: float, *, last: bool, spent: float, watch: Callable[[Event], None]
    ) -> Called:
        """Ask once. The breaker and the ledger know of it afterwards, whatever happens, cancellation included."""
        began = entered = self.moment.now()
        cost: float | None = 0.0
        if rung.line.inside >= rung.line.at_once:
            watch(Event("waiting", rung.label))
        try:
            async with rung.line.place(min(self.limits.queue_s, until - began)):
                entered = self.moment.now()
                told, cost = await self._admitted(rung, prompt, until, last, spent, watch)
        except ProviderError as fault:
            told = fault
        times = (entered - began) * 1e3, (self.moment.now() - entered) * 1e3
        if isinstance(told, ProviderError):
            return Called(None, told, cost, *times)
        return Called(told, None, cost, *times)

    async def _admitted(
        self, rung: Rung, prompt: Prompt, until: float, last: bool, spent: float, watch: Callable[[Event], None]
    ) -> tuple[Reply | ProviderError, float | None]:
        """What came of a call that has its place, and its cost. The breaker learns it."""
        if not rung.breaker.admit():
            return ProviderError(f"left alone after a fault ({rung.breaker.why})", "busy"), 0.0
        told: Reply | ProviderError | None = None
        try:
            await self.warming.ready(rung, until, watch)
            ticket = await self.purse.reserve(most(rung.price, prompt), spent) if rung.paid else ""
            watch(Event("asking", rung.label))
            cost = most(rung.price, prompt) if rung.paid else 0.0
            try:
                told = await self._ask(rung, prompt, self.seconds_for(rung, until, last))
                cost = _cost(rung, prompt, told, cost)
            finally:
                if ticket:
                    await asyncio.shield(self.purse.settle(ticket, cost))
        except ProviderError as fault:
            told, cost = fault, 0.0
        finally:
            self._tell(rung, told)
        return told, cost

    def _tell(self, rung: Rung, told: Reply | ProviderError | None) -> None:
        if told is None or (isinstance(told, ProviderError) and told.kind in UNDECIDED):
            rung.breaker.undecided()
        elif isinstance(told, ProviderError) and (reaction(told.kind).counts or reaction(told.kind).off_s):
            rung.breaker.failed(told.kind, told.retry_after)
        else:
            rung.breaker.passed()
            self.warming.seen(rung)

    async def _ask(self, rung: Rung, prompt: Prompt, seconds: float) -> Reply | ProviderError:
        """The reply within `seconds`, or the fault."""
        connect = self.limits.connect_local_s if rung.local else self.limits.connect_s
        terms = Call(connect, seconds, self.limits.idle_s, self.limits.max_bytes)
        try:
            async with asyncio.timeout(seconds):
                return await rung.provider.complete(prompt, terms)
        except ProviderError as fault:
            return fault
        except TimeoutError:
            return ProviderError(f"no answer within {seconds:.1f} s", "timeout")
        except Exception as error:  # noqa: BLE001 - a stranger's provider; its fault must not be the request's
            return ProviderError(f"its provider failed: {type(error).__name__}", "server")


def _cost(rung: Rung, prompt: Prompt, told: Reply | ProviderError, reserved: float | None) -> float | None:
    if not rung.paid:
        return 0.0
    if isinstance(told, ProviderError):
        return reserved if reaction(told.kind).billed else 0.0
    return real_cost(rung.price, prompt, told)
