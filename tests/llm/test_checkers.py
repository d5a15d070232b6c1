"""A second model's word on an answer: who is asked, and what becomes of it."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from app.errors import ProviderError
from app.llm.build import of
from app.llm.config import LLMSettings, MatrixRow
from app.llm.moment import Moment
from app.llm.providers.scripted import Scripted
from app.llm.types import Answer, Check, Judge, Prompt, Terms
from tests.llm.virtual import run

PROMPT = Prompt("Four bars, please.", seed=7)


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
