"""The layers around the routes, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app.api.auth import Doorkeeper
from app.api.compression import Compression
from app.api.errors import handle_errors
from app.api.gate import Gate
from app.api.recent import Recent
from app.api.state import State
from app.api.wellformed import WellFormed
from app.errors import ToolMissing

if TYPE_CHECKING:
    from app.api.tracing import Traced

EXPOSED: Final = (
    "X-Octet-Id", "X-Octet-Seed", "X-Octet-Method", "X-Request-Id", "RateLimit", "RateLimit-Policy",
    "X-Octet-Budget-Day", "X-Octet-Budget-Month", "Retry-After", "WWW-Authenticate", "Idempotency-Replayed", "ETag",
    "Content-Disposition", "Content-Range",
)  # fmt: skip  # what a web page may read beside the body


def add_manners(app: FastAPI, state: State) -> None:
    """Have every request pass the gate first, then cross-origin rules, the doorkeeper, compression, the check of its body."""
    handle_errors(app)
    app.add_middleware(WellFormed)
    app.add_middleware(Recent)
    app.add_middleware(Compression)
    app.add_middleware(Doorkeeper, state=state)
    if state.serving.origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=state.serving.origins, allow_methods=["*"], allow_headers=["*"], expose_headers=EXPOSED
        )
    app.add_middleware(Gate, state=state)
    if state.serving.traces:
        app.add_middleware(_tracing(), endpoint=state.serving.traces, name=state.serving.traced_as)


def _tracing() -> type[Traced]:
    """What traces. Raises ToolMissing where its library is not installed."""
    try:
        from app.api.tracing import Traced
    except ImportError:
        raise ToolMissing(
            "traces need OpenTelemetry: pip install 'octet-music[tracing]', or unset OTEL_EXPORTER_OTLP_ENDPOINT"
        ) from None
    return Traced
