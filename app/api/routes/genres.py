"""What is installed, what is broken and why, and all there is to know of one genre."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api.negotiation import JSON
from app.api.state import State, state_of
from app.services.describing import description, whole_description
from schemas.answers import GenreList, GenreWhole

router = APIRouter(prefix="/v1/genres", tags=["genres"])
Json = dict[str, Any]


@router.get("", response_model=GenreList)
async def list_genres(request: Request) -> Response:
    """Every genre with its applications and their defaults; `broken` says what could not be loaded and why."""
    state = state_of(request)

    def listed() -> Json:
        return {"genres": [description(service) for service in state.services.values()], "broken": dict(state.broken)}

    return await _said(state, "", listed)


@router.get("/{genre}", response_model=GenreWhole)
async def describe_genre(request: Request, genre: str) -> Response:
    """One genre: applications, defaults, ranges, instruments, and the JSON Schema of its request."""
    state = state_of(request)
    service = state.service(genre)
    return await _said(state, service.name, partial(whole_description, service))


async def _said(state: State, name: str, make: Callable[[], Json]) -> Response:
    """What is known of genres changes with the process alone: it is written once."""
    if name not in state.described:
        state.described[name] = await state.aside(lambda: json.dumps(make()).encode())
    return Response(state.described[name], media_type=JSON)
