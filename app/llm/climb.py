"""One request's way up the ladder: ask, check, repair once, escalate; bounded in calls, money and time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final, Generic, NamedTuple, TypeVar

from app.errors import NoModelAnswered, ProviderError, RejectedReply
from app.llm.calling import Called, Caller
from app.llm.config import MatrixRow
from app.llm.faults import reaction
from app.llm.money import most
from app.llm.retrying import RetryBudget
from app.llm.routing import Rung
from app.llm.types import Accept, AllowPaid, Answer, Attempt, Check, Event, Offer, Prompt, Terms, Turn, settled

T = TypeVar("T")
ADVICE_LENGTH: Final = 1000
ANSWER_LENGTH: Final = 6000
GONE: Final = "the caller went away"
NOBODY: Final = "unreachable"  # a server that is not there has used up no attempt
ANSWERED: Final = "content"  # the one fault that lies in an answer
NOT_CALLED: Final = ("busy", "loading", "overspent", "missing")  # faults that no server saw


class Route(NamedTuple):
    """What was decided about a request before its first call."""

    rungs: tuple[Rung, ...]
    row: MatrixRow
    checker: Callable[[Rung], Rung | None]
    allow_paid: AllowPaid
    until: float  # on the moment's clock


class Climb(Generic[T]):
    """Used once."""

    def __init__(
        self, caller: Caller, retries: RetryBudget, route: Route, prompt: Prompt, accept: Accept[T], *, terms: Terms
    ) -> None:
        self._caller = caller
        self._retries = retries
        self._route = route
        self._prompt = prompt
        self._accept = accept
        self._terms = terms
        self._repair = terms.repair or repaired
        self.attempts: list[Attempt] = []
        self.offer: Offer | None = None
        self._calls = self._paid_calls = self._on_rung = 0
        self._answers = 0  # an outage is no answer: it uses up none of the row's attempts
        self._advice = ""
        self._above: tuple[Rung, ...] = ()  # those that come after the one that is asked

    @property
    def spent(self) -> float:
        """US dollars so far, unknown prices as nothing."""
        return sum(row.cost_usd or 0.0 for row in self.attempts)

    async def run(self) -> Answer[T]:
        """The first accepted answer. Raises NoModelAnswered with what became of each rung."""
        for index, rung in enumerate(self._route.rungs):
            barred = await self._barred(rung)
            if barred:
                self._row(Attempt(rung.provider_name, rung.model, rung.level, "skipped", label=rung.label, reason=barred))
                continue
            self._above = self._route.rungs[index + 1 :]
            answer = await self._on(rung, last=not self._above)
            if answer is not None:
                return answer
        raise NoModelAnswered(self.reason(), self.attempts, self.offer, self._route.row.end == "review")

    def reason(self) -> str:
        """Why no answer was accepted: the last word on each model, in one line."""
        last = {row.label: f"{row.label}: {row.reason or row.outcome}" for row in self.attempts if row.role == "worker"}
        return "; ".join(last.values()) or "no configured model may be asked"

    def watch(self, event: Event) -> None:
        """Tell whoever watches."""
        if self._terms.watch is not None:
            self._terms.watch(event)

    async def _barred(self, rung: Rung) -> str:
        limits = self._caller.limits
        if self._answers >= self._route.row.attempts or self._calls >= limits.max_calls:
            return "the most attempts were made"
        if self._left() < limits.least_s:
            return "no time is left"
        if rung.breaker.wait_s() > 0:
            return f"left alone for {rung.breaker.wait_s():.0f} s after a fault ({rung.breaker.why or 'being tried'})"
        return await self._too_dear(rung) if rung.paid else ""

    async def _too_dear(self, rung: Rung) -> str:
        if self._paid_calls >= self._caller.limits.max_paid_calls:
            return "the most paid calls were made"
        if self._route.allow_paid is True:
            return ""
        if self._route.allow_paid != "ask":
            return "paid models are not allowed"
        offer = Offer(rung.label, most(rung.price, self._prompt))
        if self._terms.confirm is not None:
            return "" if await self._terms.confirm(offer) else "its cost was declined"
        self.offer = self.offer or offer
        return "it costs money and waits for consent"

    async def _on(self, rung: Rung, last: bool) -> Answer[T] | None:
        """The answer of one rung: its first, or the one repaired on advice."""
        self._on_rung = 0
        prompt = self._repair(self._prompt, "", self._advice) if self._advice else self._prompt
        for repairing in (False, True):
            called = await self._asked(rung, prompt, last)
            refused = await self._judged(rung, called) if called.reply is not None else self._fault(called)
            if not isinstance(refused, RejectedReply):
                return refused
            self._advice = str(refused)[:ADVICE_LENGTH]
            if repairing or not self._may_repair(rung, last):
                return None
            text = called.reply.text if called.reply is not None else ""
            prompt = self._repair(self._prompt, text[:ANSWER_LENGTH], self._advice)
        return None

    def _fault(self, called: Called) -> RejectedReply | None:
        """A fault of the answer itself is advice; every other one leads to the next rung."""
        return RejectedReply(str(called.fault)) if called.fault is not None and called.fault.kind == ANSWERED else None

    def _may_repair(self, rung: Rung, last: bool) -> bool:
        limits = self._caller.limits
        whole = limits.local_s if rung.local else limits.cloud_s
        return (
            self._answers < self._route.row.attempts
            and self._on_rung < limits.max_on_rung
            and self._calls < limits.max_calls
            and not (rung.paid and self._paid_calls >= limits.max_paid_calls)
            and self._caller.seconds_for(rung, self._route.until, last) >= max(limits.least_s, limits.repair_share * whole)
        )

    async def _asked(self, rung: Rung, prompt: Prompt, last: bool) -> Called:
        """One call, and a second one where the fault can pass and time, calls and the retry budget allow it."""
        called = await self._once(rung, prompt, last)
        if called.fault is None:
            return called
        self._failed(rung, called.fault, called)
        pause = self._pause(rung, called.fault)
        if pause is None:
            return called
        await self._caller.moment.sleep(pause)
        again = await self._once(rung, prompt, last)
        if again.fault is not None:
            self._failed(rung, again.fault, again)
        return again

    async def _once(self, rung: Rung, prompt: Prompt, last: bool) -> Called:
        try:
            called = await self._caller.call(rung, prompt, self._route.until, last=last, spent=self.spent, watch=self.watch)
        except asyncio.CancelledError:
            cost = most(rung.price, prompt) if rung.paid else 0.0
            self._row(_row(rung, Called(None, None, cost))._replace(outcome="cancelled", reason=GONE))
            raise
        if called.fault is None or called.fault.kind not in (*NOT_CALLED, NOBODY):
            self._calls += 1
            self._answers += called.fault is None or called.fault.kind == ANSWERED
            self._on_rung += 1
            self._paid_calls += rung.paid
        return called

    def _pause(self, rung: Rung, fault: ProviderError) -> float | None:
        """Seconds to wait before asking the same server again; None for not at all."""
        limits, row = self._caller.limits, reaction(fault.kind)
        if row.pause is None or self._on_rung >= limits.max_on_rung or not self._spare(rung):
            return None
        if fault.retry_after is None and fault.kind == "rate":
            return None
        asked = self._caller.moment.chance.uniform(*row.pause) if fault.retry_after is None else fault.retry_after
        if asked > limits.max_wait_s or asked + limits.least_s > self._left() or not self._retries.take():
            return None
        return asked

    def _spare(self, rung: Rung) -> bool:
        """Whether a call of this rung would leave one for each further rung that may be asked."""
        limits = self._caller.limits
        further = [
            one for one in self._above if one.breaker.wait_s() == 0 and (not one.paid or self._route.allow_paid is not False)
        ]
        paid = sum(one.paid for one in further) if rung.paid else 0
        free = self._calls + len(further) < limits.max_calls
        return free and not (rung.paid and self._paid_calls + paid >= limits.max_paid_calls)

    def _failed(self, rung: Rung, fault: ProviderError, called: Called) -> None:
        outcome = "skipped" if fault.kind in NOT_CALLED else fault.kind
        self._row(_row(rung, called)._replace(outcome=outcome, reason=str(fault)))

    async def _judged(self, rung: Rung, called: Called) -> Answer[T] | RejectedReply:
        """The accepted answer, or the refusal by the checks or by the checking model."""
        row = _row(rung, called)
        text = called.reply.text if called.reply is not None else ""
        try:
            value = await settled(self._accept(text))
        except RejectedReply as refused:
            self._row(row._replace(outcome="rejected", reason=str(refused), checks=tuple(refused.checks)))
            return refused
        except asyncio.CancelledError:
            self._row(row._replace(outcome="cancelled", reason=GONE))
            raise
        checks = tuple(getattr(value, "checks", ()))
        verdict = await self._verdict(rung, value)
        if verdict is not None:
            checks = (*checks, verdict)
        if verdict is not None and not verdict.passed:
            self._row(row._replace(outcome="rejected", reason=verdict.reason, checks=checks))
            return RejectedReply(verdict.reason, checks)
        self._row(row._replace(outcome="accepted", checks=checks))
        return Answer(value, text, rung.label, rung.provider_name, row.model, rung.level, tuple(self.attempts))

    async def _verdict(self, worker: Rung, value: Any) -> Check | None:  # Any: the judge knows its type
        """What the checking model says; None when there is none, or when it does not say anything in time."""
        rung = self._route.checker(worker)
        if rung is None or self._terms.judge is None or await self._checker_barred(rung):
            return None
        called = await self._caller.call(
            rung, self._terms.judge.question(value), self._route.until, last=False, spent=self.spent, watch=self.watch
        )
        self._calls += 1
        self._paid_calls += rung.paid
        row = _row(rung, called)._replace(role="checker")
        if called.reply is None:
            self._row(row._replace(outcome=called.fault.kind if called.fault else "server", reason=str(called.fault)))
            return None
        try:
            verdict = self._terms.judge.verdict(called.reply.text)
        except RejectedReply as unreadable:
            self._row(row._replace(outcome="rejected", reason=str(unreadable)))
            return None
        self._row(row._replace(outcome="judged", checks=(verdict,)))
        return verdict

    async def _checker_barred(self, rung: Rung) -> bool:
        limits = self._caller.limits
        free = self._calls < limits.max_calls and self._left() >= limits.least_s and rung.breaker.wait_s() == 0
        return not free or bool(rung.paid and (self._route.allow_paid is not True or await self._too_dear(rung)))

    def _left(self) -> float:
        return self._route.until - self._caller.moment.now()

    def _row(self, row: Attempt) -> None:
        self.attempts.append(row)
        self.watch(Event("attempt", row.label, row.reason, row))


def _row(rung: Rung, called: Called) -> Attempt:
    reply = called.reply
    return Attempt(
        rung.provider_name,
        reply.model or rung.model if reply else rung.model,
        rung.level,
        outcome="",
        tokens_in=(reply.tokens_in or 0) if reply else 0,
        tokens_out=(reply.tokens_out or 0) if reply else 0,
        cost_usd=called.cost_usd,
        latency_ms=round(called.latency_ms, 3),
        label=rung.label,
        queued_ms=round(called.queued_ms, 3),
        first_token_ms=reply.first_token_ms if reply else None,
    )


def repaired(prompt: Prompt, answer: str, advice: str) -> Prompt:
    """`prompt` asked again: after the refused `answer`, or (an empty one) of another model that is told of the refusal."""
    if not answer:
        return prompt._replace(text=f"{prompt.text}\n\nAn earlier answer was refused: {advice}")
    again = f"That answer was refused: {advice}\nAnswer again, whole, and mend exactly that."
    return prompt._replace(turns=(*prompt.turns, Turn("assistant", answer), Turn("user", again)))
