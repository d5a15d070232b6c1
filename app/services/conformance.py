"""What was asked, held against what was made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from app.services.piece import Piece


class Conformance(NamedTuple):
    """One thing asked for, and whether the piece has it."""

    asked: str  # the request field
    wanted: str
    got: str
    status: str  # met | not_met


def conformance_of(piece: Piece) -> tuple[Conformance, ...]:
    """A line for each thing that words or fields asked for and that can be read off the arrangement."""
    asked = dict.fromkeys(item.field for item in piece.brief.understood if item.source != "default")
    lines = [Conformance(field, *CHECKS[field](piece)) for field in asked if field in CHECKS]
    lines += _techniques(piece)
    return tuple(lines)


def _equal(wanted: object, got: object) -> tuple[str, str, str]:
    return str(wanted), str(got), "met" if str(wanted) == str(got) else "not_met"


def _parts(piece: Piece) -> tuple[str, str, str]:
    sounding = {part.role for part in piece.arrangement.parts if part.notes}
    wanted = piece.brief.parts
    got = ", ".join(role for role in wanted if role in sounding)
    return ", ".join(wanted), got, "met" if sounding == set(wanted) else "not_met"


def _tempo(piece: Piece) -> tuple[str, str, str]:
    first = piece.arrangement.tempo[0]
    return _equal(f"{piece.brief.tempo:g}", f"{first.quarters / piece.arrangement.metre.pulse_quarters:g}")


def _techniques(piece: Piece) -> list[Conformance]:
    """Each technique asked for, met where the harmony says in which bars it is."""
    lines = []
    for name in piece.brief.techniques:
        bars = dict.fromkeys(found.bar + 1 for found in piece.progression.techniques if found.name == name)
        got = f"bar {', '.join(str(bar) for bar in bars)}" if bars else "nowhere"
        lines.append(Conformance("techniques", name, got, "met" if bars else "not_met"))
    return lines


CHECKS: Final[Mapping[str, Callable[[Piece], tuple[str, str, str]]]] = MappingProxyType(
    {
        "key": lambda piece: _equal(piece.brief.key, piece.arrangement.key),
        "tempo": _tempo,
        "num_bars": lambda piece: _equal(piece.brief.num_bars, piece.arrangement.end // piece.arrangement.metre.bar),
        "time_signature": lambda piece: _equal(piece.brief.metre, piece.arrangement.metre),
        "parts": _parts,
        "with_parts": _parts,
        "without_parts": _parts,
    }
)
