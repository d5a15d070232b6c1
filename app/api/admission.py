"""How much is made at once: so many at work, so many in line, and whoever comes beyond is told at once when to ask again."""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from app.errors import Overloaded, ProviderError
from app.llm.line import Line

BUSY: Final = "more is asked at once than can be made: ask again in {} s"
LONGEST_S: Final = 60  # told to wait
WEIGHT: Final = 0.1  # of the last one in the mean
QUICK_S: Final = 0.05  # that one is taken to last before any has been made


class Admission:
    """One line, first come first served."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._line = Line(at_once, waiting)
        self._mean_s = QUICK_S

    @property
    def full(self) -> bool:
        """Whether the next one would be refused."""
        return self._line.inside >= self._line.at_once and self._line.waiting >= self._line.longest

    @property
    def inside(self) -> int:
        """How many are at work."""
        return self._line.inside

    @property
    def waiting(self) -> int:
        """How many wait."""
        return self._line.waiting

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place while one is made. Raises Overloaded."""
        self.refuse_when_full()
        try:
            async with self._line.place():
                began = time.monotonic()
                yield
                self._mean_s += WEIGHT * (time.monotonic() - began - self._mean_s)
        except ProviderError as error:
            if error.kind != "busy":
                raise
            raise self._refusal() from None

    def refuse_when_full(self) -> None:
        """Raises Overloaded where the next one would be."""
        if self.full:
            raise self._refusal()

    def _refusal(self) -> Overloaded:
        seconds = (self._line.waiting + 1) / self._line.at_once * self._mean_s
        later = min(LONGEST_S, max(1, math.ceil(seconds)))
        return Overloaded(BUSY.format(later), later)
