"""The page that lists every spelling the chord language reads: `python -m app.theory.chord_page > docs/chords.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Final

from app.theory.chord import Chord
from app.theory.chord_harte import SHORTHANDS
from app.theory.chord_names import GERMAN
from app.theory.chord_shape import DEGREE_NAMES
from app.theory.chord_words import SPELLINGS

WILD: Final = MappingProxyType(  # the exact spelling → others that mean the same, as charts and programs write them
    {
        "": ("maj", "M", "ma", "Maj", ":maj"),
        "m": ("min", "-", "mi", "minor", "MIN", ":min"),
        "5": ("(no3)", "5(no3)", "omit3", ":5"),
        "aug": ("+", "(#5)", "+5", "aug5", "maj#5", ":aug"),
        "dim": ("o", "°", "mb5", "m(b5)", "-b5", ":dim"),
        "(b5)": ("-5", "majb5", "(♭5)"),
        "sus4": ("sus", "4", "(sus4)", "sus(4)", ":sus4"),
        "sus2": ("(sus2)", ":sus2"),
        "sus4add9": ("sus2sus4", "sus24", "sus(add9)", "sus2/4"),
        "6": ("maj6", "M6", "add6", "(add6)", ":maj6"),
        "m6": ("min6", "-6", "mi6", "madd6", ":min6"),
        "69": ("6/9", "6(9)", "6add9", "maj69", "6,9"),
        "m69": ("m6/9", "-69", "min6/9", "m6(9)"),
        "add9": ("2", "(add9)", "add2", "(9)", "maj(add9)", ":maj(9)"),
        "madd9": ("-add9", "m(add9)", "madd2", "min(add9)", "m(9)"),
        "add11": ("add4", "(add11)", "(11)"),
        "madd4": ("madd11", "-add11", "m(add4)"),
        "7": ("dom", "dom7", "(7)", "(b7)", ":7"),
        "maj7": ("^", "^7", "Δ", "Δ7", "M7", "ma7", "Maj7", "MAJ7", "j7", "7M", "t7", "(maj7)", ":maj7"),
        "m7": ("-7", "min7", "mi7", "MIN7", "m(7)", "minor7", ":min7"),
        "mM7": ("m(maj7)", "-^7", "-Δ7", "minmaj7", "mi(ma7)", "m^7", "mΔ", "m+7", "m#7", "m7M", "m/maj7", ":minmaj7"),
        "m7b5": ("ø", "ø7", "h", "h7", "-7b5", "min7b5", "min7(b5)", "m7-5", "m7(♭5)", "07", "half-dim", ":hdim7"),
        "dim7": ("o7", "°7", "º7", "m6b5", ":dim7"),
        "mM7b5": ("°(maj7)", "dim(maj7)", "o^7", "dimM7", "°Δ7"),
        "7sus4": ("7sus", "sus7", "7(sus4)", "7(4)", ":sus4(b7)"),
        "9sus4": ("9sus", "sus9", "9(sus4)", "7(4/9)", "7sus4(9)", "7sus2sus4", ":sus4(b7,9)"),
        "13sus4": ("13sus", "sus13", "13(sus4)"),
        "7b9sus4": ("7susb9", "7sus(b9)", "7sus4b9", "7b9sus"),
        "9": ("7(9)", "7/9", "7add9", "dom9", ":9"),
        "maj9": ("^9", "Δ9", "M9", "ma9", "maj7(9)", "7M(9)", "maj7/9", ":maj9"),
        "m9": ("-9", "min9", "mi9", "m7(9)", "m7add9", ":min9"),
        "mM9": ("m(maj9)", "-^9", "minmaj9"),
        "m9b5": ("ø9", "h9", "m7b5(9)", "-9b5"),
        "11": ("9(11)", "7(9,11)", ":11"),
        "m11": ("-11", "min11", "m7(9,11)", "m9(11)", ":min11"),
        "13": ("9(13)", "7(9,13)", "9add13"),
        "maj13": ("^13", "M13", "ma13", "maj9(13)"),
        "m13": ("-13", "min13", "m9(13)"),
        "7b5": ("7(b5)", "7-5", "7♭5", "7dim5"),
        "7#5": ("+7", "7+", "aug7", "7(#5)", "7+5", "7aug", "7♯5", ":aug(b7)"),
        "maj7#5": ("^7#5", "+M7", "M7#5", "augmaj7", "maj7(#5)", "+^7"),
        "7b9": ("7(b9)", "7-9", "7♭9", "7/b9", "9b9", "7addb9", ":7(b9)"),
        "7#9": ("7(#9)", "7+9", "7♯9", "7(♯9)", ":7(#9)"),
        "7#11": ("7(#11)", "7+11", "7add#11", "7♯11", ":7(#11)"),
        "7b13": ("7(b13)", "7-13", "7♭13", "7b6", ":7(b13)"),
        "9#11": ("9(#11)", "9+11", "7(9,#11)"),
        "13#11": ("13(#11)", "13+11"),
        "13b9": ("13(b9)", "13-9", "7(b9,13)"),
        "13#9": ("13(#9)", "7(#9,13)"),
        "maj7#11": ("^7#11", "Δ#11", "M7#11", "maj7(#11)", "7M(#11)"),
        "maj9#11": ("^9#11", "M9#11", "maj9(#11)"),
        "7b9b13": ("7(b9,b13)", "7(b13,b9)", "7b13b9"),
        "7b9#11": ("7(b9,#11)", "7#11b9", "7b9(#11)"),
        "7b9#5": ("7#5b9", "+7b9", "7(b9,#5)", "aug7b9", "7b9+5"),
        "7b9b5": ("7b5b9", "7(b5,b9)", "7-5-9"),
        "7#9b5": ("7b5#9", "7(b5,#9)"),
        "7#9#5": ("7alt", "alt", "7#5#9", "+7#9", "7(alt)", "7(#5,#9)", "7+5+9"),
        "7add13": ("7(13)", "7/13", "7add6", "7/6"),
        "m7add11": ("m7(11)", "-7(11)", "m7add4", "m7/11"),
        "m7#5": ("-7#5", "m7+5", "m7+", "min7(#5)"),
        "m#5": ("-#5", "m+", "m(#5)"),
        "mb6": ("-b6", "m(b6)", "maddb6", "m(b13)", "maddb13"),
        "7(no3)": ("7no3", "7omit3", ":5(b7)"),
        "7(no5)": ("7no5", "7omit5"),
    }
)
MEANINGS: Final = MappingProxyType(
    {
        "maj": "major; before a number, or as a triangle, the major seventh",
        "min": "minor; a dash after the number or before a 5 lowers the degree that follows",
        "dim": "diminished",
        "half": "half-diminished",
        "aug": "augmented; after the number it raises the degree that follows",
        "dom": "the minor seventh",
        "sus": "the third gives way to 4, 2 or both",
        "alt": "7#9#5",
        "verb": "a degree is added or left out",
        "sign": "a degree is lowered or raised",
        "open": "brackets open",
        "close": "brackets close",
        "stroke": "a degree follows (before a note name: the bass)",
        "skip": "nothing: separators",
        "number": "what the chord reaches up to; later: a degree that is added",
    }
)
INTRODUCTION: Final = """\
# Chord symbols

<!-- Generated: python -m app.theory.chord_page > docs/chords.md -->

A symbol is a root (`C`, `Bb`, `F♯`, up to three accidentals), what stands above it, and a bass after a stroke (`C/E`, `Dm7/G`).
A polychord is written with an upright stroke (`D|C`: D above C); in a chart, where that stroke is the bar line, in brackets:
`(D|C)`. `N.C.`, `NC`, `N` and `tacet` are no chord. Accidentals belong to the root: `Cb7` is C flat seventh, `Db7` D flat
seventh, `C(b5)` a C with a lowered fifth. After a bare root `C/3`, `C/5` and `C/7` name the bass by its degree. A symbol has at
most 128 characters. What cannot be read is an error with its position and the nearest reading, never a guess.

Numbers stack as players mean them: 9 brings 7; 11 brings 7 and 9; 13 brings 7 and 9, not 11. An altered 9, 11 or 13 takes the
place of the natural one that the number brought (`13b9` has no natural 9).
"""
CHARTS: Final = """
## Charts and numerals

Plain charts: `Dm7 G7 | Cmaj7`. Rows and bar lines end bars, `||` is one line, `%` or a blank bar plays the bar before again,
`/` or `.` holds a chord for a beat, `Dm7*3` gives it three beats, `|: ... :|` plays twice and `:| x3` three times. Without beats
the chords share their bar: two in 4/4 are 2+2, three 2+1+1, two in 3/4 2+1, three in 7/8 2+2+3.

With a key, Roman numerals are read: `ii7 V7 | Imaj7`, `V7/vi`, `subV7/ii`, `bVII`, `#iv°7`, `I64`, `V6/5`, `N6`, `Ger65`,
`Cad64`; a degree after the stroke is the bass (`I/5`). Degrees are those of the tonic's major scale in every mode (`bVI` in C
minor is Ab).

ChordPro (grids, or chords over words, a bar each) and iReal Pro links (`irealb://`, `irealbook://`) are read and written too;
repeats and endings are played out, jumps (D.C., D.S., Coda) are told and not followed.
"""


def chord_page() -> str:
    """The page as Markdown."""
    return "\n".join([INTRODUCTION, *_chords(), "", *_words(), "", *_others()]) + "\n"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _code(texts: Iterable[str]) -> str:
    return " ".join(f"`{text}`" for text in texts)


def _chords() -> Iterator[str]:
    yield "## The chords\n"
    yield "`symbol` is what is written for other programs, `display` what is shown; the spellings of a row are one chord.\n"
    yield _row("exactly", "symbol", "display", "degrees", "also read")
    yield "|---|---|---|---|---|"
    for suffix, others in WILD.items():
        chord = Chord.parse(f"C{suffix}")
        degrees = " ".join(DEGREE_NAMES[tone] for tone in chord.intervals)
        yield _row(f"`{chord}`", f"`{chord.symbol}`", f"`{chord.display}`", degrees, _code(f"C{other}" for other in others))


def _words() -> Iterator[str]:
    yield "## The words\n"
    yield "They combine freely: quality, number, then alterations, additions, omissions and suspensions, in brackets or not.\n"
    yield _row("spellings", "meaning")
    yield "|---|---|"
    for kind, meaning in MEANINGS.items():
        texts = [text for (owner, _), spellings in SPELLINGS.items() if owner == kind for text in spellings]
        yield _row(_code(text for text in texts if text.strip()), meaning)


def _others() -> Iterator[str]:
    yield "## Harte's syntax\n"
    yield "`root:shorthand(degrees)/degree`, as annotated corpora write it: `C:min7/b3`, `A:sus4(b7,9)`, `F:maj(*5)`. Here 11 and"
    yield "13 hold all thirds below them. Shorthands: " + _code(name for name in SHORTHANDS if name) + ".\n"
    yield "## German names\n"
    yield "On request (`Chord.parse(text, german=True)`): " + _code(f"{name}={plain}" for name, plain in GERMAN.items()) + "."
    yield CHARTS


if __name__ == "__main__":
    sys.stdout.write(chord_page())
