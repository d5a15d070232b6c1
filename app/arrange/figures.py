"""Broken chords: rows of digits over a smoothly led voicing (Alberti, arpeggios, montunos), with the left hand's bass notes."""

from __future__ import annotations

from random import Random

from app.arrange.changes import Changes, changes_of
from app.arrange.comping import left_hand, unwritten
from app.arrange.plan import Plan
from app.arrange.style import PartStyle
from app.arrange.touch import doubled, level
from app.arrange.turns import Turn, turns
from app.arrange.voicing import Voicing, voice_part
from app.theory.notes import Note


def play(plan: Plan, style: PartStyle, chance: Random) -> list[Note]:
    """The part's figures; chords held where nothing is written. Ticks absolute, on the grid, unswung."""
    changes = changes_of(plan)
    voicings = voice_part(changes, style, plan.key)
    notes: list[Note] = []
    for turn in turns(plan, style, chance):
        if turn.row is None:
            notes += _held(plan, style, turn, voicings, changes)
            continue
        if turn.hold and notes and notes[-1].start + notes[-1].duration == turn.bar.start:
            notes[-1] = notes[-1]._replace(duration=notes[-1].duration + turn.hold)
        notes += _broken(plan, style, turn, voicings, changes)
    return doubled(notes, style)


def _held(plan: Plan, style: PartStyle, turn: Turn, voicings: list[Voicing], changes: Changes) -> list[Note]:
    found = []
    for hit in unwritten(plan, turn.bar, changes):
        loud = level(style, turn.bar, plan.metre, hit.tick - turn.bar.start)
        found += [Note(hit.tick, hit.length, note, loud) for note in voicings[hit.span]]
    return found


def _broken(plan: Plan, style: PartStyle, turn: Turn, voicings: list[Voicing], changes: Changes) -> list[Note]:
    """A bar's tokens as notes of the chord that sounds, or, where the style anticipates, of the one that comes."""
    found = []
    for placed in turn.placed:
        tick = turn.bar.start + placed.tick
        index = changes.anticipated(tick, plan.metre) if style.anticipate else changes.at(tick)
        chord = voicings[index]
        if not chord:
            continue
        span = changes.spans[index]
        length = placed.length
        if tick >= span.start and changes.changes_after(index):
            length = min(length, span.end - tick)
        loud = level(style, turn.bar, plan.metre, placed.tick)
        if placed.token in "BV":
            pitch = left_hand(changes, index, style, plan.key, placed.token)
        else:
            pitch = _digit(chord, int(placed.token), style.high)
        found.append(Note(tick, length, pitch, loud))
    return found


def _digit(chord: Voicing, digit: int, high: int) -> int:
    """The digit-th note from below; past the top it goes on an octave higher, folded back at the end of the range."""
    octaves, place = divmod(digit - 1, len(chord))
    pitch = chord[place] + 12 * octaves
    while pitch > high and pitch - 12 > chord[0]:
        pitch -= 12
    return pitch
