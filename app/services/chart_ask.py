"""A chart as it lies in a file, as part of a request: its chords, and the key, metre and tempo it says."""

from __future__ import annotations

from app.errors import RequestError
from app.theory.brief import Ask
from app.theory.charts import write_chart
from app.theory.charts_song import read_song
from app.theory.key import Key
from app.theory.rhythm import Metre


def with_chart(ask: Ask, text: str) -> Ask:
    """The request with a chart to obey: plain bars, ChordPro, or an iReal Pro link. What the request says itself wins.

    Raises ChordError that names bar and chord, RequestError when the chart is in another metre than asked.
    """
    asked = Metre.of(ask.time_signature) if ask.time_signature else None
    song = read_song(text, asked or Metre.of("4/4"), Key.parse(ask.key) if ask.key else None)
    if asked and song.metre != asked:
        raise RequestError(f"metre {asked}: the chart is in {song.metre}; leave the metre to the chart", "time_signature")
    return ask._replace(
        chords=write_chart(song.bars, song.metre, song.key),
        key=ask.key or (song.key.short if song.key else None),
        time_signature=ask.time_signature or str(song.metre),
        tempo=ask.tempo or song.tempo or None,
    )
