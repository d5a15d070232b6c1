"""The words of the chord language: every spelling that is read after a root, and what it says."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

SPELLINGS: Final = MappingProxyType(  # (kind, value) → its spellings
    {
        ("maj", "maj"): ("maj", "M", "Maj", "MAJ", "ma", "Ma", "major", "Major"),
        ("maj", "triangle"): ("^", "Δ", "△", "∆", "▵", "t"),
        ("maj", "j"): ("j",),
        ("min", "min"): ("m", "min", "Min", "MIN", "mi", "Mi", "minor", "Minor"),
        ("min", "dash"): ("-", "−", "–"),
        ("dim", "dim"): ("dim", "°", "o", "º", "˚", "Dim", "DIM", "diminished"),
        ("half", "half"): ("ø", "h", "Ø", "⌀", "hdim", "half-dim", "halfdim", "half-diminished", "0"),
        ("aug", "plus"): ("+",),
        ("aug", "aug"): ("aug", "Aug", "AUG", "augmented"),
        ("sus", "4"): ("sus", "Sus", "SUS", "suspended"),
        ("sus", "24"): ("sus24", "sus42", "sus2sus4", "sus4sus2", "sus2/4", "sus4/2", "sus2,4"),
        ("sus", "#4"): ("sus#4", "sus♯4", "sus#11"),
        ("sus", "b2"): ("susb2", "sus♭2"),
        ("alt", "alt"): ("alt", "Alt", "ALT", "altered"),
        ("verb", "add"): ("add", "Add", "ADD"),
        ("verb", "no"): ("no", "omit", "No", "NO", "Omit", "OMIT"),
        ("sign", "b"): ("b", "♭", "flat"),
        ("sign", "#"): ("#", "♯", "sharp"),
        ("open", "("): ("(", "["),
        ("close", ")"): (")", "]"),
        ("stroke", "/"): ("/",),
        ("dom", "dom"): ("dom", "Dom", "DOM", "dominant"),
        ("skip", ""): (",", " "),
    }
    | {("number", number): (number,) for number in ("13", "11", "9", "7", "6", "5", "4", "3", "2")}
    | {("number", "69"): ("69", "6/9", "6,9", "9/6")}
)
WORDS: Final = MappingProxyType({text: word for word, texts in SPELLINGS.items() for text in texts})
LONGEST: Final = max(map(len, WORDS))

STACKS: Final = MappingProxyType(  # the main number → the tones that it brings above the seventh, or above the fifth
    {"2": (14,), "4": (), "5": (), "6": (9,), "69": (9, 14), "7": (), "9": (14,), "11": (14, 17), "13": (14, 21)}
)
NATURALS: Final = MappingProxyType({"9": 14, "11": 17, "13": 21})
DEGREES: Final = MappingProxyType(  # a degree with its accidental → semitones above the root
    {"2": 14, "b2": 13, "#2": 15, "3": 4, "b3": 3, "4": 17, "#4": 18, "5": 7, "b5": 6, "#5": 8, "6": 9, "b6": 8}
    | {"7": 11, "b7": 10, "9": 14, "b9": 13, "#9": 15, "11": 17, "#11": 18, "13": 21, "b13": 20}
)
