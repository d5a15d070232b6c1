"""`octet vary FILE`: variations of a file that Octet wrote: the same harmony and form, played otherwise."""

from __future__ import annotations

import os
from typing import Final

from app import studio
from app.cli.arguments import Command, Option, clean, read
from app.cli.output import read_file, write_file
from app.errors import RequestError
from app.services.again import ask_of_file, varied
from app.services.registry import discover
from app.settings import settings
from app.wiring import runtime

MOST: Final = 100  # variations at once


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:4]) <= MOST:
        raise RequestError(f'n "{clean(text)[:20]}": a whole number from 1 to {MOST}', "n")
    return int(text)


COMMAND: Final = Command(
    "vary FILE.mid [--n N] [options]",
    "Write variations beside the file, FILE-1.mid, FILE-2.mid ...: the same chords and form, every part played anew.",
    (
        Option("--n", "how many; else 4", "N", _count),
        Option("--lock", "a part that stays as it is (repeat it for more)", "PART", clean, "locked", repeats=True),
        Option("--force", "write over files that are there"),
        Option("-q --quiet", "print no names"),
    ),
    "  octet vary ballad.mid --n 4 --lock bass",
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
    roles = studio.generate(ask, registry, models).brief.parts
    strange = [part for part in locked if part not in roles]
    if strange:
        raise RequestError(f'unknown part "{strange[0][:40]}": the file has {", ".join(roles)}', "lock")
    stem, extension = os.path.splitext(file)
    for number in range(1, given.values.get("n", 4) + 1):
        piece = studio.generate(varied(ask, roles, locked, number), registry, models)
        name = f"{stem}-{number}{extension or '.mid'}"
        write_file(name, piece.midi, replace="force" in given.values)
        if "quiet" not in given.values:
            print(name)
    return 0
