"""Bass players that read rows: patterns on the chords, and what every bass does at an ending, a break, a slash chord."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from app.arrange.bass_events import Event, event_of, walked_up
from app.arrange.bass_walk import two_feel_line, walk
from app.arrange.changes import Changes, beat_length, changes_of
from app.arrange.degrees import Footing, read_degree, semitones
from app.arrange.plan import BarPlan, Plan
from app.arrange.style import PartStyle
from app.arrange.thumb import HANDS, with_thumb
from app.arrange.touch import doubled, level, levels, marked
from app.arrange.turns import Turn, rows_of, turns
from app.theory.notes import Note, note_of

OCTAVE: Final = 12
FIFTH: Final = 7
HIGHEST_ROOT: Final = 18  # semitones above the part's lowest note
DEAD: Final = 60  # ticks a dead note lasts
ABOVE: Final = 4  # semitones that a root which saves a leap leaves above itself
LED: Final = 2  # semitones below an upper root from which a line goes up into it
OTHER_SIDE: Final = 0.25  # how likely an approach comes from the side the line does not


def pattern(plan: Plan, style: PartStyle, chance: Random) -> list[Note]:
    """The part's rows on the chords. Ticks absolute, on the grid, unswung."""
    played = _play(plan, style, chance, turns(plan, style, chance))
    return doubled(with_thumb(plan, style, played, changes_of(plan)) if style.double in HANDS else played, style)


def walking(plan: Plan, style: PartStyle, chance: Random) -> list[Note]:
    """A planned line, one note a beat; where a variation has rows of its own, those (two-feel in heads)."""
    played = [turn for turn in turns(plan, style, chance) if not _walks_in(style, turn.bar)]
    free = [bar for bar in plan.bars if style.role in bar.only and _walks_in(style, bar)]
    written = _play(plan, style, chance, played)
    return doubled(_come_home(sorted([*written, *walk(plan, style, chance, free, written)]), style), style)


def _come_home(notes: list[Note], style: PartStyle) -> list[Note]:
    """The notes with the last pitch an octave up where the line would fall farther than that onto it."""
    last = next((place for place in range(len(notes) - 1, 0, -1) if notes[place - 1].pitch != notes[-1].pitch), 0)
    if not last or notes[last - 1].pitch - notes[-1].pitch <= OCTAVE or notes[-1].pitch + OCTAVE > style.high:
        return notes
    return [*notes[:last], *(note._replace(pitch=note.pitch + OCTAVE) for note in notes[last:])]


def two_feel(plan: Plan, style: PartStyle, chance: Random) -> list[Note]:
    """Half notes with pick-ups; rows where the style has them."""
    if style.rows:
        return pattern(plan, style, chance)
    bars = [bar for bar in plan.bars if style.role in bar.only and not _stops(bar)]
    rest = [Turn(bar, None, (), 0) for bar in plan.bars if style.role in bar.only and _stops(bar)]
    return doubled(sorted([*two_feel_line(plan, style, chance, bars), *_play(plan, style, chance, rest)]), style)


def _walks_in(style: PartStyle, bar: BarPlan) -> bool:
    if _stops(bar):
        return False
    return not style.rows.get(bar.variation)


def _stops(bar: BarPlan) -> bool:
    return bar.variation == "break" or (bar.last and bar.variation == "ending")


def _play(plan: Plan, style: PartStyle, chance: Random, played: Sequence[Turn]) -> list[Note]:
    """The notes of turns: rows, held roots where there are none."""
    changes = changes_of(plan)
    events: list[Event] = []
    for turn in played:
        if turn.row is None:
            events += _unwritten(plan, style, turn.bar, changes)
            continue
        if turn.hold and events and events[-1].tick + events[-1].length == turn.bar.start:
            events[-1] = events[-1]._replace(length=events[-1].length + turn.hold)
        elif turn.hold:  # nothing to tie from: the piece or a section begins
            loud = level(style, turn.bar, plan.metre, 0)
            events.append(Event(turn.bar.start, turn.hold, read_degree("1"), changes.at(turn.bar.start), True, False, loud))
        events += _events(plan, style, turn, changes)
    events = _rooted(_covered(plan, events, changes), changes)
    if style.walk_up:
        events = walked_up(plan, style, chance, events, changes)
    return _sounded(style, chance, events, changes)


def _unwritten(plan: Plan, style: PartStyle, bar: BarPlan, changes: Changes) -> list[Event]:
    """A root held as long as its chord; in a break one short hit a bar."""
    root = read_degree("1")
    found = []
    for span in bar.spans:
        index = changes.at(span.start)
        length = span.end - span.start
        if bar.variation == "break" and not rows_of(style, "break"):
            length = min(length, beat_length(plan.metre, 0) // 2)
        loud = level(style, bar, plan.metre, span.start - bar.start)
        found.append(Event(span.start, length, root, index, True, span.start > bar.start, loud, bar.last))
        if bar.variation == "break":
            break
    return found


def _events(plan: Plan, style: PartStyle, turn: Turn, changes: Changes) -> list[Event]:
    """A bar's tokens with the chord each belongs to."""
    bar, begin, starts = turn.bar, turn.bar.start, changes.starts
    index_at, index = changes.anticipated if style.anticipate else changes.at, changes.at(begin)
    moves = len(bar.spans) > 1 or (style.anticipate and changes.moves[index])  # whether the bar's chord is not the only one
    velocities, lengths = levels(style, bar, plan.metre), changes.beats
    found: list[Event] = []  # in order of time, as the row's tokens are
    opened: set[int] = set()  # spans that have had a note of their own
    for inside, length, token in turn.placed:
        tick, degree = begin + inside, read_degree(token)
        kind, _, _, _, _, mark = degree
        if moves:
            index = index_at(tick)
        start = starts[index]
        opening = kind == "degree" and index not in opened
        velocity = velocities[inside]
        if mark or kind == "m":
            velocity = marked(velocity, "?" if kind == "m" else mark)
        first = opening and tick < start + lengths[inside]
        found.append(event_of((tick, length, degree, index, first, opening and start > begin, velocity, False)))
        if opening and tick >= start:
            opened.add(index)
    more = _left_out(plan, style, bar, found, changes) if len(bar.spans) > 1 and found else []
    return sorted([*found, *more]) if more else found


def _left_out(plan: Plan, style: PartStyle, bar: BarPlan, events: list[Event], changes: Changes) -> list[Event]:
    """Roots of chords that begin within the bar and that the row would pass over in silence."""
    found = []
    for span in bar.spans[1:]:
        index = changes.at(span.start)
        heard = any(event.span == index or event.tick < span.start < event.tick + event.length for event in events)
        if heard or span.end - span.start < changes.beats[0]:
            continue
        end = min([span.end, *[event.tick for event in events if event.tick > span.start]])
        loud = level(style, bar, plan.metre, span.start - bar.start)
        found.append(Event(span.start, end - span.start, read_degree("1"), index, True, True, loud))
    return found


def _rooted(events: list[Event], changes: Changes) -> list[Event]:
    """Where a row would bring a new chord without its root, the chord's first note is the root."""
    spans, moves, stands = changes.spans, changes.moves, changes.stands
    heard: set[int] = set()
    for tick, length, (kind, degree, _, written, _, _), span, first, moved, _, _ in events:
        if kind == "n" and tick + length > spans[span].end:
            heard.add(span + 1)
        elif span not in heard:
            root = moved or (first and stands[span].slash)
            if root or (kind == "degree" and not written and degree in (1, 8)):
                heard.add(span)
    found = list(events)
    for place in [place for place, event in enumerate(events) if event.span not in heard]:
        event = events[place]
        span = event.span
        if span not in heard and (span == 0 or moves[span - 1]) and event.degree.kind == "degree":
            heard.add(span)
            found[place] = event._replace(moved=True)
    return found


def _covered(plan: Plan, events: list[Event], changes: Changes) -> list[Event]:
    """No note of the old chord sounds over a change: tied over it, it is already the new root; else the root comes there."""
    moves, ends = changes.moves, [span.end for span in changes.spans]
    found: list[Event] = []
    for event in events:
        tick, length, degree, span, _, _, velocity, _ = event
        end = ends[span]
        if tick + length <= end or not moves[span] or tick >= end or degree.kind == "n":
            found.append(event)
            continue
        over = tick + length - end
        if degree.kind == "degree" and changes.anticipated(tick) != span:
            found.append(event._replace(span=span + 1, first=True, moved=True))
            continue
        found.append(event._replace(length=end - tick))
        if over >= beat_length(plan.metre, 0) // 2:
            found.append(Event(end, over, read_degree("1"), span + 1, True, True, velocity))
    return found


class _Line:
    """The line so far: where the hand is, which octave the chord's root has."""

    def __init__(self, style: PartStyle, changes: Changes) -> None:
        self.low, self.high, self.changes = style.low, style.high, changes
        self.open = style.double in HANDS  # a guitarist's roots are the lowest ones: the hand goes back to them
        self.tops: dict[int, int] = {}  # span → semitones that its row reaches above the root, if over a fifth
        self.last: int | None = None
        self.base: tuple[int, int] = (-1, 0)  # footing's root and its pitch

    def reach(self, events: Sequence[Event]) -> list[int]:
        """Look through the row: how far each of its degrees is above the root."""
        stands, tops = self.changes.stands, self.tops
        steps = [semitones(event.degree, stands[event.span].ladder) for event in events]
        for place, step in enumerate(steps):
            if step > FIFTH and events[place].degree.kind == "degree":
                span = events[place].span
                tops[span] = max(step, tops.get(span, 0))
        return steps

    def _new_root(self, stand: Footing, step: int, span: int) -> int:
        """The pitch of another root: near the bottom; an octave up where the row has room there and the note, `step` above it,
        would else leap over an octave, or fall from just below the upper root."""
        root = self.low + (stand.root - self.low) % OCTAVE
        upper = root + OCTAVE
        if self.last is not None and not self.open:
            roomy = upper <= min(self.low + HIGHEST_ROOT, self.high - self.tops.get(span, FIFTH))
            led = roomy and step == 0 and 0 < upper - self.last <= LED
            far = upper <= self.high - ABOVE and self.last - (root + step) > OCTAVE  # what then lies too high is folded down
            root = upper if led or far or (roomy and abs(root + step - self.last) > OCTAVE) else root
        self.base = (stand.root, root)
        return root

    def pitch(self, event: Event, step: int) -> int:
        """The pitch of a degree `step` above the root, a next root or a dead note."""
        _, _, degree, span, first, moved, _, final = event
        kind, last = degree.kind, self.last
        if final or kind in ("m", "n"):
            return self._apart(kind, span)
        stand = self.changes.stands[span]
        opens = moved or (first and stand.slash)
        root = self.base[1] if self.base[0] == stand.root else self._new_root(stand, 0 if opens else step, span)
        if opens and kind == "degree":
            return self._near(stand.bass, root if stand.bass == stand.root else None)
        if step >= OCTAVE and root + self.tops[span] > self.high:  # all that lies above the octave comes down together
            step = stand.ladder[5] if step == OCTAVE else step - OCTAVE  # the octave as the fifth: no root struck twice for it
        pitch = root + step
        if self.low <= pitch <= self.high and last is not None and -OCTAVE <= pitch - last <= OCTAVE:
            return pitch
        return self._within(pitch, free=degree.octave != 0)

    def _apart(self, kind: str, span: int) -> int:
        """The pitch of a dead note, of the next chord's root, of the last note."""
        if kind == "m":
            return self.last if self.last is not None else self.low
        if kind == "n":
            stand = self.changes.stand(span + 1)
            if stand.bass != stand.root:
                return self._near(stand.bass, None)
            return self.base[1] if self.base[0] == stand.root else self._new_root(stand, 0, span + 1)
        lowest = self.low + (self.changes.stands[span].bass - self.low) % OCTAVE
        far = self.last is not None and self.last - lowest > OCTAVE
        return lowest + OCTAVE if far else lowest

    def _near(self, pc: int, pitch: int | None) -> int:
        """A bass note by pitch class in the octave nearest to the hand, or the pitch given."""
        if pitch is not None:
            return pitch
        low = self.low + (pc - self.low) % OCTAVE
        if self.last is not None and low + OCTAVE <= self.high and abs(low + OCTAVE - self.last) < abs(low - self.last):
            return low + OCTAVE
        return low

    def _within(self, pitch: int, *, free: bool) -> int:
        """Folded into the range, and, unless an octave is written, to within an octave of the note before."""
        while pitch > self.high and pitch - OCTAVE >= self.low:
            pitch -= OCTAVE
        while pitch < self.low and pitch + OCTAVE <= self.high:
            pitch += OCTAVE
        if free or self.open or self.last is None or abs(pitch - self.last) <= OCTAVE:
            return pitch
        nearer = pitch + (OCTAVE if pitch < self.last else -OCTAVE)
        return nearer if self.low <= nearer <= self.high else pitch


def _sounded(style: PartStyle, chance: Random, events: list[Event], changes: Changes) -> list[Note]:
    """Pitches for the events, approaches last: each leads into the note after it."""
    line, stands = _Line(style, changes), changes.stands
    notes: list[Note] = []
    waiting: list[int] = []
    for event, step in zip(events, line.reach(events), strict=True):
        tick, length, degree, span, _, _, velocity, _ = event
        if not stands[span].tones:
            continue
        if degree.kind == "a":
            waiting.append(len(notes))
            notes.append(Note(tick, length, -1, velocity))
            continue
        pitch = line.pitch(event, step)
        notes.append(note_of((tick, min(length, DEAD) if degree.kind == "m" else length, pitch, velocity)))
        if waiting:
            _approach(notes, waiting, style, chance)
        line.last = pitch
    last = line.last if line.last is not None else style.low
    for place in waiting:
        notes[place] = notes[place]._replace(pitch=last)
    return notes


def _approach(notes: list[Note], waiting: list[int], style: PartStyle, chance: Random) -> None:
    """Give the approaches just before the newest note their pitches, a half step from the note they lead into."""
    target = notes[-1].pitch
    for place in reversed(waiting):
        before = notes[place - 1].pitch if place and notes[place - 1].pitch >= 0 else target
        side = 1 if before > target else -1
        if before == target or chance.random() < OTHER_SIDE:
            side = -side if before != target else (1 if chance.random() < 0.4 else -1)
        ways = (target + side, target - side, target + 2 * side, target - 2 * side)
        pitch = next((way for way in ways if way != before and style.low <= way <= style.high), target)
        notes[place] = notes[place]._replace(pitch=pitch)
        target = notes[place].pitch
    waiting.clear()
