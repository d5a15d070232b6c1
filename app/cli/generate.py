"""`octet generate GENRE [WORDS]`: make a piece and write it as MIDI."""

from __future__ import annotations

import argparse
import sys

from app import studio
from app.cli.arguments import Parser
from app.cli.asking import add_options, ask_of
from app.cli.output import STDOUT, write_bytes, write_file
from app.errors import RequestError
from app.services.piece import Piece
from app.services.registry import discover
from app.settings import settings
from app.wiring import runtime

USAGE = "generate GENRE [WORDS] [options]"
EXAMPLES = """examples:
  octet generate jazz "smoky late-night ballad in Eb minor, 72 bpm, 32 bars, with brushes" -o ballad.mid
  octet generate blues --chords "A7 | D7 | A7 | A7" --seed 7 -o - > blues.mid
  octet generate latin "bossa nova, no drums" --json"""


def run(arguments: list[str]) -> int:
    """Generate. Returns the exit status."""
    parser = _parser()
    if not arguments:
        print(parser.format_help(), end="", file=sys.stderr)
        return 2
    options, words = parser.read(arguments)
    if options.json and options.output == STDOUT:
        raise RequestError("--json and -o - both want standard output: give one of them", "output")
    chosen = settings()
    piece = studio.generate(ask_of(options, words), discover(chosen.cache_folder), runtime(chosen))
    place = _write(piece, options)
    if options.json:
        _print_json(piece, with_midi=options.output is None)
    elif not options.quiet:
        from app.cli.summary import summary

        print(summary(piece, place), file=sys.stderr if options.output == STDOUT else sys.stdout)
    return 0


def _parser() -> Parser:
    parser = Parser(
        USAGE, "Make a piece from words: a genre, what it should be like, and options that win over the words.", EXAMPLES
    )
    add_options(parser)
    add = parser.add_argument
    add("-o", "--output", metavar="FILE", help="where to write; - for standard output; else GENRE-SEED.mid in this folder")
    add("--force", action="store_true", help="write over a file that is there")
    add("--json", action="store_true", help="print the result object instead of the summary")
    add("-q", "--quiet", action="store_true", help="print no summary")
    return parser


def _write(piece: Piece, options: argparse.Namespace) -> str:
    """Put the MIDI where it is wanted. Returns the place as the summary says it, "" for standard output."""
    if options.output == STDOUT:
        write_bytes(piece.midi)
        return ""
    if options.output is not None:
        write_file(options.output, piece.midi, replace=True)
        return str(options.output)
    if options.json:
        return ""
    name = f"{piece.brief.genre}-{piece.brief.seed}.mid"
    write_file(name, piece.midi, replace=options.force)
    return name


def _print_json(piece: Piece, *, with_midi: bool) -> None:
    import json

    from app.services.answer import answer_of

    print(json.dumps(answer_of(piece, with_midi=with_midi)))
