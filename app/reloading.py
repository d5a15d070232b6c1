"""Settings read again while a process runs: new requests go by the new ones, those under way end by the old."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from app.errors import RequestError
from app.settings import Settings, settings
from app.settings.scale import scale
from app.wiring import Models

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.llm.ask import LLM
    from app.services.runtime import Runtime

Sign = tuple[int, int, int] | None  # of a file as it stood: inode, size, time of its last change


class Reloading:
    """What a process runs with, and how it is renewed. Models, tiers, matrix, limits, prices, budgets and strategy can be.

    Counts, what was spent, remembered answers, and what is known of models that stay (breakers, lines, an engine that runs) go
    on. Folders and whatever the door itself was started with need a restart.
    """

    def __init__(self, chosen: Settings, running: Runtime, read: Callable[[], Settings] = settings) -> None:
        self.settings = chosen
        self.runtime = running
        self._read = read
        self._sign = _sign(chosen.path)
        self._busy = asyncio.Lock()
        self._last: LLM | None = None  # the models there were last

    def changed(self) -> bool:
        """Whether the settings file is another one than was last read."""
        return bool(self.settings.path) and _sign(self.settings.path) != self._sign

    async def reload(self) -> str:
        """Read the settings again. One line that says what became of it; settings that cannot be leave all as it was."""
        async with self._busy:
            before = self._models()
            try:
                chosen, models, made = await asyncio.to_thread(self._made, before)
                weighed = scale(chosen)
            except RequestError as error:
                return f"settings not changed: {' '.join(str(error).split())}"
            self.settings = chosen
            self.runtime = self.runtime._replace(strategy=chosen.strategy, models=models, scale=weighed)
            self._last = made or before
            if before is not None:
                await before.retire(made.rungs if made is not None else ())
        return _said(chosen, made)

    def _models(self) -> LLM | None:
        """The models there are, or were; None where none were needed so far."""
        models = self.runtime.models
        return (models.made if isinstance(models, Models) else models and models()) or self._last

    def _made(self, before: LLM | None) -> tuple[Settings, Models, LLM | None]:
        """The new settings and their models. Raises RequestError."""
        self._sign = _sign(self.settings.path)
        old = self.settings
        chosen = self._read()._replace(data_dir=old.data_dir, cache_folder=old.cache_folder, data_folder=old.data_folder)
        own = self.runtime.models
        models = Models(chosen, before, everywhere=isinstance(own, Models) and own.everywhere)
        return chosen, models, models()


def _said(chosen: Settings, made: LLM | None) -> str:
    labels = [rung.label for rung in made.rungs] if made is not None else []
    models = f"{len(labels)} model{'s' * (len(labels) != 1)} ({', '.join(labels)})" if labels else "no models"
    return f"settings read again: {models}, strategy {chosen.strategy}"


def _sign(path: str) -> Sign:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
