"""Kept results that were asked for a moment ago are answered again without asking the store: pages and players read one often."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.caller import LOCAL, PLACE
from app.store.record import is_id

PREFIX: Final = "/v1/generations/"
ID: Final = 36  # characters of an id
FRESH_S: Final = 1.0  # that another process's deletion may take to be seen
MOST_BYTES: Final = 16_000_000


class Kept(NamedTuple):
    """An answer, and when it was read."""

    read: float
    start: Message
    body: bytes


class _Route(NamedTuple):
    path: str = "/v1/generations/{id}"  # as logs and counts name it


class Recent:
    """A layer behind the doorkeeper: each caller has answers of their own; whatever changes one is asked of the store."""

    def __init__(self, app: ASGIApp, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._clock = app, clock
        self._kept: OrderedDict[tuple[str, str], Kept] = OrderedDict()
        self._bytes = 0
        self._changes = 0  # so that what was read before a change is not remembered after it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or remember the answer; forget it when something but reading is asked."""
        id = scope["path"][len(PREFIX) :] if scope["type"] == "http" and scope["path"].startswith(PREFIX) else ""
        caller = scope.get(PLACE, LOCAL)
        key = (id[:ID], caller.owner)
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            self._changes += 1
            self._forget(key)
        elif len(id) == ID and is_id(id) and scope["method"] == "GET" and not scope["query_string"] and "read" in caller.scopes:
            await self._read(key, scope, receive, send)
            return
        await self._app(scope, receive, send)
        if key in self._kept:  # a reader has remembered it meanwhile
            self._forget(key)

    async def _read(self, key: tuple[str, str], scope: Scope, receive: Receive, send: Send) -> None:
        found = self._kept.get(key)
        if found is not None and self._clock() - found.read < FRESH_S:
            scope["route"] = _Route()
            await send({**found.start, "headers": list(found.start["headers"])})
            await send({"type": "http.response.body", "body": found.body})
            return
        began, started, changes = self._clock(), list[Message](), self._changes

        async def remembering(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append({**message, "headers": list(message["headers"])})
            elif started[0]["status"] == 200 and not message.get("more_body") and changes == self._changes:
                self._remember(key, Kept(began, started[0], message.get("body", b"")))
            await send(message)

        self._forget(key)
        await self._app(scope, receive, remembering)

    def _remember(self, key: tuple[str, str], made: Kept) -> None:
        self._forget(key)
        self._kept[key] = made
        self._bytes += len(made.body)
        while self._bytes > MOST_BYTES:
            self._bytes -= len(self._kept.popitem(last=False)[1].body)

    def _forget(self, key: tuple[str, str]) -> None:
        gone = self._kept.pop(key, None)
        self._bytes -= len(gone.body) if gone else 0
