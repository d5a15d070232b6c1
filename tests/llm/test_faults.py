"""Servers that are not there, lead elsewhere, fail all at once or in turn: an answer or a reason, and nothing left behind."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from app.errors import NoModelAnswered
from app.llm.build import build
from app.llm.config import Limits
from app.llm.faults import REACTIONS, reaction
from app.llm.types import Answer, Attempt, Terms
from app.testing.servers.dialects import DIALECTS
from app.testing.servers.faults import CANARY, FAULTS, Fault, act, endless, healthy, status
from app.testing.servers.loopback import Loopback, refused_url
from tests.llm.needing import need
from tests.llm.sickbed import ELSEWHERE, HASTIER, HERE, PATIENT, PROMPT, asked, settings, skipping


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nobody_listens(dialect: str) -> None:
    """A refused connection is tried once more, then the next model is asked."""
    need(dialect)

    async def work() -> Answer[str] | NoModelAnswered:
        async with Loopback([healthy(DIALECTS[dialect])]) as well:
            return await asked(DIALECTS[dialect].kind, (await refused_url(), well.url), PATIENT)

    answer = asyncio.run(work())

    assert isinstance(answer, Answer)
    assert [row.outcome for row in answer.attempts] == ["unreachable", "unreachable", "accepted"]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_nobody_is_sent_elsewhere_with_the_key(dialect: str, code: int) -> None:
    """A redirect is a fault, whatever its status; where it leads is never asked."""
    need(dialect)
    speech = DIALECTS[dialect]

    async def work() -> tuple[Answer[str] | NoModelAnswered, int]:
        async with Loopback([healthy(speech)]) as thief:
            moved = act(Fault("policy", status(code, location=f"{thief.url}/steal")), speech)
            async with Loopback([moved]) as sick, Loopback([healthy(speech)]) as well:
                return await asked(speech.kind, (sick.url, well.url), PATIENT), len(thief.asked)

    answer, stolen = asyncio.run(work())

    assert isinstance(answer, Answer)
    assert [row.outcome for row in answer.attempts] == ["policy", "accepted"]
    assert stolen == 0


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_server_that_speaks_plainly_on_a_secure_port_is_no_server(dialect: str) -> None:
    """TLS fails before anything is said: no key is sent, and the next model answers."""
    need(dialect)

    async def work() -> tuple[Answer[str] | NoModelAnswered, int]:
        async with Loopback([healthy(DIALECTS[dialect])]) as plain, Loopback([healthy(DIALECTS[dialect])]) as well:
            urls = (plain.url.replace("http:", "https:"), well.url)
            hasty = PATIENT._replace(connect_local_s=0.2)
            return await asked(DIALECTS[dialect].kind, urls, hasty), len(plain.asked)

    answer, heard = asyncio.run(work())

    assert isinstance(answer, Answer)
    kind = "timeout" if dialect == "gemini-legacy" else "unreachable"
    assert {row.outcome for row in answer.attempts if row.label == "local"} == {kind}
    assert heard == 0


def test_a_server_that_fails_differently_each_time_harms_no_request() -> None:
    """Two hundred requests, eight at a time, a fault drawn for each call: an answer or a reason, never another error."""
    need("openai")
    speech = DIALECTS["openai"]
    chance = Random(3)
    quick = [fault for fault in FAULTS.values() if not fault.slow and fault.play is not endless]
    acts = [act(fault, speech) for fault in quick] + [healthy(speech)] * 10
    limits = Limits(local_s=10, cloud_s=10, breaker_failures=10**6, breaker_least=10**6, queue=1000, retry_reserve=1e6)
    never_off = settings("openai", "http://127.0.0.1:1", "http://127.0.0.1:1", limits)

    async def work() -> tuple[list[object], int]:
        async with Loopback([chance.choice(acts) for _ in range(2000)]) as server:
            servers = tuple(one._replace(url=server.url) for one in never_off.providers)
            llm = build(never_off._replace(providers=servers), moment=skipping())
            for rung in llm.rungs:
                rung.line.at_once = 8
                rung.breaker.failed = lambda *_: None  # type: ignore[method-assign]
            ended = await asyncio.gather(*(llm.ask(PROMPT._replace(seed=n), 3, str) for n in range(200)), return_exceptions=True)
        return list(ended), len(asyncio.all_tasks())

    ended, tasks = asyncio.run(work())

    assert {type(one) for one in ended} == {Answer, NoModelAnswered}
    assert all(len(one.attempts) <= 4 for one in ended if isinstance(one, Answer | NoModelAnswered))
    assert tasks == 1


def test_a_hundred_requests_on_a_server_that_hangs_leave_nothing_behind() -> None:
    """Each ends by its deadline; no task, no place in the line, no connection stays."""
    need("openai")

    async def work() -> tuple[set[str], int, int]:
        async with Loopback([act(FAULTS["hang"], DIALECTS["openai"])]) as server:
            limits = HASTIER._replace(queue=1000)
            llm = build(settings("openai", server.url, server.url, limits))
            llm.rungs[0].line.at_once = 100
            terms = Terms(strategy="local_only")
            asking = (llm.ask(PROMPT._replace(seed=n), 3, str, terms) for n in range(100))
            ended = await asyncio.gather(*asking, return_exceptions=True)
            assert all(isinstance(one, NoModelAnswered) for one in ended)
            await asyncio.sleep(0.05)
            return {type(one).__name__ for one in ended}, llm.rungs[0].line.inside, len(asyncio.all_tasks())

    assert asyncio.run(work()) == ({"NoModelAnswered"}, 0, 1)


@pytest.mark.parametrize("strategy", ["hybrid", "local_fallback"])
@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.kind])
def test_when_everything_is_broken_the_rules_take_over(name: str, strategy: str) -> None:
    """The fault is met at every one, at most four calls are made, and the reason names both."""
    need("openai")
    fault, speech = FAULTS[name], DIALECTS["openai"]

    async def work() -> tuple[Answer[str] | NoModelAnswered, dict[str, int]]:
        async with Loopback([act(fault, speech)]) as first, Loopback([act(fault, speech)]) as second:
            refusal = await asked("openai", (first.url, second.url), HASTIER if fault.slow else PATIENT, strategy)
            return refusal, {HERE: len(first.asked), ELSEWHERE: len(second.asked)}

    refusal, hits = asyncio.run(work())

    assert isinstance(refusal, NoModelAnswered)
    assert all(hits.values())
    assert sum(hits.values()) <= 4
    assert hits[ELSEWHERE] <= 2
    assert HERE in str(refusal)
    assert ELSEWHERE in str(refusal)
    assert _outcomes(refusal.attempts) == {fault.kind}
    assert CANARY not in str(refusal)


def _outcomes(rows: tuple[Attempt, ...]) -> set[str]:
    return {row.outcome for row in rows}


def test_every_kind_of_fault_that_a_server_can_show_is_tried() -> None:
    """The list of faults reaches each row of the table that a server can cause."""
    shown = {fault.kind for fault in FAULTS.values()} | {"unreachable"}

    assert shown - {""} == set(REACTIONS) - {"busy", "overspent", "loading", "missing"}


def test_an_unknown_kind_is_a_sick_server() -> None:
    """A stranger's provider may name a kind that there is not."""
    assert reaction("gremlins") == REACTIONS["server"]
