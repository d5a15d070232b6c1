"""Two chord players on one chord: the second leaves no half step to what the first holds, and doubles it instead."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

RUBS: Final = frozenset({1, 13})  # semitones that rub where two instruments hold them
LEAST: Final = 2  # notes of a chord that stay in any case


@lru_cache(maxsize=8192)
def beside(notes: tuple[int, ...], first: tuple[int, ...], within: tuple[int, int] = (0, 127)) -> tuple[int, ...]:
    """The second player's notes beside the first's: one that lies a half step or a minor ninth off becomes that tone.

    What would leave the range, both ends included, is left out.
    """
    found: set[int] = set()
    for note in notes:
        rub = next((other for other in first if abs(note - other) in RUBS), None)
        moved = note if rub is None else note + (1 if rub > note else -1)
        if within[0] <= moved <= within[1] and not any(abs(moved - other) in RUBS for other in (*first, *found)):
            found.add(moved)
    return tuple(sorted(found)) if len(found) >= min(LEAST, len(notes)) else notes
