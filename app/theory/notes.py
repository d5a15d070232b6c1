"""Notes and parts in integer ticks, 480 a quarter: what the players hand to the writers."""

from __future__ import annotations

from functools import partial
from typing import Final, NamedTuple

from app.theory.form import Form
from app.theory.key import Key
from app.theory.progression import Progression
from app.theory.rhythm import Metre


class Note(NamedTuple):
    """One sounding note. Ticks count from the first bar line."""

    start: int
    duration: int
    pitch: int  # MIDI, C4 = 60
    velocity: int  # 1-127


note_of: Final = partial(tuple.__new__, Note)  # from the four as a tuple, thrice as fast as Note._make, which counts them


class Control(NamedTuple):
    """A controller value (`number` 0-127), or a pitch bend when `number` is BEND (`value` -8192 ... 8191)."""

    tick: int
    number: int
    value: int


control_of: Final = partial(tuple.__new__, Control)  # likewise

BEND = -1
BEND_RANGE: Final = 2  # semitones at full bend, unless a part says otherwise


class Part(NamedTuple):
    """One player: one track, one channel."""

    role: str  # keys | organ | guitar | bass | drums | horns | strings | choir | pad | melody | soprano ...
    name: str  # the track's name, ASCII: "Keys"
    program: int  # General MIDI, from 0
    channel: int  # from 0; drums are 9
    notes: tuple[Note, ...]
    controls: tuple[Control, ...] = ()
    volume: int = 100
    pan: int = 64
    instrument: str = ""  # what a person reads: "electric piano"
    bend_range: int = BEND_RANGE  # semitones at full bend, set in the file where the part bends


class TempoChange(NamedTuple):
    """From this tick on, so many quarters a minute."""

    tick: int
    quarters: float


class Arrangement(NamedTuple):
    """All that is written to a file. The first tempo is the tempo asked, as quarters a minute."""

    key: Key
    metre: Metre
    form: Form
    progression: Progression
    tempo: tuple[TempoChange, ...]
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()  # what a person should know (an adapted metre)

    @property
    def end(self) -> int:
        """The tick where the last bar ends: nothing sounds after it."""
        return self.metre.bar * len(self.progression.bars)
