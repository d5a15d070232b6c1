"""Where in a TOML text a field stands: looked for only when there is a problem to report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

HEADER: Final = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]")
KEY: Final = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
NAME: Final = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([^.\s]+))\s*\.?""")


def line_of(text: str, path: str) -> int:
    """The line, from 1, of the field at `path` (`drums.fill[2].snare`), or of the nearest table around it; 0 for none."""
    wanted, best, found = names(path), 0, 0
    for line, here in _fields(text):
        if len(here) > best and here == wanted[: len(here)]:
            best, found = len(here), line
    return found


def names(path: str) -> list[str]:
    """`drums.fill[2]."a b"` → its names, numbers of tables beside them."""
    return [next(name for name in found if name is not None) for found in (match.groups() for match in NAME.finditer(path))]


def _fields(text: str) -> Iterator[tuple[int, list[str]]]:
    """Every header and key with the names that lead to it."""
    table: list[str] = []
    counts: dict[tuple[str, ...], int] = {}
    for line, content in enumerate(text.splitlines(), 1):
        header = HEADER.match(content)
        if header:
            table = _numbered(names(header[2]), counts, repeats=header[1] == "[[")
            yield line, table
            continue
        key = KEY.match(content)
        if key:
            yield line, [*table, *names(key[1])]


def _numbered(here: list[str], counts: dict[tuple[str, ...], int], *, repeats: bool) -> list[str]:
    """The header's names, with the number (from 1) of each table of a list."""
    plain = tuple(here)
    if repeats:
        counts[plain] = counts.get(plain, 0) + 1
    return [f"{name}[{counts[plain[: place + 1]]}]" if plain[: place + 1] in counts else name for place, name in enumerate(here)]
