"""Slow clients are let go: what uvicorn does not bound - heads that never end, answers that nobody reads - is bounded here."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.flow_control import service_unavailable
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.api.errors import problem
from app.api.serving import Serving

HEAD_BYTES: Final = 65_536  # of a request's line and headers
SPARE_FILES: Final = 64  # open files that are not connections
BUSY: Final = "too many connections at once: ask again"


def web_options(serving: Serving) -> dict[str, Any]:  # Any: options of uvicorn.Config
    """How uvicorn is to treat its connections."""

    class Guarded(_Guarded):
        allowed = serving

    return {
        "http": Guarded,
        "limit_concurrency": connections_within(serving.connections),
        "timeout_keep_alive": serving.idle_s,
        "server_header": False,
        "access_log": False,
        "ws": "none",
    }


def connections_within(wanted: int) -> int:
    """As many connections as are wanted and as the limit of open files leaves room for; that is raised where it may be."""
    try:
        import resource
    except ImportError:
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = 2 * wanted + SPARE_FILES
    if resource.RLIM_INFINITY != soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else max(1, min(wanted, (soft - SPARE_FILES) // 2))


class _Guarded(HttpToolsProtocol):
    """A connection with clocks."""

    allowed: Serving
    _head: asyncio.TimerHandle | None = None  # until a request's head must be here
    _read: asyncio.TimerHandle | None = None  # until the client must have read
    _head_bytes = 0
    _answering = False  # whether a request's head is here and its answer is not yet written

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request; where there are far too many connections, end it."""
        super().connection_made(transport)  # type: ignore[arg-type]  # uvicorn names the class that it gets
        if self.limit_concurrency is not None and len(self.connections) > 2 * self.limit_concurrency:
            self.transport.abort()
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all clocks."""
        self._stop_head()
        self._stop_read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Between requests, or within a head, the clock runs and bytes are counted."""
        if not self._answering:
            self._await_head()
            self._head_bytes += len(data)
        super().data_received(data)
        if self._head is not None and self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
            self.transport.close()

    def on_headers_complete(self) -> None:
        """The head is here."""
        self._stop_head()
        self._answering = True
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """The answer is written; who does not read it holds the connection no longer than `write_s`."""
        super().on_response_complete()
        self._answering = not self.cycle.response_complete  # the next one may be here already
        if self.transport.is_closing():
            self._await_reader()

    def pause_writing(self) -> None:
        """More is written than is read."""
        super().pause_writing()
        self._await_reader()

    def resume_writing(self) -> None:
        """The client has read."""
        if not self.transport.is_closing():
            self._stop_read()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing was asked for a while."""
        super().timeout_keep_alive_handler()
        self._await_reader()

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:  # Any: uvicorn's own
        answering: Any = _busy if app is service_unavailable else app
        super()._start_asgi_task(cycle, answering)

    def _await_head(self) -> None:
        if self._head is None:
            self._head = self.loop.call_later(self.allowed.head_s, self._end)

    def _await_reader(self) -> None:
        if self._read is None:
            self._read = self.loop.call_later(self.allowed.write_s, self.transport.abort)

    def _stop_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
        self._head, self._head_bytes = None, 0

    def _stop_read(self) -> None:
        if self._read is not None:
            self._read.cancel()
        self._read = None

    def _end(self) -> None:
        self.transport.close()
        self._await_reader()


async def _busy(scope: Scope, receive: Receive, send: Send) -> None:
    await problem(503, BUSY, headers={"connection": "close", "retry-after": "1"})(scope, receive, send)
