"""The line before a model: so many calls at a time, first come first served, with a bounded wait."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from app.errors import ProviderError

if TYPE_CHECKING:
    import asyncio

EVER: Final = 1e9


class Line:
    """At most `at_once` calls; at most `longest` requests wait. It may outlive an event loop, as a service does."""

    def __init__(self, at_once: int, longest: int) -> None:
        self.at_once = max(1, at_once)
        self.longest = longest
        self.inside = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @asynccontextmanager
    async def place(self, wait_s: float = EVER) -> AsyncIterator[None]:
        """Hold one place. Raises ProviderError `busy` when the line is too long or none comes free in `wait_s` seconds."""
        await self._enter(wait_s)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, wait_s: float) -> None:
        import asyncio

        if self.inside < self.at_once and not self._waiting:
            self.inside += 1
            return
        if len(self._waiting) >= self.longest:
            raise ProviderError(f"{len(self._waiting)} requests wait for this model already", "busy")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(wait_s):
                await turn
        except BaseException as error:
            self._give_up(turn)
            if isinstance(error, TimeoutError):
                raise ProviderError(f"no place came free within {wait_s:.1f} s", "busy") from error
            raise

    def _give_up(self, turn: asyncio.Future[None]) -> None:
        if turn in self._waiting:
            self._waiting.remove(turn)
        elif turn.done() and not turn.cancelled():
            self._leave()  # the place had just been given to us

    def _leave(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done() and not turn.get_loop().is_closed():
                turn.set_result(None)  # the place goes on to the next, `inside` stays
                return
        self.inside -= 1
