"""Rows of groove notation: `"x.. X.x x.. X.x | x..."`. Each word is a beat, its tokens divide the beat evenly, `|` ends a bar."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from app.errors import NotationError

Row = tuple[tuple[tuple[str, ...], ...], ...]  # bars of beats of tokens
REST, HOLD = ".", "-"
_TOKEN = re.compile(r"(?:[.\-]|[b#]?[0-9]|[A-Za-z])[',!?]*")


class Choice(NamedTuple):
    """A row and its weight among its alternatives."""

    row: Row
    weight: float = 1.0


@lru_cache(maxsize=2048)
def read_row(text: str, beats: int = 0) -> Row:
    """The bars of a row; with `beats`, every bar must have so many. Raises NotationError that names the bar and the beat."""
    bars = tuple(tuple(_beat(word, text) for word in bar.split()) for bar in text.split("|"))
    for number, bar in enumerate(bars, 1):
        if not bar or (beats and len(bar) != beats):
            raise NotationError(f'bar {number} of "{text}" has {len(bar)} beats, not {beats or "1 or more"}', text)
    return bars


def _beat(word: str, text: str) -> tuple[str, ...]:
    tokens = tuple(_TOKEN.findall(word))
    if "".join(tokens) != word:
        raise NotationError(f'"{word}" in "{text}" is not a beat of tokens', text)
    return tokens


def tokens_of(row: Row) -> frozenset[str]:
    """All tokens of a row without their marks `' , ! ?`."""
    return frozenset(token.rstrip("',!?") for bar in row for beat in bar for token in beat)
