"""How fast harmony may move: the shortest chord that rules make."""

from __future__ import annotations

from app.harmony.step import BAR
from app.harmony.tables import HarmonyTables
from app.theory.brief import Brief


def shortest(tables: HarmonyTables, brief: Brief) -> int:
    """Units of the shortest chord: by the application's pace, longer when the piece is fast or simple."""
    pace = 1 if brief.tempo >= tables.fast or brief.complexity <= 1 else int(tables.pace)
    return max(BAR // max(1, pace), 1 if len(brief.metre.groups) >= 3 else 2)
