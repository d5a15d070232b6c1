"""A client that costs little beside the service it measures: requests are prepared, bodies read and hardly looked at."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple


class Took(NamedTuple):
    """One answer."""

    status: int
    seconds: float
    body: bytes


class Caller:
    """One connection, to a port of this machine or a Unix socket."""

    def __init__(self, at: str) -> None:
        self._at = at
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, request: bytes) -> Took:
        """Send a request and read its answer."""
        began = time.perf_counter()
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await self._opened()
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        fields = head.lower().split(b"\r\n")
        length = next(int(row[15:]) for row in fields if row.startswith(b"content-length:"))
        body = await self._reader.readexactly(length)
        if b"connection: close" in fields:
            self.close()
        return Took(int(head[9:12]), time.perf_counter() - began, body)

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if "/" in self._at:
            return await asyncio.open_unix_connection(self._at, limit=1 << 20)
        return await asyncio.open_connection("127.0.0.1", int(self._at), limit=1 << 20)

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


def asked(at: str, request: bytes) -> Took:
    """One answer over a connection of its own."""

    async def once() -> Took:
        caller = Caller(at)
        try:
            return await caller.ask(request)
        finally:
            caller.close()

    return asyncio.run(once())


async def closed(
    at: str, clients: int, seconds: float, request: Callable[[int], bytes], most: int = 1 << 30
) -> tuple[list[Took], float]:
    """What so many clients are answered who ask again at once, and in how many seconds; `request` makes one of its number."""
    began, asking = time.perf_counter(), iter(range(most))
    until, rows = began + seconds, list[Took]()

    async def one() -> None:
        caller = Caller(at)
        for number in asking:
            if time.perf_counter() > until:
                break
            rows.append((await caller.ask(request(number)))._replace(body=b""))
        caller.close()

    await asyncio.gather(*(one() for _ in range(clients)))
    return rows, time.perf_counter() - began


async def open_loop(at: str, rate: float, seconds: float, request: Callable[[int], bytes]) -> list[Took]:
    """Requests sent at a rate, whatever becomes of those before."""
    free: list[Caller] = []
    rows: list[Took] = []

    async def one(number: int) -> None:
        caller = free.pop() if free else Caller(at)
        rows.append((await caller.ask(request(number)))._replace(body=b""))
        free.append(caller)

    began, tasks = time.perf_counter(), []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(one(number)))
    await asyncio.gather(*tasks)
    for caller in free:
        caller.close()
    return rows


def good(rows: list[Took]) -> list[float]:
    """The waits of those who got what they asked for."""
    return [row.seconds for row in rows if row.status == 200]
