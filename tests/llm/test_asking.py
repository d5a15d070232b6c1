"""What one request may take of time, of calls and of a model's line, and what is logged of it."""

from __future__ import annotations

import asyncio

import pytest

from app.errors import NoModelAnswered, ProviderError
from app.llm.ask import LLM
from app.llm.build import of
from app.llm.config import Limits, LLMSettings, MatrixRow
from app.llm.moment import Moment
from app.llm.providers.scripted import Scripted
from app.llm.stats import Stats
from app.llm.types import Answer, Prompt, TaskRecord, Terms
from tests.llm.logged import good, with_log
from tests.llm.virtual import run

PROMPT = Prompt("Four bars, please.", seed=7)


def test_a_slow_model_is_given_up_and_the_next_one_asked() -> None:
    """A local model has forty seconds while another could follow; the last one has what is left of the minute."""
    slow, slower = Scripted(["a"], seconds=41), Scripted(["b"], seconds=19)

    async def work(moment: Moment) -> tuple[Answer[str], float]:
        slow._moment = slower._moment = moment
        answer = await of([("slow", slow, 5), ("slower", slower, 10)], moment=moment).ask(PROMPT, 3, str)
        return answer, moment.now()

    answer, took = run(work)

    assert [(row.label, row.outcome) for row in answer.attempts] == [("slow", "timeout"), ("slower", "accepted")]
    assert took == pytest.approx(59, abs=0.1)


@pytest.mark.parametrize(("deadline", "ended"), [(None, 59.5), (10.0, 9.5), (1000.0, 59.5), (1.0, 0.75)])
def test_the_whole_request_ends_by_its_deadline(deadline: float | None, ended: float) -> None:
    """A request may shorten the deadline, not lengthen it; a part of it is kept for the rules."""
    never = Scripted(["a"], seconds=1e6)

    async def work(moment: Moment) -> float:
        never._moment = moment
        llm = of([("never", never, 10)], LLMSettings(limits=Limits(least_s=0.1)), moment)
        with pytest.raises(NoModelAnswered, match="no answer within"):
            await llm.ask(PROMPT, 3, str, Terms(deadline_s=deadline))
        return moment.now()

    assert run(work) == pytest.approx(ended, abs=0.1)


def test_less_than_a_second_begins_no_attempt() -> None:
    """There is no time for a model: the rules answer at once."""
    model = Scripted(["a"])

    async def work(moment: Moment) -> None:
        with pytest.raises(NoModelAnswered, match="no time is left"):
            await of([("m", model, 10)], moment=moment).ask(PROMPT, 3, str, Terms(deadline_s=1.0))

    run(work)

    assert model.asked == []


def test_a_repair_needs_time() -> None:
    """With less than two fifths of an attempt's time left the next model is asked instead."""
    first, second = Scripted(["bad"], seconds=50), Scripted(["good"])

    async def work(moment: Moment) -> Answer[str]:
        first._moment = moment
        llm = of([("first", first, 5), ("second", second, 10)], LLMSettings(limits=Limits(local_s=55)), moment)
        return await llm.ask(PROMPT, 3, good)

    assert run(work).label == "second"
    assert len(first.asked) == 1


def test_two_hundred_requests_keep_order_bounds_and_counts() -> None:
    """A model of one second, eight at a time: 25 seconds, never more than eight, first come first served, exact counts."""
    model = Scripted(["a"], seconds=1)
    own = Stats()

    async def work(moment: Moment) -> tuple[float, LLM]:
        model._moment = moment
        llm = of([("m", model, 10)], LLMSettings(limits=Limits(queue=1000)), moment)
        llm.rungs[0].line.at_once = 8
        terms = Terms(stats=own)
        await asyncio.gather(*(llm.ask(Prompt(str(number)), 3, str, terms) for number in range(200)))
        return moment.now(), llm

    took, llm = run(work)

    assert [prompt.text for prompt in model.asked] == [str(number) for number in range(200)]
    assert took == pytest.approx(25, abs=0.1)
    assert model.most_at_once == 8
    assert llm.stats.snapshot() == own.snapshot()
    assert own.snapshot()["by_label"] == {"m": {"accepted": 200}}


def test_the_line_is_bounded_in_length_and_time() -> None:
    """Who finds it too long, or waits too long, goes on to the next model at once."""
    slow, other = Scripted(["a"], seconds=29), Scripted(["b"])

    async def work(moment: Moment) -> list[str]:
        slow._moment = moment
        llm = of([("slow", slow, 5), ("other", other, 10)], LLMSettings(limits=Limits(queue=2, queue_s=28)), moment)
        answers = await asyncio.gather(*(llm.ask(Prompt("x"), 3, str) for _ in range(5)))
        return [answer.label for answer in answers]

    assert run(work) == ["slow", "other", "other", "other", "other"]


def test_the_log_says_what_happened_and_no_word_of_the_prompt() -> None:
    """Task, band, attempts, escalations and cost; texts only where the settings ask for them."""
    small, large = Scripted(["bad"]), Scripted(["good"])

    async def work(moment: Moment, texts: bool) -> TaskRecord:
        llm = of([("small", small, 5), ("large", large, 10)], LLMSettings(limits=Limits(log_text=texts)), moment)
        log = with_log(llm)
        await llm.ask(PROMPT._replace(version="v1"), 3, good, Terms(subject="jazz", task_id="t1"))
        return log.records[0]

    record = run(lambda moment: work(moment, texts=False))

    assert (record.task_id, record.task, record.subject, record.band, record.strategy) == (
        "t1", "progression", "jazz", "standard", "hybrid",
    )  # fmt: skip
    assert (record.outcome, record.label, record.escalations, record.prompt_version) == (
        "accepted", "large", (("small", "large"),), "v1",
    )  # fmt: skip
    assert "bars" not in repr(record)
    assert "Four bars" in run(lambda moment: work(moment, texts=True)).prompt_text


def test_rules_only_asks_nobody_and_is_logged() -> None:
    """So is a process without models."""
    model = Scripted(["a"])

    async def work(moment: Moment) -> list[str]:
        llm, empty = of([("m", model, 10)], moment=moment), of([], moment=moment)
        log = with_log(llm)
        with pytest.raises(NoModelAnswered, match="the rules were asked for"):
            await llm.ask(PROMPT, 3, str, Terms(strategy="rules_only"))
        with pytest.raises(NoModelAnswered, match="the rules were asked for"):
            await llm.ask(PROMPT, 3, str, Terms(model="rules"))
        with pytest.raises(NoModelAnswered, match="no model is configured"):
            await empty.ask(PROMPT, 3, str)
        with pytest.raises(NoModelAnswered, match="strategy cloud_only leaves no configured model"):
            await llm.ask(PROMPT, 3, str, Terms(strategy="cloud_only"))
        return [record.outcome for record in log.records]

    assert run(work) == ["rules", "rules", "rules"]
    assert model.asked == []


def test_one_llm_serves_one_event_loop_after_another() -> None:
    """A script calls asyncio.run for each piece; lines and flights do not remember the old loop."""
    model = Scripted(["a"], seconds=0.001)
    llm = of([("m", model, 10)])

    async def crowd() -> int:
        return len(await asyncio.gather(*(llm.ask(Prompt("x", seed=seed), 3, str) for seed in (1, 1, 2, 3))))

    assert [asyncio.run(crowd()) for _ in range(2)] == [4, 4]


GENEROUS = tuple(MatrixRow("progression", band, attempts=99) for band in ("quick", "standard", "complex", "critical"))


@pytest.mark.parametrize(("limits", "asked"), [(Limits(), [2, 2, 0, 0, 0]), (Limits(max_calls=3), [2, 1, 0, 0, 0])])
def test_a_request_makes_at_most_four_calls(limits: Limits, asked: list[int]) -> None:
    """Whatever the matrix allows."""
    models = [Scripted(["bad"]) for _ in range(5)]

    async def work(moment: Moment) -> None:
        rungs = [(str(number), model, 10 + number) for number, model in enumerate(models)]
        with pytest.raises(NoModelAnswered):
            await of(rungs, LLMSettings(matrix=GENEROUS, limits=limits), moment).ask(PROMPT, 3, good)

    run(work)

    assert [len(model.asked) for model in models] == asked


def test_one_model_is_retried_or_repaired_but_not_both() -> None:
    """A server that failed once and then answered wrongly has had its two calls."""
    flaky, other = Scripted([ProviderError("down", "server"), "bad"]), Scripted(["good"])

    async def work(moment: Moment) -> Answer[str]:
        llm = of([("flaky", flaky, 5), ("other", other, 10)], LLMSettings(matrix=GENEROUS), moment)
        return await llm.ask(PROMPT, 3, good)

    assert [row.outcome for row in run(work).attempts] == ["server", "rejected", "accepted"]
