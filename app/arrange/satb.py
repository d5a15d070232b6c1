"""Four-part writing played: each role takes one of four voices that are written together; a quartet changes its texture."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from random import Random
from types import MappingProxyType
from typing import Final, NamedTuple

from app.arrange.plan import BarPlan, Plan, TickSpan
from app.arrange.same import Same
from app.arrange.satb_lines import Stretch, Tone, voices_of
from app.arrange.style import PartStyle
from app.arrange.textures import ENTRY, LEADERS, PHRASE, in_octaves, texture_of
from app.arrange.touch import doubled, level
from app.errors import RequestError
from app.theory.key import Key
from app.theory.notes import Note, note_of
from app.theory.rhythm import TICKS_PER_QUARTER, Metre

CHOIR: Final = ("soprano", "alto", "tenor", "bass")
STRINGS: Final = ("violin1", "violin2", "viola", "cello")
ALL: Final = (0, 1, 2, 3)
LONG: Final = 4 * TICKS_PER_QUARTER  # ticks
ARC: Final = (0, 3, 4, -2)  # velocity over the bars of a phrase
BREATH: Final = 120  # ticks
REST: Final = 240  # of a string player, between phrases
SHORT: Final = 0.55  # of an eighth that accompanies
SOFTER: Final = 14  # the accompaniment under a tune


def play(plan: Plan, style: PartStyle, chance: Random) -> list[Note]:  # noqa: ARG001 - every player has this signature
    """The role's voice, or all four for a role that is none of the voices. Ticks absolute, on the grid."""
    voices = VOICES.get(style.role, ALL)
    score = _score(Same(plan), strings=style.role in STRINGS)
    notes: list[Note] = []
    for written in score.runs:
        for voice in voices:
            notes += _played(plan, style, score, written[voice], voice)
        if score.strings:
            notes = _in_octaves(plan, style, notes, written[0])
    return doubled(sorted(notes), style)


class Score(NamedTuple):
    """What the voices of a piece share."""

    strings: bool
    runs: tuple[tuple[tuple[Tone, ...], ...], ...]  # for each stretch without a rest the four voices
    textures: tuple[str, ...]  # bar by bar
    breaths: frozenset[int]  # where all breathe: ticks at which a phrase ends


@lru_cache(maxsize=8)  # the four voices of a piece are four parts of one plan
def _score(planned: Same[Plan], *, strings: bool) -> Score:
    plan, length = planned.value, planned.value.metre.bar
    closing = [bar for bar in plan.bars if bar.place % PHRASE == PHRASE - 1 or bar.place == bar.section.bars - 1]
    runs = _runs(plan, strings=strings)
    return Score(
        strings=strings,
        runs=tuple([voices_of(run, "quartet" if strings else "choir", plan.seed) for run in runs]),
        textures=tuple([texture_of(plan, bar, strings=strings) for bar in plan.bars]),
        breaths=frozenset([bar.start + length for bar in closing if not bar.last]),
    )


VOICES: Final = MappingProxyType(
    {role: (place,) for place, role in enumerate(CHOIR)} | {role: (place,) for place, role in enumerate(STRINGS)}
)


def _runs(plan: Plan, *, strings: bool) -> Iterator[tuple[Stretch, ...]]:
    """The harmonies in time, cut where there is no chord."""
    run: list[Stretch] = []
    for bar in plan.bars:
        for span in bar.spans:
            if span.chord.intervals:
                run += _stretches(plan, bar, span, strings=strings)
            elif run:
                yield tuple(run)
                run = []
    if run:
        yield tuple(run)


def _stretches(plan: Plan, bar: BarPlan, span: TickSpan, *, strings: bool) -> list[Stretch]:
    """A chord as it is sung: one of four quarters and more is struck twice, so that the voices move within it."""
    harmony, texture = (span.chord, _key(plan, span)), texture_of(plan, bar, strings=strings)
    middle = (span.start + span.end) // 2
    if strings or bar.last or span.end - span.start < LONG:
        return [Stretch(span.start, span.end, harmony, texture, bar.place % ENTRY + bar.section.bar)]
    return [Stretch(span.start, middle, harmony, texture), Stretch(middle, span.end, harmony, texture)]


def _key(plan: Plan, span: TickSpan) -> Key:
    """The key a chord is heard in."""
    return (span.analysis.key and _key_named(span.analysis.key)) or plan.key


@lru_cache(maxsize=256)
def _key_named(text: str) -> Key | None:
    try:
        return Key.parse(text)
    except RequestError:
        return None


def _in_octaves(plan: Plan, style: PartStyle, notes: list[Note], tune: tuple[Tone, ...]) -> list[Note]:
    """The notes with the tune's own in the bars that are played in octaves, in the octave of the part that fits."""
    length, voice = plan.metre.bar, VOICES[style.role][0]
    bars = {bar.start for bar in plan.bars if in_octaves(bar) and style.role in bar.only}
    if not bars or not voice:
        return notes
    found = [note for note in notes if note.start // length * length not in bars]
    for tone in tune:
        bar = tone.start // length * length
        if bar in bars:
            pitch = tone.pitch - 12 * voice if voice < 3 else tone.pitch - 24
            while pitch < style.low:
                pitch += 12
            loud = _arched(plan, style, plan.bars[bar // length], tone.start)
            found.append(Note(tone.start, min(tone.end, bar + length) - tone.start, pitch, min(127, loud + 6)))
    return found


def _played(plan: Plan, style: PartStyle, score: Score, tones: tuple[Tone, ...], voice: int) -> list[Note]:
    """A voice as it is played: as it is written, or broken up as a quartet's accompaniment."""
    metre, breath = plan.metre, REST if score.strings else BREATH
    length, last = metre.bar, len(plan.bars) - 1
    notes: list[Note] = []
    number, before = -1, 0
    for start, end, pitch in tones:
        if start // length != number:
            number = start // length
            bar, texture = plan.bars[min(number, last)], score.textures[min(number, last)]
            plays, leads, arc = style.role in bar.only, voice in LEADERS.get(texture, ALL), ARC[bar.place % PHRASE]
        if plays:
            if end in score.breaths:  # as many ticks or a quarter of the note
                end -= min(breath, (end - start) // 4)
            loud = level(style, bar, metre, start - bar.start) + arc
            if not 1 <= loud <= 127:
                loud = max(1, min(127, loud))
            if leads:
                notes.append(note_of((start, end - start, pitch, loud)))
            else:
                notes += _under(plan, Tone(start, end, pitch), bar, texture, voice, loud, moves=pitch != before)
        before = pitch
    return notes


def _under(plan: Plan, tone: Tone, bar: BarPlan, texture: str, voice: int, loud: int, *, moves: bool) -> Iterator[Note]:
    """A note of a voice that accompanies a tune."""
    if texture in ACCOMPANIED and voice in (1, 2):
        ways = ACCOMPANIED[texture]
        moves = moves or (bar.number > 0 and in_octaves(plan.bars[bar.number - 1]))
        return ways[(plan.seed + bar.section.bar) % len(ways)](plan.metre, tone, bar, loud - SOFTER, moves)
    if texture in ("song", "pair"):
        return _beats(plan.metre, tone, bar, loud - SOFTER // 2)
    return _held(plan.metre, tone, bar, loud - SOFTER // 2, moves)


def _arched(plan: Plan, style: PartStyle, bar: BarPlan, tick: int) -> int:
    loud = level(style, bar, plan.metre, tick - bar.start) + ARC[bar.place % PHRASE]
    return loud if 1 <= loud <= 127 else max(1, min(127, loud))


def _repeated(metre: Metre, tone: Tone, bar: BarPlan, loud: int, moves: bool) -> Iterator[Note]:  # noqa: ARG001
    """Repeated eighths, the bar's first a little louder."""
    eighth = metre.unit if metre.lower == 8 else metre.unit // 2
    for start in range(tone.start, tone.end, eighth):
        more = 4 if start == bar.start else 0
        yield Note(start, round(min(eighth, tone.end - start) * SHORT), tone.pitch, max(1, loud + more))


def _after(metre: Metre, tone: Tone, bar: BarPlan, loud: int, moves: bool) -> Iterator[Note]:
    """A rest on each larger beat, then short notes to the next: one, in three two; a new pitch comes when it is written,
    since late it would move with a voice that it must not move with.
    """
    beats = sorted(bar.start + start for start, _ in metre.beats)
    strong = {bar.start + metre.beats[accent][0] for accent in metre.accents}
    beat = metre.beats[0][1]
    inside = [tick for tick in beats if tone.start <= tick < tone.end and tick not in strong]
    if moves and inside and inside[0] != tone.start:
        inside.insert(0, tone.start)
    if not inside:
        yield Note(tone.start, tone.end - tone.start, tone.pitch, max(1, loud))
    for tick in inside:
        yield Note(tick, round(min(beat, tone.end - tick) * SHORT), tone.pitch, max(1, loud))


def _held(metre: Metre, tone: Tone, bar: BarPlan, loud: int, moves: bool) -> Iterator[Note]:  # noqa: ARG001
    """Held through."""
    yield Note(tone.start, tone.end - tone.start, tone.pitch, max(1, loud))


def _beats(metre: Metre, tone: Tone, bar: BarPlan, loud: int) -> Iterator[Note]:
    """A note on each larger beat that the tone covers, and where it begins."""
    groups = [bar.start + metre.beats[accent][0] for accent in metre.accents]
    starts = [tone.start, *(tick for tick in groups if tone.start < tick < tone.end)]
    for start, end in zip(starts, [*starts[1:], tone.end], strict=True):
        yield Note(start, end - start, tone.pitch, max(1, loud))


ACCOMPANIED: Final = MappingProxyType(  # how the inner voices go under a tune: above a singing cello they never only hold
    dict.fromkeys(("song", "pair"), (_repeated, _repeated, _after, _held)) | {"walk": (_repeated, _after)}
)
