"""A finished piece, and the steps that make it from a brief: harmony by rule, arrangement, bytes."""

from __future__ import annotations

import json
from random import Random
from typing import Any, NamedTuple

from app import __version__
from app.arrange.arranger import arrange
from app.errors import NoModelAnswered
from app.harmony.compose import compose
from app.render.midi import write_midi
from app.services.complexity import Complexity, complexity_of
from app.services.genre import Genre
from app.services.scale import USUAL, Scale
from app.theory.brief import Ask, Brief
from app.theory.chance import Chance
from app.theory.notes import Arrangement
from app.theory.progression import Progression

BY_RULE = "rule-based"
TITLE = "Octet"  # of a file whose chart has none


class Method(NamedTuple):
    """How the harmony came to be: a model's label or BY_RULE, and why no model made it when one was wanted."""

    label: str = BY_RULE
    fallback_reason: str = ""
    attempts: tuple[Any, ...] = ()  # Any: app.llm.types.Attempt, which nothing by rule imports
    cost_usd: float | None = 0.0  # None: not known
    cost_saved_usd: float = 0.0
    remembered: bool = False
    tier: str = ""  # the label of the model that the request was sent to first
    made: str = ""  # a model's harmony as the file keeps it
    notes: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()  # what was mended in the model's answer
    offer: Any = None  # Any: app.llm.types.Offer, of a paid model that waits for consent

    @classmethod
    def refused(cls, refusal: NoModelAnswered) -> Method:
        """By rule, because no model answered."""
        costs = [row.cost_usd for row in refusal.attempts]
        notes = ("flagged for review: no model's answer passed its checks",) if refusal.review else ()
        return cls(
            fallback_reason=str(refusal),
            attempts=refusal.attempts,
            cost_usd=None if None in costs else sum(costs),
            notes=notes,
            offer=refusal.offer,
        )


class Piece(NamedTuple):
    """All there is to say of a generation, as plain values; every door makes its answer from this."""

    id: str
    version: str
    brief: Brief
    progression: Progression
    arrangement: Arrangement
    midi: bytes
    method: Method
    complexity: Complexity


def progression_by_rule(brief: Brief, genre: Genre) -> Progression:
    """The chart when one is given, else chords composed by the genre's tables."""
    if brief.chords:
        from app.harmony.chart import progression_of

        return progression_of(brief)
    return compose(brief, genre.harmony(brief.application), Chance(brief.seed).of("harmony"))


def finished(ask: Ask, brief: Brief, progression: Progression, genre: Genre, method: Method, scale: Scale = USUAL) -> Piece:
    """The piece: its parts played in the application's style; its file keeps its complexity where words weigh unusually."""
    style = genre.style(brief.application, brief.tempo, brief.metre)
    arrangement = arrange(brief, progression, style, Chance(brief.seed, dict(brief.reseed)))
    kept = ask._replace(made=method.made, complexity=ask.complexity if scale == USUAL else brief.complexity)
    origin = origin_of(kept, brief.seed)
    return Piece(
        id=f"{Random(f'id:{method.label}:{origin}').getrandbits(64):016x}",  # noqa: S311 - a name, not a secret
        version=__version__,
        brief=brief,
        progression=progression,
        arrangement=arrangement,
        midi=write_midi(arrangement, origin, brief.title or TITLE),
        method=method,
        complexity=complexity_of(ask, brief, scale),
    )


def origin_of(ask: Ask, seed: int) -> str:
    """What a file says of its making: the fields that were asked, the seed and the version, as one line of ASCII JSON."""
    return json.dumps({"request": asked_of(ask), "seed": seed, "version": __version__}, separators=(",", ":"))


def asked_of(ask: Ask) -> dict[str, Any]:  # Any: a field of an Ask
    """What was said in a request, its seed apart."""
    return {name: value for name, value in ask._asdict().items() if value not in (None, "", ()) and name != "seed"}


def notes_of(piece: Piece) -> list[str]:
    """What a person should know, each thing once: contradictions, a shortened form, an adapted metre."""
    return list(dict.fromkeys((*piece.brief.notes, *piece.progression.notes, *piece.arrangement.notes, *piece.method.notes)))
