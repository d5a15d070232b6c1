"""`octet reharmonize CHORDS --genre GENRE`: what else each bar could be, ranked, with reasons and distances."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from app import studio
from app.cli.arguments import Command, Option, clean, decimal, read, whole
from app.cli.asking import MODELS
from app.cli.chart_source import chart_given
from app.cli.progress import spoken
from app.errors import RequestError
from app.services.registry import discover
from app.services.reharmonizing import MOST, Reharmonization, Wanted, reharmonization_json
from app.settings import settings
from app.theory.progression import Span
from app.wiring import runtime


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:4]) <= MOST:
        raise RequestError(f'count "{clean(text)[:20]}": a whole number from 1 to {MOST}', "count")
    return int(text)


COMMAND: Final = Command(
    "reharmonize CHORDS | FILE --genre GENRE [options]",
    "Offer other chords for every bar, those first that fit the style and the chords around; 0 is the same, 1 is far away.\n"
    "Where a model is configured its ideas stand among the rules'.",
    (
        Option("--genre", "whose harmony; `octet genres` lists them", "GENRE", clean),
        Option("--application", "the genre's sub-style; `octet genres NAME` lists them", "NAME", clean),
        Option("--key", "the key; else the one that the chart says, else found", "KEY", clean),
        Option("--complexity", "1-10; else 5", "N", decimal("complexity")),
        Option("--melody", 'notes over the bars that every alternative respects: "E5 | D5 C5 | C5"', "NOTES", clean),
        Option("--count", "alternatives a bar; else 5", "N", _count, "each"),
        Option("--seed", "where a rule has a choice", "N", whole("seed")),
        *MODELS,
        Option("--json", "print JSON"),
    ),
    """  octet reharmonize "Dm7 | G7 | Cmaj7" --genre gospel --complexity 7
  octet reharmonize tune.chordpro --genre jazz --melody "E5 | F5 | E5" --count 3""",
)


def run(arguments: list[str]) -> int:
    """Reharmonize."""
    given = read(COMMAND, arguments)
    if not given.words:
        raise RequestError('which chords? octet reharmonize "Dm7 | G7 | Cmaj7" --genre gospel')
    if "genre" not in given.values:
        raise RequestError("which genre's harmony? --genre gospel; `octet genres` lists them", "genre")
    fields = {name: value for name, value in given.values.items() if name in Wanted._fields}
    chosen = settings()
    wanted = Wanted(chart_given(given.words), **fields)
    found = studio.reharmonize(wanted, discover(chosen.cache_folder), spoken(runtime(chosen)))
    print(json.dumps(reharmonization_json(found)) if "json" in given.values else "\n".join(_lines(found)))
    return 0


def _lines(found: Reharmonization) -> Iterator[str]:
    progression = found.explained.progression
    how = " (found)" if found.explained.source == "found" else ""
    yield f"{progression.key}{how}, {progression.metre}; {found.genre} / {found.application}, complexity {found.complexity}"
    width = max((len(_chords(one.spans)) for bar in found.bars for one in bar.alternatives), default=0)
    for bar in found.bars:
        yield f"{bar.bar + 1:>4}  {_chords(bar.spans)}"
        for one in bar.alternatives:
            yield f"        {_chords(one.spans):{width}}  {one.distance:.2f}  {one.reason}"
        if not bar.alternatives:
            yield f"        {bar.note}"


def _chords(spans: tuple[Span, ...]) -> str:
    return " ".join(span.chord.display for span in spans)
