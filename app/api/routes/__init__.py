"""The routes, one module a family."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.routes import doctor, events, generate, generations, genres, harmony, llm, service
from app.api.state import State


def routers(state: State) -> tuple[APIRouter, ...]:
    """Every route of the service."""
    return (
        generate.router_of(state),
        events.router,
        generations.router,
        genres.router,
        harmony.router,
        llm.router,
        doctor.router,
        service.router,
    )
