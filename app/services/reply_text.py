"""A model's answer as a value: JSON as it should be, or as small models write it; in linear time, whatever is thrown at it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from app.errors import RejectedReply

LONGEST: Final = 1 << 16  # characters
DEEPEST: Final = 16
MOST_STARTS: Final = 8  # places at which an answer may begin that are tried
FENCE: Final = "```"
QUOTES: Final = {'"': '"', "'": "'", "“": "”", "‘": "’", "`": "`"}
ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": ""}
WORDS: Final = {"true": True, "false": False, "null": None, "none": None, "undefined": None}
WORD_ENDS: Final = frozenset(",:;=[]{}\n\r\t\"'`“”")
TOO_SHORT: Final = "the answer ends too early: close every bracket"


class Reading(NamedTuple):
    """What was read, and what had to be overlooked on the way."""

    value: Any  # Any: JSON of a stranger's; the shape is looked at next
    mended: tuple[str, ...] = ()


def read_reply(text: str, useful: Callable[[Any], bool]) -> Reading:
    """The first value in the text that is `useful`. Raises RejectedReply with what is wrong."""
    if len(text) > LONGEST:
        raise RejectedReply(f"the answer is longer than {LONGEST} characters")
    strict = _strictly(text.strip().lstrip("\ufeff"))
    if strict is not None and useful(strict):
        return Reading(strict)
    reason, passed = "the answer holds no JSON object", 0
    for start in _starts(text):
        if start < passed:
            continue
        loose = Loose(text, start)
        try:
            value = loose.read()
            reason = "the answer holds no bars"
        except Broken as broken:
            value, reason = None, str(broken)
        if useful(value):
            return Reading(value, _around(text, start, loose) + tuple(dict.fromkeys(loose.mended)))
        passed = loose.at
    raise RejectedReply(f"{reason}; answer with the JSON object alone")


def _strictly(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _around(text: str, start: int, loose: Loose) -> tuple[str, ...]:
    before, after = text[:start], text[loose.at :]
    if FENCE in before:
        return ("a fence round it",)
    return ("words round it",) if (before + after).strip() else ()


def _starts(text: str) -> Iterator[int]:
    """Where an answer may begin: in fences first, objects before arrays."""
    found: list[int] = []
    fence = text.find(FENCE)
    while fence >= 0 and len(found) < 2:
        inside = _opening(text, fence)
        if inside >= 0:
            found.append(inside)
        fence = text.find(FENCE, fence + len(FENCE))
    for bracket in "{[":
        place = text.find(bracket)
        for _ in range(3):
            if place >= 0:
                found.append(place)
                place = text.find(bracket, place + 1)
    return iter(list(dict.fromkeys(found))[:MOST_STARTS])


def _opening(text: str, start: int) -> int:
    """The first bracket from there on."""
    places = [place for place in (text.find("{", start), text.find("[", start)) if place >= 0]
    return min(places, default=-1)


class Broken(Exception):
    """What stands there is no value; the message says why."""


class Loose:
    """Reads one value, forgiving what small models do; each character is looked at a bounded number of times."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at
        self.mended: list[str] = []
        self._depth = 0

    def read(self) -> Any:
        """The value that begins here."""
        self._skip()
        letter = self._letter()
        if letter in ("{", "["):
            return self._nested(self._object if letter == "{" else self._array)
        if letter in QUOTES:
            return self._string(letter)
        return self._word()

    def _nested(self, read: Callable[[], Any]) -> Any:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Broken(f"the answer is nested deeper than {DEEPEST}")
        self.at += 1
        value = read()
        self._depth -= 1
        return value

    def _letter(self) -> str:
        if self.at >= len(self.text):
            raise Broken(TOO_SHORT)
        return self.text[self.at]

    def _object(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not self._closed("}"):
            key = self.read()
            self._skip()
            if self._letter() not in (":", "="):
                raise Broken(f'the answer is no JSON: a ":" is missing after "{str(key)[:20]}"')
            self.at += 1
            found[str(key)] = self.read()
        return found

    def _array(self) -> list[Any]:
        found = []
        while not self._closed("]"):
            found.append(self.read())
        return found

    def _closed(self, bracket: str) -> bool:
        """Whether the bracket closes here; commas on the way are passed."""
        self._skip()
        commas = 0
        while self._letter() in (",", ";"):
            commas += 1
            self.at += 1
            self._skip()
        letter = self._letter()
        if letter in ("}", "]") and letter != bracket:
            raise Broken(f'the answer is no JSON: a "{bracket}" is missing')
        if letter == bracket:
            self.at += 1
            self.mended += ["a comma too many"] if commas else []
        return letter == bracket

    def _skip(self) -> None:
        """Past space and comments."""
        text, end = self.text, len(self.text)
        while self.at < end:
            if text[self.at].isspace() or text[self.at] == "\ufeff":
                self.at += 1
            elif text.startswith("//", self.at):
                self.at = self._after("\n")
            elif text.startswith("/*", self.at):
                self.at = self._after("*/")
            else:
                return

    def _after(self, mark: str) -> int:
        self.mended.append("comments")
        place = self.text.find(mark, self.at)
        return len(self.text) if place < 0 else place + len(mark)

    def _string(self, quote: str) -> str:
        if quote != '"':
            self.mended.append("other quotes")
        close, pieces = QUOTES[quote], []
        text, place = self.text, self.at + 1
        while place < len(text):
            letter = text[place]
            if letter == "\\":
                pieces.append(ESCAPES.get(text[place + 1 : place + 2], text[place + 1 : place + 2]))
                place += 2
            elif letter == close and (quote != "'" or self._ends(place + 1)):
                self.at = place + 1
                return "".join(pieces)
            else:
                pieces.append(letter)
                place += 1
        self.at = len(text)
        raise Broken(TOO_SHORT)

    def _ends(self, place: int) -> bool:
        """Whether a single quote closes here: it is an apostrophe where a letter follows."""
        return not self.text[place : place + 1].isalnum()

    def _word(self) -> Any:
        text, end = self.text, self.at
        while end < len(text) and text[end] not in WORD_ENDS:
            end += 1
        word = text[self.at : end].strip()
        self.at = end
        if not word or word.startswith(("...", "…")):
            raise Broken("the answer leaves bars out: write every bar" if word else "the answer is no JSON")
        if word.lower() in WORDS:
            return WORDS[word.lower()]
        number = _number(word)
        if number is None:
            self.mended.append("texts without quotes")
        return word if number is None else number


def _number(word: str) -> int | float | None:
    if len(word) > 20 or not word.isascii():
        return None
    try:
        return int(word)
    except ValueError:
        pass
    try:
        return float(word)
    except ValueError:
        return None
