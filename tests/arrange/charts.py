"""Plans for the players' tests: a chart in text becomes a plan, rows become a part's style."""

from __future__ import annotations

from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

from app.arrange.notation import Choice, read_row
from app.arrange.plan import BarPlan, Plan, TickSpan
from app.arrange.style import PartStyle
from app.theory.chord import Chord
from app.theory.form import Section
from app.theory.key import Key
from app.theory.progression import Analysis
from app.theory.rhythm import Metre

ROLES = frozenset({"bass", "keys", "organ", "guitar", "pad", "soprano", "alto", "tenor", "violin1", "violin2", "viola", "cello"})


class Stroke(NamedTuple):
    """A struck drum, as tests read it."""

    tick: int
    drum: str
    velocity: int


def plan_of(
    chart: str, key: str = "C", metre: str = "4/4", *, times: int = 1, variation: str = "a", ending: bool = False, **fields: Any
) -> Plan:
    """The plan of a chart: bars between strokes, the chords of a bar sharing it evenly; one section."""
    time = Metre.of(metre)
    bars = [bar.split() for bar in chart.split("|")] * times
    chords = [(bar, place, len(names), Chord.parse(name)) for bar, names in enumerate(bars) for place, name in enumerate(names)]
    section = Section("A", "head", 0, len(bars), "A")
    rows: list[list[TickSpan]] = [[] for _ in bars]
    for number, (bar, place, count, chord) in enumerate(chords):
        start, end = (bar * time.bar + int(Fraction(time.upper * step // count)) * time.unit for step in (place, place + 1))
        following = next((other for _, _, _, other in chords[number + 1 :] if other != chord), chord)
        rows[bar].append(TickSpan(start, end, chord, Analysis(), following))
    planned = tuple(
        BarPlan(
            number=bar,
            start=bar * time.bar,
            spans=tuple(spans),
            section=section,
            place=bar,
            variation="ending" if ending and bar == len(bars) - 1 else variation,
            level=0,
            only=ROLES,
            last=bar == len(bars) - 1,
        )
        for bar, spans in enumerate(rows)
    )
    given = {"native": time, "tempo": 120.0, "quarters": 120.0, "playing": frozenset(), **fields}
    return Plan(planned, Key.parse(key), time, humanize=0.0, swing=None, intensity=0.5, moods=frozenset(), **given)


def part(role: str, engine: str, rows: dict[str, list[str]] | None = None, **fields: Any) -> PartStyle:
    """A part's style, its rows as text by variation."""
    read = {name: tuple(Choice(read_row(row)) for row in texts) for name, texts in (rows or {}).items()}
    return PartStyle(role, engine, rows=MappingProxyType(read), **fields)


JAZZ = "Cmaj7 A7 | Dm7 G7 | Em7 A7b9 | Dm7 G7 | Gm7 C7 | Fmaj7 | Fm6 Bb7 | Em7b5 A7b9 | D7 | Dm7 G7b9 | C6 | Db7"
FOLK = "C | F | C/E G7 | Am | Dm/F G | C F/A | C/G G7 | C"
COLOURS = "Ebm9 | Ab13 | Dbmaj9 | Bb7#9#5 | Ebm11 | Ab9sus4 | Db69 | Gdim7 | Abm7b5 | Db7#11 | Gb | Gbm6"
SUFFIXES = (
    "",
    "m", "7", "maj7", "m7", "m7b5", "dim", "dim7", "aug", "sus2", "sus4", "7sus4", "9sus4", "13sus4", "6",
    "m6", "69", "m69", "9", "maj9", "m9", "11", "m11", "13", "maj13", "7b9", "7#9", "7#11", "7b13",
    "7#9#5", "7b9#5", "7b9b13", "13#11", "mM7", "5", "(no3)(no5)", "add9", "madd9", "maj7#11", "7b5", "m7#5", "mb6", "(b5)",
)  # fmt: skip
BASSES = ("", "/D", "/F#", "/G", "/Bb")
