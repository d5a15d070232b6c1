"""A groove as text: drum tablature by variation, then each part's rows, as a musician wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

VARIATIONS: Final = ("a", "b", "intro", "break", "ending")
WIDTH: Final = 12


def groove_lines(groove: Mapping[str, Any], parts: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a groove; `parts` are the genre's own, which the groove overrides field by field."""
    drums = groove.get("drums", {})
    for name in VARIATIONS:
        if name in drums:
            yield f"  drums {name}"
            yield from _rows(drums[name])
    for fill in drums.get("fill", ()):
        yield f"  fill over {fill.get('beats', 1)} beats"
        yield from _rows({drum: row for drum, row in fill.items() if drum not in ("beats", "weight")})
    for role in (role for role in groove["ensemble"] if role != "drums"):
        part = {**parts.get(role, {}), **groove.get("parts", {}).get(role, {})}
        yield f"  {role} ({', '.join(part[key] for key in ('engine', 'voicing') if part.get(key))})"
        yield from _rows({name: part[name] for name in VARIATIONS if name in part})


def _rows(table: Mapping[str, Any]) -> Iterator[str]:
    """Each row under its name; of several, each with its weight."""
    for name, rows in table.items():
        listed = [rows] if isinstance(rows, str) else rows
        for number, row in enumerate(listed):
            text, weight = (row, 1) if isinstance(row, str) else row
            share = f"   x{weight:g}" if len(listed) > 1 else ""
            yield f"    {name if not number else '':{WIDTH}}{text}{share}"
