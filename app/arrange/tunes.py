"""The rhythm of a melody: phrases of four bars made of a motif, its return, a variation and a cadence that breathes."""

from __future__ import annotations

from random import Random
from types import MappingProxyType
from typing import Final, NamedTuple

from app.arrange.fit import fit
from app.arrange.notation import Row, read_row
from app.arrange.plan import BarPlan, Plan
from app.arrange.style import PartStyle
from app.theory.rhythm import Metre

PHRASE: Final = 4  # bars
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


class Onset(NamedTuple):
    """A note to be: where, how long, and what it copies."""

    tick: int  # absolute
    length: int
    strong: bool  # on a beat that a listener counts: chord tones belong here
    closes: bool  # the last of its phrase
    copies: int  # index of the onset whose interval it takes up, -1 for none


def tune(plan: Plan, bars: list[BarPlan], style: PartStyle, chance: Random) -> list[Onset]:
    """The onsets of one section: a b a' c by phrase, the second half of each pair an answer."""
    onsets: list[Onset] = []
    beginnings: dict[str, int] = {}  # motif letter → index of its first onset
    rows: dict[str, Row] = {}
    native = _native(plan, style)
    for place, bar in enumerate(bars):
        left = len(bars) - place
        cadence = place % PHRASE == PHRASE - 1 or left == 1
        letter = "c" if cadence else "aba"[place % PHRASE]
        if letter not in rows or (letter != "a" and chance.random() < 0.6):
            rows[letter] = read_row(_row(plan, style, len(native.groups), bar, cadence=cadence, chance=chance))
        again = beginnings.get(letter, -1)
        first = len(onsets)
        written = native if len(rows[letter][0]) == len(native.groups) else FOUR  # cadences of the table have three beats or four
        for copied, placed in enumerate(fit(rows[letter], written, plan.metre, 0 if cadence else place)):
            strong = placed.tick in _strong(plan, bar) or placed.length >= plan.metre.beats[0][1] * 3 // 2
            copies = again + copied if again >= 0 and again + copied < first and letter == "a" else -1
            onsets.append(Onset(bar.start + placed.tick, placed.length, strong, False, copies))
        beginnings.setdefault(letter, first)
        if cadence and len(onsets) > first:
            onsets[-1] = onsets[-1]._replace(closes=True)
    return onsets


def _native(plan: Plan, style: PartStyle) -> Metre:
    if style.rows:
        return plan.native
    return THREE if len(plan.metre.groups) == 3 else FOUR


def _row(plan: Plan, style: PartStyle, beats: int, bar: BarPlan, *, cadence: bool, chance: Random) -> str:
    """A rhythm for a bar: the style's own, else one of the table by density."""
    own = style.rows.get(bar.variation) or style.rows.get("a")
    if own and not cadence:
        row = own[int(chance.random() * len(own))].row
        return " ".join("".join(beat) for beat in row[0])
    busy = 0.35 if bar.variation == "b" else 0.0
    wanted = style.density * (0.7 + 0.6 * plan.intensity) + busy + 0.3 * (chance.random() - 0.5)
    table = CADENCES if cadence else OPENINGS
    rows = table[beats if (beats, 0) in table else 4, min(2, max(0, round(wanted)))]
    return rows[int(chance.random() * len(rows))]


def _strong(plan: Plan, bar: BarPlan) -> frozenset[int]:
    """Ticks in the bar on which a group of beats or a chord begins."""
    beats = plan.metre.beats
    return frozenset([beats[beat][0] for beat in plan.metre.accents] + [span.start - bar.start for span in bar.spans])
