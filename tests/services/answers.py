"""Answers as models write them: a progression as the JSON that was asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.services.base_genre_generator import BaseGenreGenerator
from app.services.genre import Genre
from app.services.piece import progression_by_rule
from app.services.registry import discover
from app.theory.brief import Ask, Brief
from app.theory.key import Key
from app.theory.progression import Progression
from app.theory.rhythm import Metre
from schemas.progression import QUALITIES

NAMES = {suffix: name for name, suffix in QUALITIES.items()}
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


def said(progression: Progression) -> str:
    """A progression as a model would answer it, its rarer colours left out."""
    bars = [
        [_said(str(span.chord), span.chord.root, span.chord.bass, int(span.beats)) for span in spans]
        for spans in progression.bars
    ]
    return json.dumps({"plan": ["to I"], "bars": bars})


def _said(text: str, root: str, bass: str, beats: int) -> Mapping[str, Any]:
    suffix = text[len(root) :].partition("/")[0]
    while suffix not in NAMES:
        suffix = suffix[:-1]
    return {"root": root, "quality": NAMES[suffix], "bass": bass or None, "beats": beats}
