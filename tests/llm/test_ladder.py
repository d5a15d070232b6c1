"""Which model is asked first, which next, and when the rules take over."""

from __future__ import annotations

import pytest

from app.errors import NoModelAnswered, ProviderError, RejectedReply, RequestError
from app.llm.ask import LLM
from app.llm.build import build, of
from app.llm.config import LLMSettings, MatrixRow, ProviderSettings, TierSettings
from app.llm.moment import Moment
from app.llm.providers.scripted import Scripted
from app.llm.types import Answer, Event, Prompt, Terms
from tests.llm.virtual import run

SERVERS = (
    ProviderSettings("here", "ollama", "http://127.0.0.1:11434"),
    ProviderSettings("there", "gemini", "https://gemini.example"),
)
TIERS = (
    TierSettings("small", "here", "phi3.5", 4),
    TierSettings("large", "here", "llama3.3:70b", 7),
    TierSettings("cloud", "there", "gemini-3.8-flash", 10),
)
PROMPT = Prompt("Four bars, please.", seed=7)


def short(text: str) -> str:
    """Answers of at most three letters are taken."""
    if len(text) > 3:
        raise RejectedReply(f"{len(text)} letters: at most 3")
    return text.upper()


@pytest.mark.parametrize(
    ("strategy", "complexity", "labels"),
    [
        ("hybrid", 1, "small large cloud"),
        ("hybrid", 4, "small large cloud"),
        ("hybrid", 5, "large cloud"),
        ("hybrid", 8, "cloud"),
        ("local_only", 2, "small large"),
        ("local_only", 9, "large"),
        ("cloud_only", 3, "cloud"),
        ("cloud_only", 9, "cloud"),
        ("local_fallback", 2, "small large cloud"),
        ("local_fallback", 9, "large cloud"),
        ("rules_only", 5, ""),
    ],
)
def test_a_strategy_removes_rungs_and_the_climb_goes_up(strategy: str, complexity: int, labels: str) -> None:
    """It starts at the highest remaining rung not above the request's own tier, else at the lowest that remains."""
    llm = build(LLMSettings(SERVERS, TIERS))

    rungs = llm.ladder(complexity, Terms(strategy=strategy))

    assert " ".join(rung.label for rung in rungs) == labels


def test_without_a_lower_rung_the_lowest_remaining_is_asked() -> None:
    """A simple request goes to the large model when there is no small one."""
    llm = build(LLMSettings(SERVERS, TIERS[1:]))

    assert [rung.label for rung in llm.ladder(1)] == ["large", "cloud"]


def test_a_chain_of_the_matrix_is_asked_in_its_own_order() -> None:
    """The settings may name the models of a task and band; the strategy still removes some."""
    rows = (MatrixRow("variation", "quick", chain=("cloud", "small")),)
    llm = build(LLMSettings(SERVERS, TIERS, matrix=rows))

    assert [rung.label for rung in llm.ladder(2, Terms(task="variation"))] == ["cloud", "small"]
    assert [rung.label for rung in llm.ladder(2, Terms(task="variation", strategy="local_only"))] == ["small"]


@pytest.mark.parametrize("name", ["large", "LARGE", "llama3.3:70b"])
def test_a_named_model_alone_is_asked(name: str) -> None:
    """By its label or by its server's name for it."""
    llm = build(LLMSettings(SERVERS, TIERS))

    assert [rung.label for rung in llm.ladder(1, Terms(model=name))] == ["large"]


def test_what_there_is_not_is_named_with_what_there_is() -> None:
    """A wrong model, strategy, provider or kind is one helpful line."""
    llm = build(LLMSettings(SERVERS, TIERS))

    with pytest.raises(RequestError, match=r'model "gpt".*small, large, cloud; or rules'):
        llm.ladder(3, Terms(model="gpt"))
    with pytest.raises(RequestError, match=r'strategy "best".*hybrid.*rules_only'):
        llm.ladder(3, Terms(strategy="best"))
    with pytest.raises(RequestError, match='tier "x": no provider "nowhere"; there is: here, there'):
        build(LLMSettings(SERVERS, (TierSettings("x", "nowhere", "m"),)))
    with pytest.raises(RequestError, match='no kind "hal"; there is: ollama'):
        build(LLMSettings((ProviderSettings("p", "hal"),), (TierSettings("x", "p", "m"),)))


def test_a_refused_answer_is_repaired_once_with_the_advice() -> None:
    """The model sees its own answer and what was wrong with it, and is believed the second time."""
    small = Scripted(["wrong", "ok"])

    async def work(moment: Moment) -> Answer[str]:
        return await of([("small", small, 10)], moment=moment).ask(PROMPT, 3, short)

    answer = run(work)

    assert (answer.value, answer.label) == ("OK", "small")
    assert small.asked[1].turns[0].text == "wrong"
    assert "5 letters: at most 3" in small.asked[1].turns[1].text
    assert [row.outcome for row in answer.attempts] == ["rejected", "accepted"]


def test_a_refused_answer_goes_up_the_ladder() -> None:
    """The small model fails twice; the large one is told why, and is believed."""
    small, large = Scripted(["wrong", "worse!"]), Scripted(["ok"])

    async def work(moment: Moment) -> tuple[Answer[str], LLM]:
        llm = of([("small", small, 5), ("large", large, 10)], moment=moment)
        return await llm.ask(PROMPT, 3, short), llm

    answer, llm = run(work)

    assert answer.label == "large"
    assert "6 letters: at most 3" in large.asked[0].text
    assert llm.stats.snapshot()["by_label"] == {"large": {"accepted": 1}, "small": {"rejected": 2}}


def test_when_every_model_fails_the_rules_are_told_why() -> None:
    """The reason names each model's last fault; the attempts come with it."""
    small, large = Scripted([ProviderError("the server is down", "quota")]), Scripted(["wrong"])

    async def work(moment: Moment) -> NoModelAnswered:
        with pytest.raises(NoModelAnswered) as caught:
            await of([("small", small, 5), ("large", large, 10)], moment=moment).ask(PROMPT, 3, short)
        return caught.value

    refusal = run(work)

    assert str(refusal) == "small: the server is down; large: 5 letters: at most 3"
    assert [row.outcome for row in refusal.attempts] == ["quota", "rejected", "rejected"]


@pytest.mark.parametrize(("complexity", "calls"), [(1, 2), (3, 3), (6, 3), (9, 2)])
def test_the_matrix_bounds_the_attempts(complexity: int, calls: int) -> None:
    """2, 3, 3 and 2 calls for quick, standard, complex and critical requests, repairs included."""
    rungs = [Scripted(["wrong"]) for _ in range(3)]

    async def work(moment: Moment) -> None:
        llm = of([("a", rungs[0], 10), ("b", rungs[1], 11), ("c", rungs[2], 12)], moment=moment)
        with pytest.raises(NoModelAnswered):
            await llm.ask(PROMPT, complexity, short)

    run(work)

    assert sum(len(rung.asked) for rung in rungs) == calls


def test_an_end_by_review_is_flagged() -> None:
    """A row of the matrix may want a person to look."""
    settings = LLMSettings(matrix=(MatrixRow("progression", "quick", end="review"),))

    async def work(moment: Moment) -> NoModelAnswered:
        with pytest.raises(NoModelAnswered) as caught:
            await of([("a", Scripted(["wrong"]), 10)], settings, moment).ask(PROMPT, 1, short)
        return caught.value

    assert run(work).review


def test_whoever_watches_sees_each_step() -> None:
    """Progress is told while a model thinks, and each attempt when it ends."""
    seen: list[Event] = []

    async def work(moment: Moment) -> None:
        await of([("a", Scripted(["wrong", "ok"]), 10)], moment=moment).ask(PROMPT, 3, short, Terms(watch=seen.append))

    run(work)

    assert [event.kind for event in seen] == ["routed", "asking", "attempt", "asking", "attempt"]
    assert seen[0].text == "complexity 3, hybrid: a"
    assert [event.attempt.outcome for event in seen if event.attempt] == ["rejected", "accepted"]


def test_a_provider_that_breaks_its_promise_harms_no_request() -> None:
    """A stranger's provider raises whatever it likes: it is a fault of its server."""

    class Broken:
        async def complete(self, *_: object) -> object:
            raise KeyError("choices")

    async def work(moment: Moment) -> Answer[str]:
        llm = of([("broken", Broken(), 5), ("good", Scripted(["ok"]), 10)], moment=moment)  # type: ignore[list-item]
        return await llm.ask(PROMPT, 3, short)

    answer = run(work)

    outcomes = [(row.label, row.outcome) for row in answer.attempts]
    assert outcomes == [("broken", "server"), ("broken", "server"), ("good", "accepted")]
