"""A keyboard or a guitar that plays alone: a left hand (or a thumb) under it where its style leaves the bass to others."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from app.arrange.changes import changes_of
from app.arrange.comping import left_hand
from app.arrange.plan import BarPlan, Plan, TickSpan
from app.arrange.style import PartStyle
from app.arrange.touch import level
from app.theory.notes import Note

FLOORS: Final = MappingProxyType({"keys": 36, "organ": 36, "guitar": 40})  # role → where its bass notes begin: C2, E2
OCTAVE: Final = 12
SOFTER: Final = 4


def complete(plan: Plan, style: PartStyle, notes: list[Note]) -> list[Note]:
    """The part's notes, with roots and fifths below them when it is alone and does not play them already."""
    if not plan.alone(style.role) or style.role not in FLOORS or _is_grounded(plan, style, notes):
        return notes
    hand = style._replace(low=FLOORS[style.role])
    changes = changes_of(plan)
    low = []
    for bar in plan.bars:
        for span in bar.spans:
            if span.chord.intervals:
                for start, end, token in _strikes(plan, bar, span):
                    pitch = left_hand(changes, changes.at(start), hand, token)
                    loud = max(1, level(style, bar, plan.metre, start - bar.start) - SOFTER)
                    low.append(Note(start, end - start, pitch, loud))
    return [*notes, *low]


def _is_grounded(plan: Plan, style: PartStyle, notes: list[Note]) -> bool:
    """Whether most bars have low notes without help."""
    deep = {note.start // plan.metre.bar for note in notes if note.pitch < FLOORS[style.role] + OCTAVE}
    return 2 * len(deep) >= len(plan.bars)


def _strikes(plan: Plan, bar: BarPlan, span: TickSpan) -> list[tuple[int, int, str]]:
    """(start, end, token): the bass where the chord begins; its fifth on the bar's other strong beat, but in the last bar."""
    strong = [bar.start + plan.metre.beats[index][0] for index in plan.metre.accents]
    middle = next((tick for tick in strong if span.start < tick < span.end), None)
    if middle is None or bar.last:
        return [(span.start, span.end, "B")]
    return [(span.start, middle, "B"), (middle, span.end, "V")]
