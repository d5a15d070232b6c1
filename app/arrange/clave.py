"""The clave's direction: a style written on one side of it, turned to the other."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from app.arrange.notation import Choice, Row
from app.arrange.style import Style

DIRECTIONS: Final = ("2-3", "3-2")


def on_clave(style: Style, direction: str) -> Style | None:
    """The style with its two-bar rows in that direction of the clave; None where it has no clave."""
    drums = style.drums
    if drums is None or drums.clave not in DIRECTIONS:
        return None
    if drums.clave == direction:
        return style
    kits = {name: tuple((drum, _turned(rows)) for drum, rows in own) for name, own in drums.variations.items()}
    parts = {
        role: part._replace(rows=MappingProxyType({name: _turned(rows) for name, rows in part.rows.items()}))
        if part.clave
        else part
        for role, part in style.parts.items()
    }
    return style._replace(drums=drums._replace(clave=direction, variations=MappingProxyType(kits)), parts=MappingProxyType(parts))


def _turned(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    return tuple(choice._replace(row=_swapped(choice.row)) for choice in choices)


def _swapped(row: Row) -> Row:
    """A row of two bars, or of several pairs, with the bars of each pair the other way round; any other as it is."""
    if len(row) % 2:
        return row
    return tuple(bar for pair in range(0, len(row), 2) for bar in (row[pair + 1], row[pair]))
