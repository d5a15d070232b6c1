"""Lays steps on a metre and in a key: bars of spans with exact beats and spelled chords."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from app.harmony.step import BAR, Step
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.pitch import fifths, name_at_fifths
from app.theory.progression import Analysis, Span, new_span
from app.theory.rhythm import Metre

NOTHING = Analysis()  # what is said of a chord before it is explained
LOWEST, HIGHEST = -8, 12  # fifths from C of the notes with one accidental: Fb ... B#


def in_bars(steps: Sequence[Step]) -> list[list[Step]]:
    """The steps bar by bar; what repeats within a bar is one chord."""
    bars: list[list[Step]] = []
    filled = BAR
    for step in steps:
        if filled >= BAR:
            bars.append([])
            filled = 0
        bar = bars[-1]
        filled += step.units
        if bar and bar[-1].same(step):
            one = bar[-1]
            bar[-1] = one._replace(units=one.units + step.units, rule=one.rule or step.rule, why=one.why or step.why)
        else:
            bar.append(step)
    return bars


def thinned(bar: list[Step], most: int) -> list[Step]:
    """At most so many chords: the first stays, then those that a rule made, then the last."""
    kept = list(bar)
    while len(kept) > max(most, 1):
        plain = [at for at in range(1, len(kept)) if not kept[at].rule]
        del kept[plain[0] if plain else max(1, len(kept) - 2)]
    return kept


@lru_cache(maxsize=64)
def lengths(count: int, late: bool, metre: Metre) -> tuple[tuple[Fraction, Fraction], ...]:
    """(start, length) in beats of so many chords in a bar, on the metre's groups; `late` puts the long one last."""
    starts = _starts(count, late, metre)
    ends = [*starts[1:], metre.upper]
    return tuple((Fraction(start), Fraction(end - start)) for start, end in zip(starts, ends, strict=True))


def _starts(count: int, late: bool, metre: Metre) -> list[int]:
    edges = [sum(metre.groups[:index]) for index in range(len(metre.groups))]
    if count == 1:
        return [0]
    if count == len(edges):
        return edges
    strong = [edges[index] for index in metre.accents if index] or edges[1:]
    middle = min(strong, key=lambda edge: (abs(2 * edge - metre.upper), -edge))
    if count == 2:
        return [0, middle]
    side = [edge for edge in edges if 0 < edge < middle] if late else [edge for edge in edges if edge > middle]
    rest = side or [edge for edge in edges if edge not in (0, middle)]
    return sorted({0, middle, rest[-1]})


@lru_cache(maxsize=4096)
def chord_at(root: int, suffix: str, bass: int | None, tonic: str) -> Chord:
    """The chord of a root in fifths above a tonic, spelled with one accidental at most."""
    chord = Chord.parse(note_at(root, tonic) + suffix)
    return chord if bass is None else chord.with_bass(_bass_at(chord.root, bass - root, note_at(bass, tonic)))


def _bass_at(root: str, above: int, usual: str) -> str:
    """A bass so many fifths above the root that was written: the third of Db minor is Fb, as far as one accidental goes."""
    steps = fifths(root) + above
    return name_at_fifths(steps) if LOWEST <= steps <= HIGHEST else usual


@lru_cache(maxsize=512)
def note_at(distance: int, tonic: str) -> str:
    """The note so many fifths above a tonic; what needs two accidentals, or is further than Cb and A#, is respelled."""
    steps = fifths(tonic) + distance
    low, high = (-7, 7) if fifths(tonic) < 0 else (-7, 10)
    while steps < low:
        steps += 12
    while steps > high:
        steps -= 12
    return name_at_fifths(steps)


def laid_out(bars: Sequence[Sequence[Step]], key: Key, metre: Metre) -> tuple[tuple[Span, ...], ...]:
    """The bars as spans of the progression, without analysis."""
    tonic = key.tonic
    places = {count: lengths(count, False, metre) for count in {len(bar) for bar in bars}}
    laid = []
    for bar in bars:
        late = len(bar) == 3 and bar[-1].units > bar[0].units
        spans = []
        for (start, length), (root, suffix, _, bass, *_) in zip(
            lengths(3, True, metre) if late else places[len(bar)], bar, strict=True
        ):
            spans.append(new_span((start, length, chord_at(root, suffix, bass, tonic), NOTHING)))
        laid.append(tuple(spans))
    return tuple(laid)
