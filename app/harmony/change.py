"""What a substitution rule sees and what it answers: steps in a row, the place, and the steps to put there instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Final, NamedTuple

from app.harmony.step import BAR, Step

NAMES: Final = ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII")


class Change(NamedTuple):
    """So many steps from the place on are replaced by these, which last as long."""

    replaced: int
    steps: tuple[Step, ...]


class Scene(NamedTuple):
    """The steps of a section, what follows it, and how the piece is made."""

    steps: Sequence[Step]
    following: Step | None  # the first chord after the section
    minor: bool  # the piece's mode
    shortest: int  # units of the shortest chord that a rule may make
    chance: Random
    insist: bool = False  # the rule was asked for: it may take a place that it would leave alone
    figures: bool = False  # four-part style: chords invert so that the bass moves by step
    cadence: int = 0  # units of a phrase, whose last chord stays; 0: any may change

    def after(self, at: int) -> Step | None:
        """The chord that follows the one at that place."""
        return self.steps[at + 1] if at + 1 < len(self.steps) else self.following

    def before(self, at: int) -> Step | None:
        """The chord before that place."""
        return self.steps[at - 1] if at else None

    def divisible(self, at: int) -> bool:
        """Whether the chord there can be split in two."""
        return self.steps[at].units >= 2 * self.shortest


Rule = Callable[[Scene, int], Change | None]


def home_of(step: Step) -> int:
    """The tonic that a step is heard in, in fifths."""
    return step.home or 0


def is_minor(scene: Scene, step: Step) -> bool:
    """Whether a step is heard in minor."""
    return scene.minor if step.home is None else step.minor


def interval(here: Step, then: Step) -> int:
    """Semitones up from one root to the next, 0-11."""
    return (then.pc - here.pc) % 12


def leads(here: Step, then: Step) -> bool:
    """Whether a diminished chord goes on as such chords do: its bass by a half step, or up a fourth."""
    bass = (then.root if then.bass is None else then.bass) * 7 % 12
    return (bass - here.pc) % 12 in (1, 5, 11)


def resolves(here: Step, then: Step) -> bool:
    """Whether a dominant falls a fifth, or a half step, into its target."""
    return here.family == "dom" and interval(here, then) in (5, 11)


def degree(step: Step) -> int:
    """Semitones of its root above its own local tonic."""
    return (step.root - home_of(step)) * 7 % 12


def named(step: Step) -> str:
    """The numeral of a target in its key, for reasons: `ii`, `bVI`."""
    name = NAMES[degree(step)]
    return name.lower().replace("b", "b") if step.family in ("min", "hdim", "dim") else name


def parts(step: Step) -> tuple[int, int]:
    """The lengths of its two halves."""
    return step.units - step.units // 2, step.units // 2


def made(like: Step, root: int, suffix: str, units: int) -> Step:
    """A new chord in the same local key."""
    return Step(root, suffix, units, home=like.home, minor=like.minor)


def whole_bars(steps: Sequence[Step], at: int, bars: int) -> int:
    """How many steps from there fill exactly so many bars, 0 when they do not begin or end on bar lines."""
    if sum(step.units for step in steps[:at]) % BAR:
        return 0
    units = 0
    for count, step in enumerate(steps[at:], start=1):
        units += step.units
        if units >= bars * BAR:
            return count if units == bars * BAR else 0
    return 0
