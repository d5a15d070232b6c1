"""A chart with its title, key, metre and sections, from plain text, ChordPro or an iReal Pro link, and as rows of text."""

from __future__ import annotations

from typing import NamedTuple

from app.theory.charts import Bars, read_marked, write_chart
from app.theory.key import Key
from app.theory.rhythm import Metre


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
    if text.lstrip()[:9].lower() == "irealbook" or text.lstrip()[:8].lower() == "irealb:/":
        from app.theory.charts_ireal import read_ireal

        return read_ireal(text, metre)[0]
    if "{" in text or _over_words(text):
        from app.theory.charts_chordpro import read_chordpro

        return read_chordpro(text, metre, key, german=german)
    bars, marks = read_marked(text, metre, key, german=german)
    return Song(bars, metre, key=key, sections=marks)


def _over_words(text: str) -> bool:
    """Whether chords stand in brackets over words; a row of a plain chart has brackets only as its mark: `[A] Dm7 | G7`."""
    rows = [row.replace("[|", "|").replace("|]", "|").strip() for row in text.splitlines()]
    bracketed = [row for row in rows if "[" in row]
    marked = all(row.startswith("[") and row.count("[") == 1 for row in bracketed)
    barred = any("|" in (row.partition("]")[2] if "[" in row else row) for row in rows)
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
