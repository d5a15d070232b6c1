"""An event loop whose clock jumps to the next thing to do, so that a minute's deadline is tested in no time."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any, TypeVar

from app.llm.moment import Moment

T = TypeVar("T")
START = 1_795_000_000.0  # 2026-11-18, a Wednesday, 11:06:40 UTC


class _Jumping(selectors.SelectSelector):
    """Never waits: what would be waited is added to the clock."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout:
            self.passed += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop on the jumping clock."""

    def __init__(self) -> None:
        self.jumping = _Jumping()
        super().__init__(self.jumping)

    def time(self) -> float:
        return self.jumping.passed


def run(work: Callable[[Moment], Coroutine[Any, Any, T]]) -> T:
    """The result of `work`, which gets the clock of its loop."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        moment = Moment(now=loop.time, wall=lambda: START + loop.time(), chance=Random(7))
        return runner.run(work(moment))
