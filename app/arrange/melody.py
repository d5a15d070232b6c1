"""The melody: a motif that returns and varies in phrases that breathe, its line drawn along an arch, its long notes adorned."""

from __future__ import annotations

from random import Random
from typing import Final

from app.arrange.degrees import ladder
from app.arrange.lines import doubled
from app.arrange.melody_line import pitches
from app.arrange.melody_prices import Prices
from app.arrange.notation import Row
from app.arrange.ornaments import adorned
from app.arrange.plan import BarPlan, Plan
from app.arrange.style import PartStyle
from app.arrange.tunes import Onset, onset_of, tune
from app.theory.notes import Note, note_of
from app.theory.rhythm import TICKS_PER_QUARTER

DIVIDED: Final = 0.25  # how likely a long note of a tune is divided when the tune comes back
NEIGHBOUR: Final = 2  # semitones above, to which the divided note turns
FARTHER: Final = 2  # semitones that each place in the list of closing tones is worth in the piece's last note
RUBBING: Final = 8  # semitones that a half step above a tone of the last chord is worth there
SILENT: Final = frozenset({"break"})


def play(plan: Plan, style: PartStyle, chance: Random) -> list[Note]:
    """The melody's notes on the exact grid; a section that comes back brings its tune back, a little varied."""
    notes: list[Note] = []
    tunes: dict[tuple[str, int], tuple[list[Onset], list[int]]] = {}
    home: dict[str, Row] = {}
    prices = Prices(plan, style)
    for bars in _sections(plan):
        section = bars[0].section
        if section.kind in SILENT:
            continue
        name = (section.label or section.kind, len(bars))
        known = tunes.get(name)
        if known is None:
            onsets = tune(plan, bars, style, chance, home)
            wanted: list[int] = []
        else:
            onsets, wanted = _varied(plan, bars, *known, chance)
        if not onsets:
            continue
        line = pitches(plan, bars, onsets, style, wanted, chance, prices)
        tunes.setdefault(name, (onsets, line))
        notes += _notes(plan, bars, onsets, _slipped(plan, bars, onsets, line, style, chance), style)
        notes = _adorned(plan, style, notes, onsets, chance, again=known is not None)
    return doubled(plan, style, _ended(plan, notes, style))


def _varied(
    plan: Plan, bars: list[BarPlan], known: list[Onset], line: list[int], chance: Random
) -> tuple[list[Onset], list[int]]:
    """A tune that comes back: now and then a long note is divided, its second half aimed at the neighbour above."""
    bar, beat = plan.metre.bar, plan.metre.beats[0][1]
    shift = bars[0].start - (known[0].tick + bar // 2) // bar * bar if known else 0
    onsets: list[Onset] = []
    wanted: list[int] = []
    for (tick, length, strong, closes, _, begins, lean), pitch in zip(known, line, strict=True):
        tick += shift
        if length >= beat and not closes and chance.random() < DIVIDED:
            half = length // 2
            onsets.append(onset_of((tick, half, strong, closes, -1, begins, lean)))
            onsets.append(onset_of((tick + half, length - half, False, closes, -1, begins, lean)))
            wanted += [pitch, pitch + NEIGHBOUR]
        else:
            onsets.append(onset_of((tick, length, strong, closes, -1, begins, lean)))
            wanted.append(pitch)
    return onsets, wanted


def _sections(plan: Plan) -> list[list[BarPlan]]:
    found: list[list[BarPlan]] = []
    for bar in plan.bars:
        if bar.place == 0 or not found:
            found.append([])
        found[-1].append(bar)
    return found


def _slipped(
    plan: Plan, bars: list[BarPlan], onsets: list[Onset], line: list[int], style: PartStyle, chance: Random
) -> list[int]:
    """A bar in the middle of a phrase set a half step higher, where the style side-slips."""
    if not style.song.slip:
        return line
    length = plan.metre.bar
    away = {
        bar.start // length for bar in bars if bar.place % 4 == 2 and bar.variation == "b" and chance.random() < style.song.slip
    }
    return [
        pitch + 1 if onset.tick // length in away and pitch < style.high else pitch
        for onset, pitch in zip(onsets, line, strict=True)
    ]


def _notes(plan: Plan, bars: list[BarPlan], onsets: list[Onset], line: list[int], style: PartStyle) -> list[Note]:
    """Onsets and pitches as notes: the highest is the loudest; off the beat what falls may be accented."""
    top, bar, start, last = max(line), plan.metre.bar, bars[0].start, len(bars) - 1
    levels = [style.velocity + planned.level for planned in bars]
    accent = style.song.accent
    notes = []
    for (tick, length, strong, _, _, _, _), pitch, following in zip(onsets, line, [*line[1:], top], strict=True):
        place = (tick - start) // bar
        velocity = levels[0 if place < 0 else place if place < last else last]
        if following < pitch and tick % TICKS_PER_QUARTER:
            velocity += accent
        else:
            velocity += 4 if strong else -3
        if pitch == top:
            velocity += 5
        notes.append(note_of((tick, length, pitch, 1 if velocity < 1 else 127 if velocity > 127 else velocity)))
    return notes


def _adorned(plan: Plan, style: PartStyle, notes: list[Note], onsets: list[Onset], chance: Random, *, again: bool) -> list[Note]:
    """The section's notes, the last ones of the list, with the style's ornaments; more of them when the tune comes back."""
    if not style.song.ornaments:
        return notes
    before, own = notes[: len(notes) - len(onsets)], notes[len(notes) - len(onsets) :]
    return [*before, *adorned(plan, style, own, [onset.closes for onset in onsets], chance, again=again)]


def _ended(plan: Plan, notes: list[Note], style: PartStyle) -> list[Note]:
    """The piece's last bar holds one note, on which the style's answers end: the first named, or one nearer to the line."""
    bar = plan.bars[-1]
    if not bar.last or bar.section.kind in SILENT:
        return notes
    kept = []
    for note in notes:
        start, duration, _, _ = note
        if start + duration <= bar.start:
            kept.append(note)
        elif start < bar.start:
            kept.append(note._replace(duration=bar.start - start))
    span = bar.spans[-1]
    if not span.chord.pitch_classes:
        return kept
    before = kept[-1].pitch if kept else (style.low + style.high) // 2
    steps, full = ladder(span.chord, plan.key), style.song.full or (1, 3)
    ranks = {(span.chord.root_pc + steps[degree]) % 12: FARTHER * rank for rank, degree in reversed([*enumerate(full)])}
    ranks = {pc: rank + RUBBING * ((pc - 1) % 12 in span.chord.pitch_classes) for pc, rank in ranks.items()}
    within = [pitch for pitch in range(style.low, style.high + 1) if pitch % 12 in ranks]
    pitch = min(within, key=lambda pitch: abs(pitch - before) + ranks[pitch % 12], default=before)
    kept.append(Note(span.start, plan.end - span.start, pitch, max(1, min(127, style.velocity + bar.level))))
    return kept
