"""`octet generate GENRE [WORDS]`: make a piece and write it as MIDI."""

from __future__ import annotations

import sys
from typing import Final

from app import studio
from app.cli.arguments import Command, Option, help_of, read
from app.cli.asking import ASKING, ask_of
from app.cli.output import STDOUT, expect_room, write_bytes, write_file
from app.cli.progress import spoken
from app.errors import RequestError
from app.services.piece import Piece
from app.services.registry import discover
from app.settings import settings
from app.theory.brief import Ask
from app.wiring import runtime

COMMAND: Final = Command(
    "generate GENRE [WORDS] [options]",
    "Make a piece from words: a genre, what it should be like, and options that win over the words.",
    (
        *ASKING,
        Option("-o --output", "where to write; - for standard output; else GENRE-SEED.mid in this folder", "FILE"),
        Option("--force", "write GENRE-SEED.mid even over a file that is there"),
        Option("--json", "print the result object instead of the summary"),
        Option("-q --quiet", "print no summary"),
    ),
    """  octet generate jazz "smoky late-night ballad in Eb minor, 72 bpm, 32 bars, with brushes" -o ballad.mid
  octet generate blues --chords "A7 | D7 | A7 | A7" --seed 7 -o - > blues.mid
  octet generate latin "bossa nova, no drums" --json""",
)


def run(arguments: list[str]) -> int:
    """Generate. Returns the exit status."""
    if not arguments:
        print(help_of(COMMAND), file=sys.stderr)
        return 2
    given = read(COMMAND, arguments)
    as_json, output = "json" in given.values, given.values.get("output")
    if as_json and output == STDOUT:
        raise RequestError("--json and -o - both want standard output: give one of them", "output")
    ask = ask_of(given)
    _expect_room(ask, output, as_json=as_json, force="force" in given.values)
    chosen = settings()
    piece = studio.generate(ask, discover(chosen.cache_folder), spoken(runtime(chosen), quiet="quiet" in given.values))
    place = _write(piece, output, as_json=as_json, force="force" in given.values)
    if as_json:
        _print_json(piece, with_midi=output is None)
    elif "quiet" not in given.values:
        from app.cli.summary import summary

        print(summary(piece, place), file=sys.stderr if output == STDOUT else sys.stdout)
    return 0


def _expect_room(ask: Ask, output: str | None, *, as_json: bool, force: bool) -> None:
    """Before a model is asked: raises OutputError where it is known that the file cannot be written."""
    if output is not None and output != STDOUT:
        expect_room(output, replace=True)
    elif not as_json and output is None and ask.seed is not None:
        expect_room(_name(ask.genre, ask.seed), replace=force)


def _name(genre: str, seed: int) -> str:
    return f"{genre}-{seed}.mid"


def _write(piece: Piece, output: str | None, *, as_json: bool, force: bool) -> str:
    """Put the MIDI where it is wanted. Returns the place as the summary says it, "" for standard output."""
    if output == STDOUT:
        write_bytes(piece.midi)
        return ""
    if output is not None:
        write_file(output, piece.midi, replace=True)
        return output
    if as_json:
        return ""
    name = _name(piece.brief.genre, piece.brief.seed)
    write_file(name, piece.midi, replace=force)
    return name


def _print_json(piece: Piece, *, with_midi: bool) -> None:
    import json

    from app.services.answer import answer_of

    print(json.dumps(answer_of(piece, with_midi=with_midi)))
