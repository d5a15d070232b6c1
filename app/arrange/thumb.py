"""What a guitarist's low strings sound with a line: the root under a boogie's fifths and sixths, or a thumb on the beats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.arrange.changes import Changes
from app.arrange.degrees import Footing
from app.arrange.plan import BarPlan, Plan
from app.arrange.style import PartStyle
from app.theory.notes import Note, note_of

HANDS: Final = frozenset({"root", "thumb"})  # what `double` may say of a guitarist's low strings
BOOGIE: Final = range(5, 11)  # semitones above the low root that are struck with it: the fourth to the flat seventh
SOFTER: Final = 8  # velocity by which a thumb is softer than the line over it
LOW: Final = 7  # semitones above the low root up to which the line itself is the thumb


def with_thumb(plan: Plan, style: PartStyle, notes: Sequence[Note], changes: Changes) -> list[Note]:
    """The notes with what is sounded under them: as `root` the boogie's two strings, as `thumb` a root on each free beat."""
    under = _roots if style.double == "root" else _thumbs
    return [*notes, *under(plan, style, notes, changes)]


def _low(stand: Footing, style: PartStyle) -> int:
    return style.low + (stand.root - style.low) % 12


def _roots(_: Plan, style: PartStyle, notes: Sequence[Note], changes: Changes) -> list[Note]:
    """The root under what lies a fourth to a seventh above it; the fifth over a root."""
    found = []
    for start, duration, pitch, velocity in notes:
        stand = changes.stands[changes.at(start)]
        low = _low(stand, style)
        if pitch - low in BOOGIE:
            found.append(note_of((start, duration, low, velocity)))
        elif pitch == low and stand.ladder[5] == 7:
            found.append(note_of((start, duration, low + 7, velocity)))
    return found


def _thumbs(plan: Plan, style: PartStyle, notes: Sequence[Note], changes: Changes) -> list[Note]:
    """A muted root on each beat on which the line has nothing low, in bars that are neither break nor ending."""
    found = []
    for bar in plan.bars:
        if style.role not in bar.only or bar.variation in ("break", "ending"):
            continue
        own = [note for note in notes if bar.start <= note.start < bar.start + plan.metre.bar]
        found += _thumbed(plan, style, bar, own, changes)
    return found


def _thumbed(plan: Plan, style: PartStyle, bar: BarPlan, own: Sequence[Note], changes: Changes) -> list[Note]:
    found = []
    for beat, length in plan.metre.beats:
        tick = bar.start + beat
        stand = changes.stands[changes.at(tick)]
        low = _low(stand, style)
        heard = any(note.pitch <= low + LOW and tick - length // 2 < note.start <= tick for note in own)
        if stand.tones and not heard:
            loud = max(1, style.velocity + bar.level - SOFTER)
            found.append(Note(tick, length * 3 // 4, low, min(127, loud)))
    return found
