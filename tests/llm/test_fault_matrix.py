"""Provider × strategy × fault: who answers instead, by when, what is logged, what it costs, and that the fault was met."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

import pytest

from app.errors import NoModelAnswered
from app.llm.config import Limits
from app.llm.faults import reaction
from app.llm.money import cost
from app.llm.types import Answer, Attempt, TaskRecord
from app.testing.servers.dialects import ANSWER, DIALECTS
from app.testing.servers.faults import CANARY, FAULTS, act, healthy
from app.testing.servers.loopback import Loopback, Stage
from tests.llm.logged import Log
from tests.llm.needing import need
from tests.llm.sickbed import ELSEWHERE, HASTIER, HASTY, HERE, PATIENT, PRICE, answered, climbing, questions, used

STRATEGIES = {  # whose server is sick, and who is asked then ("" for the rules)
    "hybrid": (HERE, ELSEWHERE),
    "local_fallback": (HERE, ELSEWHERE),
    "local_only": (HERE, ""),
    "cloud_only": (ELSEWHERE, ""),
}


class Cell(NamedTuple):
    """What became of a request: the answer or the refusal, its record, what was counted, and how often each server was asked."""

    ended: Answer[str] | NoModelAnswered
    records: Sequence[TaskRecord]
    counted_usd: float
    sick: int
    well: int

    @property
    def label(self) -> str:
        """Who answered, "" for nobody."""
        return self.ended.label if isinstance(self.ended, Answer) else ""


def met(name: str, dialect: str, strategy: str) -> Cell:
    """A request under a strategy whose first server has the fault, and whose other one is well."""
    need(dialect)
    used(dialect)
    fault, speech = FAULTS[name], DIALECTS[dialect]
    first, then = STRATEGIES[strategy]
    limits: Limits = PATIENT if not fault.slow else HASTY if then else HASTIER
    log = Log()

    async def work() -> Cell:
        async with Loopback([act(fault, speech)]) as sick, Loopback([healthy(speech)]) as well:
            urls = (sick.url, well.url) if first == HERE else (well.url, sick.url)
            llm = climbing(speech.kind, urls, limits, log)
            ended = await answered(llm, strategy)
            return Cell(ended, log.records, llm.stats.snapshot()["cost_usd"], questions(sick), questions(well))

    return asyncio.run(work())


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_met_known_bounded_logged_and_paid_for(name: str, strategy: str, dialect: str) -> None:
    """The next model of the strategy answers, else the rules; one record says all of it; what was not answered is not billed."""
    first, then = STRATEGIES[strategy]
    kind = FAULTS[name].other.get(dialect, FAULTS[name].kind)
    cell = met(name, dialect, strategy)
    rows = cell.ended.attempts

    assert cell.label == (then if kind else first)
    assert 1 <= cell.sick <= 2
    assert cell.well == (1 if kind and then else 0)
    assert {row.outcome for row in rows if row.label == first} == {kind or "accepted"}
    assert not isinstance(cell.ended, Answer) or cell.ended.text.startswith(ANSWER) or not kind
    assert CANARY not in f"{cell.ended!r} {rows!r} {cell.records!r}"
    _held_to_its_record(cell, strategy)
    _paid_for(rows, kind)
    assert cell.counted_usd == pytest.approx(sum(row.cost_usd or 0.0 for row in rows), abs=1e-6)


def _held_to_its_record(cell: Cell, strategy: str) -> None:
    (record,) = cell.records
    first, then = STRATEGIES[strategy]
    went_up = ((first, then),) if then and cell.label == then else ()

    assert (record.label, record.outcome) == (cell.label, "accepted" if cell.label else "rules")
    assert (record.strategy, record.attempts, record.escalations) == (strategy, tuple(cell.ended.attempts), went_up)
    assert bool(record.reason) == (not cell.label)
    assert first in record.reason or cell.label
    assert record.cost_usd == pytest.approx(sum(row.cost_usd or 0.0 for row in record.attempts))


def _paid_for(rows: Sequence[Attempt], kind: str) -> None:
    """Local calls cost nothing; others what their tokens cost, or (no answer, no usage) at most, where that may be billed."""
    for row in rows:
        if row.label == HERE:
            assert row.cost_usd == 0
        elif row.outcome != "accepted":
            assert ((row.cost_usd or 0.0) > 0) == reaction(kind).billed
        elif row.tokens_out:
            assert row.cost_usd == cost(PRICE, row.tokens_in, row.tokens_out) == pytest.approx(80e-6)
        else:
            assert (row.cost_usd or 0.0) > 80e-6


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_server_that_fails_once_answers_when_it_is_asked_again(dialect: str) -> None:
    """Both calls are attempts of their own; nobody else is asked."""
    need(dialect)
    speech, log = DIALECTS[dialect], Log()
    turns = iter([act(FAULTS["500"], speech)])

    async def once(stage: Stage) -> None:
        await (healthy(speech) if stage.asked.path == "/api/ps" else next(turns, healthy(speech)))(stage)

    async def work() -> tuple[Answer[str] | NoModelAnswered, int]:
        async with Loopback([once]) as sick, Loopback([healthy(speech)]) as well:
            return await answered(climbing(speech.kind, (sick.url, well.url), PATIENT, log)), questions(well)

    ended, elsewhere = asyncio.run(work())

    assert [(row.label, row.outcome) for row in ended.attempts] == [(HERE, "server"), (HERE, "accepted")]
    assert (elsewhere, [record.escalations for record in log.records]) == (0, [()])


@pytest.mark.parametrize("dialect", DIALECTS)
def test_by_rule_alone_no_fault_is_met(dialect: str) -> None:
    """Nobody is asked, whatever would have happened; the log says why."""
    need(dialect)
    log = Log()

    async def work() -> tuple[object, int]:
        async with Loopback([healthy(DIALECTS[dialect])]) as server:
            llm = climbing(DIALECTS[dialect].kind, (server.url, server.url), PATIENT, log)
            return await answered(llm, "rules_only"), len(server.asked)

    ended, asked = asyncio.run(work())

    assert (str(ended), asked) == ("the rules were asked for", 0)
    assert [(row.outcome, row.cost_usd) for row in log.records] == [("rules", 0)]
