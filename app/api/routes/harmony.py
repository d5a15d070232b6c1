"""Chords: made alone, played as given, varied, explained; and files checked."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import studio
from app.api.bodies import ArrangeRequest, ExplainRequest, ProgressionsRequest, ReharmonizeRequest, midi_body
from app.api.negotiation import wanted_format
from app.api.routes.generate import FILES, answered
from app.api.state import state_of
from app.render.lint import lint
from app.services.answer import chord_rows
from app.services.base_genre_generator import drawn_seed
from app.services.explaining import explanation_json
from app.services.record import Lineage
from app.services.reharmonizing import Wanted, reharmonization_json
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
    service, ask = state.service(body.genre), _ask(body, body.genre)
    first = drawn_seed() if ask.seed is None else ask.seed
    rows = []
    for number in range(first, first + body.count):
        seed = number % (LIMITS["seed"][1] + 1)
        made = await state.progression(ask._replace(genre=service.name, seed=seed), service)
        about = {"genre": service.name, "seed": seed, "key": str(made.key), "time_signature": str(made.metre)}
        rows.append({**about, "num_bars": len(made.bars), "chords": chord_rows(made)})
    return {"progressions": rows}


@router.post("/arrange", response_model=GenerationResult, responses={200: {"content": FILES}})
async def arrange_chart(request: Request, body: ArrangeRequest) -> Response:
    """A piece on the chords that are given, obeyed exactly."""
    form = wanted_format(request.headers.get("accept", ""))
    state = state_of(request)
    ask = _ask(body, state.service(body.genre).name)
    return await state.keeping.once(request, lambda: answered(request, ask, form, Lineage("arrange")))


@router.post("/reharmonize", response_model=ReharmonizationAnswer)
async def reharmonize_chart(request: Request, body: ReharmonizeRequest) -> Json:
    """Alternatives for every bar of a chart, ranked, with reasons and distances."""
    state = state_of(request)
    wanted = Wanted(**body.model_dump())
    return await state.aside(lambda: reharmonization_json(studio.reharmonize(wanted, state.registry, state.runtime)))


@router.post("/explain", response_model=ExplanationAnswer)
async def explain_chart(request: Request, body: ExplainRequest) -> Json:
    """What each chord of a chart is: numeral, function, rule, local key."""
    state = state_of(request)
    rules = state.runtime._replace(models=None)
    source = body.chords.encode()
    return await state.aside(lambda: explanation_json(studio.explain(source, "", body.key, state.registry, rules)))


@router.post("/lint", response_model=LintAnswer, openapi_extra={"requestBody": {"required": True, "content": FILES}})
async def lint_file(request: Request) -> Json:
    """Every finding in a MIDI file, with track, bar and beat."""
    data = await midi_body(request)
    found = await state_of(request).aside(lint, data)
    return {"findings": [finding._asdict() | {"text": str(finding)} for finding in found]}
