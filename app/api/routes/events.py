"""The events of a generation that is being made or was made lately: read again from where the line broke, or given up."""

from __future__ import annotations

from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api.caller import caller_of
from app.api.live import STREAM, Streamed, last_seen, told_to
from app.api.state import state_of
from app.errors import UnknownGeneration

router = APIRouter(prefix="/v1/generations", tags=["generations"])
NONE: Final = "no generation of this id is being made, or was made within the last minute"


@router.get(
    "/{id}/events",
    response_class=Response,
    responses={
        200: {"content": {STREAM: {"schema": {"type": "string"}}}, "description": "The events after Last-Event-ID."},
        204: {"description": "There will be no further events."},
    },
)
async def follow_generation(request: Request, id: str) -> Response:
    """The events of a generation, each exactly once: those after `Last-Event-ID`, then those to come."""
    state, owner, seen = state_of(request), caller_of(request).owner, last_seen(request.headers)
    stream = state.live.find(id, owner)
    if stream is None:
        elsewhere = await state.siblings.follow(id, owner, seen) if state.siblings is not None else None
        if elsewhere is None:
            raise UnknownGeneration(NONE)
        return elsewhere
    if stream.over(seen):
        return Response(status_code=204)
    return Streamed(partial(told_to, stream, seen), {"X-Octet-Id": id})


@router.delete("/{id}/events", status_code=204)
async def cancel_generation(request: Request, id: str) -> None:
    """Give up a generation that is being made; one that is made already stays."""
    state, owner = state_of(request), caller_of(request).owner
    stream = state.live.find(id, owner)
    if stream is not None:
        stream.cancel()
    elif state.siblings is None or not await state.siblings.cancel(id, owner):
        raise UnknownGeneration(NONE)
