"""What is installed, what is broken and why, and all there is to know of one genre."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from app.api.state import state_of
from app.services.describing import description, whole_description
from schemas.answers import GenreList, GenreWhole

router = APIRouter(prefix="/v1/genres", tags=["genres"])
Json = dict[str, Any]


@router.get("", response_model=GenreList)
async def list_genres(request: Request) -> Json:
    """Every genre with its applications and their defaults; `broken` says what could not be loaded and why."""
    state = state_of(request)
    rows = await state.aside(lambda: [description(service) for service in state.services.values()])
    return {"genres": rows, "broken": dict(state.broken)}


@router.get("/{genre}", response_model=GenreWhole)
async def describe_genre(request: Request, genre: str) -> Json:
    """One genre: applications, defaults, ranges, instruments, and the JSON Schema of its request."""
    state = state_of(request)
    return await state.aside(whole_description, state.service(genre))
