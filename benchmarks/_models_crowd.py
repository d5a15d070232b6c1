"""Two hundred requests at once against a model of one second that takes eight at a time, on a real loopback server."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Final

from app.llm.build import build
from app.llm.config import Limits, LLMSettings, ProviderSettings, TierSettings
from app.llm.stats import Stats
from app.llm.types import Event, Prompt, Terms
from app.testing.servers.dialects import DIALECTS, Said, speak
from app.testing.servers.loopback import Loopback, Stage

REQUESTS: Final = 200
AT_ONCE: Final = 8
SECONDS: Final = 1.0
IDEAL_S: Final = REQUESTS / AT_ONCE * SECONDS


class Slow:
    """The model: how many it had at once, and whose questions came in which order."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.came: list[int] = []

    async def __call__(self, stage: Stage) -> None:
        """One answer, after a second."""
        if stage.asked.path == "/api/ps":
            await stage.whole(200, {"models": [{"name": "m", "model": "m"}]})
            return
        self.came.append(int(stage.asked.json["messages"][-1]["content"].split()[-1]))
        self.inside += 1
        self.most = max(self.most, self.inside)
        await asyncio.sleep(SECONDS)
        self.inside -= 1
        await speak(stage, DIALECTS["ollama"], Said(("{}",), model="m"))


def report() -> None:
    """Print what was to be kept and what was."""
    asyncio.run(_crowd())


async def _crowd() -> None:
    model, own, admitted = Slow(), Stats(), list[int]()
    async with Loopback([model]) as server:
        llm = build(
            LLMSettings(
                (ProviderSettings("ollama", "ollama", server.url, local=True),),
                (TierSettings("m", "ollama", "m", at_once=AT_ONCE),),
                limits=Limits(queue=REQUESTS),
            )
        )
        await llm.ask(Prompt("first -1"), 3, str)  # imports the client; not counted below
        llm.stats.reset()
        model.came.clear()

        def terms(number: int) -> Terms:
            def watch(event: Event) -> None:
                if event.kind == "asking":
                    admitted.append(number)

            return Terms(stats=own, watch=watch)

        began = perf_counter()
        answers = await asyncio.gather(*(llm.ask(Prompt(f"number {n}"), 3, str, terms(n)) for n in range(REQUESTS)))
        took = perf_counter() - began
        await llm.aclose()
    queued = [answer.attempts[-1].queued_ms / 1e3 for answer in answers]
    counted = {"m": {"accepted": REQUESTS}}
    moved = max(abs(place - number) for place, number in enumerate(model.came))
    rows = (
        ("seconds in all", f"{took:.2f}", f"{IDEAL_S:.2f}", took / IDEAL_S <= 1.2),
        ("most at once, at the server", model.most, AT_ONCE, model.most == AT_ONCE),
        ("let in in the order they came", admitted == list(range(REQUESTS)), True, admitted == list(range(REQUESTS))),
        ("places a request moved on the wire", moved, f"< {AT_ONCE}", moved < AT_ONCE),
        ("longest wait in line, s", f"{max(queued):.2f}", f"{IDEAL_S - SECONDS:.2f}", max(queued) < IDEAL_S * 1.2),
        ("answers counted, by the asker", own.snapshot()["by_label"], counted, own.snapshot()["by_label"] == counted),
        (
            "answers counted, in all",
            llm.stats.snapshot()["local_generations"],
            REQUESTS,
            llm.stats.snapshot()["by_label"] == counted,
        ),
        ("places still held", llm.rungs[0].line.inside, 0, llm.rungs[0].line.inside == 0),
    )
    print(f"{REQUESTS} requests, {AT_ONCE} at a time, {SECONDS:g} s each: {took / IDEAL_S:.3f} of the ideal time")
    for name, found, wanted, kept in rows:
        print(f"  {name:<36}{found!s:>28}  of {wanted!s:<28}{'kept' if kept else 'BROKEN'}")
