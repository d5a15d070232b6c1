"""The nearest readable chord to one that cannot be read."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from app.theory.chord_reader import Unreadable, read_suffix

COMMON: Final = (
    "", "m", "7", "maj7", "m7", "m7b5", "dim7", "dim", "aug", "sus4", "sus2", "7sus4", "6", "m6", "69", "9", "m9", "maj9", "11", "m11",
    "13", "7b9", "7#9", "7alt", "7#11", "add9", "mM7", "5", "7b13", "maj7#11", "9sus4", "7#5",
)  # fmt: skip


def nearest(text: str, position: int) -> str:
    """A symbol like `text` that can be read; "" when nothing is near."""
    plain = text.strip()[:24]
    if not plain:
        return ""
    letter = "B" if plain[0] in "Hh" else plain[0].upper()
    if letter not in "ABCDEFG":
        return ""
    end = 1
    while end < len(plain) and plain[end] in "b#♭♯" and end < 3:
        end += 1
    root, rest = letter + plain[1:end].replace("♭", "b").replace("♯", "#"), plain[end:].partition("/")[0]
    try:
        read_suffix(rest)
    except Unreadable:
        close = get_close_matches(rest, COMMON, 1, 0.4) or get_close_matches(rest.lower(), COMMON, 1, 0.4)
        return root + (close[0] if close else "")
    return root + rest
