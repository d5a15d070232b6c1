"""Which of its rows a part plays in which bar: by section and variation, changing from phrase to phrase."""

from __future__ import annotations

from random import Random
from typing import Final, NamedTuple, Protocol, TypeVar

from app.arrange.fit import Laid, Placed, laid
from app.arrange.notation import Choice, Row
from app.arrange.plan import BarPlan, Plan
from app.arrange.style import PartStyle

SHORT_PHRASE: Final = 0.35  # how likely a one-bar row is left after a single bar


class Weighed(Protocol):
    """An alternative."""

    @property
    def weight(self) -> float:
        """How often it is taken, against the others."""


One = TypeVar("One", bound=Weighed)


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
        self.row: Laid | None = None
        self.start = 0
        self.until = -1
        self.key: tuple[str, int] = ("", -1)
        self.kept: dict[tuple[str, str], Laid] = {}
        self.known: dict[str, tuple[Laid, ...]] = {}  # variation → its rows

    def choices(self, variation: str) -> tuple[Laid, ...]:
        """The rows of a variation on the piece's metre."""
        if variation not in self.known:
            self.known[variation] = laid(rows_of(self.style, variation), self.plan.native, self.plan.metre)
        return self.known[variation]

    def row_for(self, bar: BarPlan, choices: tuple[Laid, ...]) -> tuple[Laid, int]:
        """The row of a bar and which of the row's bars it is."""
        if len(choices) == 1:
            return choices[0], bar.place
        if self.style.steady:
            name = (bar.variation, bar.section.label or bar.section.kind)
            if name not in self.kept:
                self.kept[name] = picked(choices, self.chance)
            return self.kept[name], bar.place
        key = (bar.variation, bar.section.bar)
        if key != self.key or bar.place >= self.until or self.row is None:
            self.row = self._turn(bar, choices)
        self.key = key
        return self.row, bar.place if self.style.clave else bar.place - self.start

    def _turn(self, bar: BarPlan, choices: tuple[Laid, ...]) -> Laid:
        """Take another row: one whose bars begin here, and not the one just played."""
        before = self.row and self.row.row
        ready = tuple([choice for choice in choices if bar.place % len(choice.bars) == 0])
        fresh = tuple([choice for choice in ready if choice.row != before])
        row = picked(fresh or ready or choices, self.chance)
        self.start = bar.place
        bars = len(row.bars)
        if bars == 1 and self.chance.random() >= SHORT_PHRASE:
            bars = 2
        self.until = bar.place + bars
        return row


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
    hand = _Hand(plan, style, chance)
    found = []
    for bar in plan.bars:
        if style.role not in bar.only:
            continue
        choices = hand.choices(bar.variation)
        if not choices or closing(bar, style):
            found.append(Turn(bar, None, (), 0))
            continue
        played, place = hand.row_for(bar, choices)
        index = place % len(played.bars)
        found.append(Turn(bar, played.row, played.bars[index], played.holds[index]))
    return found


def closing(bar: BarPlan, style: PartStyle) -> bool:
    """Whether the bar is the piece's last and no row is written for it."""
    return bar.last and bar.variation == "ending" and not style.rows.get("ending")


def pick(choices: tuple[Choice, ...], chance: Random) -> Row:
    """The row of one of the alternatives, by weight."""
    return picked(choices, chance).row


def picked(choices: tuple[One, ...], chance: Random) -> One:
    """One of the alternatives by weight."""
    if len(choices) == 1:
        return choices[0]
    mark = chance.random() * sum([choice.weight for choice in choices])
    for choice in choices:
        mark -= choice.weight
        if mark < 0:
            return choice
    return choices[-1]
