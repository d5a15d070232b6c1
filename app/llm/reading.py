"""Reading an answer as it comes: paced, capped, and given up when it runs on without saying anything."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Final, TypeVar

from app.errors import ProviderError
from app.llm.types import Call

P = TypeVar("P")
BLANK: Final = 160  # whitespace in a row that no layout of JSON has
UNIT, TIMES = 4, 64  # a unit of up to 4 characters, 64 times over, is a loop


async def paced(pieces: AsyncIterator[P], call: Call) -> AsyncIterator[P]:
    """The pieces. Raises ProviderError `timeout` when the first, or the next one, does not come in time."""
    wait = call.first_s
    while True:
        try:
            async with asyncio.timeout(wait):
                piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise ProviderError(f"nothing came for {wait:.1f} s", "timeout") from error
        yield piece
        wait = min(call.idle_s, call.first_s)


class Reading:
    """The text so far."""

    def __init__(self, call: Call, now: Callable[[], float] = time.monotonic) -> None:
        self._left = call.max_bytes
        self._now = now
        self._began = now()
        self._pieces: list[str] = []
        self._tail = ""
        self.first_token_ms: float | None = None

    def add(self, piece: str | None) -> None:
        """One more piece. Raises ProviderError: `too_large`, or `content` for an answer that runs on emptily."""
        if not piece:
            return
        if self.first_token_ms is None:
            self.first_token_ms = round((self._now() - self._began) * 1e3, 3)
        self._left -= len(piece.encode("utf-8", "surrogatepass"))
        if self._left < 0:
            raise ProviderError("the answer is too large", "too_large")
        self._pieces.append(piece)
        self._tail = (self._tail + piece)[-UNIT * TIMES :]
        if runs_on(self._tail):
            raise ProviderError("the answer ran on without saying anything; be brief", "content")

    def text(self) -> str:
        """All of it. Raises ProviderError `content` when there is nothing but space."""
        whole = "".join(self._pieces)
        if not whole.strip():
            raise ProviderError("the answer was empty", "content")
        return whole


def runs_on(tail: str) -> bool:
    """Whether a text's end is nothing but space, or one short unit over and over."""
    if len(tail) >= BLANK and not tail[-BLANK:].strip():
        return True
    if len(tail) < UNIT * TIMES:
        return False
    return any(tail[unit:] == tail[:-unit] for unit in range(1, UNIT + 1))
