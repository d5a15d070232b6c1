"""`octet regenerate FILE`: make a part, or a section of it, anew from a file that Octet wrote; the rest stays as it is."""

from __future__ import annotations

import sys
from typing import Final

from app import studio
from app.cli.arguments import Command, Option, clean, read, whole
from app.cli.output import STDOUT, read_file, write_bytes, write_file
from app.errors import RequestError
from app.services.again import ask_of_file, regenerated
from app.services.base_genre_generator import drawn_seed
from app.services.registry import discover
from app.settings import settings
from app.wiring import runtime

COMMAND: Final = Command(
    "regenerate FILE.mid --part PART [options]",
    "Make a part anew, or one section of it, from the file alone; every other track keeps its bytes.",
    (
        Option("--part", "the part to make anew (repeat it for more)", "PART", clean, "parts", repeats=True),
        Option("--section", 'only there: "Chorus 1", as the markers name it', "NAME", clean),
        Option("--seed", "of what is made anew; else one is drawn", "N", whole("seed")),
        Option("-o --output", "where to write; - for standard output; else over FILE with --force", "FILE"),
        Option("--force", "write over FILE"),
        Option("-q --quiet", "print no summary"),
    ),
    """  octet regenerate ballad.mid --part bass -o ballad2.mid
  octet regenerate ballad.mid --part keys --section "Head B" --seed 7 --force""",
)


def run(arguments: list[str]) -> int:
    """Regenerate. Returns the exit status."""
    given = read(COMMAND, arguments)
    file, output = _file(given.words), given.values.get("output")
    parts = given.values.get("parts")
    if not parts:
        raise RequestError("which part? --part bass", "parts")
    if output is None and "force" not in given.values:
        raise RequestError("where to? -o FILE writes another file, --force writes over this one", "output")
    ask, notes = ask_of_file(read_file(file))
    seed = given.values.get("seed", drawn_seed())
    chosen = settings()
    anew = regenerated(ask, parts, given.values.get("section", ""), seed)
    piece = studio.generate(anew, discover(chosen.cache_folder), runtime(chosen)._replace(models=None))
    if output == STDOUT:
        write_bytes(piece.midi)
    else:
        write_file(output or file, piece.midi, replace=True)
    if "quiet" not in given.values:
        lines = [f"anew    {', '.join(parts)}, seed {seed}", *(f"note: {note}" for note in notes)]
        print("\n".join([*lines, f"file    {output or file}"]), file=sys.stderr if output == STDOUT else sys.stdout)
    return 0


def _file(words: list[str]) -> str:
    if len(words) != 1:
        raise RequestError("which file? octet regenerate FILE.mid --part bass")
    return words[0]
