"""Models: how words would be routed, how models stand, and what was counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request

from app.api.bodies import ComplexityRequest
from app.api.state import State, state_of
from app.services.complexity import estimate
from app.theory.brief import Ask
from schemas.answers import ComplexityAnswer, ModelList, StatsAnswer

router = APIRouter(prefix="/v1")
Json = dict[str, Any]


@router.post("/complexity", tags=["models"], response_model=ComplexityAnswer)
async def weigh(request: Request, body: ComplexityRequest) -> Json:
    """How hard the harmony is that words ask for, 1-10, with the factors, and which models would be asked in order."""
    return await state_of(request).aside(_weighed, state_of(request), body)


def _weighed(state: State, body: ComplexityRequest) -> Json:
    found = estimate(body.description, body.num_bars, state.runtime.scale)
    strategy = body.strategy or state.runtime.strategy
    llm = state.runtime.llm_for(Ask("", strategy=strategy))
    models: list[str] = []
    if llm is not None:
        from app.llm.types import Terms

        models = [rung.label for rung in llm.ladder(found.score, Terms(strategy=strategy))]
    factors = [{"factor": factor, "weight": weight} for factor, weight in found.factors]
    return {"score": found.score, "factors": factors, "strategy": strategy, "route": [*models, "rule-based"]}


@router.get("/llm", tags=["models"], response_model=ModelList)
async def models_there_are(request: Request) -> Json:
    """Every model as it stands - its provider, how many wait for it, whether it is left alone and why - and the budgets."""
    state = state_of(request)
    llm = await state.llm_for(Ask(""))
    if llm is None:
        return {"strategy": state.runtime.strategy, "models": [], "budgets": []}
    rows, budgets = llm.state(), await llm.budgets()
    return {
        "strategy": state.runtime.strategy,
        "models": [row._asdict() for row in rows],
        "budgets": [row._asdict() for row in budgets],
    }


@router.get("/stats", tags=["models"], response_model=StatsAnswer)
async def stats(request: Request) -> Json:
    """How generations came to be since the last reset, in all and by genre; of all workers, where there are several."""
    state = state_of(request)
    own = {service.name: service.get_llm_stats() for service in state.counting}
    rows = own if state.counts is None else await state.counts.read()
    total: Json = {}
    for row in rows.values():
        total = _added(total, row)
    return {**total, "by_genre": rows}


@router.post("/stats/reset", tags=["service"], response_model=StatsAnswer)
async def reset_stats(request: Request) -> Json:
    """Count from zero."""
    state = state_of(request)
    for service in state.counting:
        service.reset_llm_stats()
    if state.counts is not None:
        await state.counts.reset()
    return await stats(request)


def _added(one: Mapping[str, Any], other: Mapping[str, Any]) -> Json:  # nested counts
    names = dict.fromkeys((*one, *other))
    return {
        name: _added(one.get(name, {}), other.get(name, {}))
        if isinstance(one.get(name, other.get(name)), Mapping)
        else one.get(name, 0) + other.get(name, 0)
        for name in names
    }
