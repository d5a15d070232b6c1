"""Lines that a bass player plans: walking a note a beat towards the next chord, and two-feel in halves.

Degrees by beat and quality, approaches and rhythms follow measurements of played lines (JJazzLab's swing bass data, 823 bars).
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from random import Random
from types import MappingProxyType
from typing import Final, NamedTuple

from app.arrange.changes import Changes, beat_length, changes_of
from app.arrange.degrees import Footing
from app.arrange.plan import BarPlan, Plan
from app.arrange.style import PartStyle
from app.arrange.touch import GHOST, level
from app.theory.notes import Note, note_of

OPENING: Final = ((1, 75), (5, 13), (3, 9), (7, 3))  # degrees on a new chord's first beat, in %
BRIEF: Final = ((1, 85), (3, 9), (5, 6))  # where it lasts two notes or less
ROOT_SECOND: Final = 0.8  # how likely the root is the second of two notes when it was not the first
TIRED: Final = 6  # roots in a row on first beats, after which another chord tone comes
STAYING: Final = ((1, 46), (5, 28), (3, 18), (9, 4), (6, 4))  # on a later bar of the same chord
APPROACH: Final = ((-1, 37), (1, 27), (-2, 11), (2, 20), (7, 2), (-5, 3))  # semitones from the target, in %
INNER: Final = MappingProxyType(
    {  # family → weights of degrees between the first beat and the approach
        "maj": ((1, 18), (2, 11), (3, 15), (5, 20), (6, 9), (7, 8), (4, 4), (8, 6)),
        "min": ((1, 12), (2, 16), (3, 22), (4, 8), (5, 14), (6, 8), (7, 12), (8, 4)),
        "dom": ((1, 14), (2, 9), (3, 18), (5, 18), (6, 9), (7, 14), (4, 4), (8, 4)),
    }
)
QUALITY: Final = MappingProxyType({"min": "min", "hdim": "min", "dim": "min", "dom": "dom", "sus": "dom"})
STEP_WEIGHT: Final = (0.02, 1.5, 1.7, 1.2, 1.0, 0.85, 0.5, 0.6, 0.2, 0.15, 0.08, 0.05, 0.25)  # by semitones moved
SKIP: Final = 0.16  # how likely a bar has one added off-beat note
TWO_RHYTHMS: Final = (("", 64), ("pick", 14), ("both", 10), ("lead", 12))  # what is added to a two-feel bar
TWO_SECOND: Final = ((5, 42), (1, 32), (3, 18), (8, 8))  # degrees on its second half


class Slot(NamedTuple):
    """A place in the line: a beat or a change of chord."""

    tick: int
    length: int
    span: int
    opens: bool  # the first note of another chord than before
    bar: BarPlan


class Ground(NamedTuple):
    """Where a line may go."""

    low: int
    high: int
    changes: Changes

    def stand(self, span: int) -> Footing:
        return self.changes.stand(span)


def walk(plan: Plan, style: PartStyle, chance: Random, bars: Sequence[BarPlan], written: Sequence[Note] = ()) -> list[Note]:
    """A walking line through those bars: a note on every beat and every change of chord, planned to the next chord.

    It begins near what is played, as `written`, just before.
    """
    changes = changes_of(plan)
    ground = Ground(style.low, style.high, changes)
    notes: list[Note] = []
    for run in _runs(_slots(plan, bars, changes)):
        near = next((note.pitch for note in reversed(written) if note.start < run[0].tick), None)
        line = [
            note_of((tick, length, pitch, level(style, bar, plan.metre, tick - bar.start)))
            for (tick, length, _, _, bar), pitch in zip(run, _line(ground, run, near, chance), strict=True)
        ]
        notes += _skipping(plan, ground, line, chance)
    return notes


def _runs(slots: Sequence[Slot]) -> list[list[Slot]]:
    """The slots cut where the line stops for a while."""
    runs: list[list[Slot]] = []
    for slot in slots:
        if runs and runs[-1][-1].tick + runs[-1][-1].length == slot.tick:
            runs[-1].append(slot)
        else:
            runs.append([slot])
    return runs


def _slots(plan: Plan, bars: Sequence[BarPlan], changes: Changes) -> list[Slot]:
    slots: list[Slot] = []
    before = None
    beats, length = [start for start, _ in plan.metre.beats], plan.metre.bar
    for bar in bars:
        ticks = [bar.start + beat for beat in beats]
        if len(bar.spans) > 1:
            ticks = sorted({*ticks, *[span.start for span in bar.spans]})
        for tick, end in zip(ticks, [*ticks[1:], bar.start + length], strict=True):
            index = changes.at(tick)
            chord = changes.chord(index)
            if not chord.intervals:
                before = None
                continue
            slots.append(Slot(tick, end - tick, index, chord != before, bar))
            before = chord
    return slots


def _line(ground: Ground, slots: Sequence[Slot], near: int | None, chance: Random) -> list[int]:
    """Pitches for the slots: the first beats of bars and chords are goals, the notes between lead to them."""
    goals = [place for place, slot in enumerate(slots) if slot.opens or slot.tick == slot.bar.start]
    pitches: list[int] = []
    goal = _first(ground, slots[0], near)
    roots = 0  # so many goals in a row were roots
    for place, after in zip(goals, [*goals[1:], len(slots)], strict=True):
        pitches.append(goal)
        start = goal
        roots = roots + 1 if goal % 12 == ground.stand(slots[place].span).root else 0
        tired = roots >= TIRED
        goal = _goal(ground, slots[after:], start, chance, tired=tired) if after < len(slots) else _home(ground, slots[-1], start)
        pitches += _between(ground, slots[place:after], start, goal, chance)
        if goal == pitches[-1] and after < len(slots):
            goal = _other_octave(ground, goal)
    return pitches


def _other_octave(ground: Ground, pitch: int) -> int:
    return pitch + 12 if pitch + 12 <= ground.high else pitch - 12 if pitch - 12 >= ground.low else pitch


def _home(ground: Ground, slot: Slot, near: int) -> int:
    """What the last bar of the line leads to: the low root on which patterns and endings begin, where it is near."""
    stand = ground.stand(slot.span + 1)
    low = ground.low + (stand.bass - ground.low) % 12
    return low if abs(low - near) <= 12 else _nearest(ground, stand.bass, near)


def _first(ground: Ground, slot: Slot, near: int | None) -> int:
    """The bass on which a line begins: the lowest, or, where that is over an octave off, the nearest."""
    stand = ground.stand(slot.span)
    low = ground.low + (stand.bass - ground.low) % 12
    return low if near is None or abs(low - near) <= 12 else _nearest(ground, stand.bass, near)


def _goal(ground: Ground, slots: Sequence[Slot], before: int, chance: Random, *, tired: bool = False) -> int:
    """The pitch on a bar's or a chord's first beat, the first of these slots."""
    slot = slots[0]
    stand = ground.stand(slot.span)
    if slot.opens and stand.slash:
        return _nearest(ground, stand.bass, before)
    brief = not (len(slots) > 2 and slots[2].span == slot.span)
    choices = (BRIEF if brief else OPENING) if slot.opens else STAYING
    degree = _drawn(choices[1:3] if tired else choices, chance)
    pc = (stand.root + stand.ladder[degree]) % 12
    if degree != 1 and slot.opens and pc not in stand.tones:
        pc = stand.root
    return _nearest(ground, pc, before)


def _nearest(ground: Ground, pc: int, near: int) -> int:
    """The octave of a pitch class nearest to a note, drawn to the middle of the range."""
    middle = (ground.low + ground.high) / 2 - 2
    first = ground.low + (pc - ground.low) % 12
    costs = [(abs(pitch - near) + 0.3 * abs(pitch - middle), pitch) for pitch in range(first, ground.high + 1, 12)]
    return min(costs)[1] if costs else first


def _between(ground: Ground, slots: Sequence[Slot], start: int, goal: int, chance: Random) -> list[int]:
    """The notes after the first of a stretch, the last of them leading into the goal."""
    count = len(slots) - 1
    if count <= 0:
        return []
    stand = ground.stand(slots[0].span)
    family = ground.changes.chord(slots[0].span).family
    weights: tuple[tuple[int, int], ...] = INNER[QUALITY.get(family, "maj")]
    lead = _lead(ground, stand, start if count == 1 else None, goal, chance)
    owed = start % 12 != stand.root and stand.bass == stand.root  # the root is still to come
    if owed and count == 1 and chance.random() < ROOT_SECOND:
        root = _root_between(ground, stand, start, goal)
        if max(abs(root - start), abs(root - goal)) <= 12:
            return [root]
    if owed and count > 1:
        root = _root_between(ground, stand, start, lead)
        line = _between_two(ground, stand, weights, (start, root, count - 2), chance)
        line.append(root)
    else:
        line = _between_two(ground, stand, weights, (start, lead, count - 1), chance)
    if line and line[-1] == lead:
        lead = _lead(ground, stand, line[-1], goal, chance)
    return [*line, lead]


def _root_between(ground: Ground, stand: Footing, start: int, lead: int) -> int:
    """The root that lies best between two notes and is neither."""
    first = ground.low + (stand.root - ground.low) % 12
    roots = [pitch for pitch in range(first, ground.high + 1, 12) if pitch not in (start, lead)] or [first]
    return min([(max(abs(root - start), abs(root - lead)), root) for root in roots])[1]


def _between_two(
    ground: Ground, stand: Footing, weights: tuple[tuple[int, int], ...], way: tuple[int, int, int], chance: Random
) -> list[int]:
    """So many notes on the way from one pitch to another, neither included."""
    near, goal, count = way
    line = []
    for left in range(count, 0, -1):
        near = _inner(ground, stand, weights, (near, goal, left), chance)
        line.append(near)
    return line


def _lead(ground: Ground, stand: Footing, before: int | None, goal: int, chance: Random) -> int:
    """The note before a goal: a half or whole step from it mostly, sometimes its fifth."""
    for _ in range(4):
        step = _drawn(APPROACH, chance)
        pitch = goal + step
        foreign = abs(step) == 2 and (pitch - stand.root) % 12 not in stand.ladder
        far = before is not None and not 0 < abs(pitch - before) <= 12
        if ground.low <= pitch <= ground.high and not far and not foreign:
            return pitch
    near = (goal + step for step in (-1, 1, 2, -2))
    return next(pitch for pitch in near if pitch != before and ground.low <= pitch <= ground.high)


def _inner(
    ground: Ground, stand: Footing, weights: tuple[tuple[int, int], ...], way: tuple[int, int, int], chance: Random
) -> int:
    """A note between: by the weight of its degree, by the step to it, by how well the goal can still be reached."""
    near, lead, left = way
    soon, late, upward = 3 * left + 2, 12 * left, lead > near
    shut = lead if left == 1 else near  # the lead itself comes next
    found: list[int] = []
    chances: list[float] = []
    for pitch, weight in _within_reach(stand.root, stand.ladder, weights, ground.low, ground.high):
        step = abs(pitch - near)
        if step > 12 or step == 0 or pitch == shut:
            continue
        rest = abs(pitch - lead)
        reach = 1.0 if rest <= soon else 0.12 if rest <= late else 0.0
        onward = 1.3 if lead != near and (pitch > near) is upward else 1.0
        found.append(pitch)
        chances.append(weight * STEP_WEIGHT[step] * reach * onward)
    if not any(chances):
        return _other_octave(ground, near)
    sums = list(accumulate(chances))
    return found[bisect(sums, chance.random() * sums[-1], 0, len(sums) - 1)]


@lru_cache(maxsize=1024)
def _within_reach(
    root: int, steps: tuple[int, ...], weights: tuple[tuple[int, int], ...], low: int, high: int
) -> tuple[tuple[int, int], ...]:
    """Every place of the degrees within a range, and the degree's weight."""
    return tuple(
        (pitch, weight) for degree, weight in weights for pitch in range(low + (root + steps[degree] - low) % 12, high + 1, 12)
    )


def _drawn(table: Sequence[tuple[int, int]], chance: Random) -> int:
    """A row's value by its weight."""
    mark = chance.random() * sum([weight for _, weight in table])
    for value, weight in table:
        mark -= weight
        if mark < 0:
            return value
    return table[-1][0]


def _skipping(plan: Plan, ground: Ground, notes: list[Note], chance: Random) -> list[Note]:
    """Now and then an off-beat note between two beats, a step from the one that follows."""
    added: list[Note] = []
    length, shortest, likely = plan.metre.bar, beat_length(plan.metre, 0) // 2, SKIP / len(plan.metre.beats)
    bar = -1
    for place, note in enumerate(notes[:-1]):
        here = note.start // length
        half = note.duration // 2
        if here == bar or half < shortest or chance.random() >= likely:
            continue
        bar = here
        after = notes[place + 1].pitch
        pitch = after + (1 if note.pitch > after else -1)
        if pitch == note.pitch:
            pitch = after - 5 if after - 5 >= ground.low else after + 7
        if ground.low <= pitch <= ground.high:
            notes[place] = note._replace(duration=note.duration - half)
            added.append(Note(note.start + note.duration - half, half, pitch, max(1, round(note.velocity * (GHOST + 0.25)))))
    return sorted([*notes, *added])


def two_feel_line(plan: Plan, style: PartStyle, chance: Random, bars: Sequence[BarPlan]) -> list[Note]:
    """Half notes: the root on one, the fifth or the next chord's root half-way, now and then a pick-up."""
    changes = changes_of(plan)
    ground = Ground(style.low, style.high, changes)
    notes: list[Note] = []
    for bar in bars:
        slots = _halves(plan, bar, changes)
        for place, slot in enumerate(slots):
            pitch = _two_pitch(ground, slot, notes[-1].pitch if notes else None, opens=slot.opens or place == 0, chance=chance)
            notes.append(Note(slot.tick, slot.length, pitch, level(style, bar, plan.metre, slot.tick - bar.start)))
        if slots:
            _pick_up(plan, ground, slots[-1], notes, chance)
    return notes


def _halves(plan: Plan, bar: BarPlan, changes: Changes) -> list[Slot]:
    """The bar's groups of beats, and its chords."""
    starts = [plan.metre.beats[accent][0] for accent in plan.metre.accents]
    ticks = sorted({bar.start + tick for tick in starts} | {span.start for span in bar.spans})
    slots = []
    before = None
    for tick, end in zip(ticks, [*ticks[1:], bar.start + plan.metre.bar], strict=True):
        index = changes.at(tick)
        if changes.chord(index).intervals:
            slots.append(Slot(tick, end - tick, index, index != before, bar))
        before = index
    return slots


def _two_pitch(ground: Ground, slot: Slot, near: int | None, *, opens: bool, chance: Random) -> int:
    stand = ground.stand(slot.span)
    if near is None:
        return ground.low + (stand.bass - ground.low) % 12
    if opens:
        return _nearest(ground, stand.bass, near)
    degree = _drawn(TWO_SECOND, chance)
    pitch = _nearest(ground, (stand.root + stand.ladder[degree]) % 12, near - 3)
    return _other_octave(ground, pitch) if pitch == near else pitch


def _pick_up(plan: Plan, ground: Ground, slot: Slot, notes: list[Note], chance: Random) -> None:
    """Into the next bar: a beat, half a beat, or both, that lead to its root."""
    kind = chance.choices([name for name, _ in TWO_RHYTHMS], [weight for _, weight in TWO_RHYTHMS])[0]
    beat = plan.metre.beats[-1][1]
    length = beat if kind in ("lead", "both") else beat // 2
    last = notes[-1]
    if not kind or last.duration <= length:
        return
    stand = ground.stand(slot.span + 1)
    goal = _nearest(ground, stand.bass, last.pitch)
    pitch = _lead(ground, ground.stand(slot.span), last.pitch, goal, chance)
    notes[-1] = last._replace(duration=last.duration - length)
    notes.append(Note(last.start + last.duration - length, length, pitch, max(1, last.velocity - 6)))
