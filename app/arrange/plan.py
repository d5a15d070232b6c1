"""The plan all players read: every bar with its chords in ticks, its section, variation, level and what it leads into."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.arrange.style import PartStyle
from app.theory.chord import Chord
from app.theory.form import Section
from app.theory.key import Key
from app.theory.notes import Note
from app.theory.progression import Analysis
from app.theory.rhythm import Metre

if TYPE_CHECKING:
    from app.arrange.changes import Changes


class TickSpan(NamedTuple):
    """A chord from tick to tick, as long as it lasts within a bar."""

    start: int
    end: int
    chord: Chord
    analysis: Analysis
    following: Chord  # the next different chord, or the same at the end


class BarPlan(NamedTuple):
    """One bar as every player needs it."""

    number: int  # from 0
    start: int  # tick
    spans: tuple[TickSpan, ...]
    section: Section
    place: int  # bar within the section, from 0
    variation: str  # a | b | intro | break | ending
    level: int  # added to velocities
    only: frozenset[str]  # roles that play in this bar
    lead: str = ""  # what it does into the next section: "" | fill | setup | mute
    opens: bool = False  # the first bar of a section that follows another
    last: bool = False  # the piece's last bar

    def at(self, tick: int) -> TickSpan:
        """The span that sounds at an absolute tick of this bar."""
        for span in self.spans:
            if tick < span.end:
                return span
        return self.spans[-1]


class Plan(NamedTuple):
    """The piece as planned."""

    bars: tuple[BarPlan, ...]
    key: Key
    metre: Metre
    native: Metre  # the metre the style's rows are written in
    tempo: float  # the metre's beats a minute
    quarters: float  # quarters a minute
    humanize: float
    swing: float | None  # what was asked: 0 straight ... 1 hard
    intensity: float  # 0 ... 1, 0.5 as written
    playing: frozenset[str]  # words about playing: "brushes", "walking bass"
    moods: frozenset[str]
    seed: int = 0  # of the whole piece
    chords: PartStyle | None = None  # the part that leads in the chords; the others are voiced beside it
    tune: tuple[Note, ...] = ()  # the melody that accompanists hear, as first sung: a part made anew changes no other
    changes: Changes | None = None  # the bars' chords as one list, made once for all players

    @property
    def end(self) -> int:
        """The tick where the last bar ends."""
        return len(self.bars) * self.metre.bar

    def alone(self, role: str) -> bool:
        """Whether nobody else with a pitch plays in the piece."""
        mine = {role, "drums"}
        return all(bar.only <= mine for bar in self.bars) and any(role in bar.only for bar in self.bars)

    @property
    def tick_ms(self) -> float:
        """Milliseconds a tick."""
        return 60000.0 / (self.quarters * 480)
