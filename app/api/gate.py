"""What every request passes: its Host, the size of its body and how long that may take; and what every answer carries."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from contextlib import suppress
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import problem
from app.api.state import State

LOG: Final = logging.getLogger("octet.requests")
TOO_LARGE: Final = "the body is larger than {} bytes"
OURS: Final = "an error of ours: it is logged under this answer's X-Request-Id"
DRAINED: Final = 4_000_000  # bytes of a refused body that are read and dropped
DRAIN_S: Final = 2.0
SECURITY: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
}


class Gate:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self._app, self._state = app, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let it through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, number = time.perf_counter(), uuid.uuid4().hex
        started: list[int] = []  # the status, once the answer has begun

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message["status"])
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
                headers["x-request-id"] = number
            await send(message)

        try:
            await self._enter(scope, receive, send_marked)
        except Exception:  # the last door: nobody above it knows what to answer
            LOG.exception("request %s failed", number)
            if not started:
                await problem(500, OURS)(scope, receive, send_marked)
        finally:
            seconds = time.perf_counter() - began
            route = getattr(scope.get("route"), "path", "none")
            status = started[0] if started else 499
            self._state.metrics.answered(_verb(scope), route, status, seconds)
            LOG.info('{"id": "%s", "route": "%s", "status": %d, "ms": %.1f}', number, route, status, seconds * 1e3)

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        serving, headers = self._state.serving, Headers(scope=scope)
        length = headers.get("content-length", "")
        if _host(headers.get("host", "")) not in serving.hosts:
            await problem(421, "the Host header names another service")(scope, receive, send)
        elif length.isdecimal() and int(length[:12]) > serving.body_bytes:
            await _drained(receive)
            await problem(413, TOO_LARGE.format(serving.body_bytes), headers={"connection": "close"})(scope, receive, send)
        else:
            await self._app(scope, self._measured(receive), send)

    def _measured(self, receive: Receive) -> Receive:
        """The body within its size and its time. Raises HTTPException 413 or 408 where the body is read."""
        serving, size, complete = self._state.serving, 0, False
        until = asyncio.get_running_loop().time() + serving.body_s

        async def measured() -> Message:
            nonlocal size, complete
            if complete:
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, "the body did not arrive in time", {"connection": "close"}) from None
            size += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if size > serving.body_bytes:
                if not complete:
                    await _drained(receive)
                raise HTTPException(413, TOO_LARGE.format(serving.body_bytes), {"connection": "close"})
            return message

        return measured


async def _drained(receive: Receive) -> None:
    """Read and drop the rest of a refused body, within bounds: a connection closed on a sender is reset, and the answer lost."""
    size, more = 0, True
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_S):
            while more and size < DRAINED:
                message = await receive()
                size += len(message.get("body", b""))
                more = message["type"] == "http.request" and message.get("more_body", False)


def _host(header: str) -> str:
    """The name in a Host header, without its port."""
    name, colon, port = header.lower().rpartition(":")
    return name if colon and port.isdecimal() else header.lower()


def _verb(scope: Scope) -> str:
    verb = str(scope["method"])
    return verb if verb in ("GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH") else "other"
