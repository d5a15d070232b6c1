"""What identical requests share, and what is remembered of an answer."""

from __future__ import annotations

import asyncio

import pytest

from app.errors import NoModelAnswered
from app.llm.ask import LLM
from app.llm.build import of
from app.llm.memory import RecentMemory
from app.llm.moment import Moment
from app.llm.providers.scripted import Scripted
from app.llm.types import Answer, Prompt, Terms
from tests.llm.logged import good, with_log
from tests.llm.virtual import run

PROMPT = Prompt("Four bars, please.", seed=7)


def test_identical_requests_in_flight_are_asked_once() -> None:
    """Ten at once: one call, ten equal answers, nine of them shared; another seed is another question."""
    model = Scripted(["a"], seconds=1)

    async def work(moment: Moment) -> tuple[list[Answer[str]], LLM]:
        model._moment = moment
        llm = of([("m", model, 10)], moment=moment)
        prompts = [PROMPT] * 10 + [PROMPT._replace(seed=8)]
        return list(await asyncio.gather(*(llm.ask(prompt, 3, str) for prompt in prompts))), llm

    answers, llm = run(work)

    assert len(model.asked) == 2
    assert [answer.remembered for answer in answers].count(True) == 9
    assert llm.stats.snapshot()["local_generations"] == 11
    assert llm.stats.snapshot()["by_label"] == {"m": {"accepted": 2, "remembered": 9}}


def test_without_a_seed_nothing_is_shared_or_remembered() -> None:
    """Whoever gives no seed wants another answer each time."""
    model = Scripted(["a"], seconds=1)

    async def work(moment: Moment) -> None:
        model._moment = moment
        llm = of([("m", model, 10)], moment=moment)
        await asyncio.gather(*(llm.ask(Prompt("x"), 3, str) for _ in range(3)))

    run(work)

    assert len(model.asked) == 3


def test_the_work_goes_on_while_anyone_waits_and_stops_with_the_last() -> None:
    """The first to ask goes away, the second is answered; when both go away the call is cancelled."""
    model = Scripted(["a"], seconds=5)

    async def work(moment: Moment) -> tuple[str, int, int]:
        model._moment = moment
        llm = of([("m", model, 10)], moment=moment)
        log = with_log(llm)
        first, second = (asyncio.ensure_future(llm.ask(PROMPT, 3, str)) for _ in range(2))
        await asyncio.sleep(1)
        first.cancel()
        value = (await second).value
        lonely = asyncio.ensure_future(llm.ask(PROMPT._replace(seed=9), 3, str))
        await asyncio.sleep(1)
        lonely.cancel()
        await asyncio.gather(first, lonely, return_exceptions=True)
        outcomes = [record.outcome for record in log.records]
        assert outcomes == ["cancelled", "remembered", "cancelled"]
        assert log.records[-1].attempts[0].outcome == "cancelled"
        return value, model.at_once, llm.rungs[0].line.inside

    assert run(work) == ("a", 0, 0)


def test_an_accepted_answer_is_remembered_and_a_refused_one_is_not() -> None:
    """The same question later costs nothing; a question whose answer was refused is asked anew."""
    model = Scripted(["bad", "bad", "good", "other"])

    async def work(moment: Moment) -> list[tuple[str, bool, float | None]]:
        llm = of([("m", model, 10)], moment=moment)
        with pytest.raises(NoModelAnswered):
            await llm.ask(PROMPT, 3, good)
        answers = [await llm.ask(PROMPT, 3, good) for _ in range(3)]
        return [(answer.label, answer.remembered, answer.cost_usd) for answer in answers]

    assert run(work) == [("m", False, 0.0), ("m", True, 0.0), ("m", True, 0.0)]
    assert len(model.asked) == 3


def test_a_remembered_answer_is_proved_again() -> None:
    """What was good once and no longer is, is forgotten and asked anew: a judge's table may have changed."""
    model = Scripted(["old", "good"])

    async def work(moment: Moment) -> str:
        llm = of([("m", model, 10)], moment=moment)
        await llm.ask(PROMPT, 3, str)
        return (await llm.ask(PROMPT, 3, good)).value

    assert run(work) == "good"


@pytest.mark.parametrize(
    "other",
    [
        PROMPT._replace(text="Five bars."), PROMPT._replace(seed=8), PROMPT._replace(system="s"), PROMPT._replace(version="2"),
        PROMPT._replace(schema={"type": "array"}), PROMPT._replace(max_tokens=5), PROMPT._replace(temperature=0.5),
    ],
)  # fmt: skip
def test_the_whole_prompt_is_the_question(other: Prompt) -> None:
    """An edited template, table or schema is a new question by itself."""
    model = Scripted(["a"])

    async def work(moment: Moment) -> None:
        llm = of([("m", model, 10)], moment=moment)
        await llm.ask(PROMPT, 3, str)
        await llm.ask(other, 3, str)

    run(work)

    assert len(model.asked) == 2


def test_memory_is_bounded() -> None:
    """The answer that was longest not asked for goes first."""
    model = Scripted(["a"])

    async def work(moment: Moment) -> None:
        llm = of([("m", model, 10)], moment=moment)
        llm.keeping = llm.keeping._replace(memory=RecentMemory(2))
        for seed in (1, 2, 1, 3, 1, 2):
            await llm.ask(PROMPT._replace(seed=seed), 3, str)

    run(work)

    assert [prompt.seed for prompt in model.asked] == [1, 2, 3, 2]


def test_a_memory_that_hangs_costs_no_more_than_the_deadline() -> None:
    """The whole request is bounded, not only its calls."""

    class Stuck(RecentMemory):
        async def recall(self, _: str) -> None:
            await asyncio.sleep(1e6)

    async def work(moment: Moment) -> float:
        llm = of([("m", Scripted(["good"]), 10)], moment=moment)
        llm.keeping = llm.keeping._replace(memory=Stuck())
        with pytest.raises(NoModelAnswered, match="within the deadline"):
            await llm.ask(PROMPT, 3, good, Terms(deadline_s=5))
        return moment.now()

    assert run(work) == pytest.approx(4.5, abs=0.1)
