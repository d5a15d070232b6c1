"""A client that costs little beside the service it measures: requests are prepared, bodies read and dropped."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import NamedTuple


class Took(NamedTuple):
    """One answer."""

    status: int
    seconds: float


class Caller:
    """One connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, request: bytes) -> Took:
        """Send a request and read its answer."""
        began = time.perf_counter()
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        fields = head.lower().split(b"\r\n")
        length = next(int(row[15:]) for row in fields if row.startswith(b"content-length:"))
        await self._reader.readexactly(length)
        if b"connection: close" in fields:
            self.close()
        return Took(int(head[9:12]), time.perf_counter() - began)

    def close(self) -> None:
        """End the connection."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


def get(path: str) -> bytes:
    """A request prepared."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def post(path: str, body: Mapping[str, object]) -> bytes:
    """A request with a JSON body prepared."""
    said = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(said)}\r\n\r\n"
    return head.encode() + said


def share(values: list[float], part: float) -> float:
    """The value that this part of all is below."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0
