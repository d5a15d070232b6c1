"""`octet vary FILE`: variations of a file that Octet wrote: the same form, played otherwise, on the same or on varied chords."""

from __future__ import annotations

import os
import sys
from typing import Final

from app import studio
from app.cli.arguments import Command, Given, Option, clean, read
from app.cli.asking import MODELS, with_models
from app.cli.output import read_file, write_file
from app.cli.progress import spoken
from app.errors import RequestError
from app.services.again import ask_of_file, varied
from app.services.registry import Registry, discover
from app.services.runtime import Runtime
from app.settings import settings
from app.theory.brief import Ask
from app.wiring import runtime

MOST: Final = 100  # variations at once
CHORDS: Final = frozenset({"harmony", "strategy", "model"})  # options that vary the chords


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:4]) <= MOST:
        raise RequestError(f'n "{clean(text)[:20]}": a whole number from 1 to {MOST}', "n")
    return int(text)


COMMAND: Final = Command(
    "vary FILE.mid [--n N] [options]",
    "Write variations beside the file, FILE-1.mid, FILE-2.mid ...: the same chords and form, every part played anew.\n"
    "With --harmony the chords are varied too: by a model where one is configured, else by rule.",
    (
        Option("--n", "how many; else 4", "N", _count),
        Option("--lock", "a part that stays as it is (repeat it for more)", "PART", clean, "locked", repeats=True),
        Option("--harmony", "vary the chords too"),
        *MODELS,
        Option("--force", "write over files that are there"),
        Option("-q --quiet", "print no names"),
    ),
    "  octet vary ballad.mid --n 4 --lock bass\n  octet vary ballad.mid --n 2 --harmony",
)


def run(arguments: list[str]) -> int:
    """Vary. Returns the exit status."""
    given = read(COMMAND, arguments)
    if len(given.words) != 1:
        raise RequestError("which file? octet vary FILE.mid --n 4")
    file, locked = given.words[0], given.values.get("locked", [])
    ask, _ = ask_of_file(read_file(file))
    chosen = settings()
    registry, models = discover(chosen.cache_folder), runtime(chosen)
    by_rule = models._replace(models=None)  # the file has its harmony
    roles = studio.generate(ask, registry, by_rule).brief.parts
    strange = [part for part in locked if part not in roles]
    if strange:
        raise RequestError(f'unknown part "{strange[0][:40]}": the file has {", ".join(roles)}', "lock")
    stem, extension = os.path.splitext(file)
    for number in range(1, given.values.get("n", 4) + 1):
        other = _other_chords(ask, number, given, registry, models) if CHORDS & given.values.keys() else ask
        piece = studio.generate(varied(other, roles, locked, number), registry, by_rule)
        name = f"{stem}-{number}{extension or '.mid'}"
        write_file(name, piece.midi, replace="force" in given.values)
        if "quiet" not in given.values:
            print(name)
    return 0


def _other_chords(ask: Ask, number: int, given: Given, registry: Registry, models: Runtime) -> Ask:
    """The request on varied chords; who varied them is told."""
    quiet = "quiet" in given.values
    varied_ask, method = studio.vary_harmony(with_models(ask, given), number, registry, spoken(models, quiet=quiet))
    if not quiet and method.fallback_reason:
        print(f"octet: chords varied by rule: {method.fallback_reason}", file=sys.stderr)
    return varied_ask._replace(strategy=ask.strategy, model=ask.model, allow_paid=ask.allow_paid, deadline_ms=ask.deadline_ms)
