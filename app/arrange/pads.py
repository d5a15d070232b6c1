"""Pads: chords held from change to change, the tones that two neighbours share tied over."""

from __future__ import annotations

from random import Random
from typing import Final

from app.arrange.changes import changes_of
from app.arrange.plan import BarPlan, Plan
from app.arrange.style import PartStyle
from app.arrange.touch import doubled, levels
from app.arrange.voicing import Voicing, voice_part
from app.theory.notes import Note, note_of

BREATH: Final = 4  # bars after which even a shared tone is struck anew


def play(plan: Plan, style: PartStyle, chance: Random) -> list[Note]:  # noqa: ARG001 - every player has this signature
    """The pad's notes; a new breath at each section and every few bars. Ticks absolute, on the grid."""
    changes = changes_of(plan)
    voicings = voice_part(changes, style, plan)
    done: list[Note] = []
    sounding: dict[int, Note] = {}
    index = 0
    for bar in plan.bars:
        silent = style.role not in bar.only or bar.variation == "break"
        if silent or _breathes(bar):
            done += sounding.values()
            sounding = {}
        if not silent:
            louds = levels(style, bar, plan.metre)
            for place, (start, end, *_) in enumerate(bar.spans, index):
                sounding = _held(sounding, voicings[place], (start, end), louds[start - bar.start], done)
        index += len(bar.spans)
    return doubled(sorted([*done, *sounding.values()]), style)


def _breathes(bar: BarPlan) -> bool:
    return bar.place % BREATH == 0


def _held(sounding: dict[int, Note], chord: Voicing, time: tuple[int, int], loud: int, done: list[Note]) -> dict[int, Note]:
    """What sounds from now on: tones already there are prolonged, the others end and new ones begin."""
    start, end = time
    kept: dict[int, Note] = {}
    for pitch, note in sounding.items():
        begun, length, _, velocity = note
        if pitch in chord and begun + length == start:
            kept[pitch] = note_of((begun, end - begun, pitch, velocity))
        else:
            done.append(note)
    for pitch in chord:
        if pitch not in kept:
            kept[pitch] = note_of((start, end - start, pitch, loud))
    return kept
