"""The chord player: rhythm cells on voicings led smoothly over the whole piece, with pushes, scratches, crushed notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from random import Random
from typing import Final

from app.arrange.answers import with_manners
from app.arrange.changes import Changes, beat_length, changes_of
from app.arrange.echo import repeats
from app.arrange.hits import CHORDS, HELD, Hit, hit_of
from app.arrange.listening import Ear, beneath, ear_of
from app.arrange.plan import BarPlan, Plan
from app.arrange.style import LEADERS, PartStyle
from app.arrange.touch import ACCENT, doubled, levels
from app.arrange.turns import Turn, turns
from app.arrange.voicing import Voicing, alone, voice_part
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.notes import Note, note_of
from app.theory.rhythm import TICKS_PER_QUARTER
from app.theory.scale import chord_scale, scale_on

SCRATCH: Final = 40  # ticks a scratched chord lasts
SCRATCHED: Final = 0.45  # of the normal velocity
TOP_LOUDER: Final = 4
GRACE_MS: Final = 40.0
SWUNG_PLACES: Final = (TICKS_PER_QUARTER // 3, TICKS_PER_QUARTER * 2 // 3)
HEARD_ANYWAY: Final = 0.6  # how likely a chord is struck once in a bar that its row leaves empty
PHRASE: Final = 2  # bars of the longest row whose silences are chance; in a longer one they are meant
PUSHED_ON: Final = 2  # a held chord that anticipates rings on for so many beats

_tick: Final[Callable[[Hit], int]] = itemgetter(0)


def play(plan: Plan, style: PartStyle, chance: Random) -> list[Note]:
    """The part's chord rhythms. Ticks absolute, on the grid, unswung; strums are the feel's."""
    changes = changes_of(plan)
    voicings = voice_part(changes, style, plan)
    ear, lone = ear_of(plan, style), plan.alone(style.role)
    hits: list[Hit] = []
    covered: set[int] = set()
    for turn in turns(plan, style, chance):
        if turn.row is None:
            hits += unwritten(plan, style, turn.bar, changes)
            continue
        if turn.hold and hits and hits[-1].tick + hits[-1].length == turn.bar.start:
            hits[-1] = hits[-1]._replace(length=hits[-1].length + turn.hold)
        if style.rest and chance.random() < style.rest and not (turn.bar.opens or lone):
            continue
        played = _heard(plan, style, turn, changes, covered, chance)
        if lone and not any(hit.token in CHORDS for hit in played):
            played = unwritten(plan, style, turn.bar, changes)
        if ear:
            played = with_manners(plan, style, turn, played, changes, ear, chance)
        hits += _sparse(style, played, changes, chance)
    return doubled(_sounded(plan, style, _rung(plan, style, hits, changes), voicings, changes, ear, chance), style)


def _heard(plan: Plan, style: PartStyle, turn: Turn, changes: Changes, covered: set[int], chance: Random) -> list[Hit]:
    """A bar's strokes; mostly one at least, where it is this part that the others leave the chords to."""
    played = _hits(plan, style, turn, changes, covered)
    short = turn.row is not None and len(turn.row) <= PHRASE
    if not played and short and _leads(style, turn.bar) and chance.random() < HEARD_ANYWAY:
        return _missing(turn.bar, [], changes, covered)
    return played


def _sparse(style: PartStyle, played: list[Hit], changes: Changes, chance: Random) -> list[Hit]:
    """Fewer short chords where the part is to be sparse."""
    if style.density >= 1.0:
        return played
    return [hit for hit in played if hit.token not in "co" or chance.random() < _kept(style, hit, changes)]


def _sounded(
    plan: Plan,
    style: PartStyle,
    hits: Sequence[Hit],
    voicings: Sequence[Voicing],
    changes: Changes,
    ear: Ear | None,
    chance: Random,
) -> list[Note]:
    """The notes of all strokes, with those that are crushed into them."""
    notes: list[Note] = []
    last, bar, louds = len(voicings) - 1, None, levels(style, plan.bars[0], plan.metre)
    for place, hit in enumerate(hits):
        tick, length, token, span, own = hit
        chord = voicings[span if span < last else last]
        if ear is not None and token in CHORDS:  # a chord lies below the melody that sounds with it
            chord = beneath(chord, ear.lowest(tick, tick + max(ear.beat // 2, min(length, ear.beat * 3 // 2))))
        if style.plane and _returns(hit, hits[place + 1 :]) and chance.random() < style.plane:
            chord = planed(chord, changes.chord(span), plan.key, style.high)
        if own is not bar:
            bar, louds = own, levels(style, own, plan.metre)
        loud = louds[tick - own.start]
        notes += _struck(style, hit, chord, changes, loud)
        if style.grace and token in CHORDS:
            notes += _crushed(plan, style, hit, chord, loud, chance)
    return notes


def _returns(hit: Hit, later: Sequence[Hit]) -> bool:
    """Whether the chord is struck again within the bar, so that this stroke may be a neighbour of it."""
    return hit.token in CHORDS and any(
        other.span == hit.span and other.bar is hit.bar and other.token in CHORDS and other.tick > hit.tick for other in later[:3]
    )


def planed(notes: Voicing, chord: Chord, key: Key, high: int) -> Voicing:
    """A chord with every note one step of its scale higher, or lower where there is no room above; minor chords are dorian."""
    minor = chord.family == "min" and chord.seventh == 10
    scale = set(scale_on("dorian", chord.root_pc) if minor else chord_scale(chord, key))
    way = 1 if notes and notes[-1] + 2 <= high else -1
    return tuple(next((note + way * size for size in (1, 2, 3) if (note + way * size) % 12 in scale), note) for note in notes)


def _leads(style: PartStyle, bar: BarPlan) -> bool:
    """Whether it is this part that the others leave the chords to."""
    return style.role == next((role for role in LEADERS if role in bar.only), style.role)


def _kept(style: PartStyle, hit: Hit, changes: Changes) -> float:
    """How likely a short chord is played where the part is to be sparse: always at a change of chord."""
    return 1.0 if hit.tick <= changes.starts[hit.span] else 0.4 + 0.6 * style.density


def unwritten(plan: Plan, style: PartStyle, bar: BarPlan, changes: Changes) -> list[Hit]:
    """Chords held as long as they last, over their bass where nobody else plays it; a break opens with one short chord."""
    if bar.variation == "break":
        half = beat_length(plan.metre, 0) // 2
        return [Hit(bar.start, half, "c", changes.at(bar.start), bar)] if bar.place == 0 else []
    tokens = "Bh" if alone(plan, style) else "h"
    return [Hit(span.start, span.end - span.start, token, changes.at(span.start), bar) for span in bar.spans for token in tokens]


def _hits(plan: Plan, style: PartStyle, turn: Turn, changes: Changes, covered: set[int]) -> list[Hit]:
    """A bar's tokens with their chords: a push belongs to the chord it pushes into."""
    bar = turn.bar
    hits = [hit_of(style, bar, placed, changes) for placed in turn.placed]
    tokens = {hit.token for hit in hits}
    if tokens.isdisjoint(CHORDS):
        return hits
    covered.update([hit.span for hit in hits if hit.token in CHORDS])
    more = _missing(bar, hits, changes, covered)
    if "B" in tokens:
        more += _basses(plan, bar, hits, changes)
    if "V" in tokens:
        hits = rooted(hits, changes)
    return sorted([*hits, *more], key=_tick) if more else hits


def rooted(hits: Sequence[Hit], changes: Changes) -> list[Hit]:
    """A fifth where the left hand has not yet played the chord's bass becomes the bass."""
    heard: set[int] = set()
    found = []
    for hit in hits:
        new = hit.span == 0 or changes.changes_after(hit.span - 1)
        if hit.token == "V" and new and hit.span not in heard:
            hit = hit._replace(token="B")
        if hit.token == "B":
            heard.add(hit.span)
        found.append(hit)
    return found


def _basses(plan: Plan, bar: BarPlan, hits: Sequence[Hit], changes: Changes) -> list[Hit]:
    """The left hand, which plays, plays the bass of a chord that begins within the bar too."""
    found = []
    for span in bar.spans[1:]:
        index = changes.at(span.start)
        own = [hit for hit in hits if span.start <= hit.tick < span.end]
        if not any(hit.token in "BV" for hit in own) and span.end - span.start >= beat_length(plan.metre, 0):
            end = min([span.end, *(hit.tick for hit in own if hit.tick > span.start)])
            found.append(Hit(span.start, end - span.start, "B", index, bar))
    return found


def _missing(bar: BarPlan, hits: Sequence[Hit], changes: Changes, covered: set[int]) -> list[Hit]:
    """Chords of a beat or more that the cell would leave out are struck where they begin."""
    beat = changes.beats[0]
    found: list[Hit] = []
    for span in bar.spans:
        index = changes.at(span.start)
        if index in covered or span.end - span.start < beat:
            continue
        covered.add(index)
        held = any(hit.token in HELD for hit in hits)
        later = [hit.tick for hit in hits if hit.tick > span.start]
        end = min([span.end, *later]) if held else span.start + beat // 2
        found.append(Hit(span.start, end - span.start, "h" if held else "c", index, bar))
    return found


def _rung(plan: Plan, style: PartStyle, hits: list[Hit], changes: Changes) -> list[Hit]:
    """Pushes ring over the bar line they push across; a chord held over a change of chord is struck anew there."""
    beat = beat_length(plan.metre, 0)
    found: list[Hit] = []
    ticks = [hit.tick for hit in hits if hit.token in CHORDS]
    struck = set(ticks)
    nexts = dict(zip(ticks, [*ticks[1:], plan.end], strict=False))
    spans, moves = changes.spans, changes.moves
    for hit in hits:
        found.append(hit)
        tick, length, token, index, _ = hit
        if token not in CHORDS:
            continue
        span = spans[index]
        if tick < span.start:
            on = beat * PUSHED_ON if token in HELD else beat // 2
            across = round((span.start + beat // 4 - tick) / max(0.25, style.length))  # so much that it is heard there
            end = min(nexts[tick], max(tick + length, span.start + on, tick + across), span.end)
            found[-1] = hit._replace(length=max(length, end - tick))
            continue
        while hit.tick + hit.length > span.end and moves[hit.span]:
            found[-1] = hit._replace(length=span.end - hit.tick)
            if span.end in struck or hit.tick + hit.length - span.end < beat // 2:
                break
            hit = hit._replace(tick=span.end, length=hit.tick + hit.length - span.end, span=hit.span + 1)
            span = spans[hit.span]
            found.append(hit)
    return found


def _struck(style: PartStyle, hit: Hit, notes: Voicing, changes: Changes, loud: int) -> list[Note]:
    """The notes of a hit."""
    tick, length, token, span, _ = hit
    if not notes:
        return []
    if token in CHORDS:
        loud = max(1, min(127, loud - style.lighter + ACCENT * (token in "CH")))
        found = _chord(tick, length, notes, loud)
        if token == "e":
            for after, soft in repeats(loud, round(style.echo * changes.beats[0])):
                found += _chord(tick + after, length, notes, soft)
        return found
    if token == "o":
        ghost, short = max(1, round(loud * SCRATCHED)), min(SCRATCH, length)
        return [note_of((tick, short, note, ghost)) for note in notes[-3:]]
    pitch = notes[-1] if token == "t" else left_hand(changes, span, style, token)
    return [Note(tick, length, pitch, loud)]


def _chord(tick: int, length: int, notes: Voicing, loud: int) -> list[Note]:
    """A chord with its top note a little louder."""
    found = [note_of((tick, length, note, loud)) for note in notes[:-1]]
    found.append(note_of((tick, length, notes[-1], min(127, loud + TOP_LOUDER))))
    return found


def left_hand(changes: Changes, span: int, style: PartStyle, token: str) -> int:
    """The pitch of a bass note in the part's own register: `B` the chord's bass, `V` its fifth, below it where there is room."""
    stand = changes.stand(span)
    bass = style.low + (stand.bass - style.low) % 12
    if token == "B":
        return bass
    fifth = style.low + (stand.root + stand.ladder[5] - style.low) % 12
    return fifth if fifth != bass else bass + 12


def _crushed(plan: Plan, style: PartStyle, hit: Hit, notes: Voicing, loud: int, chance: Random) -> list[Note]:
    """Now and then a note a half step below one of the chord's, crushed into it."""
    swung = hit.tick % TICKS_PER_QUARTER in SWUNG_PLACES  # time is bent just before these: nothing can be crushed in
    if chance.random() >= style.grace or len(notes) < 2 or swung:
        return []
    ticks = max(1, round(GRACE_MS / plan.tick_ms))
    pitch = notes[1 + int(chance.random() * (len(notes) - 1))] - 1
    if hit.tick < ticks or pitch in notes or pitch < style.low:
        return []
    return [Note(hit.tick - ticks, ticks, pitch, max(1, loud - 20))]
