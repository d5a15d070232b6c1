"""Note names as they open a chord symbol: letters with accidentals, and German names on request."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from app.theory.chord_reader import Unreadable
from app.theory.pitch import LETTER_PITCH

GERMAN: Final = MappingProxyType(
    {"H": "B", "B": "Bb", "Es": "Eb", "As": "Ab", "His": "B#", "Hes": "Bb"}
    | {f"{letter}is": f"{letter}#" for letter in "CDEFGA"}
    | {f"{letter}es": f"{letter}b" for letter in "CDFG"}
)


def read_name(text: str, place: int, german: bool = False) -> tuple[str, int]:
    """The note name at that place, spelled with `b` and `#`, and where it ends. Raises Unreadable."""
    if german:
        return _german(text, place)
    if text[place : place + 1] not in LETTER_PITCH:
        raise Unreadable(place)
    end = _accidentals(text, place + 1)
    return text[place:end], end


def _accidentals(text: str, place: int) -> int:
    """Where up to three accidentals of one kind end."""
    end = place
    while end < place + 3 and text[end : end + 1] in ("b", "#") and text[end] == text[place]:
        end += 1
    return end


def _german(text: str, place: int) -> tuple[str, int]:
    for length in (3, 2, 1):
        name = GERMAN.get(text[place : place + length])
        if name is None or len(text) < place + length or text.startswith("sus", place + length - 1):
            continue
        end = _accidentals(text, place + length) if length == 1 else place + length
        written = text[place + length : end]
        return (name if name == "Bb" and written == "b" else name + written), end
    return read_name(text, place)
