"""Riffs and answers of horns, strings and single-note guitars: rows of degrees over the chords, in phrases that leave room."""

from __future__ import annotations

from random import Random
from typing import Final

from app.arrange.changes import Changes, changes_of
from app.arrange.degrees import Degree, ladder, read_degree, semitones
from app.arrange.plan import Plan
from app.arrange.style import PartStyle
from app.arrange.touch import level, marked
from app.arrange.turns import Turn, turns
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.notes import Note
from app.theory.scale import chord_scale

UNIT: Final = 2  # bars that are played or left empty together
FAR: Final = 8  # semitones after which a riff is taken in the other octave
DEAD: Final = 0.5  # of a dead note's velocity


def play(plan: Plan, style: PartStyle, chance: Random) -> list[Note]:
    """The part's notes on the exact grid; `rest` is how likely two bars are left to the others."""
    changes = changes_of(plan)
    notes: list[Note] = []
    silent = False
    for turn in turns(plan, style, chance):
        if turn.bar.place % UNIT == 0:
            silent = chance.random() < style.rest and not turn.bar.last
        if turn.row is None:
            notes += _held(plan, turn, style, notes)
        elif not silent:
            notes += _bar(plan, turn, style, changes, notes)
    return doubled(plan, style, notes)


def _bar(plan: Plan, turn: Turn, style: PartStyle, changes: Changes, before: list[Note]) -> list[Note]:
    bar, found = turn.bar, []
    last = before[-1].pitch if before else (style.low + style.high) // 2
    for tick, length, token in turn.placed:
        degree = read_degree(token)
        index = changes.at(bar.start + tick)
        if degree.kind == "n" or (style.anticipate and degree.kind != "a"):
            index = changes.anticipated(bar.start + tick) if degree.kind != "n" else index + 1
        chord = changes.chord(index)
        if not chord.pitch_classes:
            continue
        if degree.kind == "p":
            pitch = _pedal(chord, plan.key, style)
        else:
            pitch = _pitch(degree, chord.root_pc, ladder(chord, plan.key), style, last)
        velocity = marked(level(style, bar, plan.metre, tick), degree.mark)
        if degree.kind == "m":
            velocity, length = round(velocity * DEAD), length // 2
        found.append(Note(bar.start + tick, max(1, length), pitch, max(1, velocity)))
        last = pitch
    return found


def _pitch(degree: Degree, root: int, steps: tuple[int, ...], style: PartStyle, last: int) -> int:
    """The degree in the part's register: from the root near its bottom, in the octave that is nearer, within the range."""
    if degree.kind in ("a", "m"):
        return last - 1 if degree.kind == "a" and last - 1 >= style.low else last
    base = style.low + (root - style.low) % 12
    pitch = base + semitones(degree, steps)
    for moved in (pitch - 12, pitch + 12):
        if abs(moved - last) < abs(pitch - last) - FAR and style.low <= moved <= style.high:
            pitch = moved
    while pitch > style.high:
        pitch -= 12
    while pitch < style.low:
        pitch += 12
    return pitch


def _pedal(chord: Chord, key: Key, style: PartStyle) -> int:
    """The key's fifth as high as the part goes, or the tone nearest to it that the chord's scale has."""
    top = max(pitch for pitch in range(style.high - 11, style.high + 1) if pitch % 12 == (key.tonic_pc + 7) % 12)
    scale = set(chord_scale(chord, key))
    near = [pitch for step in (0, 1, -1, 2, -2) if (pitch := top + step) % 12 in scale and style.low <= pitch <= style.high]
    return near[0] if near else top


def _held(plan: Plan, turn: Turn, style: PartStyle, before: list[Note]) -> list[Note]:
    """The piece's last bar without a row: a tone of its last chord, held."""
    span = turn.bar.spans[-1]
    if not turn.bar.last or not span.chord.pitch_classes:
        return []
    last = before[-1].pitch if before else (style.low + style.high) // 2
    tones = {(span.chord.root_pc + step) % 12 for step in (0, span.chord.third or 7, span.chord.fifth or 7)}
    pitch = min((p for p in range(style.low, style.high + 1) if p % 12 in tones), key=lambda p: abs(p - last), default=last)
    velocity = level(style, turn.bar, plan.metre, 0)
    return [Note(span.start, plan.end - span.start, pitch, velocity)]


def doubled(plan: Plan, style: PartStyle, notes: list[Note]) -> list[Note]:
    """The notes with what the style sounds with each: an octave (`8`, `-8`), or a third below within the chord's scale (`3`)."""
    if style.double in ("8", "-8"):
        shift = 12 if style.double == "8" else -12
        more = [note._replace(pitch=note.pitch + shift, velocity=max(1, note.velocity - 6)) for note in notes]
    elif style.double == "3":
        more = [note._replace(pitch=_third_below(plan, note), velocity=max(1, note.velocity - 6)) for note in notes]
    else:
        return notes
    return [*notes, *(note for note in more if 0 <= note.pitch <= 127 and (style.double != "3" or note.pitch >= style.low))]


def _third_below(plan: Plan, note: Note) -> int:
    """The second scale note below, a fourth where that is a chord tone and the third is none."""
    bar = plan.bars[min(note.start // plan.metre.bar, len(plan.bars) - 1)]
    chord = bar.at(note.start).chord
    scale = set(chord_scale(chord, plan.key)) or {note.pitch % 12}
    below = [pitch for pitch in range(note.pitch - 1, note.pitch - 10, -1) if pitch % 12 in scale]
    tones = chord.pitch_classes
    return next((pitch for pitch in below[1:3] if pitch % 12 in tones), below[1] if len(below) > 1 else note.pitch - 12)
