"""POST /v1/generate/{genre}: one typed route a genre, with that genre's own request."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api.bodies import request_of
from app.api.caller import caller_of
from app.api.crafting import Draft, Order
from app.api.errors import said_in
from app.api.generating import draft_of, told
from app.api.live import STREAM, Streamed, told_to
from app.api.negotiation import JSON, wanted_format
from app.api.presence import here
from app.api.state import State, state_of
from app.render import FORMATS
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.record import GENERATED, Lineage, body_of
from app.store.record import new_id
from app.theory.brief import Ask
from schemas.base import GenerateRequest
from schemas.result import GenerationResult

FILES: Final = {row.media_type: {"schema": {"type": "string", "format": "binary"}} for row in FORMATS.values()}  # of a piece
ANSWERS: Final = FILES | {STREAM: {"schema": {"type": "string"}}}  # what a 200 may be beside the result
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
            responses={200: {"content": ANSWERS}, 406: {"description": "No such format; the problem lists what there is."}},
        )
    router.add_api_route("/{genre}", _no_such_genre, methods=["POST"], include_in_schema=False)
    return router


def _endpoint(service: BaseGenreGenerator) -> Endpoint:
    async def generate(request: Request, body: GenerateRequest) -> Response:
        return await answered(request, body.ask(service.name), GENERATED)

    generate.__annotations__ = {"request": Request, "body": request_of(service), "return": Response}
    return generate


async def _no_such_genre(request: Request, genre: str) -> Response:
    """Say which genres there are."""
    state_of(request).service(genre)
    return Response(status_code=404)


async def answered(request: Request, ask: Ask, lineage: Lineage) -> Response:
    """The piece that is asked for, made and kept: as a result, a file, or events while it is made."""
    form = wanted_format(request.headers.get("accept", ""), STREAM)
    if form == STREAM:
        return await _streamed(request, Order(ask, new_id(), lineage))
    return await state_of(request).keeping.once(request, lambda: here(request, _made(request, ask, lineage, form)))


async def _made(request: Request, ask: Ask, lineage: Lineage, form: str) -> Response:
    state = state_of(request)
    draft = await draft_of(state, Order(ask, new_id(), lineage, "" if form == JSON else form))
    notes = await state.keeping.keep(draft.record, caller_of(request).owner)
    return response_of(draft, notes, form)


async def _streamed(request: Request, order: Order) -> Response:
    """The events of a generation that goes on when its reader is gone for a while. Raises what ended it before the first one."""
    state = state_of(request)
    work = partial(told, state, order)
    stream = state.live.begin(order.id, caller_of(request).owner, work, said_in(request))
    try:
        await stream.begun()
    except BaseException:
        stream.cancel()
        state.live.forget(stream)
        raise
    return Streamed(partial(told_to, stream, 0), {"X-Octet-Id": order.id})


def response_of(draft: Draft, notes: tuple[str, ...] = (), form: str = JSON) -> Response:
    """A piece as the result object, or as a file in one of FORMATS."""
    record = draft.record
    headers = marks(record.id, record.seed, record.method) | {"Vary": "Accept"}
    if form == JSON:
        return Response(body_of(record, notes), headers=headers, media_type=JSON)
    row = FORMATS[form]
    headers["Content-Disposition"] = f'attachment; filename="{record.genre}-{record.seed}.{row.extension}"'
    return Response(draft.file, headers=headers, media_type=row.media_type)


def marks(id: str, seed: int, method: str) -> dict[str, str]:
    """What an answer says of the piece in its headers, as a file says nothing of it."""
    return {"X-Octet-Id": id, "X-Octet-Seed": str(seed), "X-Octet-Method": method.encode("ascii", "replace").decode()}
