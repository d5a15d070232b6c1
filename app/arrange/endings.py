"""How the band ends where the last chord is not held: struck short with the drummer's last hit, or cut off before it."""

from __future__ import annotations

from collections.abc import Sequence

from app.arrange.plan import Plan
from app.arrange.style import EndingStyle, PartStyle
from app.theory.notes import Note


def last_hit(plan: Plan, ending: EndingStyle) -> int:
    """The tick of the ending's last hit, within the last bar."""
    start, length = plan.metre.beats[-1]
    return plan.bars[-1].start + min(round(ending.beat * plan.metre.beats[0][1]), start + length // 2)


def ended(plan: Plan, ending: EndingStyle, part: PartStyle, notes: Sequence[Note]) -> list[Note]:
    """A part's notes with a short last chord where the ending is a hit, silent from there on where it is a stop.

    A part with rows of its own for the ending plays those.
    """
    bar = plan.bars[-1]
    if ending.kind not in ("hit", "stop") or part.rows.get("ending") or not bar.last:
        return list(notes)
    beat, hit = plan.metre.beats[0][1], last_hit(plan, ending)
    end = hit + beat * 3 // 4 if ending.kind == "hit" else max(hit, bar.start + beat // 2)
    kept = [note if note[0] + note[1] <= end else _within(note, end - note.start) for note in notes if note[0] < end]
    final = [note for note in kept if note[0] >= bar.start]
    if ending.kind == "stop" or hit == bar.start or not final:
        return kept
    latest = max(note.start for note in final)
    struck = [note._replace(start=hit, duration=end - hit) for note in final if note.start == latest and latest < hit]
    short = [_within(note, beat) if bar.start <= note[0] < hit else note for note in kept]
    return sorted([*short, *struck])


def _within(note: Note, length: int) -> Note:
    return note if note.duration <= length else note._replace(duration=length)
