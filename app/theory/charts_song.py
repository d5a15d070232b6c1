"""A chart with its title, key, metre and sections, from plain text, ChordPro or an iReal Pro link, and as rows of text."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final, NamedTuple

from app.theory.charts import Bars, read_marked, write_chart
from app.theory.key import Key
from app.theory.rhythm import Metre

SAID: Final = re.compile(
    r"\s*(title|composer|by|style|key|time|time signature|metre|meter|tempo)\s*:\s*(\S[^|]*)\Z", re.IGNORECASE
)
FIELDS: Final = MappingProxyType({"by": "composer", "time signature": "time", "metre": "time", "meter": "time"})
LINK: Final = re.compile(r"irealb(?:ook)?://[^\"'<>]+", re.IGNORECASE)
BRACKETS: Final = re.compile(r"\[[^][]*\]")
MARKED: Final = re.compile(r"(?:\[[^][|]*\])?[^][|]*(?:\|\s*+(?:\[[^][|]*\])?[^][|]*)*")  # bars with a mark before each at most


class Heading(NamedTuple):
    """What a chart says of itself before its first bar; None or empty where it says nothing."""

    title: str = ""
    composer: str = ""
    style: str = ""
    key: Key | None = None
    metre: Metre | None = None
    tempo: int = 0


class Song(NamedTuple):
    """What a chart says; what it does not say is empty or as the reader assumed."""

    bars: Bars
    metre: Metre
    title: str = ""
    composer: str = ""
    style: str = ""
    key: Key | None = None
    tempo: int = 0  # 0: not said
    notes: tuple[str, ...] = ()  # what of the chart was not followed
    sections: tuple[tuple[int, str], ...] = ()  # (first bar from 0, name), as rehearsal marks have them


def read_song(text: str, metre: Metre, key: Key | None = None, *, german: bool = False) -> Song:
    """The first song of an iReal Pro link, a ChordPro text, or a plain chart. `metre` and `key` hold where the chart says none.

    Raises ChordError that names bar and chord, RequestError for a metre that is not played here.
    """
    link = ireal_link(text)
    if link:
        from app.theory.charts_ireal import read_ireal

        return read_ireal(link, metre)[0]
    if "{" in text or _over_words(text):
        from app.theory.charts_chordpro import read_chordpro

        return read_chordpro(text, metre, key, german=german)
    said, rest = _plain_heading(text)
    found = heading_from(said)
    metre, key = found.metre or metre, found.key or key
    bars, marks = read_marked(rest, metre, key, german=german)
    return Song(bars, metre, found.title, found.composer, found.style, key, found.tempo, (), marks)


def heading_of(text: str) -> Heading:
    """What a chart of any format says of itself. Raises as `read_song` does."""
    link = ireal_link(text)
    if link:
        song = read_song(link, Metre.of("4/4"))
        return Heading(song.title, song.composer, song.style, song.key, song.metre, song.tempo)
    if "{" in text or _over_words(text):
        from app.theory.charts_chordpro import directives

        return heading_from(directives(text))
    return heading_from(_plain_heading(text)[0])


def heading_from(said: dict[str, str]) -> Heading:
    """The heading of texts by field: title, composer, style, key, time, tempo.

    Raises RequestError for what is no key or metre.
    """
    beats = re.match(r"[0-9]{1,3}", said.get("tempo", ""), re.ASCII)
    return Heading(
        said.get("title", ""),
        said.get("composer", ""),
        said.get("style", ""),
        Key.parse(said["key"]) if said.get("key") else None,
        Metre.of(said["time"]) if said.get("time") else None,
        int(beats[0]) if beats else 0,
    )


def _plain_heading(text: str) -> tuple[dict[str, str], str]:
    """The fields that the first rows of a plain chart say (`Key: Eb`), and the rows after them."""
    said: dict[str, str] = {}
    rows = text.splitlines()
    for place, row in enumerate(rows):
        found = SAID.match(row)
        if found is None and row.strip():
            return said, "\n".join(rows[place:])
        if found is not None:
            name = found[1].lower()
            said.setdefault(FIELDS.get(name, name), found[2].strip()[:200])
    return said, ""


def ireal_link(text: str) -> str:
    """The first iReal Pro link of a text that is one, or of a page that holds some; "" for none."""
    start = text.lstrip()
    if start[:9].lower() == "irealbook" or start[:7].lower() == "irealb:":
        return start
    found = LINK.search(text) if start.startswith("<") else None
    return found[0] if found else ""


def _over_words(text: str) -> bool:
    """Whether chords stand in brackets over words; a plain chart has brackets only as marks: `[A] Dm7 | G7 | [B] C`."""
    rows = [row.replace("[|", "|").replace("|]", "|").strip() for row in text.splitlines()]
    bracketed = [row for row in rows if "[" in row]
    marked = all(MARKED.fullmatch(row) for row in bracketed)
    barred = any("|" in (BRACKETS.sub("", row).strip("| ") if "[" in row else row) for row in rows)
    return bool(bracketed) and not (marked and barred)


def write_song(song: Song, *, numerals: bool = False) -> str:
    """The song as rows of four bars under its rehearsal marks, which `read_song` reads to the same bars and sections.

    `numerals`: in Roman numerals of its key.
    """
    starts = sorted({0, *(bar for bar, _ in song.sections)})
    rows = []
    for start, end in zip(starts, [*starts[1:], len(song.bars)], strict=True):
        rows += [f"[{name}]" for bar, name in song.sections if bar == start]
        for first in range(start, end, 4):
            bars = song.bars[first : min(first + 4, end)]
            rows.append(f"| {write_chart(bars, song.metre, song.key if numerals else None)} |")
    return "\n".join(rows)
