"""The events of a generation that is being made or was made lately: read again from where the line broke, or given up."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api.caller import caller_of
from app.api.live import STREAM, Stream, Streamed, last_seen
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
    stream, seen = _stream(request, id), last_seen(request.headers)
    if stream.ended and seen >= len(stream.frames):
        return Response(status_code=204)
    return Streamed(stream, seen, {"X-Octet-Id": stream.id})


@router.delete("/{id}/events", status_code=204)
async def cancel_generation(request: Request, id: str) -> None:
    """Give up a generation that is being made; one that is made already stays."""
    _stream(request, id).cancel()


def _stream(request: Request, id: str) -> Stream:
    found = state_of(request).live.find(id, caller_of(request).owner)
    if found is None:
        raise UnknownGeneration(NONE)
    return found
