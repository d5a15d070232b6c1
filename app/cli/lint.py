"""`octet lint FILE`: check MIDI files against what a DAW needs."""

from __future__ import annotations

import sys
from typing import Final

from app.cli.arguments import Command, read
from app.cli.output import read_file
from app.errors import RequestError
from app.render.lint import lint

COMMAND: Final = Command(
    "lint FILE...",
    "Check MIDI files, ours or other people's: each finding with track, bar and beat. - reads standard input.",
)


def run(arguments: list[str]) -> int:
    """Print every finding. Returns 1 when there are any."""
    files = read(COMMAND, arguments).words
    if not files:
        raise RequestError("which file? octet lint FILE.mid")
    found = 0
    for file in files:
        name = f"{file}: " if len(files) > 1 else ""
        findings = lint(read_file(file))
        for finding in findings:
            print(f"{name}{finding}")
        if not findings:
            print(f"{name}no findings", file=sys.stderr)
        found += len(findings)
    return 1 if found else 0
