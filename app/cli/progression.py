"""`octet progression GENRE [WORDS]`: harmony alone, as `generate` would make it for the same seeds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app import studio
from app.cli.arguments import Command, Option, among, clean, read
from app.cli.asking import ASKING, ask_of
from app.cli.progress import spoken
from app.cli.summary import grid
from app.errors import RequestError
from app.services.answer import number
from app.services.base_genre_generator import BaseGenreGenerator, drawn_seed
from app.services.chart_formats import FORMATS, chart_as
from app.services.registry import discover
from app.settings import settings
from app.theory.brief import LIMITS, Ask
from app.theory.progression import Progression
from app.wiring import runtime


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:9]) <= 100_000:
        raise RequestError(f'count "{clean(text)[:40]}": a whole number from 1 to 100000')
    return int(text)


COMMAND: Final = Command(
    "progression GENRE [WORDS] [--count N] [options]",
    "Make chord progressions alone: the i-th is that of seed S+i, as `octet generate` would make it.",
    (
        *ASKING,
        Option("--count", "how many", "N", _count),
        Option("--jsonl", "one JSON object a line: genre, key, bars of [symbol, beats]"),
        Option("--format", f"a chart that other programs read: {', '.join(FORMATS)}", "NAME", among("format", FORMATS)),
    ),
)


def run(arguments: list[str]) -> int:
    """Print progressions, as grids or as lines of JSON."""
    given = read(COMMAND, arguments)
    chosen = settings()
    ask = ask_of(given)
    service = discover(chosen.cache_folder).service(ask.genre, spoken(runtime(chosen)))
    for made in _progressions(service, ask, given.values.get("count", 1)):
        if "jsonl" in given.values:
            _print_line(service.name, made)
        elif "format" in given.values:
            _print_chart(service.name, made, given.values["format"])
        else:
            _print_grid(made)
    return 0


def _progressions(service: BaseGenreGenerator, ask: Ask, count: int) -> Iterator[tuple[int, Progression]]:
    first = drawn_seed() if ask.seed is None else ask.seed
    for seed in range(first, first + count):
        wrapped = seed % (LIMITS["seed"][1] + 1)
        yield wrapped, studio.progression(ask._replace(seed=wrapped), service)


def _print_line(genre: str, made: tuple[int, Progression]) -> None:
    import json

    _, progression = made
    bars = [[[span.chord.symbol, number(span.beats)] for span in spans] for spans in progression.bars]
    print(json.dumps({"genre": genre, "key": progression.key.short, "bars": bars}))


def _print_chart(genre: str, made: tuple[int, Progression], form: str) -> None:
    seed, progression = made
    print(chart_as(form, progression, f"{genre.capitalize()} {seed}"))


def _print_grid(made: tuple[int, Progression]) -> None:
    seed, progression = made
    print(f"{progression.key}, {progression.metre}, {progression.form.name}, seed {seed}")
    for line in grid(progression):
        print(line)
