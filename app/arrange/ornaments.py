"""Ornaments of a melody: turns, trills, sighs, grace notes, mordents, runs and roulades, as likely as the style has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from types import MappingProxyType
from typing import Final, NamedTuple

from app.arrange.plan import Plan
from app.arrange.style import PartStyle
from app.theory.notes import Note
from app.theory.scale import chord_scale

MORE: Final = 1.5  # an ornament is so much likelier when the tune comes back
TRILL_MS: Final = 72.0
GRACE_MS: Final = 48.0
QUICK_MS: Final = 55.0  # the least a note of an ornament lasts
SOFTER: Final = 9
FROM: Final = 5  # semitones from a note to the run that leaves it
ROULADE: Final = (7, 9, 11)  # notes


class Place(NamedTuple):
    """A note with what is around it."""

    plan: Plan
    style: PartStyle
    note: Note
    after: Note | None  # the note that follows without a rest
    closes: str
    next_closes: str

    @property
    def beat(self) -> int:
        """Ticks of the metre's beat."""
        return self.plan.metre.beats[0][1]

    def ticks(self, ms: float) -> int:
        """Milliseconds in ticks."""
        return max(1, round(ms / self.plan.tick_ms))

    def step(self, pitch: int, count: int) -> int:
        """The note so many steps of the chord's scale above (below 0: below) a pitch, within the part's range."""
        bar = self.plan.bars[max(0, min(self.note.start // self.plan.metre.bar, len(self.plan.bars) - 1))]
        scale = set(chord_scale(bar.at(self.note.start).chord, self.plan.key)) or {pitch % 12}
        way = 1 if count > 0 else -1
        for _ in range(abs(count)):
            pitch = next((pitch + way * size for size in range(1, 5) if (pitch + way * size) % 12 in scale), pitch)
        return min(max(pitch, self.style.low), self.style.high)


Ornament = Callable[[Place, Random], list[Note] | None]  # None: it does not fit there


def adorned(
    plan: Plan, style: PartStyle, notes: Sequence[Note], closes: Sequence[str], chance: Random, *, again: bool
) -> list[Note]:
    """The notes of a section, some of them adorned; at most one ornament a note."""
    found: list[Note] = []
    more, draw = MORE if again else 1.0, chance.random
    ornaments = [(MADE[name], likely * more) for name, likely in style.song.ornaments.items()]
    for index, note in enumerate(notes):
        for ornament, likely in ornaments:
            if draw() < likely:
                follows = index + 1 < len(notes) and notes[index + 1].start <= note.start + note.duration
                after, next_closes = (notes[index + 1], closes[index + 1]) if follows else (None, "")
                made = ornament(Place(plan, style, note, after, closes[index], next_closes), chance)
                if made:
                    found += made
                    break
        else:
            found.append(note)
    return found


def _soft(note: Note) -> int:
    return max(1, note.velocity - SOFTER)


def _series(note: Note, pitches: Sequence[int], start: int, each: int, end: int) -> list[Note]:
    """Notes of equal length, the last one held to the end, softer than the note they adorn."""
    starts = [start + each * index for index in range(len(pitches))]
    ends = [*starts[1:], end]
    return [Note(begin, stop - begin, pitch, _soft(note)) for begin, stop, pitch in zip(starts, ends, pitches, strict=True)]


def _turn(place: Place, _: Random) -> list[Note] | None:
    """Upper, main, lower, main at the end of a long note that goes on."""
    note = place.note
    each = max(place.ticks(QUICK_MS), place.beat // 8)
    if note.duration < max(place.beat, 6 * each) or place.after is None or place.closes:
        return None
    since = note.start + note.duration - 4 * each
    around = (place.step(note.pitch, 1), note.pitch, place.step(note.pitch, -1), note.pitch)
    return [note._replace(duration=since - note.start), *_series(note, around, since, each, note.start + note.duration)]


def _trill(place: Place, _: Random) -> list[Note] | None:
    """On the note before an answering phrase's last: from the upper note, with a turn from below at its end."""
    note, each = place.note, place.ticks(TRILL_MS)
    count = note.duration // each // 2 * 2
    if place.next_closes != "full" or place.after is None or count < 6:
        return None
    upper, lower = place.step(note.pitch, 1), place.step(note.pitch, -1)
    shakes = [upper, note.pitch] * (count // 2 - 1) + [lower, note.pitch]
    return _series(note, shakes, note.start, note.duration // count, note.start + note.duration)


def _sigh(place: Place, _: Random) -> list[Note] | None:
    """The step above, leaning, then the note."""
    note = place.note
    if note.duration < place.beat or (place.closes and place.after is not None):
        return None
    half = min(note.duration // 2, place.beat)
    leaning = Note(note.start, half, place.step(note.pitch, 1), min(127, note.velocity + 4))
    return [leaning, note._replace(start=note.start + half, duration=note.duration - half, velocity=_soft(note))]


def _grace(place: Place, chance: Random) -> list[Note] | None:
    """A short note just before, from below or above."""
    note, ticks = place.note, place.ticks(GRACE_MS)
    if note.start < ticks or note.duration < place.beat // 2:
        return None
    below = chance.random() < 0.65
    pitch = max(note.pitch - 1, place.style.low) if below else place.step(note.pitch, 1)
    if pitch == note.pitch:
        return None
    return [Note(note.start - ticks, ticks, pitch, max(1, note.velocity - 2 * SOFTER)), note]


def _mordent(place: Place, chance: Random) -> list[Note] | None:
    """The note, its neighbour and the note again, quickly."""
    note, each = place.note, place.ticks(QUICK_MS + 5)
    if note.duration < 4 * each:
        return None
    other = place.step(note.pitch, 1 if chance.random() < 0.6 else -1)
    return _series(note, (note.pitch, other, note.pitch), note.start, each, note.start + note.duration)


def _run(place: Place, _: Random) -> list[Note] | None:
    """A scale that fills a long note into the next one, up or down."""
    note, after = place.note, place.after
    each = place.beat // (6 if place.plan.metre.compound else 4)
    if after is None or note.duration < place.beat or each < place.ticks(QUICK_MS):
        return None
    count = min(note.duration // each - 1, 7)
    lines = [[place.step(after.pitch, way * index) for index in range(count, 0, -1)] for way in (-1, 1)]
    line = min(lines, key=lambda line: abs(line[0] - note.pitch)) if count > 0 else []
    if count < 3 or len(set(line)) < count or abs(line[0] - note.pitch) > FROM:
        return None
    since = note.start + note.duration - count * each
    kept = [note._replace(duration=since - note.start)] if since > note.start else []
    return [*kept, *_series(note, line, since, each, note.start + note.duration)]


def _roulade(place: Place, chance: Random) -> list[Note] | None:
    """So many even small notes in the second half of a long note: away from it and back into the next."""
    note, after = place.note, place.after
    count = ROULADE[int(chance.random() * len(ROULADE))]
    since = note.start + note.duration // 2
    each = (note.start + note.duration - since) // count
    if after is None or note.duration < 2 * place.beat or each < place.ticks(QUICK_MS):
        return None
    peak = count // 2 + 1
    rise = [place.step(note.pitch, index) for index in range(1, peak + 1)]
    fall = [place.step(after.pitch, index) for index in range(count - peak, 0, -1)]
    return [note._replace(duration=since - note.start), *_series(note, rise + fall, since, each, note.start + note.duration)]


MADE: Final = MappingProxyType(
    {
        "turn": _turn, "trill": _trill, "sigh": _sigh, "grace": _grace, "mordent": _mordent, "run": _run, "roulade": _roulade,
    }
)  # fmt: skip
