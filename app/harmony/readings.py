"""Rows as a piece reads them: in its mode, with what makes them more or less its own and how they begin and end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from app.harmony.modes import borrowed_row
from app.harmony.step import Step, Steps, read_row
from app.harmony.tables import Row
from app.harmony.walk import AGAIN, Vocabulary, onward, vocabulary

PLAINNESS, RICHNESS = 4.0, 1.2  # halvings a step below complexity 5, doublings above, of a row all of chromatic chords
MAJOR_CHORDS: Final = frozenset(
    {(0, "maj"), (2, "min"), (4, "min"), (5, "maj"), (7, "maj"), (7, "dom"), (9, "min"), (11, "dim"), (7, "sus"), (11, "hdim")}
)
MINOR_CHORDS: Final = frozenset(
    {(0, "min"), (2, "hdim"), (2, "dim"), (3, "maj"), (5, "min"), (7, "dom"), (7, "maj"), (7, "min"), (8, "maj"),
    (10, "maj"), (10, "dom"), (11, "dim"), (7, "sus")}
)  # fmt: skip


class Style(NamedTuple):
    """How the rows of a piece are read and weighed."""

    mode: str
    minor: bool
    complexity: int
    figures: bool
    blues: bool  # the application has blues of its own: its dominants are at home


Bars = tuple[Steps, ...]
Trait = tuple[float, float, float, float]  # a row's own weight, what complexity makes of it, its chromatic share, its pace


class Reading(NamedTuple):
    """A row in the mode of a piece: its bars, what it weighs, and the chords by which it joins others."""

    bars: Bars
    trait: Trait
    first: tuple[int, Step]  # its first chord with the pitch class
    last: tuple[int, Step, tuple[float, ...]]  # its last, and how well that goes on by so many semitones


class Readings(NamedTuple):
    """Rows to choose from, a column for each thing that is weighed."""

    bars: tuple[Bars, ...]
    traits: tuple[Trait, ...]
    firsts: tuple[tuple[int, Step], ...]
    lasts: tuple[tuple[int, Step, tuple[float, ...]], ...]


def reading(row: Row, style: Style) -> Reading:
    """A row as a style reads it."""
    bars = in_mode(row.text, style)
    first, last = bars[0][0], bars[-1][-1]
    trait = (row.weight, lean(row.text, style), chromatic_share(row.text, style), pace_of(row.text))
    return Reading(bars, trait, (first.pc, first), (last.pc, last, onward(last)))


def weights_after(before: Step, rows: Readings, weights: Sequence[float]) -> list[float]:
    """The weights of rows by how well their first chords go on from one before them."""
    pc, joins = before.pc, onward(before)
    return [
        weight * (AGAIN if first_pc == pc and before.same(first) else joins[(first_pc - pc) % 12])
        for weight, (first_pc, first) in zip(weights, rows.firsts, strict=True)
    ]


def weights_before(goal: Step, rows: Readings, weights: Sequence[float]) -> list[float]:
    """The weights of rows by how well their last chords go on to one after them."""
    pc = goal.pc
    return [
        weight * (AGAIN if last_pc == pc and last.same(goal) else joins[(pc - last_pc) % 12])
        for weight, (last_pc, last, joins) in zip(weights, rows.lasts, strict=True)
    ]


@lru_cache(maxsize=4096)
def chromatic_share(text: str, style: Style) -> float:
    """The share of a row's chords that are outside the scale's own; in a blues I7 and IV7 are its own."""
    steps = [step for bar in read_row(text, style.figures) for step in bar]
    own = MINOR_CHORDS if style.minor else MAJOR_CHORDS
    if style.blues and not style.minor and all(step.family == "dom" for step in steps):
        return sum(step.pc not in (0, 5, 7) for step in steps) / len(steps)
    return sum((step.pc, step.family) not in own for step in steps) / len(steps)


@lru_cache(maxsize=8192)
def lean(text: str, style: Style) -> float:
    """Plain rows for simple pieces, chromatic ones for complex."""
    steepness = PLAINNESS if style.complexity < 5 else RICHNESS
    return float(2.0 ** ((style.complexity - 5) * chromatic_share(text, style) * steepness))


def pace_of(text: str) -> float:
    """Chords a bar beyond one."""
    bars = [part.split() for part in text.split("|")]
    return sum(sum(word[0] != "[" for word in words) for words in bars) / len(bars) - 1


def in_mode(text: str, style: Style) -> tuple[Steps, ...]:
    """The bars of a row; in a mode that is neither major nor minor with the mode's own chords."""
    bars = read_row(text, style.figures)
    return bars if style.mode in ("major", "minor") else borrowed_row(bars, style.mode)


def chords_of(rows: Iterable[Row], style: Style) -> Vocabulary:
    """The chords of rows, for a walk through them."""
    weighed = ((in_mode(row.text, style), row.weight * lean(row.text, style)) for row in rows)
    return vocabulary(weighed, style.minor, min(2.0, max(0.0, (style.complexity - 2) / 3)), style.figures)
