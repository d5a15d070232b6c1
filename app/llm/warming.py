"""Loading local models: in the background, once at a time, and not given up when the request that began it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from app.errors import ProviderError
from app.llm.config import Limits
from app.llm.moment import Moment
from app.llm.routing import Rung
from app.llm.types import Event

BELIEVED_S: Final = 60.0  # after an answer the model is taken to be in memory for so long


class Warming:
    """Knows which models are loaded or being loaded."""

    def __init__(self, limits: Limits, moment: Moment) -> None:
        self._limits = limits
        self._moment = moment
        self._seen: dict[str, float] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, rungs: Iterable[Rung]) -> None:
        """Load these models in the background; needs a running loop."""
        for rung in rungs:
            if rung.local and hasattr(rung.provider, "warm"):
                self._task(rung)

    def seen(self, rung: Rung) -> None:
        """It has just answered."""
        self._seen[rung.label] = self._moment.now()

    async def ready(self, rung: Rung, until: float, watch: Callable[[Event], None]) -> None:
        """Return when the model is loaded, as far as that can be told. Raises ProviderError: `loading` when `until` comes
        first (the loading goes on), or the fault that the server has."""
        if not rung.local or not hasattr(rung.provider, "loaded"):
            return
        if self._moment.now() - self._seen.get(rung.label, -BELIEVED_S) < BELIEVED_S:
            return
        try:
            async with asyncio.timeout(min(self._limits.connect_local_s + 1.0, until - self._moment.now())):
                loaded = await rung.provider.loaded()
        except (ProviderError, TimeoutError):
            return  # the call itself will tell what is wrong
        if not loaded:
            watch(Event("loading", rung.label))
            await self._wait(rung, min(self._limits.cold_s, until - self._moment.now()))

    async def _wait(self, rung: Rung, seconds: float) -> None:
        task = self._task(rung)
        try:
            async with asyncio.timeout(seconds):
                await asyncio.shield(task)
        except TimeoutError as error:
            raise ProviderError(f"{rung.model} is still being loaded", "loading") from error

    def _task(self, rung: Rung) -> asyncio.Task[None]:
        running = asyncio.get_running_loop()
        task = self._tasks.get(rung.label)
        if task is None or task.done() or task.get_loop() is not running:
            task = running.create_task(self._load(rung), name=f"load {rung.label}")
            task.add_done_callback(_retrieved)
            self._tasks[rung.label] = task
        return task

    async def _load(self, rung: Rung) -> None:
        try:
            async with asyncio.timeout(self._limits.warm_up_s):
                if not await _in_memory(rung):
                    await rung.provider.warm()  # type: ignore[attr-defined]  # start() and ready() looked for it
        except TimeoutError as error:
            raise ProviderError(f"{rung.model} was not loaded within {self._limits.warm_up_s:g} s", "timeout") from error
        self.seen(rung)

    async def stop(self) -> None:
        """Give up what is still being loaded in this loop."""
        mine = [task for task in self._tasks.values() if task.get_loop() is asyncio.get_running_loop() and not task.done()]
        for task in mine:
            task.cancel()
        await asyncio.gather(*mine, return_exceptions=True)


async def _in_memory(rung: Rung) -> bool:
    """Whether it is there already, as far as its server says."""
    try:
        return hasattr(rung.provider, "loaded") and bool(await rung.provider.loaded())
    except ProviderError:
        return False


def _retrieved(task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        task.exception()
