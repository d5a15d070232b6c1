"""The web application's factory: the state, the gate, error handlers and routes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from app import __version__
from app.api.errors import handle_errors
from app.api.gate import Gate
from app.api.routes import routers
from app.api.state import Serving, State
from app.services.registry import discover
from app.services.runtime import Runtime
from app.settings import Settings, settings
from app.wiring import runtime

EXPOSED: Final = ("X-Octet-Id", "X-Octet-Seed", "X-Octet-Method", "X-Request-Id")  # what a web page may read beside the body


def create_app(chosen: Settings | None = None, running: Runtime | None = None, serving: Serving | None = None) -> FastAPI:
    """The REST service of these settings; what is not given is read from the environment."""
    chosen = chosen or settings()
    state = State(discover(chosen.cache_folder), running or runtime(chosen), serving or Serving(origins=chosen.origins))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await state.close()

    app = FastAPI(
        title="Octet",
        description="Words in, MIDI out.",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.octet = state
    handle_errors(app)
    for router in routers(state):
        app.include_router(router)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    if state.serving.origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=state.serving.origins, allow_methods=["*"], allow_headers=["*"], expose_headers=EXPOSED
        )
    app.add_middleware(Gate, state=state)
    return app
