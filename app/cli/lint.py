"""`octet lint FILE`: check MIDI files against what a DAW needs."""

from __future__ import annotations

import sys

from app.cli.arguments import Parser
from app.cli.output import read_file
from app.errors import MidiError, RequestError
from app.render.lint import lint


def run(arguments: list[str]) -> int:
    """Print every finding. Returns 1 when there are any."""
    parser = Parser(
        "lint FILE...", "Check MIDI files, ours or other people's: each finding with track, bar and beat. - reads standard input."
    )
    _, files = parser.read(arguments)
    if not files:
        raise RequestError("which file? octet lint FILE.mid")
    found = 0
    for file in files:
        found += _check(file, name=f"{file}: " if len(files) > 1 else "")
    return 1 if found else 0


def _check(file: str, name: str) -> int:
    try:
        findings = lint(read_file(file))
    except MidiError as error:
        print(f"{name}{error}")
        return 1
    for finding in findings:
        print(f"{name}{finding}")
    if not findings:
        print(f"{name}no findings", file=sys.stderr)
    return len(findings)
