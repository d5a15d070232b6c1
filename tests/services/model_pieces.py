"""Pieces made with models in hand: a ladder of scripted ones, and what a good one would answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.errors import ProviderError
from app.llm.ask import LLM
from app.llm.build import of
from app.llm.config import LLMSettings
from app.llm.providers.scripted import Scripted
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.piece import Piece
from app.services.registry import discover
from app.services.runtime import Runtime, run
from app.studio import generate
from app.theory.brief import Ask
from tests.services.answers import by_rule
from tests.services.answers import said as as_answered

REGISTRY = discover()
SMALL, LARGE, CLOUD = "phi-3.5-mini", "llama-3.3-70b", "gemini-pro"
DOWN = ProviderError("nobody listens", "unreachable")
GARBAGE = "I am only a small model."


def played(genre: str, **fields: Any) -> str:
    """What a good model would answer: what the rules make of the request with another seed."""
    made, brief, own = by_rule(genre, **{"seed": 99, "key": "C", **fields})
    del brief, own
    return as_answered(made)


def ladder(*lines: Sequence[Any], models: LLMSettings | None = None) -> tuple[LLM, list[Scripted]]:
    """A model a tier, saying these lines."""
    providers = [Scripted(row or [GARBAGE], model=label) for row, label in zip(lines, (SMALL, LARGE, CLOUD), strict=False)]
    rungs = [
        (label, provider, up_to) for label, provider, up_to in zip((SMALL, LARGE, CLOUD), providers, (4, 7, 10), strict=False)
    ]
    return of(rungs, models), providers


def service(llm: LLM | None, genre: str = "jazz", **more: Any) -> BaseGenreGenerator:
    return REGISTRY.service(genre, Runtime(models=lambda: llm, **more))


def make(llm: LLM | None, genre: str = "jazz", *, of_service: BaseGenreGenerator | None = None, **fields: Any) -> Piece:
    asked = Ask(genre, **{"seed": 7, "num_bars": 8, "key": "C", "description": "simple", **fields})
    return run((of_service or service(llm, genre)).make(asked), llm)


def chords(piece: Piece) -> list[str]:
    return [str(span.chord) for row in piece.progression.bars for span in row]


GOOD = played("jazz", num_bars=8, description="simple")


def make_from(ask: Ask) -> Piece:
    """A piece from the request that a file holds, without any model."""
    return generate(ask, REGISTRY, Runtime())
