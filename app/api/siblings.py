"""Several workers at one address: each tells the others, at a Unix socket of its own, what it alone knows.

That is the events of the generations it makes, and its counts. Whoever asks has been let in by the worker that was asked first,
so the owner's name is taken at its word: the sockets lie in a folder that only this user may enter.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, suppress
from functools import partial
from typing import Any, Final, NamedTuple

from starlette.responses import Response

from app.api.live import Live, Streamed, told_to
from app.api.metrics import Metrics

LOG: Final = logging.getLogger("octet.service")
ANSWER_S: Final = 2.0  # that another worker may take to begin its answer
LONGEST: Final = 1 << 20  # bytes of a line between workers
CHUNK: Final = 65_536
Json = dict[str, Any]  # Any: JSON


class Answer(NamedTuple):
    """What another worker says: an object of JSON, and the connection on which more may follow."""

    said: Json
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Siblings:
    """One worker among those whose sockets lie in the same folder."""

    def __init__(self, folder: str, live: Live, metrics: Metrics) -> None:
        self._folder, self._live, self._metrics = folder, live, metrics
        self._own = os.urandom(8).hex()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Answer the others from now on."""
        try:
            self._server = await asyncio.start_unix_server(self._answer, os.path.join(self._folder, self._own), limit=LONGEST)
        except OSError as error:
            LOG.warning("other workers cannot ask this one for its events and counts: %s", error)

    async def close(self) -> None:
        """Answer no more; the last one clears up."""
        if self._server is not None:
            self._server.close()
        with suppress(OSError):
            os.unlink(os.path.join(self._folder, self._own))
        with suppress(OSError):
            os.rmdir(self._folder)

    async def follow(self, id: str, owner: str, seen: int) -> Response | None:
        """The events of a generation that another worker makes, after the `seen` ones; None where none of them does."""
        async for answer in self._each({"ask": "events", "id": id, "owner": owner, "seen": seen}):
            if answer.said["found"] and not answer.said["over"]:
                return Streamed(partial(_relayed, answer), {"X-Octet-Id": id})
            answer.writer.close()
            if answer.said["found"]:
                return Response(status_code=204)
        return None

    async def cancel(self, id: str, owner: str) -> bool:
        """Have it given up by whoever makes it. Whether anybody did."""
        return any([said["found"] async for said in self._said({"ask": "cancel", "id": id, "owner": owner})])

    async def counts(self) -> Metrics:
        """The counts of all workers together."""
        return Metrics.summed([self._metrics.rows(), *[said async for said in self._said({"ask": "counts"})]])

    async def _said(self, question: Mapping[str, Any]) -> AsyncIterator[Json]:
        async for answer in self._each(question):
            answer.writer.close()
            yield answer.said

    async def _each(self, question: Mapping[str, Any]) -> AsyncIterator[Answer]:
        """What the others say; whoever takes an answer closes its connection. One that has ended or is stuck says nothing."""
        with suppress(FileNotFoundError):
            for name in sorted(set(os.listdir(self._folder)) - {self._own}):
                with suppress(OSError, TimeoutError, ValueError):
                    async with asyncio.timeout(ANSWER_S):
                        answer = await _asked(os.path.join(self._folder, name), question)
                    yield answer

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Another worker's question."""
        try:
            with suppress(OSError, ValueError):  # who asked has gone, in the middle of a line or later
                question = json.loads(await reader.readline())
                await getattr(self, f"_tell_{question['ask']}")(question, reader, writer)
        finally:
            writer.close()

    async def _tell_events(self, question: Json, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stream, seen = self._live.find(question["id"], question["owner"]), question["seen"]
        over = stream is not None and stream.over(seen)
        writer.write(_line({"found": stream is not None, "over": over}))
        if stream is None or over:
            return
        leaving = asyncio.ensure_future(_gone(reader))
        try:
            async with aclosing(told_to(stream, seen, leaving)) as parts:
                async for part in parts:
                    writer.write(part)
                    await writer.drain()
        finally:
            leaving.cancel()
            await asyncio.gather(leaving, return_exceptions=True)

    async def _tell_cancel(self, question: Json, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stream = self._live.find(question["id"], question["owner"])
        if stream is not None:
            stream.cancel()
        writer.write(_line({"found": stream is not None}))

    async def _tell_counts(self, _: Json, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(_line(self._metrics.rows()))


async def _asked(path: str, question: Mapping[str, Any]) -> Answer:
    """Raises OSError, ValueError where nobody answers."""
    reader, writer = await asyncio.open_unix_connection(path, limit=LONGEST)
    try:
        writer.write(_line(question))
        return Answer(json.loads(await reader.readline()), reader, writer)
    except BaseException:
        writer.close()
        raise


async def _relayed(answer: Answer, leaving: asyncio.Future[None]) -> AsyncGenerator[bytes, None]:
    """What another worker tells, to its end or until `leaving` is done."""
    reading: asyncio.Future[bytes] | None = None
    try:
        while not leaving.done():
            reading = asyncio.ensure_future(_read(answer.reader))
            both: set[asyncio.Future[Any]] = {reading, leaving}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done() or not reading.result():
                return
            yield reading.result()
    finally:
        if reading is not None:
            reading.cancel()
        answer.writer.close()


async def _read(reader: asyncio.StreamReader) -> bytes:
    """What came; nothing at the end, or where the other one is gone."""
    with suppress(OSError):
        return await reader.read(CHUNK)
    return b""


async def _gone(reader: asyncio.StreamReader) -> None:
    """Return when whoever asked has closed the connection; nothing more is said on it."""
    with suppress(OSError):
        await reader.read()


def _line(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said).encode() + b"\n"
