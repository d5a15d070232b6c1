"""Of the service itself: whether it lives, whether it can make music, and its counts."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse

from app.api.state import state_of
from schemas.answers import HealthAnswer, ReadyAnswer

router = APIRouter()


@router.get("/healthz", tags=["health"])
async def healthz() -> HealthAnswer:
    """That the process answers."""
    return HealthAnswer(status="ok")


@router.get("/readyz", tags=["health"], response_model=ReadyAnswer, responses={503: {"model": ReadyAnswer}})
async def readyz(request: Request) -> JSONResponse:
    """Whether there are genres to make music in; 503 where there are none."""
    state = state_of(request)
    ready = bool(state.services)
    body = {
        "status": "ready" if ready else "no genre is usable",
        "genres": len(state.services),
        "broken": len(state.broken),
        "keeping": await state.keeping.ready() or "ok",
    }
    return JSONResponse(body, 200 if ready else 503)


@router.get("/metrics", tags=["service"], response_class=PlainTextResponse)
async def metrics(request: Request) -> PlainTextResponse:
    """Counts for Prometheus, of all workers together."""
    state = state_of(request)
    counted = state.metrics if state.siblings is None else await state.siblings.counts()
    return PlainTextResponse(counted.text(), media_type="text/plain; version=0.0.4")
