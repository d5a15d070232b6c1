"""Alternatives for the bars of a chart in a genre's harmony: what is asked, checked, and the answer with how its key is known."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from app.errors import RequestError
from app.harmony.reharmonize import NOTHING, Chart, Reharmonized, Suggested, reharmonize
from app.services.answer import method_json, number
from app.services.explaining import Explanation, explain_text
from app.services.genre import Genre
from app.services.piece import Method
from app.services.understand_fields import checked_application, checked_key, checked_number, quoted
from app.theory.brief import Ask
from app.theory.pitch import pitch_class
from app.theory.progression import Span

NOTE: Final = re.compile(r"([A-Ga-g])([b#♭♯]{0,2})(-?\d{1,2})?\Z", re.ASCII)
RESTS: Final = frozenset({"-", "r", "R", "."})
MOST: Final = 50  # alternatives of a bar
NO_METHOD: Final = Method()
Json = dict[str, Any]


class Wanted(NamedTuple):
    """What is asked, as given: a chart, a genre and its application ("" for its default), a key ("" for the chart's own)."""

    chords: str
    genre: str
    application: str = ""
    key: str = ""
    complexity: float = 5
    melody: str = ""
    each: int = 5  # alternatives of a bar
    seed: int = 0
    strategy: str = ""  # how models are asked, as in an Ask; "" leaves it to the settings
    model: str = ""
    allow_paid: str = ""
    deadline_ms: int | None = None

    @property
    def ask(self) -> Ask:
        """What it says of models."""
        return Ask(
            self.genre,
            strategy=self.strategy or None,
            model=self.model or None,
            allow_paid=self.allow_paid or None,
            deadline_ms=self.deadline_ms,
        )


class Reharmonization(NamedTuple):
    """The bars with their alternatives, in which harmony they were found, and the chart as it is explained."""

    bars: tuple[Reharmonized, ...]
    genre: str
    application: str
    complexity: int
    explained: Explanation
    method: Method = NO_METHOD


class Case(NamedTuple):
    """What is wanted, read and checked."""

    chart: Chart
    application: str
    complexity: int
    explained: Explanation


def reharmonized(wanted: Wanted, genre: Genre) -> Reharmonization:
    """The alternatives that are wanted, by rule. Raises RequestError (ChordError) for what cannot be read."""
    return answered(wanted, genre, case_of(wanted, genre))


def case_of(wanted: Wanted, genre: Genre) -> Case:
    """What is wanted. Raises RequestError (ChordError) for a field or a chart that cannot be read."""
    key = checked_key(wanted.key) if wanted.key else None
    name = genre.vocabulary.default_application
    application = checked_application(wanted.application, genre.vocabulary) if wanted.application else name
    complexity = int(checked_number("complexity", wanted.complexity))
    explained = explain_text(wanted.chords, key)
    progression = explained.progression
    bars = tuple(tuple((span.beats, span.chord) for span in spans) for spans in progression.bars)
    chart = Chart(bars, progression.metre, progression.key, melody_of(wanted.melody, len(bars)))
    return Case(chart, application, complexity, explained)


def answered(
    wanted: Wanted, genre: Genre, case: Case, suggested: Suggested = NOTHING, method: Method = NO_METHOD
) -> Reharmonization:
    """The alternatives, those that were suggested among them."""
    tables = genre.harmony(case.application)
    found = reharmonize(case.chart, tables, case.complexity, wanted.each, wanted.seed, suggested)
    return Reharmonization(found, genre.name, case.application, case.complexity, case.explained, method)


def melody_of(text: str, bars: int) -> tuple[tuple[int | None, ...], ...]:
    """The notes over each bar as pitch classes: `E5 | D5 C5 | -`, without bar lines one note a bar. Raises RequestError."""
    words = text.strip()
    if not words:
        return ()
    cells = words.strip("|").split("|") if "|" in words else words.split()
    if len(cells) > bars:
        message = f"melody: {len(cells)} bars of it for a chart of {bars}; give one note a bar, or bars between |"
        raise RequestError(message, "melody")
    return tuple(tuple(_note(word) for word in cell.split()) for cell in cells)


def _note(word: str) -> int | None:
    if word in RESTS:
        return None
    found = NOTE.match(word)
    if found is None:
        raise RequestError(f"melody {quoted(word)}: no note; write it like E5 or Bb, - for a rest", "melody")
    return pitch_class(found[1].upper() + found[2].replace("♭", "b").replace("♯", "#")) % 12


def reharmonization_json(found: Reharmonization) -> Json:
    """The alternatives in plain JSON values."""
    explained = found.explained
    return {
        "genre": found.genre,
        "application": found.application,
        "complexity": found.complexity,
        "key": str(explained.progression.key),
        "key_source": explained.source,
        "time_signature": str(explained.progression.metre),
        **method_json(found.method),
        "bars": [
            {
                "bar": bar.bar + 1,
                "chords": _chords(bar.spans),
                "alternatives": [
                    {
                        "chords": _chords(one.spans),
                        "rule": one.rule,
                        "reason": one.reason,
                        "distance": one.distance,
                        "score": one.score,
                        "method": one.method,
                    }
                    for one in bar.alternatives
                ],
                "note": bar.note,
            }
            for bar in found.bars
        ],
    }


def _chords(spans: tuple[Span, ...]) -> list[Json]:
    return [
        {
            "beat": number(span.beat + 1),
            "beats": number(span.beats),
            "symbol": span.chord.symbol,
            "display": span.chord.display,
            "numeral": span.analysis.numeral,
            "function": span.analysis.function,
        }
        for span in spans
    ]
