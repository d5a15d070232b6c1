"""The form of a model's progression: the one it was given, or its own where its letters and its chords agree on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.harmony.forms import LETTERS, plan_form
from app.harmony.tables import HarmonyTables
from app.services.parsing import Parsed
from app.theory.brief import Brief
from app.theory.chance import Chance
from app.theory.charts import Bars
from app.theory.form import Form, Section

LEAST: Final = 4  # bars of a section
ALIKE: Final = 0.5  # share of bars that sections of one letter have in common


def given_form(brief: Brief, tables: HarmonyTables) -> Form:
    """The form that a model is asked to fill: as the rules would choose it."""
    return plan_form(brief, tables, Chance(brief.seed).of("model form")).form


def form_of(parsed: Parsed, brief: Brief, tables: HarmonyTables) -> Form:
    """The form of an answer."""
    if parsed.sections:
        return _played(parsed.sections)
    letters = [word for word in parsed.plan if word in LETTERS]
    if brief.form or len(letters) < 2 or len(letters) == len(parsed.plan) == 0:
        return given_form(brief, tables)
    size, rest = divmod(len(parsed.bars), len(letters))
    if rest or size < LEAST or not _agree(letters, size, parsed.bars):
        return given_form(brief, tables)
    asked = brief._replace(form="".join(letters))
    return plan_form(asked, tables, Chance(brief.seed).of("model form")).form


def _agree(letters: Sequence[str], size: int, bars: Bars) -> bool:
    """Whether sections of one letter are alike, and those of different ones are not the same."""
    parts = [bars[index * size : (index + 1) * size] for index in range(len(letters))]
    first = {letter: parts[letters.index(letter)] for letter in letters}
    alike = all(_shared(first[letter], part) >= ALIKE for letter, part in zip(letters, parts, strict=True))
    return alike and len({tuple(part) for part in first.values()}) == len(first)


def _shared(one: Bars, other: Bars) -> float:
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def _played(sections: Sequence[tuple[str, int]]) -> Form:
    """Sections by letter, numbered where they come back."""
    found: list[Section] = []
    times: dict[str, int] = {}
    labels = [label for label, _ in sections]
    bar = 0
    for label, bars in sections:
        times[label] = times.get(label, 0) + 1
        name = f"{label}{times[label]}" if labels.count(label) > 1 else label
        found.append(Section(name, LETTERS.get(label, "verse"), bar, bars, label))
        bar += bars
    return Form("".join(labels[:12]), tuple(found))
