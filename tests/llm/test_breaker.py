"""A sick model is left alone, then tried by one request; a wrong answer is no sickness."""

from __future__ import annotations

import asyncio

import pytest

from app.errors import NoModelAnswered, ProviderError, RejectedReply
from app.llm.breaker import Breaker
from app.llm.build import of
from app.llm.config import Limits, LLMSettings
from app.llm.faults import REACTIONS, kind_of_status, retry_after
from app.llm.moment import Moment
from app.llm.providers.scripted import Scripted
from app.llm.types import Prompt
from tests.llm.virtual import START, run


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(Limits(), clock)


def test_three_faults_in_a_row_open_it_for_half_a_minute(breaker: Breaker, clock: Clock) -> None:
    """Two do not; an answer in between begins the count anew."""
    for kind in ("server", "timeout"):
        breaker.failed(kind)
    breaker.passed()
    for kind in ("server", "timeout"):
        breaker.failed(kind)
    assert breaker.admit()

    breaker.failed("protocol")

    assert (breaker.wait_s(), breaker.why) == (30.0, "protocol")
    assert not breaker.admit()
    clock.at += 30
    assert breaker.admit()


def test_half_of_many_open_it_too(breaker: Breaker, clock: Clock) -> None:
    """Every other call fails: after ten within a minute that is enough."""
    for _ in range(4):
        breaker.failed("server")
        breaker.passed()
        clock.at += 1
    assert breaker.admit()

    breaker.failed("server")
    breaker.failed("server")

    assert not breaker.admit()


def test_after_the_window_one_probe_decides(breaker: Breaker, clock: Clock) -> None:
    """One request is let through; when it fails the window doubles, at most to five minutes; when it passes all may go."""
    for _ in range(3):
        breaker.failed("server")
    for window in (30, 60, 120, 240, 300, 300):
        assert breaker.wait_s() == window
        clock.at += window
        assert [breaker.admit() for _ in range(50)].count(True) == 1
        breaker.failed("timeout")

    clock.at += 300
    assert breaker.admit()
    breaker.passed()
    assert all(breaker.admit() for _ in range(5))


def test_a_probe_that_is_given_up_leaves_the_probe_to_the_next(breaker: Breaker, clock: Clock) -> None:
    """The caller went away: nothing was learnt."""
    for _ in range(3):
        breaker.failed("server")
    clock.at += 30
    assert breaker.admit()
    assert not breaker.admit()

    breaker.undecided()

    assert breaker.admit()


@pytest.mark.parametrize(
    ("kind", "asked", "off"),
    [
        ("quota", None, 300), ("auth", None, 300), ("policy", None, 300), ("model", None, 60), ("rate", None, 10),
        ("rate", 45.0, 45), ("overload", 7.0, 7), ("overload", None, 0), ("content", None, 0), ("request", None, 0),
        ("server", None, 0),
    ],
)  # fmt: skip
def test_what_waiting_cannot_mend_is_left_alone_at_once(breaker: Breaker, kind: str, asked: float | None, off: float) -> None:
    """A refused key or an empty purse for five minutes; a rate limit for as long as the server says."""
    breaker.failed(kind, asked)

    assert breaker.wait_s() == off


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0), ("0", 0.0), ("3600", 120.0), ("Wed, 18 Nov 2026 11:07:20 GMT", 40.0), ("-5", None), ("abc", None),
        ("nan", None), ("1" * 100, None), (None, None), ("Wed, 99 Nov 2026 11:07:20 GMT", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    """At most two minutes are believed; junk is as good as none."""
    assert retry_after(header, START) == seconds


def test_every_status_has_a_row() -> None:
    """Whatever a server answers, there is something to do about it."""
    assert {kind_of_status(status) for status in range(300, 600)} <= set(REACTIONS)


def test_a_sick_server_is_not_asked_by_everybody() -> None:
    """A hundred requests, a server that always fails: three calls, then silence; half a minute later one probe at a time."""
    sick = Scripted([ProviderError("down", "timeout")])

    async def work(moment: Moment) -> tuple[int, int]:
        llm = of([("sick", sick, 10)], moment=moment)
        for _ in range(100):
            with pytest.raises(NoModelAnswered):
                await llm.ask(Prompt("x"), 3, str)
        first = len(sick.asked)
        await moment.sleep(31)
        asking = [llm.ask(Prompt("x"), 3, str) for _ in range(50)]
        refusals = await asyncio.gather(*asking, return_exceptions=True)
        assert all(isinstance(one, NoModelAnswered) for one in refusals)
        return first, len(sick.asked) - first

    assert run(work) == (3, 1)


def test_wrong_answers_open_no_breaker() -> None:
    """A model that is always refused is still asked: its server is well."""
    wrong = Scripted(["no"])

    def refuse(_: str) -> str:
        raise RejectedReply("not that")

    async def work(moment: Moment) -> None:
        llm = of([("wrong", wrong, 10)], moment=moment)
        for _ in range(10):
            with pytest.raises(NoModelAnswered, match="not that"):
                await llm.ask(Prompt("x"), 1, refuse)

    run(work)

    assert len(wrong.asked) == 20


def test_retries_are_a_small_share_of_the_requests() -> None:
    """Whatever fails, retries add a tenth to the calls, over a reserve of ten."""
    flaky = Scripted([ProviderError("down", "server")])
    limits = Limits(breaker_failures=10**9, breaker_least=10**9)

    async def work(moment: Moment) -> None:
        llm = of([("flaky", flaky, 10)], LLMSettings(limits=limits), moment)
        for _ in range(200):
            with pytest.raises(NoModelAnswered):
                await llm.ask(Prompt("x"), 3, str)

    run(work)

    assert 200 + 10 <= len(flaky.asked) <= 200 + 10 + 20


@pytest.mark.parametrize(("asked", "calls", "waited"), [(1.5, 2, 1.5), (30.0, 1, 0.0), (None, 1, 0.0)])
def test_a_rate_limit_is_waited_out_when_it_is_short(asked: float | None, calls: int, waited: float) -> None:
    """Retry-After of up to two seconds is honoured; a longer one, or none, leads to the next model."""
    busy = Scripted([ProviderError("slowly", "rate", asked), "ok"])

    async def work(moment: Moment) -> float:
        began = moment.now()
        answer = await of([("busy", busy, 5), ("next", Scripted(["ok"]), 10)], moment=moment).ask(Prompt("x"), 3, str)
        assert answer.label == ("busy" if calls == 2 else "next")
        return moment.now() - began

    assert run(work) == pytest.approx(waited, abs=0.01)
    assert len(busy.asked) == calls
