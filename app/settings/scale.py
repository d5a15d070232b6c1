"""What words weigh, as the settings file has it in its table [complexity]."""

from __future__ import annotations

from app.services.scale import USUAL, Scale, scale_of
from app.settings import Settings


def scale(chosen: Settings) -> Scale:
    """The scale of these settings, the usual one where they say nothing. Raises RequestError."""
    table = chosen.file.get("complexity")
    return USUAL if table is None else scale_of(table, chosen.path)
