"""Identical requests in flight are asked once; the work goes on as long as anyone waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Generic, TypeVar

R = TypeVar("R")


class Flight(Generic[R]):
    """The requests under way, by key and event loop."""

    def __init__(self) -> None:
        self._tasks: dict[tuple[int, str], tuple[asyncio.Task[R], list[int]]] = {}

    async def join(self, key: str, work: Callable[[], Coroutine[object, object, R]]) -> tuple[R, bool]:
        """The result for `key`, and whether someone else had begun it. Cancelled when the last one who waits leaves."""
        place = (id(asyncio.get_running_loop()), key)
        found = self._tasks.get(place)
        task, waiting = found if found is not None else (asyncio.get_running_loop().create_task(work()), [0])
        if found is None:
            self._tasks[place] = (task, waiting)
            task.add_done_callback(lambda _: self._tasks.pop(place, None))
        waiting[0] += 1
        try:
            return await asyncio.shield(task), found is not None
        finally:
            waiting[0] -= 1
            if not waiting[0] and not task.done():
                self._tasks.pop(place, None)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
