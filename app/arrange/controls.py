"""Controllers that an idiom rides on: sustain pedal, organ swell, slides into notes; all reset at the end."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from app.arrange.plan import Plan
from app.arrange.style import PartStyle
from app.theory.notes import BEND, Control, Note

SUSTAIN, EXPRESSION = 64, 11
PEDAL_AFTER_MS: Final = 70.0  # the pedal goes down again this long after the new bass
SWELL: Final = (64, 112)  # expression at the start and at the top of a swell
SLIDE_MS: Final = 70.0
SLIDE_STEPS: Final = 5
SEMITONE: Final = 4096  # of a bend range of two semitones


def controls(plan: Plan, part: PartStyle, notes: Sequence[Note], chance: Random) -> tuple[Control, ...]:
    """The part's controllers in order of time."""
    found: list[Control] = []
    if part.pedal:
        found += _pedal(plan)
    if part.swell:
        found += _swell(plan)
    if part.slide:
        found += _slides(plan, part, notes, chance)
    return tuple(sorted(found))


def _pedal(plan: Plan) -> list[Control]:
    """Up with each new chord, down again just after it."""
    after = max(1, round(PEDAL_AFTER_MS / plan.tick_ms))
    found: list[Control] = []
    before = None
    for bar in plan.bars:
        for span in bar.spans:
            if span.chord != before and span.chord.pitch_classes:
                found += [Control(span.start, SUSTAIN, 0), Control(min(span.start + after, span.end - 1), SUSTAIN, 127)]
            before = span.chord
    return [*found, Control(plan.end, SUSTAIN, 0)]


def _swell(plan: Plan) -> list[Control]:
    """Expression up and down over two bars, a step each beat."""
    low, high = SWELL
    beats = [bar.start + beat for bar in plan.bars for beat, _ in plan.metre.beats]
    half = len(plan.metre.beats)
    steps = [abs(half - index % (2 * half)) / half for index in range(len(beats))]  # 1 at the ends, 0 in the middle
    found = [Control(beat, EXPRESSION, round(high - (high - low) * step)) for beat, step in zip(beats, steps, strict=True)]
    return [*found, Control(plan.end, EXPRESSION, 127)]


def _slides(plan: Plan, part: PartStyle, notes: Sequence[Note], chance: Random) -> list[Control]:
    """Some longer notes are slid into from a semitone below."""
    step = max(1, round(SLIDE_MS / plan.tick_ms / SLIDE_STEPS))
    found: list[Control] = []
    free = 0
    for note in notes:
        if note.start < free or note.duration < step * (SLIDE_STEPS + 4) or chance.random() >= part.slide:
            continue
        for index in range(SLIDE_STEPS + 1):
            bend = -SEMITONE + SEMITONE * index // SLIDE_STEPS
            found.append(Control(note.start + step * index, BEND, bend))
        free = note.start + step * SLIDE_STEPS + 1
    return [*found, Control(plan.end, BEND, 0)] if found else []
