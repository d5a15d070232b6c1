"""Loading a local model: in the background, once, and beyond the request that began it."""

from __future__ import annotations

import asyncio

import pytest

from app.errors import NoModelAnswered
from app.llm.build import of
from app.llm.moment import Moment
from app.llm.types import Call, Prompt, Reply, Terms
from tests.llm.virtual import run

PROMPT = Prompt("Four bars, please.", seed=7)


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
