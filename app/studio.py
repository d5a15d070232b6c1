"""The use cases that all doors share."""

from __future__ import annotations

from app.services.base_genre_generator import BaseGenreGenerator
from app.services.piece import Piece
from app.services.registry import Registry
from app.services.runtime import Runtime, run_straight
from app.theory.brief import Ask
from app.theory.progression import Progression


def generate(ask: Ask, registry: Registry, runtime: Runtime) -> Piece:
    """Make the piece that is asked for: understand, find the harmony, arrange, write."""
    return run_straight(registry.service(ask.genre, runtime).make(ask))


def progression(ask: Ask, service: BaseGenreGenerator) -> Progression:
    """The harmony alone, as `generate` would make it."""

    async def harmony() -> Progression:
        found, _ = await service.progression_for(ask, service.understand(ask))
        return found

    return run_straight(harmony())
