"""Sections among words: "intro, verse, chorus" is a form, "intro 8, verse 16" one with lengths, "a four-bar intro" its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from app.harmony.forms import ORDINAL
from app.services.words_lexicon import Finding
from app.services.words_measure import BAR_WORDS, LONGEST_SECTION
from app.services.words_text import Token, number_at

LINKS: Final = frozenset({"and", "then", "to", "into", "a", "an", "the", "with", "followed", "by", "plus", "next"})
FAR: Final = 3  # words between two sections of a form
MAIN: Final = frozenset({"verse", "chorus", "head"})  # a piece is made of one of them
ALONE: Final = frozenset({"intro", "tag", "break", "ending"})  # kinds that have a length of their own beside a form
BEFORE_A_LENGTH: Final = frozenset({"", ":", "=", "(", "-", "["})


class Place(NamedTuple):
    """A section among the words: its kind, its tokens with those of its length, its bars, 0 where they are not said."""

    kind: str
    start: int
    end: int
    bars: int
    counted: bool = False  # the words say that they are bars


def with_sections(tokens: list[Token], findings: list[Finding]) -> list[Finding]:
    """The findings with sections in a row as a form, and lengths of single ones as theirs and not the piece's."""
    out = list(findings)
    for chain in _chains(tokens, findings):
        kinds = [place.kind for place in chain]
        if len(chain) > 1 and MAIN & set(kinds):
            form = Finding("form", _name(chain), chain[0].start, chain[-1].end)
            out = [*_outside(out, form.start, form.end), form]
        else:
            for place in chain:
                out = _lengthened(out, place)
    return sorted(out, key=lambda finding: finding.start)


def _name(chain: Sequence[Place]) -> str:
    if [place[::3] for place in chain] == [("verse", 0), ("chorus", 0)]:
        return "verse-chorus"
    counted = any(place.counted or place.bars >= ORDINAL for place in chain)
    return ", ".join(f"{place.kind} {place.bars}" if place.bars and counted else place.kind for place in chain)


def _outside(findings: list[Finding], start: int, end: int) -> list[Finding]:
    return [finding for finding in findings if finding.end <= start or finding.start >= end]


def _lengthened(findings: list[Finding], place: Place) -> list[Finding]:
    """The findings with the length of one section by itself, if it may have one."""
    if place.kind not in ALONE or not 1 <= place.bars <= LONGEST_SECTION:
        return findings
    kind = "tag" if place.kind == "ending" else place.kind
    section = Finding("section", kind, place.start, place.end)
    length = section._replace(kind="section_bars", value=f"{kind} {place.bars}")
    return [*_outside(findings, place.start, place.end), section, length]


def _chains(tokens: list[Token], findings: list[Finding]) -> Iterator[list[Place]]:
    """The sections, those in one list that belong together: nothing but commas, articles and "then" between them."""
    chain: list[Place] = []
    for finding in findings:
        if finding.kind == "section" or (finding.kind, finding.value) == ("form", "vamp"):
            place = _place(tokens, finding)
            if chain and not _goes_on(tokens, chain[-1], place):
                yield chain
                chain = []
            chain.append(place)
    if chain:
        yield chain


def _goes_on(tokens: list[Token], one: Place, other: Place) -> bool:
    between = tokens[one.end : other.start]
    return len(between) <= FAR and all(token.word in LINKS for token in between)


def _place(tokens: list[Token], finding: Finding) -> Place:
    """A section with the length that is said right after it, or right before it."""
    end = finding.end + (tokens[finding.end].word == "out" if finding.end < len(tokens) else 0)  # "head out"
    found = _length_after(tokens, end)
    if found is not None:
        return Place(finding.value, finding.start, *found)
    bars, start = _length_before(tokens, finding.start) or (0, finding.start)
    return Place(finding.value, start, end, bars, bars > 0)


def _length_after(tokens: list[Token], index: int) -> tuple[int, int, bool] | None:
    """Of `verse 8`, `verse: 8 bars`, `verse (8)` where the words go on, the bars, and whether "bars" is said."""
    number = number_at(tokens, index)
    if number is None or tokens[index].gap not in BEFORE_A_LENGTH:
        return None
    value, end = number
    if value > LONGEST_SECTION * 4:
        return None
    if end < len(tokens) and tokens[end].word in BAR_WORDS:
        return end + 1, int(value), True
    if end < len(tokens) and not (tokens[end].breaks or tokens[end].word in LINKS):
        return None
    return end, int(value), False


def _length_before(tokens: list[Token], index: int) -> tuple[int, int] | None:
    """`8-bar intro`, `8 bars of intro`, and where the words begin."""
    last = index - 1
    if last > 0 and tokens[last].word == "of":
        last -= 1
    if last < 1 or tokens[last].word not in BAR_WORDS or any(token.breaks for token in tokens[last : index + 1]):
        return None
    for start in range(max(0, last - 3), last):
        number = number_at(tokens, start)
        if number is not None and number[1] == last:
            return int(number[0]), start
    return None
