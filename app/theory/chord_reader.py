"""Reads what stands after a chord's root, in any of the spellings of `chord_words`, in one pass from left to right."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from app.theory.chord_shape import Shape, normal, shape_of
from app.theory.chord_words import DEGREES, LONGEST, NATURALS, STACKS, WORDS


class Unreadable(ValueError):  # noqa: N818 - a place in a text, turned into ChordError by whoever knows the whole text
    """The place where reading stopped; positions count characters from 0."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


class Token(NamedTuple):
    """A word of the language: its kind, what it says, and where it stands."""

    kind: str
    value: str
    at: int


class Reading:
    """A chord while it is read: the tones so far, and what the next word depends on."""

    def __init__(self) -> None:
        self.tones = {0, 4, 7}
        self.major = False  # a "maj" waits for its number
        self.numbered = False  # the main number was read
        self.quality = ""  # the quality word that came first
        self.sign = ""  # an accidental waits for its degree
        self.verb = ""  # add | no waits for its degree
        self.altered: set[int] = set()  # degrees (5, 9) that an alteration has taken from their natural
        self.stacked: set[int] = set()  # tones that came with the main number
        self.depth = 0
        self.last = ""  # the kind of the word before


def tokens(text: str) -> list[Token]:
    """The words of a suffix, the longest first at every place. Raises Unreadable."""
    found = []
    place = 0
    while place < len(text):
        for length in range(min(LONGEST, len(text) - place), 0, -1):
            word = WORDS.get(text[place : place + length])
            if word is not None:
                found.append(Token(word[0], word[1], place))
                place += length
                break
        else:
            raise Unreadable(place)
    return found


@lru_cache(maxsize=4096)
def read_suffix(text: str) -> Shape:
    """The shape that a suffix (`m7b5`, `^9#11`, `7(b9,#11)`) writes. Raises Unreadable with the place."""
    reading = Reading()
    words = tokens(text)
    for index, token in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else None
        ACTIONS[token.kind](reading, token, following)
        reading.last = token.kind
    _finish(reading, len(text))
    return shape_of(normal(reading.tones))


def _finish(reading: Reading, end: int) -> None:
    if reading.sign or reading.verb or reading.depth:
        raise Unreadable(max(0, end - 1))
    if reading.major and reading.quality in ("min", "dim", "triangle"):
        _seventh(reading, 11)


def _seventh(reading: Reading, tone: int) -> None:
    reading.tones -= {9, 10, 11}
    reading.tones.add(tone)


def _replace_third(reading: Reading, *tones: int) -> None:
    reading.tones -= {3, 4}
    reading.tones.update(tones)


def _replace_fifth(reading: Reading, tone: int) -> None:
    reading.tones.discard(7)
    reading.tones.add(tone)
    reading.altered.add(5)


def _maj(reading: Reading, token: Token, following: Token | None) -> None:
    if reading.major or (token.value == "j" and reading.quality) or (reading.numbered and 11 not in reading.tones and not reading.depth):
        raise Unreadable(token.at)
    reading.major = True
    if not reading.quality:
        reading.quality = "triangle" if token.value == "triangle" else "maj"


def _min(reading: Reading, token: Token, following: Token | None) -> None:
    if token.value == "dash" and (reading.quality or reading.numbered or (following is not None and following.value == "5")):
        reading.sign = "b"
        return
    if reading.quality or reading.numbered:
        raise Unreadable(token.at)
    reading.quality = "min"
    _replace_third(reading, 3)


def _dim(reading: Reading, token: Token, following: Token | None) -> None:
    if following is not None and following.value in ("5", "9") and reading.numbered:
        reading.sign = "b"
        return
    if reading.numbered or reading.quality not in ("", "min"):
        raise Unreadable(token.at)
    reading.quality = "dim"
    _replace_third(reading, 3)
    _replace_fifth(reading, 6)


def _half(reading: Reading, token: Token, following: Token | None) -> None:
    _dim(reading, token, None)
    reading.quality = "half"
    _seventh(reading, 10)


def _aug(reading: Reading, token: Token, following: Token | None) -> None:
    altering = following is not None and following.kind == "number"
    if altering and (reading.numbered or (reading.quality == "min" and following is not None and following.value == "5")):
        reading.sign = "#"
        return
    if altering and reading.quality == "min" and following is not None and following.value == "7":
        reading.major = True  # "m+7": the raised seventh
        return
    if reading.quality == "min" and not reading.numbered and token.value == "plus" and altering:
        raise Unreadable(token.at)
    reading.quality = reading.quality or "aug"
    _replace_fifth(reading, 8)


def _number(reading: Reading, token: Token, following: Token | None) -> None:
    if reading.verb or reading.sign or reading.numbered or (reading.depth and not reading.major and token.value != "7"):
        _degree(reading, token)
        return
    if token.value not in STACKS:
        raise Unreadable(token.at)
    reading.numbered = True
    MAIN[token.value](reading, token)


def _main_seventh(reading: Reading, token: Token) -> None:
    tone = 11 if reading.major else 9 if reading.quality == "dim" else 10
    _seventh(reading, tone)
    reading.major = False
    reading.stacked = set(STACKS[token.value])
    reading.tones |= reading.stacked


def _main_sixth(reading: Reading, token: Token) -> None:
    reading.major = False
    reading.stacked = set(STACKS[token.value])
    reading.tones |= reading.stacked


def _main_fifth(reading: Reading, token: Token) -> None:
    if reading.quality:
        raise Unreadable(token.at)
    _replace_third(reading)


def _main_fourth(reading: Reading, token: Token) -> None:
    if reading.quality not in ("", "maj"):
        raise Unreadable(token.at)
    _replace_third(reading, 5)


def _main_second(reading: Reading, token: Token) -> None:
    reading.tones.add(14)


MAIN = {
    "7": _main_seventh, "9": _main_seventh, "11": _main_seventh, "13": _main_seventh,
    "6": _main_sixth, "69": _main_sixth,
    "5": _main_fifth, "4": _main_fourth, "2": _main_second,
}  # fmt: skip


def _degree(reading: Reading, token: Token) -> None:
    """A degree that is added, altered or left out."""
    sign, verb = reading.sign, reading.verb
    reading.sign = reading.verb = ""
    if verb == "no":
        _leave_out(reading, token, sign)
        return
    if verb == "sus":
        reading.tones.add(5 if token.value == "4" else 2)
        return
    if not (verb or sign) and (reading.last in ("number", "sus") or token.value in ("5", "7")):
        raise Unreadable(token.at)
    tone = DEGREES.get(sign + token.value)
    if tone is None:
        raise Unreadable(token.at)
    if verb != "add" and sign and token.value == "5":
        _replace_fifth(reading, tone)
    elif verb != "add" and sign and token.value in ("9", "11", "13"):
        natural = NATURALS[token.value]
        if natural in reading.stacked:
            reading.tones.discard(natural)
        reading.tones.add(tone)
    else:
        _add(reading, tone)


def _add(reading: Reading, tone: int) -> None:
    if tone in (10, 11):
        _seventh(reading, tone)
    elif tone in (3, 4) and not reading.tones & {3, 4}:
        reading.tones.add(tone)
    else:
        reading.tones.add(tone)


def _leave_out(reading: Reading, token: Token, sign: str) -> None:
    if token.value == "3":
        reading.tones -= {3, 4}
    elif token.value == "5":
        reading.tones -= {6, 7, 8}
    elif token.value in NATURALS:
        reading.tones.discard(DEGREES.get(sign + token.value, -1))
    else:
        raise Unreadable(token.at)


def _sign(reading: Reading, token: Token, following: Token | None) -> None:
    if reading.sign or following is None or following.kind not in ("number", "maj"):
        raise Unreadable(token.at)
    if token.value == "#" and reading.quality == "min" and not reading.numbered and following.value == "7":
        reading.major = True  # "m#7": the raised seventh
        return
    reading.sign = token.value


def _sus(reading: Reading, token: Token, following: Token | None) -> None:
    if following is not None and following.kind == "number" and following.value in ("2", "4"):
        _replace_third(reading)
        reading.verb = "sus"
        return
    _replace_third(reading, *((2, 5) if token.value == "24" else (5,)))


def _alt(reading: Reading, token: Token, following: Token | None) -> None:
    if reading.quality or 10 not in reading.tones and reading.numbered:
        raise Unreadable(token.at)
    reading.numbered = True
    _seventh(reading, 10)
    _replace_fifth(reading, 8)
    reading.tones.add(15)


def _verb(reading: Reading, token: Token, following: Token | None) -> None:
    reading.verb = token.value


def _open(reading: Reading, token: Token, following: Token | None) -> None:
    reading.depth += 1
    if reading.depth > 1:
        raise Unreadable(token.at)


def _close(reading: Reading, token: Token, following: Token | None) -> None:
    if not reading.depth or reading.sign or reading.verb:
        raise Unreadable(token.at)
    reading.depth -= 1


def _nothing(reading: Reading, token: Token, following: Token | None) -> None:
    """A separator or a word that changes nothing."""


def _stroke(reading: Reading, token: Token, following: Token | None) -> None:
    if following is None or following.kind not in ("number", "sign", "verb"):
        raise Unreadable(token.at)


ACTIONS = {
    "maj": _maj, "min": _min, "dim": _dim, "half": _half, "aug": _aug, "number": _number, "sign": _sign,
    "sus": _sus, "alt": _alt, "verb": _verb, "open": _open, "close": _close, "skip": _nothing, "stroke": _stroke,
}  # fmt: skip
