"""Keys in words: "in F# minor", "B flat", "D dorian", "key of G"; and what only looks like one: "in a minor key", "a ballad"."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from app.services.words_lexicon import Finding
from app.services.words_text import Token

MODES_AFTER: Final = MappingProxyType(
    {"maj": "major", "major": "major", "ionian": "major", "dur": "major", "min": "minor", "minor": "minor", "moll": "minor"}
    | {"aeolian": "minor", "m": "minor"}
    | {mode: mode for mode in ("dorian", "phrygian", "lydian", "mixolydian", "locrian")}
)
SUFFIXES: Final = MappingProxyType({"": "", "m": "minor", "min": "minor", "maj": "major", "minor": "minor", "major": "major"})
MINOR_SCALES: Final = ("harmonic", "melodic", "natural")
ACCIDENTALS: Final = MappingProxyType({"flat": "b", "sharp": "#"})
CHORD_WORDS: Final = frozenset(
    {  # "C minor seventh" is a chord
        "second", "third", "fourth", "fifth", "sixth", "seventh", "ninth", "eleventh", "2nd", "3rd", "4th", "5th", "6th", "7th",
        "9th", "7", "9", "6", "11", "13", "chord", "triad",
    }
)  # fmt: skip
SECTION_WORDS: Final = frozenset({"section", "part", "theme", "melody", "train", "team", "class", "string"})  # "in B section"
LETTER_AFTER: Final = frozenset(
    {
        "with", "at", "for", "and", "slow", "fast", "medium", "major", "minor", "please", "but", "about", "around", "using",
        "then", "that", "which", "modulating", "modulates", "going", "goes", "moving", "moves", "ending", "ends",
    }
)  # fmt: skip


def read_key(tokens: list[Token], text: str, index: int) -> Finding | None:
    """The key named at a token, its value as `Key.parse` reads it."""
    word = tokens[index].word
    if word == "h":
        return _german(tokens, index)
    if word[0] not in "abcdefg" or len(word) > 7:
        return None
    accidental, suffix = _split(word)
    if suffix not in SUFFIXES and not (suffix == "7" and _led(tokens, index)):
        return None
    end = index + 1
    if not accidental and not suffix and end < len(tokens) and tokens[end].word in ACCIDENTALS and not tokens[end].gap.strip("-"):
        accidental = ACCIDENTALS[tokens[end].word]
        end += 1
    mode, end = (SUFFIXES.get(suffix, ""), end) if suffix else _mode(tokens, end)
    if not _is_meant(tokens, text, index, end, bool(mode), bool(accidental)):
        return None
    if not mode and end < len(tokens) and tokens[end].gap in ("", "-") and tokens[end].word in MODES_AFTER:
        mode, end = MODES_AFTER[tokens[end].word], end + 1  # "in Eb minor 9ths": chords on a tonic of that mode
    return Finding("key", f"{word[0].upper()}{accidental} {mode or 'major'}", index, end, strong=bool(mode))


def _german(tokens: list[Token], index: int) -> Finding | None:
    """`h-moll` and `H minor`: B, as Germans call it, where a mode says that a key is meant."""
    mode, end = _mode(tokens, index + 1)
    return Finding("key", f"B {mode}", index, end) if mode else None


def _split(word: str) -> tuple[str, str]:
    """The accidental and what follows it: `ebm` → (`b`, `m`)."""
    accidental = word[1] if len(word) > 1 and word[1] in "b#" else ""
    return accidental, word[1 + len(accidental) :]


def _mode(tokens: list[Token], index: int) -> tuple[str, int]:
    """The mode named at a token and the index after it; ("", index) where there is none."""
    first = index + 1 if index + 1 < len(tokens) and tokens[index].word in MINOR_SCALES else index
    if first >= len(tokens) or tokens[first].gap not in ("", "-"):
        return "", index
    mode = MODES_AFTER.get(tokens[first].word, "")
    chord = first + 1 < len(tokens) and tokens[first + 1].stem in CHORD_WORDS and not tokens[first + 1].breaks
    return (mode, first + 1) if mode and not chord else ("", index)


def _led(tokens: list[Token], index: int) -> bool:
    """Whether "in", "key" or "key of" comes before, or it is "from" one key "to" another."""
    before = [token.word for token in tokens[max(0, index - 3) : index] if token.word != "concert"]
    if not before or tokens[index].gap.strip(':="'):
        return False
    from_to = before[-1] == "from" and any(token.word == "to" for token in tokens[index + 1 : index + 3])
    return from_to or before[-1] in ("in", "key", "to") or before[-2:] == ["key", "of"]


def _is_meant(tokens: list[Token], text: str, index: int, end: int, mode: bool, accidental: bool) -> bool:
    """Whether a letter at a token is a key and not an article, a section or a word."""
    written = text[tokens[index].start : tokens[index].end]
    after = tokens[end] if end < len(tokens) and not tokens[end].breaks else None
    if after is not None and after.word in SECTION_WORDS:
        return False
    if written in ("a", "A") and not (accidental and (mode or tokens[index + 1].joined)):
        return _letter_a(tokens, index, after, capital=written == "A", mode=mode)
    if written[0].isupper():
        return _capital(written, after, led=_led(tokens, index), sure=mode or accidental)
    if _led(tokens, index) and tokens[index - 1].word != "to":
        return True
    return end - index > 1 or "#" in written or (mode and accidental)


def _letter_a(tokens: list[Token], index: int, after: Token | None, *, capital: bool, mode: bool) -> bool:
    """`a` and `A` are mostly articles: "in A" at a clause's end, "A minor" before nothing that it could describe."""
    ends = after is None or after.word[0].isdecimal() or after.word in LETTER_AFTER
    if mode:
        return ends or (capital and index > 0 and not tokens[index].breaks)
    led = _led(tokens, index) and tokens[index - 1].word != "to"
    of_key = led and tokens[index - 1].word in ("of", "key")
    return of_key or (led and (ends if capital else after is None))


def _capital(written: str, after: Token | None, *, led: bool, sure: bool) -> bool:
    """`Bb`, `F#`, `Em` stand by themselves; `G` only after "in" or "key of"."""
    if len(written) > 1 and written[1:].isupper():  # AM, BB: no key
        return False
    if written == "Am" and after is not None and after.word == "i":
        return False
    return sure or led
