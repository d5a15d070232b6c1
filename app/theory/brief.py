"""What is asked (`Ask`, as given) and what was understood (`Brief`, every field decided)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, NamedTuple

from app.theory.key import Key
from app.theory.presence import Presence
from app.theory.rhythm import Metre

LIMITS: Final = MappingProxyType(
    {  # inclusive bounds of numbers, and the longest text
        "num_bars": (1, 512),
        "tempo": (20, 400),
        "seed": (0, 2**31 - 1),
        "complexity": (1, 10),
        "description": (0, 2000),
        "humanize": (0, 1),
        "swing": (0, 1),
        "intensity": (0, 1),
    }
)


Number = float | str | None  # as given: understanding reads and checks it


class Ask(NamedTuple):
    """A request as given, unchecked; None or empty means: not said."""

    genre: str
    description: str = ""
    key: str | None = None
    tempo: Number = None
    num_bars: Number = None
    application: str | None = None
    time_signature: str | None = None
    seed: int | None = None
    chords: str | None = None
    parts: tuple[str, ...] = ()
    with_parts: tuple[str, ...] = ()
    without_parts: tuple[str, ...] = ()
    form: str | None = None
    complexity: Number = None
    humanize: Number = None
    swing: Number = None
    intensity: Number = None
    reseed: tuple[tuple[str, int], ...] = ()
    strategy: str | None = None
    model: str | None = None
    allow_paid: str | None = None
    deadline_ms: int | None = None
    made: str | None = None  # harmony that a model has found, as a file of ours keeps it (`app.services.charted`)


class Understood(NamedTuple):
    """One decided thing: where it comes from, and the words it was read from."""

    field: str
    value: str
    source: str  # field | words | default
    words: str = ""


class Brief(NamedTuple):
    """What is to be made: nothing left open. Made by `understand`."""

    genre: str
    application: str
    description: str
    key: Key
    tempo: float  # the metre's beats a minute (dotted quarters in compound metres)
    metre: Metre
    num_bars: int
    seed: int
    form: str = ""  # a form asked for ("AABA", "intro, verse, chorus"), "" for the application's own
    chords: str = ""  # a chart to obey exactly, "" for none
    moods: tuple[str, ...] = ()  # "dark", "bright", "tender", ... (names of the mood table)
    techniques: tuple[str, ...] = ()  # names as harmony's rule table has them: "tritone substitution"
    playing: tuple[str, ...] = ()  # how parts play: "walking bass", "brushes", "two-feel"
    complexity: int = 5
    intensity: float = 0.5
    humanize: float = 1.0
    swing: float | None = None  # 0 straight ... 1 hard; None for the groove's own ratio
    parts: tuple[str, ...] = ()  # the roles that play, in order
    reseed: tuple[tuple[str, int], ...] = ()
    bars_asked: bool = False  # whether the number of bars was asked for, or is the application's default
    understood: tuple[Understood, ...] = ()
    not_understood: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # contradictions and what a person should know
    density: float = 0.5  # 0 sparse ... 1 busy
    avoid: tuple[str, ...] = ()  # moods, techniques and ways to play that are not wanted, by their names
    with_sections: tuple[str, ...] = ()  # kinds of `Section` asked for: "intro", "bridge"
    without_sections: tuple[str, ...] = ()  # kinds that are not wanted
    section_bars: tuple[tuple[str, int], ...] = ()  # kind → bars of a section whose length was asked for: ("intro", 8)
    programs: tuple[tuple[str, int], ...] = ()  # role → General MIDI program of the instrument asked for: ("keys", 4)
    title: str = ""  # of the chart, "" for none
    destination: Key | None = None  # a key that the piece is told to go to
    returns: bool = False  # whether it comes home from there
    presence: tuple[Presence, ...] = ()  # where parts are to rest
