"""Chords: made alone, played as given, varied, explained; and files checked."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api.bodies import ArrangeRequest, ExplainRequest, ProgressionsRequest, ReharmonizeRequest, midi_body
from app.api.crafting import explained
from app.api.generating import progressions_of, reharmonization_of
from app.api.presence import here
from app.api.routes.generate import ANSWERS, FILES, answered
from app.api.state import state_of
from app.render.lint import lint
from app.services.base_genre_generator import drawn_seed
from app.services.record import Lineage
from app.theory.brief import LIMITS, Ask
from schemas.answers import ExplanationAnswer, LintAnswer, ProgressionList, ReharmonizationAnswer
from schemas.base import GenerateRequest
from schemas.result import GenerationResult

router = APIRouter(prefix="/v1", tags=["harmony"])
Json = dict[str, Any]


def _ask(body: GenerateRequest, genre: str) -> Ask:
    """The Ask of a body that has more than a genre's request has."""
    fields = body.model_dump(exclude_unset=True, exclude={"genre", "count"})
    return GenerateRequest.model_validate(fields).ask(genre)


@router.post("/progressions", response_model=ProgressionList)
async def make_progressions(request: Request, body: ProgressionsRequest) -> Json:
    """Chord progressions with their analysis, each as generating would make it for its seed."""
    state = state_of(request)
    service = state.service(body.genre)
    ask = _ask(body, service.name)
    first = drawn_seed() if ask.seed is None else ask.seed
    asks = [ask._replace(seed=number % (LIMITS["seed"][1] + 1)) for number in range(first, first + body.count)]
    return {"progressions": await here(request, progressions_of(state, service, asks))}


@router.post("/arrange", response_model=GenerationResult, responses={200: {"content": ANSWERS}})
async def arrange_chart(request: Request, body: ArrangeRequest) -> Response:
    """A piece on the chords that are given, obeyed exactly."""
    return await answered(request, _ask(body, state_of(request).service(body.genre).name), Lineage("arrange"))


@router.post("/reharmonize", response_model=ReharmonizationAnswer)
async def reharmonize_chart(request: Request, body: ReharmonizeRequest) -> Json:
    """Alternatives for every bar of a chart, ranked, with reasons and distances."""
    state = state_of(request)
    return await here(request, reharmonization_of(state, state.service(body.genre), body.wanted()))


@router.post("/explain", response_model=ExplanationAnswer)
async def explain_chart(request: Request, body: ExplainRequest) -> Any:
    """What each chord of a chart is: numeral, function, rule, local key."""
    state = state_of(request)
    return await here(request, state.work(explained, body.chords.encode(), body.key, state.registry))


@router.post("/lint", response_model=LintAnswer, openapi_extra={"requestBody": {"required": True, "content": FILES}})
async def lint_file(request: Request) -> Json:
    """Every finding in a MIDI file, with track, bar and beat."""
    data = await midi_body(request)
    found = await here(request, state_of(request).work(lint, data))
    return {"findings": [finding._asdict() | {"text": str(finding)} for finding in found]}
