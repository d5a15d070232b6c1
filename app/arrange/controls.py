"""Controllers that an idiom rides on: sustain pedal, organ swell and rotor, slides into notes; all reset at the end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, pairwise
from random import Random
from typing import Final

from app.arrange.plan import Plan
from app.arrange.style import PartStyle
from app.theory.chance import Chance
from app.theory.notes import BEND, BEND_RANGE, Control, Note, control_of

SUSTAIN, EXPRESSION, MODULATION = 64, 11, 1
PEDAL_AFTER_MS: Final = 70.0  # the pedal goes down again this long after the new bass
SWELL: Final = (64, 112)  # expression at the start and at the top of a swell
SLIDE_MS: Final = 70.0
SLIDE_STEPS: Final = 5
FULL: Final = 8192  # of a bend
GLIDE_MS: Final = 110.0
GLIDES: Final = (5, 7, 12)  # semitones that an 808 glides up
FAST: Final = 90  # CC1 of a rotor that turns fast
SPIN_MS: Final = 100.0  # a step of the rotor's way from slow to fast, a second in all
SPIN_STEPS: Final = 10

Moved = tuple[int, int, int]  # a Control in the making: tick, number, value


def controls(plan: Plan, part: PartStyle, notes: Sequence[Note], chance: Chance) -> tuple[Control, ...]:
    """The part's controllers in order of time."""
    found: list[Moved] = []
    if part.pedal:
        found += _pedal(plan)
    if part.swell:
        found += _swell(plan)
    if part.rotor:
        found += _rotor(plan, part.role)
    if part.slide or part.glide:
        found += _slides(plan, part, notes, chance.of(f"{part.role}.controls"))
    return tuple(map(control_of, sorted(found)))


def _pedal(plan: Plan) -> list[Moved]:
    """Up with each new chord, down again just after it."""
    after = max(1, round(PEDAL_AFTER_MS / plan.tick_ms))
    found: list[Moved] = []
    before = None
    for bar in plan.bars:
        for span in bar.spans:
            if span.chord != before and span.chord.pitch_classes:
                found += [(span.start, SUSTAIN, 0), (min(span.start + after, span.end - 1), SUSTAIN, 127)]
            before = span.chord
    return [*found, (plan.end, SUSTAIN, 0)]


def _swell(plan: Plan) -> list[Moved]:
    """Expression up and down over two bars, a step each beat."""
    low, high = SWELL
    beats = plan.metre.beats
    half = len(beats)
    steps = [abs(half - step) / half for step in range(2 * half)]  # 1 at the ends, 0 in the middle
    levels = [round(high - (high - low) * step) for step in steps]
    waves = levels[:half], levels[half:]
    found = [
        (bar.start + beat, EXPRESSION, level)
        for bar, wave in zip(plan.bars, cycle(waves), strict=False)
        for (beat, _), level in zip(beats, wave, strict=True)
    ]
    return [*found, (plan.end, EXPRESSION, 127)]


def _rotor(plan: Plan, role: str) -> list[Moved]:
    """The rotor speeds up from the bar before a section that is played as `b`, and slows down after it."""
    step = max(1, round(SPIN_MS / plan.tick_ms))
    fast = [bar.variation == "b" and role in bar.only for bar in plan.bars]
    found: list[Moved] = [(0, MODULATION, FAST * fast[0])]
    for before, (was, now) in enumerate(pairwise(fast)):
        if was != now and not plan.bars[before + 1].last:
            start = plan.bars[before].start if now else plan.bars[before + 1].start
            ramp = [FAST * index // SPIN_STEPS for index in range(SPIN_STEPS + 1)]
            values = ramp if now else ramp[::-1]
            found += [(min(start + step * index, plan.end), MODULATION, value) for index, value in enumerate(values)]
    return [*found, (plan.end, MODULATION, 0)]


def bend_range(part: PartStyle) -> int:
    """Semitones at full bend: an octave for a part that glides."""
    return max(GLIDES) if part.glide else BEND_RANGE


def _slides(plan: Plan, part: PartStyle, notes: Sequence[Note], chance: Random) -> list[Moved]:
    """Some longer notes are slid into from a semitone below, or from the note before, a fifth or an octave lower."""
    found: list[Moved] = []
    free, before, whole = 0, 0, bend_range(part)
    slide, glide = (max(1, round(ms / plan.tick_ms / SLIDE_STEPS)) for ms in (SLIDE_MS, GLIDE_MS))
    for start, duration, pitch, _ in notes:
        rise, before = pitch - before, pitch
        glides = part.glide and rise in GLIDES
        depth, step, likely = (rise, glide, part.glide) if glides else (1, slide, part.slide)
        if start < free or duration < step * (SLIDE_STEPS + 4) or chance.random() >= likely:
            continue
        deep = FULL * depth // whole
        found += [(start + step * index, BEND, deep * index // SLIDE_STEPS - deep) for index in range(SLIDE_STEPS + 1)]
        free = start + step * SLIDE_STEPS + 1
    return [*found, (plan.end, BEND, 0)] if found else []
