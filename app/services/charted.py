"""A progression that came from outside, kept as one text: its form and chart, from which it is made again exactly."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from app.errors import RequestError
from app.harmony.explain import explain
from app.harmony.forms import KINDS, LETTERS
from app.harmony.spotted import spotted
from app.theory.brief import Brief
from app.theory.charts import Bars, read_chart, write_chart
from app.theory.form import Form, Section
from app.theory.progression import Progression, Span, Technique
from app.theory.rhythm import Metre

UNREADABLE: Final = "the harmony kept in the file cannot be read"
LONGEST: Final = 64  # characters of a name
PLAYED: Final = frozenset({*KINDS.values(), *LETTERS.values(), "ending"})


def written(label: str, form: Form, bars: Bars, metre: Metre) -> str:
    """Three lines: who made it, the form, the chart. ASCII."""
    sections = ", ".join(f"{section.name}/{section.kind}/{section.bars}/{section.label}" for section in form.sections)
    return f"{label}\n{form.name}: {sections}\n{write_chart(bars, metre)}"


def label_of(text: str) -> str:
    """Who made it."""
    return "".join(letter for letter in text.partition("\n")[0][:LONGEST] if " " <= letter <= "~") or "unknown"


def progression_from(text: str, brief: Brief) -> Progression:
    """The progression of such a text, analysed. Raises RequestError when it does not fill the brief's bars or cannot be read."""
    lines = text.split("\n")
    if len(lines) != 3:
        raise RequestError(UNREADABLE, "made")
    bars = read_chart(lines[2], brief.metre, brief.key)
    form = _form(lines[1])
    if form.bars != len(bars) or len(bars) != brief.num_bars:
        raise RequestError(f"{UNREADABLE}: {len(bars)} bars in a form of {form.bars} for a piece of {brief.num_bars}", "made")
    return progression_of(bars, form, brief)


def progression_of(bars: Bars, form: Form, brief: Brief) -> Progression:
    """Bars and form as a progression, every chord explained."""
    spans = []
    for bar in bars:
        beat, row = Fraction(0), []
        for length, chord in bar:
            row.append(Span(beat, length, chord))
            beat += length
        spans.append(tuple(row))
    progression = explain(Progression(brief.key, brief.metre, tuple(spans), form))
    return progression._replace(techniques=tuple(dict.fromkeys((*progression.techniques, *_asked(progression, brief)))))


def _asked(progression: Progression, brief: Brief) -> Iterator[Technique]:
    """The techniques that were asked for, where they are heard."""
    known = {technique.name for technique in progression.techniques}
    for name in brief.techniques:
        if name not in known:
            yield from spotted(progression, name) or ()


def _form(line: str) -> Form:
    name, _, listed = line.rpartition(": ")
    sections: list[Section] = []
    bar = 0
    for item in listed.split(", "):
        fields = item.split("/")
        if len(fields) != 4 or fields[1] not in PLAYED or not fields[2].isdecimal() or not 0 < int(fields[2][:4]) <= 512:
            raise RequestError(UNREADABLE, "made")
        sections.append(Section(fields[0][:LONGEST], fields[1], bar, int(fields[2][:4]), fields[3][:LONGEST]))
        bar += sections[-1].bars
    return Form(name[:LONGEST], tuple(sections))
