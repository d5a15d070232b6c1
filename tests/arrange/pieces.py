"""Small pieces for the arranger's tests: a chart in any metre, a style from a few rows."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from app.arrange.plan import Plan
from app.arrange.planner import make_plan
from app.arrange.style import Style
from app.arrange.style_reader import read_style
from app.theory.brief import Brief
from app.theory.chord import Chord
from app.theory.form import Form, Section
from app.theory.key import Key
from app.theory.progression import Progression, Span
from app.theory.rhythm import Metre

CHANGES = ("Cmaj7", "A7", "Dm7", "G7", "Em7", "A7", "Dm7", "G7")
PARTS: dict[str, Any] = {
    "bass": {"engine": "walking", "range": ["E1", "G3"]},
    "keys": {"engine": "comp", "range": ["C3", "C5"], "a": ["c . c .", ". c . c"]},
    "melody": {"engine": "melody", "range": ["A3", "E5"]},
    "horns": {"engine": "line", "range": ["A3", "E5"], "a": "1 3 5 . | . . 8 5"},
}
DRUMS: dict[str, Any] = {
    "lead": "fill",
    "a": {"kick": "x . x .", "snare": ". X . X", "hat": ["xx xx xx xx", "xo xo xo xo"]},
    "fill": [{"beats": 2, "snare": "xx xX", "tom2": ".x x."}],
}


def style(groove: dict[str, Any] | None = None, metre: str = "4/4", parts: dict[str, Any] | None = None) -> Style:
    """A style of `PARTS` and `DRUMS`, with what a test adds."""
    table = {"ensemble": ["drums", "bass", "keys"], "drums": DRUMS, "metre": metre, **(groove or {})}
    return read_style(table, {"parts": {**PARTS, **(parts or {})}}, "test")


def progression(metre: str = "4/4", bars: int = 16, changes: tuple[str, ...] = CHANGES) -> Progression:
    """One chord a bar, in sections of eight bars, A1 B A2 ..."""
    time = Metre.of(metre)
    chords = [Chord.parse(changes[bar % len(changes)]) for bar in range(bars)]
    rows = tuple((Span(Fraction(0), Fraction(time.upper), chord),) for chord in chords)
    sections = tuple(
        Section(
            f"{'AB'[number % 2]}{number // 2 + 1}",
            "verse" if number % 2 == 0 else "chorus",
            start,
            min(8, bars - start),
            "AB"[number % 2],
        )
        for number, start in enumerate(range(0, bars, 8))
    )
    return Progression(Key("C"), time, rows, Form("AB", sections))


def brief(metre: str = "4/4", bars: int = 16, **fields: Any) -> Brief:
    """What was asked: C major, 120, drums, bass and keys."""
    given: dict[str, Any] = {"parts": ("drums", "bass", "keys"), **fields}
    return Brief("test", "test", "", Key("C"), 120.0, Metre.of(metre), bars, 1, **given)


def plan(metre: str = "4/4", bars: int = 16, playing: Style | None = None, asked: tuple[str, ...] = (), **fields: Any) -> Plan:
    """The plan of such a piece, played in the ways asked for."""
    return make_plan(brief(metre, bars, playing=asked, **fields), progression(metre, bars), playing or style())
