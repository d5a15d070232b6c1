"""A progression as a chart that others read: bars of text, Roman or Nashville numbers, ChordPro, an iReal Pro link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from app.harmony.chart import chart_of
from app.theory.charts import Bar, shared_beats
from app.theory.charts_song import Song, write_song
from app.theory.key import Key
from app.theory.nashville import nashville_of
from app.theory.progression import Progression

FORMATS: Final = ("text", "roman", "chordpro", "ireal", "nashville")


def chart_as(form: str, progression: Progression, title: str) -> str:
    """The progression as a chart of one of FORMATS, with its key, metre and sections. All but `nashville` are read again here."""
    return WRITERS[form](chart_of(progression, title))


def _headed(song: Song, rows: str) -> str:
    """Rows under what a plain chart says of itself."""
    key = song.key or Key("C")
    return "\n".join([f"Title: {song.title}", f"Key: {key.short}", f"Time: {song.metre}", "", rows, ""])


def _chordpro(song: Song) -> str:
    from app.theory.charts_chordpro import write_chordpro

    return write_chordpro(song)


def _ireal(song: Song) -> str:
    from app.theory.charts_ireal import write_ireal

    return write_ireal(song)


def _nashville(song: Song) -> str:
    """Numbers of the key's degrees in rows of four bars under the sections; beats where a bar is not shared evenly."""
    key = song.key or Key("C")
    starts = sorted({0, *(bar for bar, _ in song.sections)})
    rows = []
    for start, end in zip(starts, [*starts[1:], len(song.bars)], strict=True):
        rows += [f"[{name}]" for bar, name in song.sections if bar == start]
        bars = [_numbers(bar, key, song) for bar in song.bars[start:end]]
        rows += [f"| {' | '.join(bars[first : first + 4])} |" for first in range(0, len(bars), 4)]
    return _headed(song, "\n".join(rows))


def _numbers(bar: Bar, key: Key, song: Song) -> str:
    lengths = tuple(length for length, _ in bar)
    numbers = [nashville_of(chord, key) for _, chord in bar]
    if lengths == shared_beats(len(bar), song.metre):
        return " ".join(numbers)
    return " ".join(f"{number}*{length}" for number, length in zip(numbers, lengths, strict=True))


WRITERS: Final[Mapping[str, Callable[[Song], str]]] = MappingProxyType(
    {
        "text": lambda song: _headed(song, write_song(song)),
        "roman": lambda song: _headed(song, write_song(song, numerals=True)),
        "chordpro": _chordpro,
        "ireal": _ireal,
        "nashville": _nashville,
    }
)
