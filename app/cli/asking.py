"""The options that make an Ask, the same for every command that takes a genre and words."""

from __future__ import annotations

from typing import Any, Final

from app.cli.arguments import Given, Option, among, clean, decimal, whole
from app.errors import RequestError
from app.services.runtime import STRATEGIES
from app.theory.brief import Ask


def _reseed(text: str) -> tuple[str, int]:
    part, equals, seed = text.partition("=")
    if not part or not equals:
        raise RequestError(f'reseed "{clean(text)[:40]}": write PART=SEED, like bass=7', "reseed")
    return clean(part), whole("seed")(seed)


def _milliseconds(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:10]) <= 3_600_000:
        raise RequestError(f'deadline_ms "{clean(text)[:40]}": a whole number from 1 to 3600000', "deadline_ms")
    return int(text)


MODELS: Final = (  # which models may be asked, for how long and for how much
    Option("--strategy", ", ".join(STRATEGIES), "NAME", among("strategy", STRATEGIES)),
    Option("--model", 'a model by its label; "rules" for none', "NAME", clean),
    Option(
        "--allow-paid",
        "true, false or ask: whether a model may cost money",
        "WHETHER",
        among("allow_paid", ("true", "false", "ask")),
    ),
    Option("--deadline-ms", "answer by rule when no model has by then", "MS", _milliseconds),
)
TERMS: Final = ("strategy", "model", "allow_paid", "deadline_ms")
ASKING: Final = (
    Option("--key", '"Eb", "F# minor", "D dorian"', "KEY", clean),
    Option("--tempo", "20-400 beats of the metre a minute (dotted quarters in 6/8, 9/8, 12/8)", "BPM", decimal("tempo")),
    Option("--bars", "1-512", "N", whole("num_bars"), "num_bars"),
    Option("--time-signature", "4/4 3/4 2/4 6/8 9/8 12/8 5/4 7/8", "N/N", clean),
    Option("--application", "the genre's sub-style; `octet genres NAME` lists them", "NAME", clean),
    Option("--seed", "the same request and seed give the same bytes", "N", whole("seed")),
    Option("--chords", 'a chart to obey: "Dm7 G7 | Cmaj7", in Roman numerals too', "CHART", clean),
    Option("--chart", "a chart from a file: bars, ChordPro, iReal Pro link, or MIDI of ours; - reads standard input", "FILE"),
    Option("--form", '"AABA", "intro, verse, chorus", "intro 8, verse 16, chorus 8"', "FORM", clean),
    Option("--part", "only this part (repeat it for more)", "PART", clean, "parts", repeats=True),
    Option("--with-part", "this part too (repeat it for more)", "PART", clean, "with_parts", repeats=True),
    Option("--without-part", "not this part (repeat it for more)", "PART", clean, "without_parts", repeats=True),
    Option("--complexity", "1-10, of the harmony; else estimated from the words", "N", whole("complexity")),
    Option("--humanize", "0-1: 0 is on the grid", "SHARE", decimal("humanize")),
    Option("--swing", "0-1: 0 straight, 1 hard; else as the style has it", "SHARE", decimal("swing")),
    Option("--intensity", "0-1: how much is going on", "SHARE", decimal("intensity")),
    Option("--reseed", "make one part anew, leave the others as they are", "PART=SEED", _reseed, repeats=True),
    *MODELS,
)


def _chart(given: Given) -> str:
    """The chart of the file that --chart names. Raises RequestError."""
    if "chords" in given.values:
        raise RequestError("--chart and --chords are both charts: give one of them", "chords")
    from app.cli.output import read_file
    from app.services.chart_file import chart_text

    return chart_text(read_file(given.values["chart"]), given.values["chart"])


def with_models(ask: Ask, given: Given) -> Ask:
    """The request under the terms that were given for models, and under no others."""
    terms: dict[str, Any] = {name: given.values.get(name) for name in TERMS}
    return ask._replace(**_by_name(terms))


def _by_name(fields: dict[str, Any]) -> dict[str, Any]:
    """The rules asked for as if they were a model."""
    return {**fields, "model": None, "strategy": "rules_only"} if fields.get("model") == "rules" else fields


def ask_of(given: Given) -> Ask:
    """The Ask of a genre, a description and options. Raises RequestError when the genre is missing."""
    if not given.words:
        raise RequestError("which genre? `octet genres` lists them", "genre")
    genre, *description = (clean(word) for word in given.words)
    fields = {name: value for name, value in given.values.items() if name in Ask._fields}
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    fields = _by_name(fields)
    if "chart" in given.values:
        fields["chords"] = _chart(given)
    return Ask(genre, " ".join(description), **fields | lists)
