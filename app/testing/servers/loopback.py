"""A real HTTP server on loopback, raw enough to break every rule of HTTP: it plays one act for each request."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, NamedTuple


class Asked(NamedTuple):
    """One request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


class Stage:
    """One connection, in the hands of an act."""

    def __init__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.asked = asked
        self.writer = writer

    async def send(self, data: bytes) -> None:
        """Bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, status: int = 200, content_type: str = "application/json", **headers: str) -> None:
        """The status line and headers; the body ends with the connection."""
        lines = [f"HTTP/1.1 {status} X", f"content-type: {content_type}", "connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.send(("\r\n".join(lines) + "\r\n\r\n").encode())

    async def whole(self, status: int, body: Any, content_type: str = "application/json", **headers: str) -> None:
        """A complete reply."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        await self.head(status, content_type, content_length=str(len(data)), **headers)
        await self.send(data)

    def reset(self) -> None:
        """End the connection with RST."""
        connection = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Act = Callable[[Stage], Awaitable[None]]


class Loopback:
    """Serves while it is entered. `acts` are played one a request, the last one for ever."""

    def __init__(self, acts: Iterable[Act]) -> None:
        self.acts = list(acts)
        self.asked: list[Asked] = []
        self.left = 0  # clients that went away before their act was over
        self.arrived = asyncio.Event()  # a question is being played
        self.abandoned = asyncio.Event()  # a client went away
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Loopback:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 22)
        return self

    async def __aexit__(self, *raised: object) -> None:
        assert self._server is not None
        for listening in self._server.sockets:  # a server that is closed cannot take in who has just been let in
            asyncio.get_running_loop().remove_reader(listening.fileno())
        await _turns()
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        await _turns()  # what was aborted is closed

    @property
    def url(self) -> str:
        """Where it is."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def _gone(self) -> None:
        self.left += 1
        self.abandoned.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.append(writer)
        try:
            asked = await _read(reader)
            if asked is not None:
                await self._play(asked, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            self._gone()
        except asyncio.CancelledError:
            return  # the server is being closed
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _play(self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        act = self.acts[min(len(self.asked), len(self.acts) - 1)]
        self.asked.append(asked)
        if asked.method == "POST":
            self.arrived.set()
        playing = asyncio.ensure_future(act(Stage(asked, writer)))
        gone = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait({playing, gone}, return_when=asyncio.FIRST_COMPLETED)
            if playing.done():
                await playing
            else:
                self._gone()
        finally:
            for task in (playing, gone):
                task.cancel()
            await asyncio.gather(playing, gone, return_exceptions=True)


async def _turns() -> None:
    """A few turns of the event loop."""
    for _ in range(4):
        await asyncio.sleep(0)


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if name}
    return Asked(method, path, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


async def refused_url() -> str:
    """An address on which nobody listens."""
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return f"http://127.0.0.1:{port}"
