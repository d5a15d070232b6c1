"""The doctor over HTTP: what models there are and what to do next; and whether they answer."""

from __future__ import annotations

import os
from typing import Any, Final

from fastapi import APIRouter, Request
from pydantic import Field, StrictBool

from app.api.bodies import Body
from app.api.state import State, state_of
from app.checkup.findings import Findings, findings
from app.checkup.report import object_of, status_of
from app.checkup.trial import try_all
from app.settings import Settings, settings
from app.theory.brief import Ask
from app.wiring import Models
from schemas.doctor import DoctorAnswer, ModelTests

router = APIRouter(prefix="/v1/llm", tags=["service"])
Json = dict[str, Any]
LONGEST_S: Final = 50.0  # of all trials; the service's own deadline is later


class TrialRequest(Body):
    """Which models are to be asked a tiny question."""

    models: tuple[str, ...] = Field((), max_length=20, description="Labels; all models where none is named.")
    allow_paid: StrictBool = Field(False, description="Ask those that cost money too: a fraction of a cent each.")


@router.get("/doctor", response_model=DoctorAnswer)
async def doctor(request: Request) -> Json:
    """Servers, keys by their names, the machine, where requests would go, and the next steps. No model is asked."""
    state = state_of(request)
    return object_of(await state.aside(_found, state))


@router.post("/test", response_model=ModelTests)
async def test_models(request: Request, body: TrialRequest) -> Json:
    """One tiny question to each model: whether it answers, how fast, and for how much."""
    state = state_of(request)
    llm = await state.llm_for(Ask(""))
    if llm is None:
        return {"status": "rules", "tests": []}
    workers = sum(not rung.judge for rung in llm.rungs)
    trials = await try_all(llm, paid=body.allow_paid, labels=body.models, seconds=LONGEST_S / max(1, workers))
    found = await state.aside(_found, state)
    return {"status": status_of(found, trials), "tests": [trial._asdict() for trial in trials]}


def _found(state: State) -> Findings:
    return findings(_settings(state), os.environ, llm=state.runtime.llm_for(Ask("")))


def _settings(state: State) -> Settings:
    """Those that the service's models are made of."""
    models = state.runtime.models
    return models.chosen if isinstance(models, Models) else settings()
