"""Where a command's chart comes from: chords in words, a file that is there, or standard input."""

from __future__ import annotations

import os
from typing import Final

from app.cli.arguments import clean
from app.cli.output import STDOUT, read_file

FILES: Final = (".mid", ".midi", ".txt", ".pro", ".cho", ".chordpro", ".crd", ".chopro", ".html", ".ireal")


def file_named(words: list[str]) -> str:
    """The file that a command's words name: one that is there, or a name that only a file has; "" for none."""
    word = words[0] if len(words) == 1 else ""
    there = 0 < len(word) < 1000 and "\0" not in word and os.path.isfile(word)
    return word if word == STDOUT or word.lower().endswith(FILES) or there else ""


def chart_given(words: list[str]) -> str:
    """The chart of a command's words as text. Raises RequestError for a file that cannot be read or holds no chords."""
    name = file_named(words)
    if not name:
        return clean(" ".join(words))
    from app.services.chart_file import chart_text

    return chart_text(read_file(name), name)
