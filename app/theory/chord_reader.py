"""Reads what stands after a chord's root, in any of the spellings of `chord_words`, in one pass from left to right."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from app.theory.chord_shape import Shape, normal, shape_of
from app.theory.chord_words import DEGREES, LONGEST, NATURALS, STACKS, WORDS


class Unreadable(ValueError):
    """The place where reading stopped (who knows the whole text makes a ChordError of it); positions count characters from 0."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


class Token(NamedTuple):
    """A word of the language: its kind, what it says, and where it stands."""

    kind: str
    value: str
    at: int


END: Final = Token("end", "", 0)
TRIAD: Final = frozenset({0, 4, 7})  # what a bare root is
DEGREE_WORDS: Final = ("number", "sign", "skip")  # what may follow `add` and `no`, and the signs of one character


class Reading:
    """A chord while it is read: the tones so far, and what the next word depends on."""

    __slots__ = (
        "degrees",
        "depth",
        "last",
        "major",
        "next",
        "numbered",
        "quality",
        "sign",
        "stacked",
        "tones",
        "triangle",
        "verb",
    )

    def __init__(self) -> None:
        self.tones = {0, 4, 7}
        self.quality = ""  # maj | min | dim | half | aug | dom | alt: the word that came first
        self.major = False  # a "maj" waits for its number
        self.triangle = False  # ... and says the seventh by itself
        self.numbered = False  # the main number was read
        self.stacked: tuple[int, ...] = ()  # tones that came with it
        self.degrees = False  # a degree was added, altered or left out
        self.sign = ""  # an accidental waits for its degree
        self.verb = ""  # add | no | sus waits for its degree
        self.depth = 0
        self.last = ""  # the kind of the word before
        self.next = END

    def seventh(self, tone: int) -> None:
        """Set the seventh."""
        self.tones -= {9, 10, 11}
        self.tones.add(tone)

    def third(self, *tones: int) -> None:
        """Put these in the third's place."""
        self.tones -= {3, 4}
        self.tones.update(tones)

    def fifth(self, tone: int) -> None:
        """Alter the fifth; a second alteration stands beside the first."""
        self.tones.discard(7)
        self.tones.add(tone)


def tokens(text: str) -> list[Token]:
    """The words of a suffix, the longest first at every place. Raises Unreadable."""
    found = []
    place = 0
    while place < len(text):
        length = min(LONGEST, len(text) - place)
        while text[place : place + length] not in WORDS or text.startswith("add", place + length - 1):
            length -= 1
            if not length:
                raise Unreadable(place)
        found.append(Token(*WORDS[text[place : place + length]], place))
        place += length
    return found


@lru_cache(maxsize=4096)
def read_suffix(text: str) -> Shape:
    """The shape that a suffix (`m7b5`, `^9#11`, `7(b9,#11)`) writes. Raises Unreadable with the place."""
    reading = Reading()
    words = tokens(text)
    for token, following in zip(words, (*words[1:], END), strict=False):
        reading.next = following
        ACTIONS[token.kind](reading, token)
        reading.last = token.kind
    if reading.sign or reading.verb or reading.depth:
        raise Unreadable(max(0, len(text) - 1))
    if reading.major and (reading.triangle or reading.quality in ("min", "dim")):
        reading.seventh(11)
    return shape_of(normal(reading.tones))


def _maj(reading: Reading, token: Token) -> None:
    """`maj`, `^`, `M`: major, and with a number the major seventh; after a 7 as Brazil writes it, `C7M`."""
    if token.value == "j" and reading.quality:
        raise Unreadable(token.at)
    if reading.numbered:
        if reading.last != "number" or reading.degrees or 10 not in reading.tones or reading.quality == "half":
            raise Unreadable(token.at)
        reading.seventh(11)
        return
    if reading.major or reading.degrees or reading.quality in ("half", "dom"):
        raise Unreadable(token.at)
    reading.major = True
    reading.triangle = token.value != "maj"
    reading.quality = reading.quality or "maj"


def _min(reading: Reading, token: Token) -> None:
    """`m`, `-`; a dash after the number, or before a 5, lowers the degree that follows."""
    fresh = not reading.quality and not reading.numbered
    if token.value == "dash" and (not fresh or reading.verb or reading.next.value == "5"):
        _sign(reading, token)
    elif fresh and reading.tones == TRIAD:
        reading.quality = "min"
        reading.third(3)
    else:
        raise Unreadable(token.at)


def _dim(reading: Reading, token: Token) -> None:
    if (reading.numbered or reading.verb) and reading.next.value in ("5", "9"):
        _sign(reading, token)
    else:
        _diminish(reading, token, "dim")


def _diminish(reading: Reading, token: Token, quality: str) -> None:
    if reading.numbered or reading.quality not in ("", "min") or reading.tones - {3, 4} != {0, 7}:
        raise Unreadable(token.at)
    reading.quality = quality
    reading.third(3)
    reading.fifth(6)


def _half(reading: Reading, token: Token) -> None:
    _diminish(reading, token, "half")
    reading.seventh(10)


def _aug(reading: Reading, token: Token) -> None:
    """`+`, `aug`: the raised fifth; before a degree, after the number, the raised degree; `m+7` the raised seventh."""
    degree = reading.next.value if reading.next.kind == "number" else ""
    if degree and (reading.numbered or reading.verb or degree == "5"):
        _sign(reading, token)
    elif reading.quality == "min" and degree == "7":
        reading.major = True
    elif reading.quality in ("dim", "half", "aug", "alt"):
        raise Unreadable(token.at)
    else:
        reading.quality = reading.quality or "aug"
        reading.fifth(8)


def _sign(reading: Reading, token: Token) -> None:
    if reading.sign or reading.next.kind != "number":
        raise Unreadable(token.at)
    if token.value == "#" and reading.quality == "min" and not reading.numbered and reading.next.value == "7":
        reading.major = True  # "m#7": the raised seventh
    else:
        reading.sign = SIGNS[token.value]


SIGNS: Final = MappingProxyType({"b": "b", "dash": "b", "dim": "b", "#": "#", "plus": "#", "aug": "#"})


def _number(reading: Reading, token: Token) -> None:
    in_brackets = reading.depth and reading.last in ("open", "skip") and token.value != "7"
    if reading.verb or reading.sign or reading.numbered or in_brackets:
        _degree(reading, token)
        return
    if token.value not in STACKS or reading.last == "number":
        raise Unreadable(token.at)
    _main(reading, token)


def _main(reading: Reading, token: Token) -> None:
    """The first plain number: what the chord reaches up to."""
    reading.numbered = True
    reading.stacked = STACKS[token.value]
    reading.tones.update(reading.stacked)
    if token.value in ("7", "9", "11", "13"):
        reading.seventh(11 if reading.major else 9 if reading.quality == "dim" else 10)
    elif reading.triangle or 10 in reading.tones or (reading.major and reading.quality != "maj"):
        raise Unreadable(token.at)
    elif token.value in ("4", "5"):
        if reading.quality:
            raise Unreadable(token.at)
        reading.third(*((5,) if token.value == "4" else ()))
    reading.major = False


def _degree(reading: Reading, token: Token) -> None:
    """A degree that is added, altered, suspended or left out."""
    verb, sign = reading.verb, reading.sign
    reading.verb = reading.sign = ""
    reading.degrees = reading.degrees or verb != "sus"
    if not verb and not sign:
        _bare(reading, token)
        return
    tone = DEGREES.get(sign + token.value)
    if tone is None or (token.value == "3" and sign and not verb):
        raise Unreadable(token.at)
    if verb == "no":
        _leave_out(reading, token, tone)
    elif verb == "sus":
        reading.tones.add(5 if token.value == "4" else 2)
    elif verb == "add" or token.value not in ("5", "9", "11", "13"):
        reading.tones.add(tone)
    elif token.value == "5":
        reading.fifth(tone)
    else:
        _alter(reading, token, tone)


def _bare(reading: Reading, token: Token) -> None:
    """A number that follows the main one: `7(13)`, `7/9`, `7(4)`."""
    if reading.last == "number" or token.value in ("3", "5", "7"):
        raise Unreadable(token.at)
    if token.value == "4":
        reading.third(5)
    elif token.value == "69":
        reading.tones |= {14, 21}
    else:
        reading.tones.add(DEGREES[token.value])


def _alter(reading: Reading, token: Token, tone: int) -> None:
    if NATURALS[token.value] in reading.stacked:
        reading.tones.discard(NATURALS[token.value])
    reading.tones.add(tone)


def _leave_out(reading: Reading, token: Token, tone: int) -> None:
    gone = {"3": {3, 4}, "5": {6, 7, 8}}.get(token.value, {tone})
    if token.value not in ("3", "5") and tone not in reading.tones:
        raise Unreadable(token.at)
    reading.tones -= gone


def _sus(reading: Reading, token: Token) -> None:
    if reading.quality in ("dim", "half", "alt"):
        raise Unreadable(token.at)
    if reading.next.kind == "number" and reading.next.value in ("2", "4"):
        reading.third()
        reading.verb = "sus"
    else:
        reading.third(*{"4": (5,), "24": (2, 5), "#4": (18,), "b2": (13,)}[token.value])


def _alt(reading: Reading, token: Token) -> None:
    if reading.quality or reading.stacked or (reading.numbered and reading.tones != {0, 4, 7, 10}) or reading.degrees:
        raise Unreadable(token.at)
    reading.quality = "alt"
    reading.numbered = True
    reading.seventh(10)
    reading.fifth(8)
    reading.tones.add(15)


def _verb(reading: Reading, token: Token) -> None:
    if reading.verb or reading.sign or (reading.next.kind not in DEGREE_WORDS and reading.next.value not in SIGNS):
        raise Unreadable(token.at)
    reading.verb = token.value


def _open(reading: Reading, token: Token) -> None:
    if reading.depth or reading.sign:
        raise Unreadable(token.at)
    reading.depth = 1


def _close(reading: Reading, token: Token) -> None:
    if not reading.depth or reading.sign or reading.verb or reading.last == "open":
        raise Unreadable(token.at)
    reading.depth = 0


def _dom(reading: Reading, token: Token) -> None:
    """`dom`: the minor seventh, of which the number says the rest."""
    if reading.quality or reading.numbered or reading.tones != TRIAD:
        raise Unreadable(token.at)
    reading.quality = "dom"
    reading.seventh(10)


def _skip(reading: Reading, token: Token) -> None:
    """A separator. Between `add` and its degree only a space may stand."""
    if reading.sign or (reading.verb and reading.next.kind not in DEGREE_WORDS):
        raise Unreadable(token.at)


def _stroke(reading: Reading, token: Token) -> None:
    if reading.next.kind not in ("number", "sign", "verb", "maj", "open", "sus"):
        raise Unreadable(token.at)


ACTIONS: Final[MappingProxyType[str, Callable[[Reading, Token], None]]] = MappingProxyType(
    {
        "maj": _maj, "min": _min, "dim": _dim, "half": _half, "aug": _aug, "dom": _dom, "number": _number, "sign": _sign,
        "sus": _sus, "alt": _alt, "verb": _verb, "open": _open, "close": _close, "skip": _skip, "stroke": _stroke,
    }
)  # fmt: skip
