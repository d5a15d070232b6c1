"""Which of its rows a part plays in which bar: by section and variation, changing from phrase to phrase."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple

from app.arrange.fit import Laid, Placed, laid
from app.arrange.notation import Choice, Row
from app.arrange.plan import BarPlan, Plan
from app.arrange.style import PartStyle

SHORT_PHRASE: Final = 0.35  # how likely a one-bar row is left after a single bar


class Turn(NamedTuple):
    """A bar with what the part's row says in it. Without a row nothing is written: an ending, a break, a style without rows."""

    bar: BarPlan
    row: Row | None
    placed: tuple[Placed, ...]
    hold: int  # ticks for which the note of the bar before rings on


class _Hand:
    """Remembers which row a part is playing."""

    def __init__(self, plan: Plan, style: PartStyle, chance: Random) -> None:
        self.plan, self.style, self.chance = plan, style, chance
        self.row: Row | None = None
        self.start = 0
        self.until = -1
        self.key: tuple[str, int] = ("", -1)
        self.kept: dict[tuple[str, str], Row] = {}
        self.known: dict[int, Laid] = {}  # by the row's identity: to hash a row takes long

    def laid(self, row: Row) -> Laid:
        """The row on the ticks of the piece's metre."""
        found = self.known.get(id(row))
        if found is None:
            found = self.known[id(row)] = laid(row, self.plan.native, self.plan.metre)
        return found

    def row_for(self, bar: BarPlan, choices: tuple[Choice, ...]) -> tuple[Row, int]:
        """The row of a bar and which of the row's bars it is."""
        place = bar.place
        if len(choices) == 1:
            return choices[0].row, place
        if self.style.steady:
            name = (bar.variation, bar.section.label or bar.section.kind)
            if name not in self.kept:
                self.kept[name] = pick(choices, self.chance)
            return self.kept[name], place
        key = (bar.variation, bar.section.bar)
        if place >= self.until or key != self.key or self.row is None:
            self._turn(place, choices)
            self.key = key
        assert self.row is not None
        return self.row, place if self.style.clave else place - self.start

    def _turn(self, place: int, choices: tuple[Choice, ...]) -> None:
        """Take another row: one whose bars begin here, and not the one just played."""
        now, bars_of = self.row, self.laid
        ready = [choice for choice in choices if place % len(bars_of(choice[0]).bars) == 0] if place else choices
        fresh = [choice for choice in ready if choice[0] != now]
        self.row = pick(fresh or ready or choices, self.chance)
        self.start = place
        bars = len(self.laid(self.row).bars)
        if bars == 1 and self.chance.random() >= SHORT_PHRASE:
            bars = 2
        self.until = place + bars


def rows_of(style: PartStyle, variation: str) -> tuple[Choice, ...]:
    """The rows a variation is played from: b, intro and ending fall back to a; a break to nothing."""
    own = style.rows.get(variation)
    if own:
        return own
    if variation == "break":
        return ()
    return style.rows.get("a") or style.rows.get("b") or ()


def turns(plan: Plan, style: PartStyle, chance: Random) -> list[Turn]:
    """Every bar in which the part plays, in order. The last bar is left to the player unless it has rows of its own."""
    hand, role = _Hand(plan, style, chance), style.role
    found = []
    for bar in plan.bars:
        if role not in bar.only:
            continue
        choices = rows_of(style, bar.variation)
        if not choices or (bar.last and closing(bar, style)):
            found.append(Turn(bar, None, (), 0))
            continue
        row, index = hand.row_for(bar, choices)
        bars, holds = hand.laid(row)
        index %= len(bars)
        found.append(Turn(bar, row, bars[index], holds[index]))
    return found


def closing(bar: BarPlan, style: PartStyle) -> bool:
    """Whether the bar is the piece's last and no row is written for it."""
    return bar.last and bar.variation == "ending" and not style.rows.get("ending")


def pick(choices: Sequence[Choice], chance: Random) -> Row:
    """One of the alternatives by weight."""
    if len(choices) == 1:
        return choices[0].row
    mark = chance.random() * sum([weight for _, weight in choices])
    for row, weight in choices:
        mark -= weight
        if mark < 0:
            return row
    return choices[-1].row
