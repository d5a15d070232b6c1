"""What Octet adds to a call of a model: routing, prompt, checks, memory and log, against a real server on loopback.

The server speaks Ollama's wire format and answers at once with a good progression; the client is Ollama's own. Time inside the
provider's call is the provider's; all the rest of a request's way to its progression is ours, and is shown by part.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from statistics import median
from time import perf_counter
from typing import Any, Final, NamedTuple

from app.llm.build import build
from app.llm.config import Limits, LLMSettings, ProviderSettings, TierSettings
from app.llm.providers.ollama import Ollama
from app.llm.types import Call, Prompt, Remembered, Reply
from app.services.registry import discover
from app.services.runtime import Runtime
from app.store.models import Database, SqliteMemory, SqliteTaskLog
from app.testing.servers.dialects import DIALECTS, Said, speak
from app.testing.servers.loopback import Loopback, Stage
from app.theory.brief import Ask
from tests.services.answers import by_rule, said

GOAL_MS: Final = 3.0
LABEL: Final = "phi-3.5-mini"
ROUNDS, WARM_ROUNDS = 150, 15
PAUSE_S: Final = 0.02  # between requests: what is written when one has been answered is no part of the next
PARTS: Final = ("complexity", "prompt", "checks", "memory", "log")
CASES: Final = (("jazz", 8), ("jazz", 32), ("gospel", 16), ("classical", 16))


class Clock:
    """Milliseconds by part of the request under way."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)

    def timed(self, part: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """`work`, its time counted under `part`."""

        def counted(*given: Any, **named: Any) -> Any:
            began = perf_counter()
            try:
                return work(*given, **named)
            finally:
                self.spent[part] += (perf_counter() - began) * 1e3

        return counted

    def awaited(self, part: str, work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """The same of a coroutine."""

        async def counted(*given: Any) -> Any:
            began = perf_counter()
            try:
                return await work(*given)
            finally:
                self.spent[part] += (perf_counter() - began) * 1e3

        return counted


class Timed(Ollama):
    """Ollama, its calls counted apart."""

    clock: Clock

    async def complete(self, prompt: Prompt, call: Call) -> Reply:
        """The reply."""
        reply: Reply = await self.clock.awaited("provider", super().complete)(prompt, call)
        return reply

    async def loaded(self) -> bool:
        """Whether the model is in memory."""
        return bool(await self.clock.awaited("provider", super().loaded)())


class Kept(NamedTuple):
    """Medians in milliseconds."""

    provider: float
    parts: dict[str, float]
    ours: float
    remembered: float


def report() -> None:
    """Print the table; each row is one genre and length."""
    print(f"{'asked of a model':<20}{'call ms':>9}{'ours ms':>9}{'/ goal':>8}{'/ call':>8}", end="")
    print("".join(f"{part:>12}" for part in (*PARTS, "rest")) + f"{'remembered':>12}")
    for genre, bars in CASES:
        kept = asyncio.run(_measured(genre, bars))
        rest = kept.ours - sum(kept.parts.values())
        print(
            f"{f'{genre}, {bars} bars':<20}{kept.provider:>9.2f}{kept.ours:>9.2f}{kept.ours / GOAL_MS:>8.2f}"
            f"{kept.ours / kept.provider:>8.2f}"
            f"{''.join(f'{ms:>12.2f}' for ms in (*kept.parts.values(), rest))}{kept.remembered:>12.2f}"
        )
    print(f"goal: {GOAL_MS:g} ms; memory and log are SQLite files; remembered: the whole request when it was asked before")


async def _measured(genre: str, bars: int) -> Kept:
    words = "simple, warm and slow"
    progression, _, _ = by_rule(genre, seed=99, key="C", num_bars=bars, description=words)
    asked = [Ask(genre, f"{words}, take {seed}", seed=seed, num_bars=bars, key="C") for seed in range(ROUNDS)]
    with tempfile.TemporaryDirectory() as folder, _serving(said(progression)) as url:
        return await _rounds(url, folder, genre, asked)


@contextmanager
def _serving(answer: str) -> Iterator[str]:
    """Where the server is: in a process of its own, so that none of its work is taken for ours."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_serve, args=(answer, theirs), daemon=True)
    child.start()
    try:
        yield ours.recv()
    finally:
        child.terminate()
        child.join()


def _serve(answer: str, told: Connection) -> None:
    pieces = tuple(answer[at : at + 200] for at in range(0, len(answer), 200))

    async def play(stage: Stage) -> None:
        if stage.asked.path == "/api/ps":
            await stage.whole(200, {"models": [{"name": "phi3.5:latest", "model": "phi3.5:latest"}]})
        else:
            await speak(stage, DIALECTS["ollama"], Said(pieces, model="phi3.5"))

    async def serve() -> None:
        async with Loopback([play]) as server:
            told.send(server.url)
            await asyncio.Event().wait()

    asyncio.run(serve())


async def _rounds(url: str, folder: str, genre: str, asks: Iterable[Ask]) -> Kept:
    clock = Clock()
    Timed.clock = clock
    database = Database(folder)
    memory, log = SqliteMemory(database, Remembered), SqliteTaskLog(database)
    for name in ("recall", "remember"):
        setattr(memory, name, clock.awaited("memory", getattr(memory, name)))
    log.record = clock.awaited("log", log.record)  # type: ignore[method-assign]
    settings = LLMSettings(
        (ProviderSettings("ollama", "timed", url, local=True),), (TierSettings(LABEL, "ollama", "phi3.5"),), limits=Limits()
    )
    llm = build(settings, kinds={"timed": lambda: Timed}, memory=memory, log=log)
    service: Any = discover().service(genre, Runtime(models=lambda: llm))
    for part, name in (
        ("complexity", "_estimate_complexity"),
        ("prompt", "_build_progression_prompt"),
        ("checks", "_parse_llm_response"),
    ):
        setattr(service, name, clock.timed(part, getattr(service, name)))
    rows, again = [], []
    for ask in asks:
        brief = service.understand(ask)
        for turns in (rows, again):
            await asyncio.sleep(PAUSE_S)
            clock.spent.clear()
            began = perf_counter()
            _, method = await service.progression_for(ask, brief)
            whole = (perf_counter() - began) * 1e3
            if method.label != LABEL or method.remembered is not (turns is again):
                raise SystemExit(f"{genre}: not as measured: {method.label} {method.fallback_reason}")
            turns.append({**clock.spent, "whole": whole})
    await llm.aclose()
    database.close()
    rows, again = rows[WARM_ROUNDS:], again[WARM_ROUNDS:]
    return Kept(
        median(row["provider"] for row in rows),
        {part: median(row.get(part, 0.0) for row in rows) for part in PARTS},
        median(row["whole"] - row["provider"] for row in rows),
        median(row["whole"] for row in again),
    )
