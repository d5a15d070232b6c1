"""The same words to the models that are really configured: what it may cost, and what they make of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

from app.errors import OctetError
from app.llm.ask import LLM
from app.llm.money import cost
from app.llm.types import Terms
from app.services.complexity import estimate
from app.services.registry import Registry
from app.services.runtime import Runtime
from app.testing.verification.bench import BARS, BY_RULE, TIERS
from app.testing.verification.cells import FAILED, OK, SKIPPED, Cell, Report, Row
from app.theory.brief import Ask

TOKENS: Final = (1200, 1000)  # of a question and an answer of eight bars, on the high side
NAMES: Final = ("simple", "sophisticated", "experimental")
NO_MODEL: Final = "no model is configured or found: octet doctor says what to do"


class Plan(NamedTuple):
    """What is about to be asked."""

    requests: tuple[tuple[str, str], ...]  # how hard, and the label of the model that is asked first
    usd: float | None  # about, for all genres; None where a price is not known


def plan(llm: LLM, genres: Sequence[str]) -> Plan:
    """Who would be asked for what, and about what that costs."""
    requests, total = [], 0.0
    unknown = False
    for name, (*_, words) in zip(NAMES, TIERS, strict=True):
        rungs = llm.ladder(estimate(words, BARS).score, Terms())
        requests.append((name, rungs[0].label if rungs else BY_RULE))
        usd = cost(rungs[0].price, *TOKENS) if rungs and rungs[0].paid else 0.0
        unknown = unknown or usd is None
        total += usd or 0.0
    return Plan(tuple(requests), None if unknown else total * len(genres))


def verify_live(registry: Registry, runtime: Runtime, genres: Sequence[str] = ()) -> Report:
    """The report of these genres with the models that there are. A cell is a tick when a model's harmony was played."""
    began = time.perf_counter()
    llm = runtime.models() if runtime.models is not None else None
    names = genres or registry.names
    if llm is None:
        return Report(tuple(Row(name, tuple(Cell(word, SKIPPED, NO_MODEL) for word in NAMES)) for name in names), 0.0)
    return Report(tuple(asyncio.run(_rows(registry, runtime, names, llm))), time.perf_counter() - began)


async def _rows(registry: Registry, runtime: Runtime, names: Sequence[str], llm: LLM) -> list[Row]:
    try:
        return [
            Row(name, tuple([await _cell(registry, runtime, name, row) for row in zip(NAMES, TIERS, strict=True)]))
            for name in names
        ]
    finally:
        await llm.aclose()


async def _cell(registry: Registry, runtime: Runtime, name: str, row: tuple[str, tuple[str, str, int, str]]) -> Cell:
    """One request to whoever is configured for it; how long it took and who answered."""
    began = time.perf_counter()
    title, (*_, words) = row
    try:
        piece = await registry.service(name, runtime).make(Ask(name, words, num_bars=BARS))
    except OctetError as error:
        return Cell(title, FAILED, " ".join(str(error).split())[:300])
    ms = round((time.perf_counter() - began) * 1e3, 1)
    method = piece.method
    if method.label == BY_RULE:
        return Cell(title, FAILED, f"the rules answered: {method.fallback_reason}"[:300], ms)
    return Cell(title, OK, f"{method.label}, {ms / 1e3:.1f} s, {method.cost_usd or 0:.4f} USD", ms)
