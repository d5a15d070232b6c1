"""Compresses whole answers for those who accept it: brotli, else gzip. Streams pass as they are, event by event."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST: Final = 1000  # bytes; less is not worth it
KINDS: Final = (
    "application/json",
    "application/problem+json",
    "audio/midi",
    "text/",
    "application/vnd.recordare",
    "image/svg+xml",
)


def _brotli(body: bytes) -> bytes:
    from brotli import compress

    return bytes(compress(body, quality=4))


def _gzip(body: bytes) -> bytes:
    made = zlib.compressobj(5, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return made.compress(body) + made.flush()


CODINGS: Final[Mapping[str, Callable[[bytes], bytes]]] = MappingProxyType({"br": _brotli, "gzip": _gzip})  # the better first


class Compression:
    """A layer of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, compressed where that was asked for and helps."""
        coding = wanted_coding(Headers(scope=scope).get("accept-encoding", "")) if scope["type"] == "http" else ""
        if not coding:
            await self._app(scope, receive, send)
            return
        held: list[Message] = []  # the start of an answer, until its body shows whether it is whole

        async def send_compressed(message: Message) -> None:
            if message["type"] == "http.response.start" and _helps(message):
                held.append(message)
                return
            if held:
                _compress(held[0], message, coding)
                await send(held.pop())
            await send(message)

        await self._app(scope, receive, send_compressed)


@lru_cache(maxsize=256)
def wanted_coding(accepted: str) -> str:
    """The best of CODINGS in an Accept-Encoding header; "" for none."""
    wanted = set()
    for item in accepted[:1000].lower().split(","):
        name, _, parameter = (part.strip() for part in item.partition(";"))
        if parameter.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            wanted.add(name)
    return next((coding for coding in CODINGS if coding in wanted), "")


def _helps(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return headers.get("content-type", "").startswith(KINDS) and "content-encoding" not in headers


def _compress(start: Message, message: Message, coding: str) -> None:
    """Compress the body, where it is whole and long enough, and say so in the headers."""
    headers, body = MutableHeaders(raw=start["headers"]), message.get("body", b"")
    headers.add_vary_header("Accept-Encoding")
    start["headers"] = headers.raw
    if message["type"] != "http.response.body" or message.get("more_body") or len(body) < LEAST:
        return
    message["body"] = CODINGS[coding](body)
    headers["content-encoding"] = coding
    headers["content-length"] = str(len(message["body"]))
    if headers.get("etag", "").startswith('"'):
        headers["etag"] = "W/" + headers["etag"]  # the same thing in other bytes
    start["headers"] = headers.raw
