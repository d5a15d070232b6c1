"""Answers as models write them: a progression as the JSON that was asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from app.services.base_genre_generator import BaseGenreGenerator
from app.services.genre import Genre
from app.services.piece import progression_by_rule
from app.services.registry import discover
from app.testing.answers import said
from app.theory.brief import Ask, Brief
from app.theory.key import Key
from app.theory.progression import Progression
from app.theory.rhythm import Metre

__all__ = ["answer", "asked", "bar", "by_rule", "chord", "said"]
C_MAJOR, FOUR_FOUR = Key("C"), Metre.of("4/4")


@lru_cache(maxsize=16)
def _service(genre: str) -> BaseGenreGenerator:
    return discover().service(genre)


def asked(genre: str, **fields: Any) -> tuple[Brief, Genre]:
    """A request as understood, and its genre."""
    service = _service(genre)
    return service.understand(Ask(genre, **{"seed": 1, **fields})), service.genre


def by_rule(genre: str, **fields: Any) -> tuple[Progression, Brief, Genre]:
    """What the rules make of a request."""
    brief, own = asked(genre, **fields)
    return progression_by_rule(brief, own), brief, own


def bar(*chords: str, beats: int = 4) -> list[dict[str, Any]]:
    """A bar of `G:7` chords, `C:maj/E` over a bass, its beats shared evenly."""
    return [chord(text, beats // len(chords)) for text in chords]


def chord(text: str, beats: int) -> dict[str, Any]:
    """One chord of an answer."""
    root, _, rest = text.partition(":")
    quality, _, bass = rest.partition("/")
    return {"root": root, "quality": quality, "bass": bass or None, "beats": beats}


def answer(*bars: list[dict[str, Any]], plan: tuple[str, ...] = ("to I",)) -> dict[str, Any]:
    """An answer of these bars."""
    return {"plan": list(plan), "bars": list(bars)}
