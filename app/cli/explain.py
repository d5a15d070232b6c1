"""`octet explain FILE|CHORDS`: what every chord is in its key, bar by bar, and by which term players know it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from app import studio
from app.cli.arguments import Command, Option, clean, read
from app.cli.chart_source import file_named
from app.cli.output import read_file
from app.errors import RequestError
from app.services.explaining import Explanation, explanation_json
from app.services.registry import discover
from app.settings import settings
from app.theory.progression import Span, Technique
from app.wiring import runtime

COMMAND: Final = Command(
    "explain FILE | CHORDS [options]",
    "Say what each chord is: numeral, function, local key, and the term players have for it (V7 of ii, backdoor, cadence).",
    (
        Option("--key", 'the key; else the one that is said, else found: "Eb", "F# minor"', "KEY", clean),
        Option("--json", "print JSON"),
    ),
    """  octet explain "Dm7 | G7 | Cmaj7 A7 | Dm7 G7 | Cmaj7"
  octet explain ballad.mid
  octet explain tune.chordpro --key Eb --json""",
)


def run(arguments: list[str]) -> int:
    """Explain."""
    given = read(COMMAND, arguments)
    if not given.words:
        raise RequestError('which chords? octet explain "Dm7 | G7 | Cmaj7", or a file')
    chosen = settings()
    text = clean(" ".join(given.words))
    name = file_named(given.words)
    source = read_file(name) if name else text.encode()
    by_rule = runtime(chosen)._replace(models=None)  # a file has its harmony
    explained = studio.explain(source, name, given.values.get("key", ""), discover(chosen.cache_folder), by_rule)
    if "json" in given.values:
        print(json.dumps(explanation_json(explained)))
    else:
        print("\n".join(_lines(explained)))
    return 0


def _lines(explained: Explanation) -> Iterator[str]:
    progression = explained.progression
    title = f"{explained.title}: " if explained.title else ""
    bars = len(progression.bars)
    yield f"{title}{_key(explained)}, {progression.metre}, {bars} {'bar' if bars == 1 else 'bars'}"
    if explained.origin:
        yield f"made by {explained.origin}"
    names = {section.bar: section.name for section in progression.form.sections if len(progression.form.sections) > 1}
    rows = [
        (bar, span, terms) for bar in range(bars) for span, terms in _terms(progression.bars[bar], bar, progression.techniques)
    ]
    widths = [max(len(text) for text in column) for column in zip(*(_cells(span) for _, span, _ in rows), strict=True)]
    before = -1
    for bar, span, terms in rows:
        if bar != before and bar in names:
            yield f"[{names[bar]}]"
        cells = "  ".join(text.ljust(width) for text, width in zip(_cells(span), widths, strict=True))
        yield f"{'' if bar == before else bar + 1:>4}  {cells}  {terms}".rstrip()
        before = bar
    for note in explained.notes:
        yield f"note: {note}"


def _key(explained: Explanation) -> str:
    key = str(explained.progression.key)
    if explained.source != "found":
        return key
    return f"{key} (found, {explained.found.sureness:.0%} sure; next {explained.found.other})"


def _cells(span: Span) -> tuple[str, str, str, str]:
    analysis = span.analysis
    return span.chord.display, analysis.numeral, analysis.function, f"in {analysis.key}" if analysis.key else ""


def _terms(spans: tuple[Span, ...], bar: int, techniques: tuple[Technique, ...]) -> Iterator[tuple[Span, str]]:
    """Each chord of a bar with its terms; what the bar has beside them stands at its first chord, a half cadence at its last."""
    rules = {span.analysis.rule for span in spans}
    left = [technique for technique in techniques if technique.bar == bar]
    for place, span in enumerate(spans):
        here = [technique for technique in left if technique.name == span.analysis.rule][: None if place == len(spans) - 1 else 1]
        here += [
            technique
            for technique in left
            if technique.name not in rules and place == (len(spans) - 1 if technique.name == "half cadence" else 0)
        ]
        left = [technique for technique in left if technique not in here]
        yield span, "; ".join(_said(technique) for technique in here) or span.analysis.rule


def _said(technique: Technique) -> str:
    return (
        technique.why if technique.name in technique.why or "cadence" in technique.why else f"{technique.name}: {technique.why}"
    )
