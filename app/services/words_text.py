"""A description as tokens: words folded for comparison, each with its place in the text. Any text can be read."""

from __future__ import annotations

from typing import Final, NamedTuple

KEPT_INVISIBLE: Final = "\u00ad\u200c\u200d"  # soft hyphen, joiners: they sit inside words
DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
APOSTROPHES: Final = "\u2018\u2019\u02bc`\u00b4"
SAME: Final = {  # typed otherwise, read alike
    **dict.fromkeys(map(ord, DASHES), "-"),
    **dict.fromkeys(map(ord, APOSTROPHES), "'"),
    ord("♭"): "b",
    ord("♯"): "#",
}
UNITS_AFTER_DIGITS: Final = ("bpm", "bars", "bar", "measures", "measure", "min", "sec")
BREAKS: Final = frozenset(",.;:()[]{}!?|")
SMALL_NUMBERS: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBER_WORDS: Final = (
    {word: value for value, word in enumerate(SMALL_NUMBERS)}
    | {word: 10 * value for value, word in enumerate(TENS, 2)}
    | {"dozen": 12, "fourty": 40, "once": 1, "twice": 2, "thrice": 3}
)
BEYOND: Final = 10**9  # what a number of many digits is read as


class Token(NamedTuple):
    """A word: folded (lower case, no accents), its singular, its place, and what stands before it."""

    word: str
    stem: str
    start: int
    end: int
    gap: str  # the characters since the token before, without spaces

    @property
    def joined(self) -> bool:
        """Whether a hyphen, and no space, ties it to the token before."""
        return self.gap == "-"

    @property
    def breaks(self) -> bool:
        """Whether a clause begins here, a comma not counting as more than that."""
        return any(mark in BREAKS for mark in self.gap) or self.gap.startswith(" ")


def clean(text: str) -> str:
    """The text as it is kept: control characters become spaces, lone surrogates a replacement mark; the length stays."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in KEPT_INVISIBLE else _replaced(char) for char in text)


def tokenise(text: str) -> list[Token]:
    """The words of a cleaned text, in order. Linear in its length."""
    folded = _fold(text)
    tokens: list[Token] = []
    index, last = 0, 0
    while index < len(folded):
        if not folded[index].isalnum():
            index += 1
            continue
        start, index = index, _word_end(folded, index)
        for begin, end in _split_unit(folded, start, index):
            tokens.append(_token(folded, begin, end, _gap(folded, last, begin)))
            last = end
    return tokens


def number_at(tokens: list[Token], index: int) -> tuple[float, int] | None:
    """The number that begins at a token, in digits or in words, and the index after it; None where none does."""
    if index >= len(tokens):
        return None
    word = tokens[index].word
    if word[0].isdecimal():
        value = _digits(word)
        return None if value is None else (value, index + 1)
    if word == "a" and index + 1 < len(tokens) and tokens[index + 1].word in ("hundred", "dozen"):
        index, word = index + 1, tokens[index + 1].word
    if word not in NUMBER_WORDS and word != "hundred":
        return None
    return _spoken_number(tokens, index)


def _spoken_number(tokens: list[Token], index: int) -> tuple[float, int]:
    """`one hundred and twenty`, `thirty two`, `one twenty`: the number and the index after it."""
    total, last = 0, 1000
    while index < len(tokens):
        word = tokens[index].word
        if word == "and" and total >= 100 and last == 100 and _follows(tokens, index + 1):
            index += 1
            continue
        if word == "hundred":
            total, last = max(total, 1) * 100, 100
        elif (value := NUMBER_WORDS.get(word)) is None or (total and not _fits(total, last, value)):
            break
        else:
            total = total * 100 + value if _is_short_hundred(total, value) else total + value
            last = value
        index += 1
        if total > 999:
            break
    return float(total), index


def _follows(tokens: list[Token], index: int) -> bool:
    return index < len(tokens) and tokens[index].word in NUMBER_WORDS


def _fits(total: int, last: int, value: int) -> bool:
    """Whether a number word goes on with the number so far: `thirty` + `two`, `hundred` + `twenty`, `one` + `twenty`."""
    if last == 100:
        return True
    return (last in range(20, 100, 10) and 0 < value < 10) or _is_short_hundred(total, value)


def _is_short_hundred(total: int, value: int) -> bool:
    return total in (1, 2, 3) and value >= 20


def _digits(word: str) -> float | None:
    whole, _, fraction = word.replace(",", "").partition(".")
    if not whole.isdecimal() or (fraction and not fraction.isdecimal()):
        return None
    if len(whole) > 9:
        return float(BEYOND)
    return float(f"{whole}.{fraction[:6] or 0}")


def _replaced(char: str) -> str:
    return "\ufffd" if "\ud800" <= char <= "\udfff" else " "


def _fold(text: str) -> str:
    """Lower case, accents and widths off, one character for each of the text's."""
    if text.isascii():
        return text.lower()
    import unicodedata

    folded = []
    for char in text.translate(SAME):
        if char.isascii():
            folded.append(char.lower())
            continue
        plain = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)).lower()
        mark = unicodedata.category(char)[0] == "M" or char in KEPT_INVISIBLE
        folded.append("\0" if mark else plain if len(plain) == 1 else char)
    return "".join(folded).translate(SAME)


def _word_end(folded: str, index: int) -> int:
    """The index after the word that begins here: letters and digits, and signs that belong inside a word."""
    while index < len(folded):
        char = folded[index]
        if char.isalnum() or char in "#\0" or (char in "'&./,+:" and _inside(folded, index)):
            index += 1
        else:
            break
    return index


def _inside(folded: str, index: int) -> bool:
    """Whether a sign at this place stands inside a word: don't, r&b, 72.5, 6/8, 1,000, 3+2, 2:3."""
    if index + 1 >= len(folded):
        return False
    before, sign, after = folded[index - 1], folded[index], folded[index + 1]
    if sign in "'&":
        return before.isalpha() and after.isalpha()
    if not (before.isdecimal() and after.isdecimal()):
        return False
    return sign != "," or (folded[index + 1 : index + 4].isdecimal() and len(folded[index + 1 : index + 4]) == 3)


def _split_unit(folded: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """`220bpm` and `32bars` are two words."""
    if folded[start].isdecimal():
        digits = start
        while digits < end and (folded[digits].isdecimal() or folded[digits] in ".,"):
            digits += 1
        if folded[digits:end] in UNITS_AFTER_DIGITS:
            return (start, digits), (digits, end)
    return ((start, end),)


def _gap(folded: str, last: int, start: int) -> str:
    """What stands between two words; a dash set off by spaces keeps one, so that it reads as a break."""
    between = folded[last:start]
    bare = between.strip(" \0")
    return f" {bare}" if "-" in bare and between[:1] == " " else bare


def _token(folded: str, start: int, end: int, gap: str) -> Token:
    word = folded[start:end].replace("\0", "")
    word = word.removesuffix("'s")
    return Token(word, _singular(word), start, end, gap)


def _singular(word: str) -> str:
    if len(word) < 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]
