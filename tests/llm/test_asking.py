"""What one request may take of time, what it shares with others, and what is remembered of it."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import pytest

from app.errors import NoModelAnswered, ProviderError, RejectedReply
from app.llm.ask import LLM
from app.llm.build import of
from app.llm.config import Limits, LLMSettings, MatrixRow
from app.llm.memory import RecentMemory
from app.llm.moment import Moment
from app.llm.providers.scripted import Scripted
from app.llm.stats import Stats
from app.llm.types import Answer, Call, Check, Judge, Prompt, Reply, TaskRecord, Terms
from tests.llm.virtual import run

PROMPT = Prompt("Four bars, please.", seed=7)


class Log:
    """A task log in a list."""

    def __init__(self) -> None:
        self.records: list[TaskRecord] = []

    async def record(self, record: TaskRecord) -> None:
        self.records.append(record)


def with_log(llm: LLM) -> Log:
    log = Log()
    llm.keeping = llm.keeping._replace(log=log)
    return log


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


def good(text: str) -> str:
    """The only word that is accepted."""
    if text != "good":
        raise RejectedReply("say good")
    return text


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


class Judged(NamedTuple):
    """A value with the rows of its checks."""

    text: str
    checks: tuple[Check, ...] = (Check("syntax", True),)


JUDGE = Judge(lambda value: Prompt(f"Is {value} good?"), lambda text: Check("judge", text == "yes", f"the judge says {text}"))


@pytest.mark.parametrize(
    ("complexity", "checker", "judged"),
    [(3, "", ""), (3, "next", "large"), (9, "next", ""), (3, "large", "large")],
)
def test_the_matrix_says_who_judges(complexity: int, checker: str, judged: str) -> None:
    """Nobody, the next tier where there is one, or a model by its label; its verdict is a row of the checks."""
    small, large = Scripted(["a"]), Scripted(["yes"])
    rows = tuple(MatrixRow("progression", band, checker=checker) for band in ("standard", "critical"))

    async def work(moment: Moment) -> Answer[Judged]:
        llm = of([("small", small, 5), ("large", large, 10)], LLMSettings(matrix=rows), moment)
        return await llm.ask(PROMPT, complexity, Judged, Terms(judge=JUDGE))

    answer = run(work)

    assert [row.label for row in answer.attempts if row.role == "checker"] == ([judged] if judged else [])
    names = [check.name for check in answer.attempts[-1].checks]
    assert names == (["syntax", "judge"] if judged else ["syntax"])


def test_a_judge_that_says_no_is_advice() -> None:
    """Its reason goes back to the model like that of any other check."""
    small, large = Scripted(["a", "b"]), Scripted(["no", "yes"])
    rows = (MatrixRow("progression", "standard", checker="next"),)

    async def work(moment: Moment) -> Answer[Judged]:
        llm = of([("small", small, 5), ("large", large, 10)], LLMSettings(matrix=rows), moment)
        return await llm.ask(PROMPT, 3, Judged, Terms(judge=JUDGE))

    answer = run(work)

    assert answer.text == "b"
    assert "the judge says no" in small.asked[1].turns[-1].text
    assert [row.outcome for row in answer.attempts] == ["judged", "rejected", "judged", "accepted"]


def test_a_judge_that_is_ill_judges_nothing() -> None:
    """The checks alone decide then; its fault is a row of the attempts."""
    small, large = Scripted(["a"]), Scripted([ProviderError("down", "server")])
    rows = (MatrixRow("progression", "standard", checker="next"),)

    async def work(moment: Moment) -> Answer[Judged]:
        llm = of([("small", small, 5), ("large", large, 10)], LLMSettings(matrix=rows), moment)
        return await llm.ask(PROMPT, 3, Judged, Terms(judge=JUDGE))

    assert [(row.role, row.outcome) for row in run(work).attempts] == [("checker", "server"), ("worker", "accepted")]


class Cold:
    """A local model that must be loaded first."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.loads = 0
        self.ready = False

    async def complete(self, prompt: Prompt, call: Call) -> Reply:
        assert self.ready
        return Reply(f"{prompt.seed} {call.max_bytes}")

    async def loaded(self) -> bool:
        return self.ready

    async def warm(self) -> None:
        self.loads += 1
        await asyncio.sleep(self.seconds)
        self.ready = True


def test_loading_outlives_the_request_that_began_it() -> None:
    """Seventy seconds of loading: requests within them go by rule at their deadline, the first one after is answered."""
    cold = Cold(70)

    async def work(moment: Moment) -> list[str]:
        llm = of([("cold", cold, 10)], moment=moment)
        said = []
        for _ in range(2):
            try:
                said.append((await llm.ask(Prompt("x"), 3, str, Terms(deadline_s=40))).label)
            except NoModelAnswered as refusal:
                said.append(str(refusal))
        return said

    assert run(work) == ["cold: cold is still being loaded", "cold"]
    assert cold.loads == 1


def test_warming_up_is_no_request() -> None:
    """It loads in the background, once, and a request that comes meanwhile waits for it."""
    cold = Cold(20)

    async def work(moment: Moment) -> float:
        llm = of([("cold", cold, 10)], moment=moment)
        llm.warm_up()
        await asyncio.gather(*(llm.ask(Prompt("x"), 3, str) for _ in range(3)))
        return moment.now()

    assert run(work) == pytest.approx(20, abs=0.1)
    assert cold.loads == 1


def test_closing_gives_up_loading() -> None:
    """Nothing is left running."""
    cold = Cold(1000)

    async def work(moment: Moment) -> int:
        llm = of([("cold", cold, 10)], moment=moment)
        llm.warm_up()
        await asyncio.sleep(1)
        await llm.aclose()
        return len(asyncio.all_tasks())

    assert run(work) == 1


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
