"""Broken chords: rows of digits over a smoothly led voicing (Alberti, arpeggios, montunos), with the left hand's bass notes."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from app.arrange.changes import Changes, changes_of
from app.arrange.comping import left_hand, unwritten
from app.arrange.fit import Placed
from app.arrange.notation import Row
from app.arrange.plan import Plan
from app.arrange.style import PartStyle
from app.arrange.touch import doubled, level, levels
from app.arrange.turns import Turn, turns
from app.arrange.voicing import Voicing, alone, voice_part
from app.theory.chord import Chord
from app.theory.notes import Note, note_of

Told = tuple[Placed, int, int]  # a token, the index of its chord in the changes, its digit


def play(plan: Plan, style: PartStyle, chance: Random) -> list[Note]:
    """The part's figures; chords held where nothing is written. Ticks absolute, on the grid, unswung."""
    changes = changes_of(plan)
    voicings = voice_part(changes, style, plan)
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
    for hit in unwritten(plan, style, turn.bar, changes):
        loud = level(style, turn.bar, plan.metre, hit.tick - turn.bar.start)
        chord = voicings[hit.span]
        bass = (left_hand(changes, hit.span, style, "B"),) if hit.token == "B" and chord else ()
        found += [Note(hit.tick, hit.length, note, loud) for note in bass or chord if bass or hit.token != "B"]
    return found


def _broken(plan: Plan, style: PartStyle, turn: Turn, voicings: list[Voicing], changes: Changes) -> list[Note]:
    """A bar's tokens as notes of the chord that sounds, or, where the style anticipates, of the one that comes."""
    found = []
    grounded: set[int] = set()
    begin, louds, spans, moves = turn.bar.start, levels(style, turn.bar, plan.metre), changes.spans, changes.moves
    for (inside, length, token), index, digit in _told(plan, style, turn, voicings, changes):
        tick = begin + inside
        if tick >= spans[index].start and moves[index]:
            length = min(length, spans[index].end - tick)
        if digit:
            pitch = _digit(voicings[index], digit, style.high)
        else:
            new = index not in grounded and (index == 0 or moves[index - 1])
            pitch = left_hand(changes, index, style, "V" if token == "V" and not new else "B")
            grounded.add(index)
        found.append(note_of((tick, length, pitch, louds[inside])))
    return found


def _told(plan: Plan, style: PartStyle, turn: Turn, voicings: list[Voicing], changes: Changes) -> list[Told]:
    """The tokens with their chord and digit, 0 for a bass note; digits give way where they would leave out third or seventh."""
    told: dict[int, list[Told]] = {}
    low = alone(plan, style)  # then a chord begins with its bass, in a bar's first place too where the row has basses
    based = turn.row is not None and _has_basses(turn.row)
    opening = 0 if based else 1
    begin, index_at = turn.bar.start, changes.anticipated if style.anticipate else changes.at
    for placed in turn.placed:
        inside, _, token = placed
        index = index_at(begin + inside)
        digit = int(token) if token.isdigit() else 0
        if low and begin + inside == changes.starts[index] and (inside or based):
            digit = opening
        if voicings[index]:
            told.setdefault(index, []).append((placed, index, digit))
    found: list[Told] = []
    for index, group in told.items():
        found += _telling(group, voicings[index], changes.chord(index))
    return found


def _telling(group: list[Told], notes: Voicing, chord: Chord) -> list[Told]:
    """A chord's tokens, the last ones changed to its third and seventh where those are not among them."""
    digits = _changed(tuple([digit for _, _, digit in group]), notes, chord.root_pc, chord.third, chord.seventh)
    return [(placed, index, digit) for (placed, index, _), digit in zip(group, digits, strict=True)]


@lru_cache(maxsize=4096)
def _changed(digits: tuple[int, ...], notes: Voicing, root: int, third: int | None, seventh: int | None) -> tuple[int, ...]:
    wanted = {(root + tone) % 12 for tone in (third, seventh) if tone is not None}
    needed = [place for place, note in enumerate(notes, 1) if note % 12 in wanted]
    played = [(digit - 1) % len(notes) + 1 for digit in digits if digit]
    missing = [place for place in needed if place not in played]
    changed = list(digits)
    for place in range(len(changed) - 1, -1, -1):
        digit = changed[place]
        voice = (digit - 1) % len(notes) + 1
        if missing and digit and (voice not in needed or played.count(voice) > 1):
            played[played.index(voice)] = missing[-1]
            changed[place] = missing.pop()
    return tuple(changed)


@lru_cache(maxsize=512)
def _has_basses(row: Row) -> bool:
    return any("B" in beat for bar in row for beat in bar)


def _digit(chord: Voicing, digit: int, high: int) -> int:
    """The digit-th note from below; past the top it goes on an octave higher, folded back at the end of the range."""
    octaves, place = divmod(digit - 1, len(chord))
    pitch = chord[place] + 12 * octaves
    while pitch > high and pitch - 12 >= chord[0]:
        pitch -= 12
    return pitch
