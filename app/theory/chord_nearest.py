"""The nearest readable chord to one that cannot be read."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from app.theory.chord_names import read_name
from app.theory.chord_reader import Unreadable, read_suffix

COMMON: Final = (
    "", "m", "7", "maj7", "m7", "m7b5", "dim7", "dim", "aug", "sus4", "sus2", "7sus4", "6", "m6", "69", "9", "m9", "maj9", "11",
    "m11", "13", "maj13", "7b9", "7#9", "7alt", "7#11", "add9", "mM7", "5", "7b13", "maj7#11", "9sus4", "7#5", "min7", "major7",
    "minor7",
)  # fmt: skip


def nearest(text: str) -> str:
    """A symbol like `text` that can be read; "" when nothing is near. A German H is read as B."""
    plain = text.strip().replace("♭", "b").replace("♯", "#")[:24]
    upper = plain[:1].upper().replace("H", "B") + plain[1:]
    try:
        root, end = read_name(upper, 0)
    except Unreadable:
        return ""
    rest, stroke, bass = upper[end:].partition("/")
    return root + _suffix(rest) + _bass(stroke, bass)


def _suffix(text: str) -> str:
    try:
        read_suffix(text)
    except Unreadable:
        for spelling in (text, text.lower()):
            close = get_close_matches(spelling, COMMON, 1, 0.4)
            if close:
                return close[0]
        return ""
    return text


def _bass(stroke: str, text: str) -> str:
    try:
        name, end = read_name(text.strip()[:1].upper() + text.strip()[1:], 0)
    except Unreadable:
        return ""
    rest = text.strip()[end:]
    if not rest:
        return stroke + name
    try:
        read_suffix(rest)
    except Unreadable:
        return ""
    return f"|{name}{rest}"  # "D/Cm7" is a polychord
