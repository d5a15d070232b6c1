"""Traces of requests and of the calls they make to models, sent by OTLP; imported only where that is configured.

Attributes say what was asked of whom, how it ended and what it cost: nothing of what was asked in words.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, Final

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import __version__
from app.llm.types import TOLD, Attempt, TaskRecord

PATH: Final = "/v1/traces"
WELL: Final = ("accepted", "judged", "skipped", "rejected")  # outcomes that are no fault of a server


class Traced:
    """The outermost layer: a span a request, and within it one for each attempt at a model."""

    def __init__(self, app: ASGIApp, endpoint: str, name: str = "octet") -> None:
        self._app = app
        self._provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name, "service.version": __version__}))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint.rstrip("/") + PATH)))
        self._tracer = self._provider.get_tracer("octet", __version__)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request within its span; at the end of the service send what is left."""
        if scope["type"] != "http":
            await self._app(scope, receive, self._flushing(send))
            return
        above = propagate.extract(dict(Headers(scope=scope)))
        with self._tracer.start_as_current_span(scope["method"], above, SpanKind.SERVER) as span:
            within = trace.set_span_in_context(span)
            told = TOLD.set(lambda record: self._attempts(record, within))
            try:
                await self._app(scope, receive, _marking(span, scope, send))
            finally:
                TOLD.reset(told)

    def _flushing(self, send: Send) -> Send:
        async def flushing(message: Message) -> None:
            if message["type"] == "lifespan.shutdown.complete":
                await asyncio.to_thread(self._provider.shutdown)
            await send(message)

        return flushing

    def _attempts(self, record: TaskRecord, above: Context) -> None:
        """A span for each attempt, one after the other until now: when each began is not kept, how long it took is."""
        for row, began, ended in _when(record.attempts):
            span = self._tracer.start_span(f"attempt {row.label}", above, SpanKind.CLIENT, start_time=began)
            span.set_attributes(_about(row))
            if row.outcome not in WELL:
                span.set_status(Status(StatusCode.ERROR))
            span.end(ended)


def _when(rows: tuple[Attempt, ...]) -> Iterator[tuple[Attempt, int, int]]:
    took = [int((row.queued_ms + row.latency_ms) * 1e6) for row in rows]
    began = time.time_ns() - sum(took)
    for row, length, ended in zip(rows, took, accumulate(took, initial=0), strict=False):
        yield row, began + ended, began + ended + length


def _about(row: Attempt) -> dict[str, Any]:  # Any: as OpenTelemetry has it
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": row.provider,
        "gen_ai.request.model": row.model,
        "gen_ai.usage.input_tokens": row.tokens_in,
        "gen_ai.usage.output_tokens": row.tokens_out,
        "octet.outcome": row.outcome,
        "octet.role": row.role,
        "octet.queued_ms": row.queued_ms,
        **({} if row.cost_usd is None else {"octet.cost_usd": row.cost_usd}),
    }


def _marking(span: Span, scope: Scope, send: Send) -> Send:
    """Say in the span what the answer is, once it begins."""

    async def marking(message: Message) -> None:
        if message["type"] == "http.response.start":
            route, status = getattr(scope.get("route"), "path", ""), message["status"]
            headers = Headers(raw=message["headers"])
            span.update_name(f"{scope['method']} {route}".strip())
            span.set_attributes(
                {
                    "http.request.method": scope["method"],
                    "http.route": route,
                    "http.response.status_code": status,
                    "octet.request_id": headers.get("x-request-id", ""),
                    "octet.method": headers.get("x-octet-method", ""),
                }
            )
            if status >= 500:
                span.set_status(Status(StatusCode.ERROR))
        await send(message)

    return marking
