"""What the service holds while it runs: genres, runtime, threads for making music, counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, ParamSpec, TypeVar

from fastapi import Request

from app import studio
from app.api.caller import KeyBook
from app.api.keeping import Keeping
from app.api.limits import Shared
from app.api.metrics import Metrics
from app.api.serving import Serving
from app.errors import UnknownGenre
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.piece import Piece
from app.services.registry import Registry
from app.services.runtime import Runtime
from app.settings.keeping import KeepingSettings
from app.theory.brief import Ask
from app.theory.progression import Progression

THREADS: Final = 2
P = ParamSpec("P")
T = TypeVar("T")


class State:
    """One running service."""

    def __init__(self, registry: Registry, runtime: Runtime, serving: Serving, keeping: Keeping | None = None) -> None:
        self.registry, self.runtime, self.serving = registry, runtime, serving
        self.keeping = keeping or Keeping(KeepingSettings(), serving.deadline_s)
        usable, self.broken = registry.usable(runtime)
        self.services: Mapping[str, BaseGenreGenerator] = {service.name: service for service in usable}
        self.metrics = Metrics()
        self.keys: KeyBook | None = self.keeping.keys
        self.usage: Shared | None = self.keeping.shared  # what all workers count together; None: there is one worker
        self._asked_models = False
        self._threads = ThreadPoolExecutor(THREADS, "octet")

    def service(self, name: str) -> BaseGenreGenerator:
        """A genre's service. Raises UnknownGenre with the nearest name or with what broke."""
        found = self.services.get(name.lower())
        if found is not None:
            return found
        for broken, why in self.broken.items():
            if broken.partition(" ")[0] == name:
                raise UnknownGenre(f"genre {broken} cannot be used: {why}", "genre")
        return self.registry.service(name, self.runtime)

    async def aside(self, make: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """What `make` returns, made in a thread while others are answered. Raises TimeoutError at the deadline."""
        async with asyncio.timeout(self.serving.deadline_s):
            return await asyncio.get_running_loop().run_in_executor(self._threads, partial(make, *arguments, **named))

    async def generate(self, ask: Ask) -> Piece:
        """The piece asked for: models are awaited, all else is made in a thread."""
        self._asked_models |= self.runtime.wants_models(ask)
        async with asyncio.timeout(self.serving.deadline_s):
            piece = await studio.generate_aside(ask, self.service(ask.genre), self.aside)
        self.metrics.generated(ask.genre, piece.method.label)
        return piece

    async def progression(self, ask: Ask, service: BaseGenreGenerator) -> Progression:
        """The harmony alone."""
        self._asked_models |= self.runtime.wants_models(ask)
        async with asyncio.timeout(self.serving.deadline_s):
            return await studio.progression_aside(ask, service, self.aside)

    async def close(self) -> None:
        """Let go of the models, the threads and what is kept."""
        if self._asked_models and self.runtime.models is not None:
            llm = self.runtime.models()
            if llm is not None:
                await llm.aclose()
        self._threads.shutdown(wait=False, cancel_futures=True)
        await self.keeping.close()


def state_of(request: Request) -> State:
    """The service that a request came to."""
    found: State = request.app.state.octet
    return found
