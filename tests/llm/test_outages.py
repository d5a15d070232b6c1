"""A sick model uses up none of the attempts that wrong answers are allowed: the climb reaches whoever is well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from app.errors import NoModelAnswered, ProviderError, RejectedReply
from app.llm.build import build, of
from app.llm.config import LLMSettings, ProviderSettings, TierSettings
from app.llm.faults import REACTIONS
from app.llm.moment import Moment
from app.llm.providers.scripted import Scripted
from app.llm.routing import checker_for, row_for
from app.llm.types import Answer, Attempt, Prompt, Terms
from tests.llm.virtual import run

PROMPT = Prompt("Four bars, please.", seed=7)
BY_SERVERS = sorted(set(REACTIONS) - {"busy", "overspent", "loading", "missing", "content"})


def short(text: str) -> str:
    """Answers of at most three letters are taken."""
    if len(text) > 3:
        raise RejectedReply(f"{len(text)} letters: at most 3")
    return text


def sick(kind: str) -> ProviderError:
    return ProviderError(f"its server is down ({kind})", kind)


def climbed(complexity: int, *lines: Sequence[Any], settings: LLMSettings | None = None) -> tuple[str, list[Attempt]]:
    """Who answered ("" for nobody), and the attempts, where the i-th model says the i-th lines."""

    async def work(moment: Moment) -> Answer[str] | NoModelAnswered:
        rungs = [(f"model-{number}", Scripted(list(said)), 10 + number) for number, said in enumerate(lines, 1)]
        try:
            return await of(rungs, settings, moment).ask(PROMPT, complexity, short)
        except NoModelAnswered as refusal:
            return refusal

    answer = run(work)
    return (answer.label if isinstance(answer, Answer) else ""), list(answer.attempts)


def calls(rows: Sequence[Attempt], label: str = "") -> int:
    return sum(row.outcome != "skipped" and label in row.label for row in rows)


@pytest.mark.parametrize("complexity", [1, 3, 6, 9])
@pytest.mark.parametrize("kind", BY_SERVERS)
def test_two_sick_models_leave_the_third_its_turn(kind: str, complexity: int) -> None:
    """Whatever the band and the fault, in at most four calls (a server that is not there counts as none)."""
    label, rows = climbed(complexity, [sick(kind)], [sick(kind)], ["ok"])

    assert label == "model-3"
    assert calls(rows) <= 4 or kind == "unreachable"


def test_a_fault_is_tried_again_only_while_every_further_model_keeps_a_call() -> None:
    """Four calls and three models: one of them gets a second try."""
    _, rows = climbed(3, [sick("server")], [sick("server")], ["ok"])

    assert [row.label for row in rows] == ["model-1", "model-1", "model-2", "model-3"]


def test_wrong_answers_use_up_the_attempts_and_outages_do_not() -> None:
    """A quick request: two wrong answers end the climb; a sick server before them does not count."""
    wrong = climbed(1, ["wrong"], ["ok"])
    after = climbed(1, [sick("server")], ["wrong", "ok"], ["never"])
    both = climbed(1, [sick("server")], ["wrong", "worse"], ["ok"])

    assert wrong[0] == ""
    assert after[0] == "model-2"
    assert both[0] == ""
    assert [row.outcome for row in both[1]] == ["server", "server", "rejected", "rejected", "skipped"]


def test_an_answer_cut_short_is_a_wrong_answer() -> None:
    """It was there, and too long."""
    label, rows = climbed(1, [sick("content")], ["ok"])

    assert (label, calls(rows)) == ("", 2)


def test_models_that_are_left_alone_keep_no_call_from_the_others() -> None:
    """Where no further model can be asked, a fault is tried again."""
    _, rows = climbed(3, [sick("server"), "ok"])

    assert [row.outcome for row in rows] == ["server", "accepted"]


@pytest.mark.parametrize(("complexity", "strategy", "judge"), [
    (3, "hybrid", None), (6, "hybrid", "large-judge"), (9, "hybrid", "cloud-judge"), (9, "local_fallback", "cloud-judge"),
    (9, "local_only", "large-judge"),
])  # fmt: skip
def test_who_judges_goes_by_complexity(complexity: int, strategy: str, judge: str | None) -> None:
    """Below five the checks alone, to seven a judge of the same tier, from eight one of the next; the highest has its own."""
    llm = build(LLMSettings(
        (ProviderSettings("here", "ollama", "http://127.0.0.1:1"), ProviderSettings("there", "gemini", "https://x.example")),
        (
            TierSettings("small", "here", "s", 4), TierSettings("large", "here", "l", 7),
            TierSettings("large-judge", "here", "j", 7, True),
            TierSettings("cloud", "there", "c", 10), TierSettings("cloud-judge", "there", "k", 10, True),
        ),
    ))  # fmt: skip
    row = llm.row("progression", complexity)
    worker = llm.ladder(complexity, Terms(strategy=strategy))[0]
    found = checker_for(row, worker, llm.rungs, strategy)

    assert row == row_for(llm.settings.matrix, "progression", row.band)
    assert (found and found.label) == judge
