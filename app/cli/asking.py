"""The options that make an Ask, the same for every command that takes a genre and words."""

from __future__ import annotations

import argparse

from app.cli.arguments import Parser, clean, decimal, whole
from app.errors import RequestError
from app.services.runtime import STRATEGIES
from app.theory.brief import Ask

GATHERED = ("parts", "with_parts", "without_parts")


def add_options(parser: Parser) -> None:
    """Every field of an Ask as an option."""
    add = parser.add_argument
    add("--key", metavar="KEY", help='"Eb", "F# minor", "D dorian"')
    add(
        "--tempo",
        type=decimal("tempo"),
        metavar="BPM",
        help="beats of the metre a minute, 20-400 (dotted quarters in 6/8, 9/8, 12/8)",
    )
    add("--bars", dest="num_bars", type=whole("num_bars"), metavar="N", help="1-512")
    add("--time-signature", "--metre", metavar="N/N", help="4/4 3/4 2/4 6/8 9/8 12/8 5/4 7/8")
    add("--application", metavar="NAME", help="the genre's sub-style; `octet genres NAME` lists them")
    add("--seed", type=whole("seed"), metavar="N", help="the same request and seed give the same bytes")
    add("--chords", metavar="CHART", help='a chart to obey: "Dm7 G7 | Cmaj7"')
    add("--form", metavar="FORM", help='"AABA", "intro, verse, chorus"')
    add("--part", dest="parts", action="append", metavar="PART", help="only these parts (repeat it)")
    add("--with-part", dest="with_parts", action="append", metavar="PART", help="this part too (repeat it)")
    add("--without-part", dest="without_parts", action="append", metavar="PART", help="not this part (repeat it)")
    add("--complexity", type=whole("complexity"), metavar="1-10", help="of the harmony; else estimated from the words")
    add("--humanize", type=decimal("humanize"), metavar="0-1", help="0 is on the grid")
    add("--swing", type=decimal("swing"), metavar="0-1", help="0 straight, 1 hard; else as the style has it")
    add("--intensity", type=decimal("intensity"), metavar="0-1", help="how much is going on")
    add("--reseed", action="append", type=_reseed, metavar="PART=SEED", help="make one part anew, leave the others as they are")
    add("--strategy", choices=STRATEGIES, metavar="NAME", help=", ".join(STRATEGIES))
    add("--model", metavar="NAME", help='"rules" for none')
    add("--allow-paid", choices=("true", "false", "ask"), metavar="true|false|ask", help="whether a model may cost money")
    add("--deadline-ms", type=_milliseconds, metavar="MS", help="answer by rule when no model has by then")


def ask_of(options: argparse.Namespace, words: list[str]) -> Ask:
    """The Ask of a genre, a description and options. Raises RequestError when the genre is missing."""
    if not words:
        raise RequestError("which genre? `octet genres` lists them", "genre")
    genre, *description = (clean(word) for word in words)
    given = {name: value for name, value in vars(options).items() if name in Ask._fields and value is not None}
    given = {name: clean(value) if isinstance(value, str) else value for name, value in given.items()}
    for name in GATHERED:
        given[name] = tuple(clean(part) for part in given.get(name, ()))
    given["reseed"] = tuple(given.get("reseed", ()))
    if given.get("model") == "rules":
        given["strategy"] = "rules_only"
        del given["model"]
    return Ask(genre=genre, description=" ".join(description), **given)


def _reseed(text: str) -> tuple[str, int]:
    part, _, seed = text.partition("=")
    if not part or not seed:
        raise argparse.ArgumentTypeError(f'"{text[:40]}" is not PART=SEED, like bass=7')
    return clean(part), whole("seed")(seed)


def _milliseconds(text: str) -> int:
    if not text.isdecimal() or int(text[:12]) < 1:
        raise argparse.ArgumentTypeError(f'"{text[:40]}" is not a number of milliseconds')
    return int(text[:12])
