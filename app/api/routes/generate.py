"""POST /v1/generate/{genre}: one typed route a genre, with that genre's own request."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api.bodies import request_of
from app.api.caller import caller_of
from app.api.negotiation import JSON, wanted_format
from app.api.state import State, state_of
from app.render import FORMATS
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.piece import Piece
from app.services.record import GENERATED, Lineage, body_of, record_of
from app.store.record import Record, new_id
from app.theory.brief import Ask
from schemas.base import GenerateRequest
from schemas.result import GenerationResult

FILES: Final = {
    row.media_type: {"schema": {"type": "string", "format": "binary"}} for row in FORMATS.values()
}  # what a 200 may be beside the result
Endpoint = Callable[..., Coroutine[Any, Any, Response]]


def router_of(state: State) -> APIRouter:
    """The routes of every genre that is usable."""
    router = APIRouter(prefix="/v1/generate", tags=["generate"])
    for service in state.services.values():
        router.add_api_route(
            f"/{service.name}",
            _endpoint(service),
            methods=["POST"],
            response_model=GenerationResult,
            operation_id=f"generate_{service.name}",
            summary=f"Make a piece: {service.genre.facts['title']}.",
            responses={200: {"content": FILES}, 406: {"description": "No such format; the problem lists what there is."}},
        )
    router.add_api_route("/{genre}", _no_such_genre, methods=["POST"], include_in_schema=False)
    return router


def _endpoint(service: BaseGenreGenerator) -> Endpoint:
    async def generate(request: Request, body: GenerateRequest) -> Response:
        form = wanted_format(request.headers.get("accept", ""))
        state = state_of(request)
        return await state.keeping.once(request, lambda: answered(request, body.ask(service.name), form, GENERATED))

    generate.__annotations__ = {"request": Request, "body": request_of(service), "return": Response}
    return generate


async def _no_such_genre(request: Request, genre: str) -> Response:
    """Say which genres there are."""
    state_of(request).service(genre)
    return Response(status_code=404)


async def answered(request: Request, ask: Ask, form: str, lineage: Lineage) -> Response:
    """The piece that is asked for, made and kept."""
    state = state_of(request)
    piece = await state.generate(ask)
    record = await state.aside(record_of, piece, ask, new_id(), lineage)
    notes = await state.keeping.keep(record, caller_of(request).owner)
    return await state.aside(response_of, piece, record, notes, form)


def response_of(piece: Piece, record: Record, notes: tuple[str, ...], form: str) -> Response:
    """A piece as the result object, or as a file in one of FORMATS."""
    method = piece.method.label.encode("ascii", "replace").decode()
    headers = {"X-Octet-Id": record.id, "X-Octet-Seed": str(piece.brief.seed), "X-Octet-Method": method, "Vary": "Accept"}
    if form == JSON:
        return Response(body_of(record, notes), headers=headers, media_type=JSON)
    row = FORMATS[form]
    name = f"{piece.brief.genre}-{piece.brief.seed}.{row.extension}"
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(row.render(piece), headers=headers, media_type=row.media_type)
