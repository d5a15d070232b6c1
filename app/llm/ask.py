"""The door: a question, how complex it is, and what counts as an answer; ladder, memory and log stand behind it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple, TypeVar

from app.errors import NoModelAnswered, RejectedReply
from app.llm.calling import Caller
from app.llm.climb import Climb, Route
from app.llm.config import LLMSettings, MatrixRow
from app.llm.flight import Flight
from app.llm.memory import key_of
from app.llm.moment import Moment
from app.llm.money import CHARACTERS_A_TOKEN, PAYER, Payer, Purse, Standing, cost, reference_price, tokens_of
from app.llm.retrying import RetryBudget
from app.llm.routing import Rung, band, checker_for, ladder, row_for
from app.llm.stats import Stats
from app.llm.types import (
    TOLD,
    Accept,
    Answer,
    Attempt,
    Event,
    Ledger,
    Memory,
    Prompt,
    Remembered,
    TaskLog,
    TaskRecord,
    Terms,
    settled,
)
from app.llm.warming import Warming

T = TypeVar("T")
NO_TERMS: Final = Terms()
RULES: Final = ("rules", "rule-based")  # as a model's name: ask none
GRACE_S: Final = 0.05  # the attempt's own deadline, which leaves a row behind, comes first


class Keeping(NamedTuple):
    """Where things are kept."""

    memory: Memory
    log: TaskLog
    ledger: Ledger


class Quest(NamedTuple):
    """One request under way. `rows` fills as attempts end."""

    prompt: Prompt
    complexity: int
    terms: Terms
    rungs: tuple[Rung, ...]
    row: MatrixRow
    strategy: str
    key: str
    began: float
    started: float
    until: float
    rows: list[Attempt]


class RungState(NamedTuple):
    """How a model stands: for `doctor` and health pages."""

    label: str
    provider: str
    model: str
    local: bool
    paid: bool
    busy: int
    waiting: int
    off_s: float  # seconds that it is still left alone
    why: str


class LLM:
    """Asks models. Made by `app.llm.build.build`; one serves every generator of a process, in one event loop after another."""

    def __init__(
        self, rungs: tuple[Rung, ...], settings: LLMSettings, keeping: Keeping, moment: Moment, stats: Stats | None = None
    ) -> None:
        self.rungs = rungs
        self.settings = settings
        self.stats = stats or Stats()
        self.keeping = keeping
        self._moment = moment
        self._purse = Purse(settings.budget, keeping.ledger, moment)
        self._warming = Warming(settings.limits, moment)
        self._caller = Caller(settings.limits, self._purse, self._warming, moment)
        self._retries = RetryBudget(settings.limits)
        self._flight: Flight[Answer[Any]] = Flight()  # Any: each question has its own value type
        self._asking = 0  # requests under way
        self._heirs: Sequence[Rung] | None = None  # of the LLM that took this one's place

    def row(self, task: str, complexity: int) -> MatrixRow:
        """The row of the escalation matrix: which checks, which checker, how many attempts."""
        return row_for(self.settings.matrix, task, band(complexity, self.settings.bands))

    def ladder(self, complexity: int, terms: Terms = NO_TERMS) -> tuple[Rung, ...]:
        """The models that would be asked, in order. Raises RequestError for a strategy or model that there is not."""
        return ladder(self.rungs, complexity, self._strategy(terms), self.row(terms.task, complexity).chain, terms.model)

    def _strategy(self, terms: Terms) -> str:
        return "rules_only" if terms.model.lower() in RULES else terms.strategy or self.settings.strategy

    def state(self) -> tuple[RungState, ...]:
        """Every model as it stands now."""
        return tuple(
            RungState(
                rung.label, rung.provider_name, rung.model, rung.local, rung.paid,
                rung.line.inside, rung.line.waiting, rung.breaker.wait_s(), rung.breaker.why,
            )
            for rung in self.rungs
        )  # fmt: skip

    async def budgets(self) -> list[Standing]:
        """What may be spent and what is spent, in all and by the payer of the request under way; nothing without a bound."""
        return await self._purse.standing()

    async def left(self, payer: Payer) -> dict[str, float]:
        """What a payer may still spend, by the word for the period: "day", "month"; without a bound it is not there."""
        return await self._purse.left(payer)

    def warm_up(self) -> None:
        """Begin to load the local models of the lowest tier, in the background of the running loop: most requests are for them,
        and not every machine has room for more."""
        local = [rung for rung in self.rungs if rung.local and not rung.judge]
        self._warming.start(rung for rung in local if rung.level == local[0].level)

    async def aclose(self) -> None:
        """Stop loading, and close what this loop has opened and no heir goes on with."""
        await self._warming.stop()
        kept = [rung.provider for rung in self._heirs or ()]
        for rung in self.rungs:
            if hasattr(rung.provider, "aclose") and not any(rung.provider is one for one in kept):
                await rung.provider.aclose()

    async def retire(self, heirs: Sequence[Rung] = ()) -> None:
        """Another one takes this one's place: close as soon as the last request under way has ended, but for what `heirs` use."""
        self._heirs = heirs
        await self._close_if_retired()

    async def _close_if_retired(self) -> None:
        if self._heirs is not None and not self._asking:
            await self.aclose()

    async def ask(self, prompt: Prompt, complexity: int, accept: Accept[T], terms: Terms = NO_TERMS) -> Answer[T]:
        """The first answer that `accept` takes. Raises NoModelAnswered with the reason and the attempts.

        `accept` returns a value, or raises RejectedReply with advice: the model is then asked once more, with the advice,
        and after it the next one. A value's attribute `checks` (rows of Check), if it has one, goes into the attempt's row.
        """
        self._asking += 1
        try:
            return await self._told(prompt, complexity, accept, terms)
        finally:
            self._asking -= 1
            await asyncio.shield(self._close_if_retired())

    async def _told(self, prompt: Prompt, complexity: int, accept: Accept[T], terms: Terms) -> Answer[T]:
        """The answer, logged."""
        quest = self._quest(prompt, complexity, terms)
        self._retries.earn()
        if terms.watch is not None and quest.rungs:
            terms.watch(Event("routed", quest.rungs[0].label, _plan(quest)))
        try:
            answer = await self._within(quest, accept)
        except NoModelAnswered as refusal:
            await self._log(quest, None, "review" if refusal.review else "rules", str(refusal))
            raise
        except asyncio.CancelledError:
            await asyncio.shield(self._log(quest, None, "cancelled", "the caller went away"))
            raise
        answer = self._counted(quest, answer)
        await self._log(quest, answer, "remembered" if answer.remembered else "accepted", "")
        return answer._replace(notes=(*answer.notes, *await self._warnings(quest)))

    def _quest(self, prompt: Prompt, complexity: int, terms: Terms) -> Quest:
        limits, began = self.settings.limits, self._moment.now()
        rungs = self.ladder(complexity, terms)
        whole = min(limits.deadline_s, limits.deadline_s if terms.deadline_s is None else max(0.0, terms.deadline_s))
        until = began + whole - min(limits.reserve_s, whole / 4)
        key = key_of(prompt, [terms.task, *(f"{rung.provider_name}/{rung.model}/{rung.label}" for rung in rungs)])
        terms = terms if terms.task_id else terms._replace(task_id=uuid.uuid4().hex)
        return Quest(
            prompt, complexity, terms, rungs, self.row(terms.task, complexity), self._strategy(terms),
            key, began, self._moment.wall(), until, [],
        )  # fmt: skip

    async def _within(self, quest: Quest, accept: Accept[T]) -> Answer[T]:
        """The answer within the request's deadline."""
        if not quest.rungs:
            raise NoModelAnswered(self._why_none(quest))
        try:
            async with asyncio.timeout(quest.until - self._moment.now() + GRACE_S):
                return await self._answer(quest, accept)
        except TimeoutError as error:
            raise NoModelAnswered("no model answered well within the deadline", quest.rows) from error

    async def _answer(self, quest: Quest, accept: Accept[T]) -> Answer[T]:
        """From memory, from an identical request in flight, or from the models."""
        if quest.prompt.seed is None:
            return await self._climb(quest, accept)
        recalled = await self._recalled(quest, accept)
        if recalled is not None:
            return recalled
        terms = quest.terms
        same = f"{quest.key} {terms.allow_paid} {terms.deadline_s} {quest.row} {PAYER.get()}"
        answer, shared = await self._flight.join(same, lambda: self._climb(quest, accept))
        if not shared:
            return answer
        try:
            return answer._replace(value=await settled(accept(answer.text)), attempts=(), cost_usd=0.0, remembered=True)
        except RejectedReply:
            return await self._climb(quest, accept)

    async def _recalled(self, quest: Quest, accept: Accept[T]) -> Answer[T] | None:
        kept = await self.keeping.memory.recall(quest.key)
        if kept is None:
            return None
        try:
            value = await settled(accept(kept.text))
        except RejectedReply:
            await self.keeping.memory.forget(quest.key)
            return None
        return Answer(value, kept.text, kept.label, kept.provider, kept.model, kept.tier, remembered=True)

    async def _climb(self, quest: Quest, accept: Accept[T]) -> Answer[T]:
        """The models' answer, counted attempt by attempt and remembered."""
        climb = Climb(self._caller, self._retries, self._route(quest), quest.prompt, accept, terms=quest.terms)
        climb.attempts = quest.rows
        try:
            answer = await climb.run()
        finally:
            for row in quest.rows:
                for stats in self._all_stats(quest):
                    stats.attempt(row)
        if quest.prompt.seed is not None:
            last = quest.rows[-1]
            kept = Remembered(answer.text, *answer[2:6], last.tokens_in, last.tokens_out)
            await self.keeping.memory.remember(quest.key, kept)
        return answer._replace(cost_usd=_sum(quest.rows))

    def _route(self, quest: Quest) -> Route:
        terms = quest.terms
        allow, payer = self.settings.allow_paid if terms.allow_paid is None else terms.allow_paid, PAYER.get()
        return Route(
            quest.rungs,
            quest.row,
            lambda worker: checker_for(quest.row, worker, self.rungs, quest.strategy),
            allow if payer is None or payer.may_pay else False,
            quest.until,
        )

    def _counted(self, quest: Quest, answer: Answer[T]) -> Answer[T]:
        """The answer with what it saved, counted for all and for the asker."""
        rung = next((rung for rung in quest.rungs if rung.label == answer.label), None)
        row = answer.attempts[-1] if answer.attempts else None
        tokens_in = (row.tokens_in if row else 0) or tokens_of(quest.prompt)
        tokens_out = (row.tokens_out if row else 0) or len(answer.text) // CHARACTERS_A_TOKEN
        elsewhere = cost(reference_price(self.rungs, self.settings.prices), tokens_in, tokens_out) or 0.0
        saved = max(0.0, elsewhere - (answer.cost_usd or 0.0))
        for stats in self._all_stats(quest) if quest.terms.generation else ():
            stats.accepted(
                answer.label,
                local=rung is not None and rung.local,
                gemini=rung is not None and rung.kind.startswith("gemini"),
                saved_usd=saved,
                remembered=answer.remembered,
            )
        return answer._replace(cost_saved_usd=saved)

    def _all_stats(self, quest: Quest) -> tuple[Stats, ...]:
        return (self.stats,) if quest.terms.stats is None else (self.stats, quest.terms.stats)

    async def _warnings(self, quest: Quest) -> list[str]:
        return await self._purse.warnings() if any(row.cost_usd for row in quest.rows) else []

    def _why_none(self, quest: Quest) -> str:
        if quest.strategy == "rules_only":
            return "the rules were asked for"
        if not self.rungs:
            return "no model is configured"
        return f"strategy {quest.strategy} leaves no configured model"

    async def _log(self, quest: Quest, answer: Answer[Any] | None, outcome: str, reason: str) -> None:
        rows, texts = tuple(quest.rows), self.settings.limits.log_text
        labels = list(dict.fromkeys(row.label for row in rows if row.role == "worker"))
        record = TaskRecord(
            task_id=quest.terms.task_id,
            task=quest.terms.task,
            subject=quest.terms.subject,
            complexity=quest.complexity,
            band=quest.row.band,
            strategy=quest.strategy,
            started=quest.started,
            latency_ms=round((self._moment.now() - quest.began) * 1e3, 3),
            label=answer.label if answer else "",
            outcome=outcome,
            reason=reason,
            attempts=rows,
            escalations=tuple(pairwise(labels)),
            cost_usd=_sum(rows),
            prompt_version=quest.prompt.version,
            prompt_text=quest.prompt.text if texts else "",
            answer_text=answer.text if answer and texts else "",
        )
        told = TOLD.get()
        if told is not None:
            told(record)
        await self.keeping.log.record(record)


def _plan(quest: Quest) -> str:
    """Which models will be asked, and why these."""
    labels = ", then ".join(rung.label for rung in quest.rungs)
    return f"complexity {quest.complexity}, {f'model {quest.terms.model}' if quest.terms.model else quest.strategy}: {labels}"


def _sum(rows: list[Attempt] | tuple[Attempt, ...]) -> float | None:
    """What all of it cost; None when a part of it is not known."""
    return None if any(row.cost_usd is None for row in rows) else sum(row.cost_usd or 0.0 for row in rows)
