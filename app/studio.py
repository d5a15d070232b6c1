"""The use cases that all doors share."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

from app.services.base_genre_generator import BaseGenreGenerator
from app.services.piece import Piece
from app.services.registry import Registry
from app.services.runtime import Runtime
from app.theory.brief import Ask
from app.theory.progression import Progression

Result = TypeVar("Result")


def generate(ask: Ask, registry: Registry, runtime: Runtime) -> Piece:
    """Make the piece that is asked for: understand, find the harmony, arrange, write."""
    return run(registry.service(ask.genre, runtime).make(ask))


def progression(ask: Ask, service: BaseGenreGenerator) -> Progression:
    """The harmony alone, as `generate` would make it."""

    async def harmony() -> Progression:
        found, _ = await service.progression_for(ask, service.understand(ask))
        return found

    return run(harmony())


def run(steps: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine that waits for nothing, as every generation by rule is, without an event loop to start."""
    try:
        steps.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]  # a StopIteration's value is untyped
    steps.close()
    raise RuntimeError("a generation by rule waited for something")
