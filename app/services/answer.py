"""A piece as the result object of CONTRACT.md, in plain JSON values: what Python, `--json` and REST all answer."""

from __future__ import annotations

from base64 import b64encode
from fractions import Fraction
from typing import Any

from app.services.complexity import Complexity
from app.services.conformance import conformance_of
from app.services.piece import Method, Piece, notes_of
from app.theory.notes import Part
from app.theory.progression import Progression

Json = dict[str, Any]


def answer_of(piece: Piece, *, with_midi: bool = True) -> Json:
    """The result object. Fields of what is not there are empty, never absent; `with_midi` puts the file in it."""
    brief, arrangement, progression = piece.brief, piece.arrangement, piece.progression
    return {
        "id": piece.id,
        "version": piece.version,
        "genre": brief.genre,
        "application": brief.application,
        "seed": brief.seed,
        "generation_method": piece.method.label,
        "key": str(progression.key),
        "tempo": number(brief.tempo),
        "time_signature": str(progression.metre),
        "num_bars": len(progression.bars),
        "understood": [item._asdict() for item in brief.understood],
        "not_understood": list(brief.not_understood),
        "notes": notes_of(piece),
        "complexity": complexity_row(piece.complexity, piece.method.tier),
        "form": [{"name": section.name, "bar": section.bar + 1, "bars": section.bars} for section in progression.form.sections],
        "chords": chord_rows(progression),
        "techniques": [{"name": found.name, "bar": found.bar + 1, "why": found.why} for found in progression.techniques],
        "parts": [_part(part) for part in arrangement.parts],
        "conformance": [line._asdict() for line in conformance_of(piece)],
        "attempts": [attempt_row(row) for row in piece.method.attempts],
        "fallback_reason": piece.method.fallback_reason,
        "cost_usd": piece.method.cost_usd,
        "cost_saved_usd": piece.method.cost_saved_usd,
        "remembered": piece.method.remembered,
        "paid_offer": piece.method.offer and piece.method.offer._asdict(),
        "created": "",
        "lineage": None,
        "links": {},
        "midi_base64": b64encode(piece.midi).decode() if with_midi else "",
    }


def method_json(method: Method) -> Json:
    """How something that is no piece came to be, with the names that a result has for it."""
    return {
        "generation_method": method.label,
        "attempts": [attempt_row(row) for row in method.attempts],
        "fallback_reason": method.fallback_reason,
        "cost_usd": method.cost_usd,
        "remembered": method.remembered,
    }


def attempt_row(row: Any) -> Json:  # Any: app.llm.types.Attempt, which nothing by rule imports
    """One call to a model and its outcome; `tier` is the label of the model."""
    fields = ("provider", "model", "outcome", "reason", "role", "tokens_in", "tokens_out", "cost_usd", "latency_ms")
    checks = [check._asdict() for check in row.checks]
    return {"tier": row.label, "checks": checks, **{name: getattr(row, name) for name in fields}}


def complexity_row(complexity: Complexity, tier: str) -> Json:
    """How hard the harmony is and why; `tier` is the label of the model that is asked first."""
    factors = [{"factor": factor, "weight": weight} for factor, weight in complexity.factors]
    return {"score": complexity.score, "tier": tier, "factors": factors}


def _part(part: Part) -> Json:
    """A part as a person counts it: channels from 1."""
    return {
        "name": part.role,
        "program": part.program,
        "channel": part.channel + 1,
        "notes": len(part.notes),
        "instrument": part.instrument,
    }


def chord_rows(progression: Progression) -> list[Json]:
    """Every chord with its place (bar and beat from 1) and its analysis."""
    return [
        {
            "bar": bar,
            "beat": number(span.beat + 1),
            "beats": number(span.beats),
            "symbol": span.chord.symbol,
            "display": span.chord.display,
            "numeral": span.analysis.numeral,
            "function": span.analysis.function,
            "rule": span.analysis.rule,
        }
        for bar, spans in enumerate(progression.bars, 1)
        for span in spans
    ]


def number(value: Fraction | float) -> int | float:
    """As JSON writes it: whole where it is whole."""
    return int(value) if value == int(value) else float(value)
