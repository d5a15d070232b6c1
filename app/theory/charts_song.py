"""A chart with its title, key and metre, from plain text, ChordPro or an iReal Pro link: `read_song` tells which it is."""

from __future__ import annotations

from typing import NamedTuple

from app.theory.charts import Bars, read_chart
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


def read_song(text: str, metre: Metre, key: Key | None = None, *, german: bool = False) -> Song:
    """The first song of an iReal Pro link, a ChordPro text, or a plain chart. `metre` and `key` hold where the chart says none.

    Raises ChordError that names bar and chord, RequestError for a metre that is not played here.
    """
    if text.lstrip()[:9].lower() == "irealbook" or text.lstrip()[:8].lower() == "irealb:/":
        from app.theory.charts_ireal import read_ireal

        return read_ireal(text, metre)[0]
    if "{" in text or "[" in text.replace("[|", ""):
        from app.theory.charts_chordpro import read_chordpro

        return read_chordpro(text, metre, key, german=german)
    return Song(read_chart(text, metre, key, german=german), metre, key=key)
