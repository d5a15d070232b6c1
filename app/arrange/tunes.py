"""The rhythm of a melody: phrases of motifs that return, upbeats, a cadence that breathes, bars left to others."""

from __future__ import annotations

from functools import partial
from itertools import chain, repeat
from random import Random
from types import MappingProxyType
from typing import Final, NamedTuple

from app.arrange.fit import Laid, laid
from app.arrange.notation import Row, read_row
from app.arrange.plan import BarPlan, Plan
from app.arrange.song import CLOSE, SILENT
from app.arrange.style import PartStyle
from app.arrange.turns import pick
from app.theory.rhythm import Metre

FOUR: Final = Metre.of("4/4")
THREE: Final = Metre.of("3/4")
# Rhythms by beats of their bar and by density; `1` is an onset. Sung lines: few notes on every beat, ties over the middle.
OPENINGS: Final = MappingProxyType(
    {
        (4, 0): ("1 - 1 -", "1 - - 1", ". 1 1 -", "1 1 - -", "1- -1 1 -"),
        (4, 1): ("11 1 11 -", "1- 11 1 -", ".1 11 1- 1-", "1 11 -1 1-", ". .1 11 1-", "1- -1 -1 1-"),
        (4, 2): ("11 11 11 1-", ".1 11 11 11", "11 11 1- .1", "111 1- 11 1-", "1. 11 11 11", "11 1- .1 11"),
        (3, 0): ("1 - 1", "1 1 1", "1 - -", "1 1 -"),
        (3, 1): ("1 11 1", "1- 1 1", "1- -1 1", "1 1 11"),
        (3, 2): ("11 11 11", "1 11 11", "1- 11 11", ".1 11 11"),
    }
)  # fmt: skip
CADENCES: Final = MappingProxyType(
    {
        (4, 0): ("1 - - .", "1 1 - ."), (4, 1): ("11 1 - .", "1- 1- - .", ".1 1 - ."),
        (4, 2): ("11 11 1 .", "11 1- . .", "111 1 - ."),
        (3, 0): ("1 - .", "1 - -"), (3, 1): ("1 1 .", "1- - ."), (3, 2): ("11 1 .", "1- 1 ."),
    }
)  # fmt: skip
FIRST: Final = "a"
SHAPES: Final = (  # contours of a motif, from its beginning to its end
    (-1.0, 1.0), (1.0, -1.0), (-0.8, 1.0, -0.4), (0.6, -1.0, 0.5), (-1.0, 0.3, 1.0, 0.2), (0.8, 0.2, -1.0),
    (1.0, -0.3, 0.4, -1.0),
)  # fmt: skip
CLOSING: Final = ((0.6, -0.6), (-0.5, 0.5, 0.0), (1.0, -0.5, -0.6))
REMEMBERED: Final = 0.4  # how likely a new section's second motif has the rhythm of the piece's first


class Onset(NamedTuple):
    """A note to be: where, how long, and what it copies."""

    tick: int  # absolute
    length: int
    strong: bool  # on a beat that a listener counts: chord tones belong here
    closes: str  # "" | half | full: the last note of its phrase, asking or answering
    copies: int  # index of the onset whose interval it takes up, -1 for none
    begins: bool = False  # a motif's first note
    lean: float = 0.0  # -1 to 1: where in its motif's contour it lies


onset_of: Final = partial(tuple.__new__, Onset)  # from all seven as a tuple, thrice as fast as Onset


class Tune(NamedTuple):
    """The rhythm of one section as it grows."""

    plan: Plan
    style: PartStyle
    chance: Random
    native: Metre
    onsets: list[Onset]
    strong: frozenset[int]  # ticks in a bar on which a group of beats begins
    rows: dict[str, Row]  # motif letter → its rhythm
    rhythms: dict[str, Laid]  # motif letter → its rhythm in the piece's metre
    beginnings: dict[str, int]  # motif letter → index of its first onset
    shapes: dict[str, tuple[float, ...]]  # motif letter → its contour
    leans: dict[tuple[str, int], list[float]]  # motif letter and bar of its rhythm → where in the contour its onsets lie


def tune(plan: Plan, bars: list[BarPlan], style: PartStyle, chance: Random, home: dict[str, Row] | None = None) -> list[Onset]:
    """The onsets of one section; `home` keeps the piece's first motif from section to section."""
    beats = plan.metre.beats
    strong = frozenset([beats[beat][0] for beat in plan.metre.accents])
    made = Tune(plan, style, chance, _native(plan, style), [], strong, {}, {}, {}, {}, {})
    home = {} if home is None else home
    if FIRST in home and chance.random() < REMEMBERED:
        made.rows["b"] = home[FIRST]
    for number, (first, letters) in enumerate(_phrases(bars, style, chance)):
        answers = number % 2 == 1 or first + len(letters) >= len(bars)
        _phrase(made, bars[first : first + len(letters)], letters, "full" if answers else "half")
    if FIRST in made.rows:
        home.setdefault(FIRST, made.rows[FIRST])
    return made.onsets


def _phrases(bars: list[BarPlan], style: PartStyle, chance: Random) -> list[tuple[int, str]]:
    """The section in phrases: (first bar, letters). The last is cut to what is left, and closes."""
    found: list[tuple[int, str]] = []
    place, before = 0, ""
    while place < len(bars):
        before = before if before and chance.random() < style.song.literal else _drawn(style, chance)
        letters = before[: len(bars) - place]
        if place + len(letters) == len(bars) and CLOSE not in letters:
            letters = letters[:-1] + CLOSE
        found.append((place, letters))
        place += len(letters)
    return found


def _drawn(style: PartStyle, chance: Random) -> str:
    phrases = style.song.phrases
    mark = chance.random() * sum([weight for _, weight in phrases])
    for letters, weight in phrases:
        mark -= weight
        if mark < 0:
            return letters
    return phrases[-1][0]


def _phrase(made: Tune, bars: list[BarPlan], letters: str, closes: str) -> None:
    """Adds one phrase: its upbeat, its motifs, its close."""
    since = len(made.onsets)
    for bar, letter in zip(bars, letters, strict=True):
        if letter == SILENT:
            continue
        if bar is bars[0]:
            _upbeat(made, bar)
        _motif(made, bar, letter)
    if len(made.onsets) > since:
        made.onsets[-1] = made.onsets[-1]._replace(closes=closes)


def _motif(made: Tune, bar: BarPlan, letter: str) -> None:
    """Adds a bar's onsets; a motif that was heard before is copied."""
    onsets, first, metre = made.onsets, len(made.onsets), made.plan.metre
    rhythm = _rhythm(made, bar, letter)
    place = 0 if letter == CLOSE and not made.style.song.ends else bar.place  # the engine's own closes are of one bar
    place %= len(rhythm.bars)
    hold = rhythm.holds[place]
    if hold and onsets and onsets[-1].tick + onsets[-1].length == bar.start:
        onsets[-1] = onsets[-1]._replace(length=onsets[-1].length + hold)
    again = made.beginnings.get(letter, -1)
    copied = chain(range(again, first) if again >= 0 else (), repeat(-1))
    start, long = bar.start, metre.beats[0][1] * 3 // 2
    strong = made.strong.union([span.start - start for span in bar.spans])
    placed, leans, begins = rhythm.bars[place], _leans(made, letter, place), True
    for (tick, lasts, _), lean, copies in zip(placed, leans, copied, strict=False):
        onsets.append(onset_of((start + tick, lasts, tick in strong or lasts >= long, "", copies, begins, lean)))
        begins = False
    if letter not in made.beginnings and len(onsets) > first:
        made.beginnings[letter] = first


def _rhythm(made: Tune, bar: BarPlan, letter: str) -> Laid:
    """A motif's rhythm in the piece's metre."""
    found = made.rhythms.get(letter)
    if found is None:
        row = made.rows.get(letter)
        if row is None:
            row = made.rows[letter] = _row(made, bar, cadence=letter == CLOSE)
        written = made.native if len(row[0]) == len(made.native.groups) else FOUR if len(row[0]) == 4 else THREE
        found = made.rhythms[letter] = laid(row, written, made.plan.metre)
    return found


def _leans(made: Tune, letter: str, place: int) -> list[float]:
    """Where in its motif's contour each onset lies of that bar of a motif's rhythm."""
    found = made.leans.get((letter, place))
    if found is None:
        shape = made.shapes.get(letter)
        if shape is None:
            shapes = CLOSING if letter == CLOSE else SHAPES
            shape = made.shapes[letter] = shapes[int(made.chance.random() * len(shapes))]
        bar = made.plan.metre.bar
        found = made.leans[letter, place] = [_at(shape, placed.tick / bar) for placed in made.rhythms[letter].bars[place]]
    return found


def _at(shape: tuple[float, ...], position: float) -> float:
    """A contour's height at a position of the bar, from 0 to just below 1."""
    place = position * (len(shape) - 1)
    low = int(place)
    return shape[low] + (shape[low + 1] - shape[low]) * (place - low)


def _upbeat(made: Tune, bar: BarPlan) -> None:
    """Now and then the phrase begins before its bar line, where the line before has left off."""
    song, metre, onsets = made.style.song, made.plan.metre, made.onsets
    if not song.pickup or made.chance.random() >= song.pickup or bar.start == 0:
        return
    step = metre.beats[-1][1] // (3 if metre.compound else 2)
    start = bar.start - step * song.pickups
    if onsets and onsets[-1].tick >= start:
        return
    if onsets and onsets[-1].tick + onsets[-1].length > start:
        onsets[-1] = onsets[-1]._replace(length=start - onsets[-1].tick)
    onsets += [Onset(tick, step, False, "", -1) for tick in range(start, bar.start, step)]


def _native(plan: Plan, style: PartStyle) -> Metre:
    if style.rows:
        return plan.native
    return THREE if len(plan.metre.groups) == 3 else FOUR


def _row(made: Tune, bar: BarPlan, *, cadence: bool) -> Row:
    """A rhythm for a bar: the style's own, else one of the table by density."""
    style, chance = made.style, made.chance
    own = style.song.ends if cadence else style.rows.get(bar.variation) or style.rows.get("a") or ()
    if own:
        fresh = tuple([choice for choice in own if choice.row not in made.rows.values()])
        return pick(fresh or own, chance)
    busy = 0.35 if bar.variation == "b" else 0.0
    wanted = style.density * (0.7 + 0.6 * made.plan.intensity) + busy + 0.3 * (chance.random() - 0.5)
    table = CADENCES if cadence else OPENINGS
    beats = len(made.native.groups)
    rows = table[beats if (beats, 0) in table else 4, min(2, max(0, round(wanted)))]
    return read_row(rows[int(chance.random() * len(rows))])
