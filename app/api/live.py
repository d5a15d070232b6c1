"""Generations that are watched while they are made: their events, numbered, for as many readers as there are, and again later."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any, Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.api.errors import problem_body, problem_of
from app.api.presence import left
from app.api.serving import Patience
from app.errors import OctetError

LOG: Final = logging.getLogger("octet.requests")
STREAM: Final = "text/event-stream"
BEAT: Final = b": still here\n\n"
AGAIN: Final = b"retry: 1000\n\n"  # milliseconds after which a reader whose line broke comes again
MOST_BYTES: Final = 32_000_000  # of ended streams that are kept to be read again
CANCELLED: Final = "the generation was cancelled"
LATE: Final = "the answer took longer than a request may"
FAILED: Final = "an error of ours: it is logged"
HEADERS: Final = {"cache-control": "no-store", "x-accel-buffering": "no"}  # nothing between us may keep events back
Json = dict[str, Any]
Work = Callable[["Stream"], Awaitable[None]]
Source = Callable[["asyncio.Future[None]"], AsyncGenerator[bytes, None]]


class Stream:
    """One generation's events. `failed` is the error that ended it, where one did."""

    def __init__(self, id: str, owner: str, patience: Patience) -> None:
        self.id, self.owner, self.patience = id, owner, patience
        self.frames: list[bytes] = []
        self.ended = False
        self.failed: Exception | None = None
        self.task: asyncio.Task[None] | None = None
        self._readers = 0
        self._news = asyncio.Event()
        self._dropping: asyncio.TimerHandle | None = None

    @property
    def size(self) -> int:
        """Bytes that it holds."""
        return sum(map(len, self.frames))

    def over(self, seen: int) -> bool:
        """Whether there is nothing more for a reader who has seen so many."""
        return self.ended and seen >= len(self.frames)

    def tell(self, name: str, data: bytes | Json) -> None:
        """One more event; JSON is on one line."""
        line = data if isinstance(data, bytes) else json.dumps(data).encode()
        self.frames.append(b"id: %d\nevent: %s\ndata: %s\n\n" % (len(self.frames) + 1, name.encode(), line))
        self._wake()

    def end(self) -> None:
        """There will be no more."""
        self.ended = True
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def news(self) -> None:
        """Return when there is another event, or the end."""
        await self._news.wait()

    async def begun(self) -> None:
        """Return when there is a first event. Raises what ended it before there was one."""
        while not self.frames and not self.ended:
            await self.news()
        if self.failed is not None and len(self.frames) == 1:
            raise self.failed

    def join(self) -> None:
        """One more reads it."""
        self._readers += 1
        if self._dropping is not None:
            self._dropping.cancel()
            self._dropping = None

    def leave(self) -> None:
        """One less reads it; when it was the last, the stream is kept for a while and then cancelled."""
        self._readers -= 1
        if not self._readers and not self.ended:
            self._dropping = asyncio.get_running_loop().call_later(self.patience.dropped_s, self.cancel)

    def cancel(self) -> None:
        """Give up what is being made."""
        if self.task is not None:
            self.task.cancel()


class Live:
    """The streams of this process, those under way and those that ended lately."""

    def __init__(self, patience: Patience = Patience()) -> None:  # noqa: B008 - a frozen value
        self.patience = patience
        self._streams: dict[str, Stream] = {}

    def begin(self, id: str, owner: str, work: Work, said: str = "") -> Stream:
        """A stream whose events `work` tells. Errors end it as a problem that repeats nothing of what was `said`."""
        stream = self._streams[id] = Stream(id, owner, self.patience)
        stream.task = asyncio.create_task(self._run(stream, work, said))
        return stream

    def find(self, id: str, owner: str) -> Stream | None:
        """The stream of this generation, if it is this owner's."""
        found = self._streams.get(id)
        return found if found is not None and found.owner == owner else None

    def __len__(self) -> int:
        return len(self._streams)

    def forget(self, stream: Stream) -> None:
        """Keep it no longer."""
        self._streams.pop(stream.id, None)

    async def close(self) -> None:
        """Cancel what is under way."""
        tasks = [stream.task for stream in self._streams.values() if stream.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, stream: Stream, work: Work, said: str) -> None:
        try:
            await work(stream)
        except OctetError as error:
            self._fail(stream, error, problem_of(error, said))
        except TimeoutError as error:
            self._fail(stream, error, problem_body(504, LATE))
        except asyncio.CancelledError:
            stream.tell("error", problem_body(409, CANCELLED))
        except Exception as error:
            LOG.exception("generation %s failed", stream.id)
            self._fail(stream, error, problem_body(500, FAILED))
        finally:
            stream.end()
            self._make_room()
            asyncio.get_running_loop().call_later(self.patience.replay_s, self.forget, stream)

    def _fail(self, stream: Stream, error: Exception, problem: Json) -> None:
        stream.failed = error
        stream.tell("error", problem)

    def _make_room(self) -> None:
        """Forget those that ended first, until the others fit."""
        ended = [stream for stream in self._streams.values() if stream.ended]
        size = sum(stream.size for stream in ended)
        for stream in ended:
            if size <= MOST_BYTES:
                break
            size -= stream.size
            self.forget(stream)


class Streamed(Response):
    """The events of a `source`, a generator of frames that ends where the future it is given is done: the reader has gone."""

    def __init__(self, source: Source, headers: Mapping[str, str]) -> None:
        super().__init__(headers={**HEADERS, **headers}, media_type=STREAM)
        del self.headers["content-length"]
        self._source = source

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Send them as they come."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        leaving = asyncio.ensure_future(left(receive))
        try:
            async with aclosing(self._source(leaving)) as parts:
                async for part in parts:
                    await send({"type": "http.response.body", "body": part, "more_body": True})
            if not leaving.done():
                await send({"type": "http.response.body", "body": b""})
        finally:
            leaving.cancel()
            await asyncio.gather(leaving, return_exceptions=True)


async def told_to(stream: Stream, seen: int, leaving: asyncio.Future[None]) -> AsyncGenerator[bytes, None]:
    """A stream's events after the `seen` ones, to its end or until `leaving` is done; with a sign of life when it is quiet."""
    stream.join()
    try:
        yield AGAIN
        while not leaving.done():
            fresh = stream.frames[seen:]
            seen += len(fresh)
            if fresh:
                yield b"".join(fresh)
            elif stream.ended:
                return
            elif not await _news(stream, leaving):
                yield BEAT
    finally:
        stream.leave()


async def _news(stream: Stream, leaving: asyncio.Future[None]) -> bool:
    """Whether there is another event, or nobody to tell it, before a sign of life is due."""
    news = asyncio.ensure_future(stream.news())
    try:
        beat_s = stream.patience.beat_s
        done, _ = await asyncio.wait({news, leaving}, timeout=beat_s, return_when=asyncio.FIRST_COMPLETED)
        return bool(done)
    finally:
        news.cancel()


def last_seen(headers: Mapping[str, str]) -> int:
    """The number of the last event that a reader has; 0 for none."""
    said = headers.get("last-event-id", "").strip()
    return int(said[:9]) if said.isascii() and said.isdecimal() else 0
