"""When parts play, among words: "drums enter at bar 9", "no drums in the intro", "just piano for the first 8 bars"."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from app.services.words_lexicon import Finding
from app.services.words_measure import BAR_WORDS
from app.services.words_text import Token, number_at
from app.theory.presence import BARS

INSIDE: Final = frozenset({"in", "for", "during", "on", "over", "through", "throughout"})
UNTIL: Final = frozenset({"until", "till", "before"})
AT: Final = frozenset({"at", "in", "on", "from", "after", "with", "for"})
ENTERS: Final = frozenset(
    {"enter", "enters", "entering", "join", "joins", "joining", "start", "starts", "starting", "begin", "begins", "appear"}
)  # fmt: skip
ENTERS_IN: Final = frozenset({"come", "comes", "coming", "kick", "kicks", "drop", "drops", "fade", "fades"})  # with "in"
RESTS: Final = frozenset({"rest", "rests", "resting", "stop", "stops", "tacet", "silent", "pause", "pauses", "leave", "leaves"})
RESTS_OUT: Final = frozenset({"drop", "drops", "dropping", "lay", "lays", "sit", "sits", "fall", "falls", "cut"})  # with "out"
PASSED: Final = frozenset({"should", "to", "will", "then", "all", "that", "which", "can", "must", "are", "is"})
ARTICLES: Final = frozenset({"the", "a", "an", "its", "their"})
ORDINALS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "first": 1,
        "1st": 1,
        "opening": 1,
        "second": 2,
        "2nd": 2,
        "third": 3,
        "3rd": 3,
        "fourth": 4,
        "4th": 4,
        "last": -1,
        "final": -1,
    }
)
LENGTHS: Final = frozenset({"bars", "choruses"})  # of the piece, where they are not those of a place in it
OTHERWISE: Final = frozenset({("playing", "drop-outs")})  # what they say where no place is named
STRIPPED: Final = frozenset({"dub", "dubwise", "dubbed", "breakdown"})  # all but drums and bass leave
STRIPPED_ON: Final = frozenset({"out", "it", "down", "section", "part", "style", "version", "mix", "break"})  # may follow
LEFT_ALONE: Final = ("drums", "bass")
OUTRO: Final = 8  # bars that "the end" is, where no number is said
TIED: Final[tuple[list[str], ...]] = (["and"], ["or"], ["plus"], [])  # what may stand between two parts of a list


class Where(NamedTuple):
    """Bars from one to another, or the so-manieth section of a kind, and the token after it."""

    place: str
    first: int
    last: int
    end: int


def with_presence(tokens: list[Token], findings: list[Finding]) -> list[Finding]:
    """The findings with those that say when a part plays; a part that is left out of a place only is not left out."""
    sections = {finding.start: finding for finding in findings if finding.kind == "section"}
    out = list(findings)
    for place in [index for index, finding in enumerate(findings) if finding.kind == "part"]:
        said = _said(tokens, sections, findings[place])
        if said is None:
            continue
        mode, where = said
        for one in _list_to(tokens, findings, place):
            part = findings[one]
            out[one] = part._replace(mark="", lead=-1)
            value = f"{part.value}|{mode} {where.place} {where.first} {where.last}"
            out.append(Finding("presence", value, part.start, where.end, lead=part.lead))
    stripped = _stripped(tokens, sections)
    places = {finding.start for finding in stripped}  # "dub" is no style there
    out = [*(one for one in out if one.kind != "application" or one.start not in places), *stripped]
    spans = [(finding.start, finding.end) for finding in out if finding.kind == "presence"]
    return [finding for finding in out if not (_gives_way(finding) and _within(finding, spans))]


def _stripped(tokens: list[Token], sections: dict[int, Finding]) -> list[Finding]:
    """`dub in the last 8 bars`, `breakdown in the bridge`, `dub it out at the end`: drums and bass alone there."""
    found = []
    for start in (index for index, token in enumerate(tokens) if token.word in STRIPPED):
        index = start + 1
        while _word(tokens, index) in STRIPPED_ON:
            index += 1
        length = number_at(tokens, index + 1) if index < len(tokens) else None  # "dub in 16 bars" is as long as that
        said = _at_the_end(tokens, index) if length else _inside(tokens, sections, index, "alone") or _at_the_end(tokens, index)
        if said is not None:
            mode, where = said
            value = f"{mode} {where.place} {where.first} {where.last}"
            found += [Finding("presence", f"{role}|{value}", start, where.end) for role in LEFT_ALONE]
    return found


def _at_the_end(tokens: list[Token], index: int) -> tuple[str, Where] | None:
    words = [_word(tokens, place) for place in range(index, index + 3)]
    return ("alone", Where(BARS, -OUTRO, -1, index + 3)) if words == ["at", "the", "end"] else None


def _gives_way(finding: Finding) -> bool:
    return finding.kind in LENGTHS or (finding.kind, finding.value) in OTHERWISE


def _within(finding: Finding, spans: list[tuple[int, int]]) -> bool:
    return any(start <= finding.start < end for start, end in spans)


def _list_to(tokens: list[Token], findings: list[Finding], place: int) -> list[int]:
    """The parts of a list that ends with one: "drums and bass enter"."""
    listed = [place]
    for index in range(place - 1, -1, -1):
        before, after = findings[index], findings[listed[0]]
        if before.kind != "part":
            break
        between = [token.word for token in tokens[before.end : after.start]]
        if between not in TIED or before.mark != after.mark or tokens[after.start].gap not in ("", ","):
            break
        listed.insert(0, index)
    return listed


def _said(tokens: list[Token], sections: dict[int, Finding], part: Finding) -> tuple[str, Where] | None:
    """What the words after a part say of where it plays."""
    index = part.end
    if part.mark == "not":
        return _left_out(tokens, sections, index)
    if part.mark == "only":
        return _inside(tokens, sections, index, "alone")
    if _word(tokens, index) == "only":
        mode = "alone" if _word(tokens, index + 1) == "for" else "only"
        return _inside(tokens, sections, index + 1, mode)
    if _word(tokens, index) == "from":
        return _with("from", _where(tokens, sections, index + 1))
    while _word(tokens, index) in PASSED:
        index += 1
    return _entering(tokens, sections, index) or _resting(tokens, sections, index)


def _left_out(tokens: list[Token], sections: dict[int, Finding], index: int) -> tuple[str, Where] | None:
    """`no drums until bar 9`, `no drums after bar 16`, `no drums in the intro`."""
    word = _word(tokens, index)
    if word in UNTIL:
        return _with("from", _where(tokens, sections, index + 1))
    if word == "after":
        where = _where(tokens, sections, index + 1)
        return ("out", where._replace(first=where.last + 1, last=-1)) if where is not None and where.place == BARS else None
    return _inside(tokens, sections, index, "out")


def _inside(tokens: list[Token], sections: dict[int, Finding], index: int, mode: str) -> tuple[str, Where] | None:
    return _with(mode, _where(tokens, sections, index + 1)) if _word(tokens, index) in INSIDE else None


def _entering(tokens: list[Token], sections: dict[int, Finding], index: int) -> tuple[str, Where] | None:
    """`enter at bar 9`, `come in after 8 bars`, `join in the second verse`."""
    word, after = _word(tokens, index), _word(tokens, index + 1)
    if word in ENTERS:
        index += 1 + (after == "in" and _word(tokens, index + 2) in AT)
    elif word in ENTERS_IN and after == "in":
        index += 2
    else:
        return None
    if _word(tokens, index) not in AT:
        return None
    where = _where(tokens, sections, index + 1)
    if where is not None and where.place == BARS and _word(tokens, index) == "after":
        where = where._replace(first=where.last + 1, last=where.last + 1)
    return _with("from", where)


def _resting(tokens: list[Token], sections: dict[int, Finding], index: int) -> tuple[str, Where] | None:
    """`drop out in the bridge`, `rests for the first 4 bars`."""
    word = _word(tokens, index)
    if word in RESTS_OUT and _word(tokens, index + 1) == "out":
        return _inside(tokens, sections, index + 2, "out")
    return _inside(tokens, sections, index + 1, "out") if word in RESTS else None


def _with(mode: str, where: Where | None) -> tuple[str, Where] | None:
    return None if where is None else (mode, where)


def _where(tokens: list[Token], sections: dict[int, Finding], index: int) -> Where | None:
    """`the first 8 bars`, `bar 9`, `bars 9 to 12`, `the second verse`."""
    while _word(tokens, index) in ARTICLES:
        index += 1
    if _word(tokens, index) in BAR_WORDS:
        return _numbered(tokens, index + 1)
    order = ORDINALS.get(_word(tokens, index), 0)
    index += bool(order)
    if index in sections:
        return Where(sections[index].value, order, 0, sections[index].end)
    number = number_at(tokens, index)
    if number is None or _word(tokens, number[1]) not in BAR_WORDS or order > 1 or number[0] < 1:
        return None
    bars = int(number[0])
    return Where(BARS, -bars, -1, number[1] + 1) if order < 0 else Where(BARS, 1, bars, number[1] + 1)


def _numbered(tokens: list[Token], index: int) -> Where | None:
    first = number_at(tokens, index)
    if first is None:
        return None
    value, end = first
    joined = end < len(tokens) and tokens[end].joined
    second = number_at(tokens, end if joined else end + 1) if joined or _word(tokens, end) in ("to", "through", "till") else None
    last, end = second or first
    return Where(BARS, int(value), int(last), end)


def _word(tokens: list[Token], index: int) -> str:
    """A word that goes on in the same clause, "" past the end."""
    return tokens[index].word if index < len(tokens) and not tokens[index].breaks else ""
