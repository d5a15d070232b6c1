"""What every request passes: its Host, its origin, its size and how long that may take; and what every answer carries."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.caller import LOCAL, PLACE
from app.api.errors import problem
from app.api.logs import answered, description_in
from app.api.state import State

LOG: Final = logging.getLogger("octet.requests")
TOO_LARGE: Final = "the body is larger than {} bytes"
OURS: Final = "an error of ours: it is logged under this answer's X-Request-Id"
ENDS: Final = "the service ends: ask again when it is back"
AGAIN: Final = {"retry-after": "5", "connection": "close"}
DRAINED: Final = 4_000_000  # bytes of a refused body that are read and dropped
DRAIN_S: Final = 2.0
READING: Final = ("GET", "HEAD", "OPTIONS")  # they change nothing, so any page may send them
ITSELF: Final = ("", "same-origin", "none")  # Sec-Fetch-Site of what is not another page's
HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:[0-9]{1,5})?")
SECURITY: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
DATA_POLICY: Final = b"default-src 'none'; frame-ancestors 'none'"  # what an answer that is no page may load: nothing
PAGE_POLICY: Final = b"default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"


class Gate:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self._app, self._state = app, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let it through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        verb, began, number = _verb(scope), time.perf_counter(), os.urandom(16).hex()
        if verb == "HEAD":
            scope = {**scope, "method": "GET"}  # answered as GET is: the server leaves out the body
        started: list[Message] = []  # the answer's start, once it has begun

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
                _mark(message, number)
            await send(message)

        try:
            answer = await self._through(scope, receive, send_marked, number)
            if answer is not None and not started:
                await answer(scope, receive, send_marked)
        finally:
            start = started[0] if started else {"status": 499, "headers": ()}
            self._told(scope, verb, number, start, time.perf_counter() - began)

    async def _through(self, scope: Scope, receive: Receive, send: Send, number: str) -> Response | None:
        """Let a request through; what to answer where that did not end well."""
        try:
            await self._enter(scope, receive, send)
        except asyncio.CancelledError:  # the service ends, and what was under way had its time
            return problem(503, ENDS, headers=AGAIN)
        except Exception:  # the last door: nobody above it knows what to answer
            LOG.exception("request %s failed", number)
            return problem(500, OURS)
        return None

    def _told(self, scope: Scope, verb: str, number: str, start: Mapping[str, object], seconds: float) -> None:
        """Count and log an answered request."""
        route, status = getattr(scope.get("route"), "path", "none"), int(str(start["status"]))
        self._state.metrics.answered(verb, route, status, seconds)
        self._state.answered.set()
        made = next((value for name, value in _rows(start) if name.lower() == b"x-octet-method"), b"").decode("ascii", "replace")
        row: dict[str, str | int | float] = {
            "id": number, "method": verb, "route": route, "status": status, "ms": round(seconds * 1e3, 1),
            "key": scope.get(PLACE, LOCAL).key_id,
        }  # fmt: skip
        row |= {"made": made} if made else {}
        if self._state.serving.log_prompts:
            row |= {"description": description_in(scope)}
        answered(row)

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        serving, headers = self._state.serving, Headers(scope=scope)
        length, hosts = headers.get("content-length", ""), headers.getlist("host")
        if len(hosts) != 1 or not _known(hosts[0].lower(), serving.hosts):
            await problem(421, "the Host header names another service")(scope, receive, send)
        elif scope["method"] not in READING and not _from_here(headers, serving.origins):
            await problem(403, "a page of another origin may change nothing here")(scope, receive, send)
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


def _known(host: str, hosts: tuple[str, ...]) -> bool:
    """Whether a Host header is well formed, and is a name that the service is called by."""
    found = HOST.fullmatch(host)
    return found is not None and ("*" in hosts or found[1] in hosts)


def _from_here(headers: Headers, origins: tuple[str, ...]) -> bool:
    """Whether a request is of no page, of a page of this service, or of one that the settings name."""
    origin = headers.get("origin", "")
    if origin in origins and origin:
        return True
    own = origin.partition("://")[2].lower() == headers["host"].lower()
    return (not origin or own) and headers.get("sec-fetch-site", "") in ITSELF


def _mark(start: Message, number: str) -> None:
    """Add what every answer carries, where it says nothing else."""
    headers: list[tuple[bytes, bytes]] = list(start["headers"])
    said = {name.lower(): value for name, value in headers}
    page = said.get(b"content-type", b"").startswith(b"text/html")
    more = (*SECURITY, (b"content-security-policy", PAGE_POLICY if page else DATA_POLICY), (b"x-request-id", number.encode()))
    start["headers"] = [*headers, *(row for row in more if row[0] not in said)]


def _rows(start: Mapping[str, object]) -> list[tuple[bytes, bytes]]:
    rows = start["headers"]
    return list(rows) if isinstance(rows, (list, tuple)) else []


def _verb(scope: Scope) -> str:
    verb = str(scope["method"])
    return verb if verb in ("GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH") else "other"
