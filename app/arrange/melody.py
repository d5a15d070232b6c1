"""The melody: a motif that returns and varies, drawn along an arch, its pitches chosen over the whole section at least cost."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from types import MappingProxyType
from typing import Final

from app.arrange.lines import doubled
from app.arrange.plan import BarPlan, Plan, TickSpan
from app.arrange.style import PartStyle
from app.arrange.tunes import Onset, tune
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.notes import Note
from app.theory.scale import SCALES, chord_scale, scale_in_key

REACH: Final = 7  # semitones around the arch that are looked at
# What a move costs by its semitones: steps are sung, leaps are rare.
LEAPS: Final = (2.4, 0.5, 0.2, 0.7, 1.0, 1.5, 2.6, 2.0, 3.0, 3.2, 4.5, 5.0, 3.6)
WIDEST: Final = 127  # semitones between any two pitches
CLIMAX: Final = 0.66  # where in a section the arch is highest
ORNAMENT: Final = 0.25  # how likely a long note of a tune is divided when the tune comes back
NEIGHBOUR: Final = 2  # semitones above, to which the divided note turns
SILENT: Final = frozenset({"break"})


def play(plan: Plan, style: PartStyle, chance: Random) -> list[Note]:
    """The melody's notes on the exact grid; a section that comes back brings its tune back, a little varied."""
    notes: list[Note] = []
    tunes: dict[tuple[str, int], tuple[list[Onset], list[int]]] = {}
    for bars in _sections(plan):
        section = bars[0].section
        if section.kind in SILENT:
            continue
        name = (section.label or section.kind, len(bars))
        known = tunes.get(name)
        if known is None:
            onsets = tune(plan, bars, style, chance)
            wanted: list[int] = []
        else:
            onsets, wanted = _ornamented(plan, bars, *known, chance)
        if not onsets:
            continue
        pitches = _pitches(plan, bars, onsets, style, wanted, chance)
        tunes.setdefault(name, (onsets, pitches))
        notes += _notes(plan, bars, onsets, pitches, style)
    return notes


def _ornamented(
    plan: Plan, bars: list[BarPlan], known: list[Onset], pitches: list[int], chance: Random
) -> tuple[list[Onset], list[int]]:
    """A tune that comes back: now and then a long note is divided, its second half aimed at the neighbour above."""
    shift = bars[0].start - known[0].tick // plan.metre.bar * plan.metre.bar if known else 0
    beat = plan.metre.beats[0][1]
    onsets: list[Onset] = []
    wanted: list[int] = []
    for onset, pitch in zip(known, pitches, strict=True):
        onset = onset._replace(tick=onset.tick + shift, copies=-1)
        if onset.length >= beat and not onset.closes and chance.random() < ORNAMENT:
            half = onset.length // 2
            onsets += [
                onset._replace(length=half),
                onset._replace(tick=onset.tick + half, length=onset.length - half, strong=False),
            ]
            wanted += [pitch, pitch + NEIGHBOUR]
        else:
            onsets.append(onset)
            wanted.append(pitch)
    return onsets, wanted


def _sections(plan: Plan) -> list[list[BarPlan]]:
    found: list[list[BarPlan]] = []
    for bar in plan.bars:
        if bar.place == 0 or not found:
            found.append([])
        found[-1].append(bar)
    return found


def _pitches(
    plan: Plan, bars: list[BarPlan], onsets: list[Onset], style: PartStyle, wanted: list[int], chance: Random
) -> list[int]:
    """One pitch an onset: the cheapest path through what fits the chords, near the arch, along the motif."""
    start, length = bars[0].start, bars[-1].start + plan.metre.bar - bars[0].start
    layers: list[tuple[tuple[int, float], ...]] = []
    for index, onset in enumerate(onsets):
        span = bars[(onset.tick - start) // plan.metre.bar].at(onset.tick)
        aim = wanted[index] if wanted else _arch(style, (onset.tick - start) / length, chance)
        layers.append(_fitting(span, onset, style, plan, aim))
    return _cheapest(layers, onsets, chance)


def _arch(style: PartStyle, position: float, chance: Random) -> int:
    """The pitch a line rises to and falls from, by its place in the section."""
    middle, room = (style.low + style.high) / 2, (style.high - style.low) * 0.3
    height = 1.0 - abs(position - CLIMAX) / max(CLIMAX, 1 - CLIMAX)
    return round(middle - room * 0.6 + room * 1.4 * height + 2.0 * (chance.random() - 0.5))


def _fitting(span: TickSpan, onset: Onset, style: PartStyle, plan: Plan, aim: int) -> tuple[tuple[int, float], ...]:
    """Pitches that may sound on an onset, with what each costs there."""
    low, high = max(style.low, aim - REACH), min(style.high, aim + REACH)
    costs = pitch_class_costs(span.chord, plan.key, style.scale, onset.strong, onset.closes)
    found = tuple((pitch, costs[pitch % 12] + 0.13 * abs(pitch - aim)) for pitch in range(low, high + 1) if pitch % 12 in costs)
    return found or ((min(max(aim, style.low), style.high), 0.0),)


@lru_cache(maxsize=2048)
def pitch_class_costs(chord: Chord, key: Key, scale: str, strong: bool, closes: bool) -> MappingProxyType[int, float]:
    """What each pitch class costs over a chord: chord tones least, on strong notes nothing else is cheap; avoided ones absent."""
    root = chord.root_pc
    tones = {(root + step) % 12: 0.0 for step in chord.intervals if step < 12}
    costs = dict.fromkeys(chord_scale(chord, key), 2.2 if strong else 0.35)
    costs.update({(root + step) % 12: (0.5 if strong else 0.3) for step in chord.tensions})
    if scale:
        allowed = {(key.tonic_pc + step) % 12 for step in SCALES[scale_in_key(scale, key)]}
        costs = {pc: cost if pc in allowed else cost + 1.2 for pc, cost in costs.items()}
        costs.update({pc: 0.6 if strong else 0.25 for pc in allowed if scale == "blues" and pc not in costs})
    costs.update(tones)
    if closes:
        costs[root] = min(costs.get(root, 0.4), 0.4)
        costs = {pc: cost if pc in tones else cost + 3.0 for pc, cost in costs.items()}
    return MappingProxyType(costs or {key.tonic_pc: 0.0})


def _cheapest(layers: list[tuple[tuple[int, float], ...]], onsets: list[Onset], chance: Random) -> list[int]:
    """The path of least cost; each layer remembers for every pitch the best way to it."""
    draw = chance.random
    best = [(cost + draw(), pitch, -1) for pitch, cost in layers[0]]
    history = [best]
    chosen: list[int] = [0] * len(layers)
    for index in range(1, len(layers)):
        copied = onsets[index].copies
        moves = _moves(_interval(history, copied) if copied > 0 else None)
        row = []
        for pitch, cost in layers[index]:
            sums = [before + moves[pitch - last] for before, last, _ in best]
            least = min(sums)
            row.append((least + cost + 0.9 * draw(), pitch, sums.index(least)))
        best = row
        history.append(row)
    at = min(range(len(best)), key=lambda place: best[place][0])
    for index in range(len(layers) - 1, -1, -1):
        _, chosen[index], at = history[index][at]
    return chosen


@lru_cache(maxsize=256)
def _moves(hint: int | None) -> MappingProxyType[int, float]:
    """What each interval costs as a move; a motif that returns wants its own interval, the hint."""
    costs = {}
    for interval in range(-WIDEST, WIDEST + 1):
        size = abs(interval)
        cost = LEAPS[size] if size < len(LEAPS) else 6.0
        costs[interval] = cost if hint is None else 0.4 * cost + 0.45 * abs(interval - hint)
    return MappingProxyType(costs)


def _interval(history: list[list[tuple[float, int, int]]], index: int) -> int | None:
    """The move into an earlier onset, as it looked best when it was reached."""
    if index <= 0 or index >= len(history):
        return None
    _, pitch, way = min(history[index])
    return pitch - history[index - 1][way][1]


def _notes(plan: Plan, bars: list[BarPlan], onsets: list[Onset], pitches: list[int], style: PartStyle) -> list[Note]:
    """Onsets and pitches as notes: the highest is the loudest, and the piece's last is held."""
    top = max(pitches)
    notes = []
    for onset, pitch in zip(onsets, pitches, strict=True):
        bar = bars[(onset.tick - bars[0].start) // plan.metre.bar]
        velocity = style.velocity + bar.level + (4 if onset.strong else -3) + (5 if pitch == top else 0)
        notes.append(Note(onset.tick, onset.length, pitch, max(1, min(127, velocity))))
    if bars[-1].last:
        notes = _ended(plan, bars[-1], notes, style)
    return doubled(plan, style, notes)


def _ended(plan: Plan, bar: BarPlan, notes: list[Note], style: PartStyle) -> list[Note]:
    """The last bar holds one note: the tone of the last chord nearest to the note before."""
    kept = [note for note in notes if note.start < bar.start]
    span = bar.spans[-1]
    if not span.chord.pitch_classes:
        return kept
    before = kept[-1].pitch if kept else (style.low + style.high) // 2
    tones = {span.chord.root_pc, (span.chord.root_pc + (span.chord.third or 7)) % 12}
    within = [pitch for pitch in range(style.low, style.high + 1) if pitch % 12 in tones]
    pitch = min(within, key=lambda pitch: abs(pitch - before), default=before)
    kept.append(Note(span.start, plan.end - span.start, pitch, max(1, min(127, style.velocity + bar.level))))
    return kept
