"""The web application's factory: the state, the manners and the routes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import Depends, FastAPI
from fastapi.telemetry import TelemetryConfig

from app import __version__
from app.api.auth import authorized
from app.api.document import describe
from app.api.keeping import Keeping
from app.api.manners import add_manners
from app.api.presence import ClientGone, nobody_reads
from app.api.routes import routers
from app.api.serving import Serving, serving_of
from app.api.state import State
from app.services.registry import discover
from app.services.runtime import Runtime
from app.settings import Settings, settings
from app.settings.keeping import keeping_settings
from app.wiring import runtime

OWN_TRACES: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False}  # FastAPI's: ours is in app.api.tracing


def create_app(
    chosen: Settings | None = None, running: Runtime | None = None, serving: Serving | None = None, beside: str = ""
) -> FastAPI:
    """The REST service of these settings; what is not given is read from the environment.

    `beside` is the folder in which several workers at one address find each other.
    """
    chosen = chosen or settings()
    serving = serving or serving_of(chosen)
    keeping = Keeping(keeping_settings(chosen), serving.deadline_s)
    state = State(discover(chosen.cache_folder), running or runtime(chosen, everywhere=True), serving, keeping, beside)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await state.open(chosen)
        yield
        await state.close()

    app = FastAPI(
        title="Octet",
        description="Words in, MIDI out.",
        version=__version__,
        lifespan=lifespan,
        dependencies=[Depends(authorized)],
        docs_url=None,
        redoc_url=None,
        telemetry=OWN_TRACES,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.octet = state
    app.add_exception_handler(ClientGone, nobody_reads)
    for router in routers(state):
        app.include_router(router)
    add_manners(app, state)
    describe(app, state)
    return app
