"""Four-part writing: each role plays one of four voices that are written together, once for a piece."""

from __future__ import annotations

from random import Random
from types import MappingProxyType
from typing import Final

from app.arrange.changes import changes_of
from app.arrange.plan import Plan
from app.arrange.style import PartStyle
from app.arrange.touch import doubled, level
from app.arrange.voicing import Hands, voice
from app.theory.notes import Note

VOICES: Final = MappingProxyType(
    {"soprano": 3, "alto": 2, "tenor": 1, "bass": 0, "violin1": 3, "violin2": 2, "viola": 1, "cello": 0}
)


def play(plan: Plan, style: PartStyle, chance: Random) -> list[Note]:
    """The role's voice. Ticks absolute, on the grid."""
    changes = changes_of(plan)
    voicings = voice([span.chord for span in changes.spans], Hands("close", 50, 77, 3))
    place = VOICES.get(style.role, 0)
    notes: list[Note] = []
    index = 0
    for bar in plan.bars:
        for span in bar.spans:
            chord = voicings[index]
            index += 1
            if not chord or style.role not in bar.only:
                continue
            low = max(style.low, 36)
            pitch = low + (span.chord.bass_pc - low) % 12 if place == 0 else sorted(chord)[min(place - 1, len(chord) - 1)]
            notes.append(Note(span.start, span.end - span.start, pitch, level(style, bar, plan.metre, span.start - bar.start)))
    return doubled(notes, style)
