"""Explains chords, of a chart in any format or of a MIDI file: a progression with its analysis, and how its key is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from app.errors import OctetError
from app.harmony.analysis import analysed, with_figures
from app.harmony.chart import form_of, song_of, spans_of
from app.harmony.keyfinding import Found, find_key
from app.services.again import ask_of_file
from app.services.answer import chord_rows
from app.services.chart_file import MIDI, song_of_midi
from app.theory.brief import Ask
from app.theory.charts_song import Song, heading_of
from app.theory.key import Key
from app.theory.progression import Progression
from app.theory.rhythm import Metre

SHOWN: Final = 60  # characters of a chart
SURE: Final = Found(Key("C"), 1.0, Key("C"))
Compose = Callable[[Ask], Progression]
Json = dict[str, Any]


class Explanation(NamedTuple):
    """A progression analysed. Its key was "asked", "said" by the chart, or "found": how surely, and what else it could be."""

    progression: Progression
    title: str = ""
    source: str = "said"
    found: Found = SURE
    origin: str = ""  # the request and seed of a file of ours, as a person reads it
    notes: tuple[str, ...] = ()


def explain_text(text: str, key: Key | None = None) -> Explanation:
    """The explanation of a chart as text; without bar lines every chord is a bar. Raises ChordError, RequestError."""
    plain = " ".join(text.split())
    if not set(text.strip()) & set("|\n{[:*") and not heading_of(text).title:
        text = " | ".join(plain.split(" "))
    heading = heading_of(text)
    song = song_of(text, heading.metre or Metre.of("4/4"), key or heading.key)
    return _explained(song, key)


def explain_midi(data: bytes, name: str, key: Key | None, compose: Compose) -> Explanation:
    """The explanation of a MIDI file with chord texts; of one of ours as it was made: `compose` makes its harmony again.

    A file whose chords are no longer those is analysed as it is. Raises MidiError, RequestError.
    """
    song = song_of_midi(data, name)
    explained = _explained(song, key)
    try:
        ask, notes = ask_of_file(data)
        made = compose(ask)
    except OctetError:
        return explained
    origin = _command(ask)
    if key is not None or _symbols(made) != _symbols(explained.progression):
        return explained._replace(origin=origin, notes=(*notes, "the chords are read from the file"))
    return explained._replace(progression=with_figures(made), origin=origin)


def _command(ask: Ask) -> str:
    """The request as a person would type it, its chart shortened."""
    words = f'"{ask.description}"' if " " in ask.description else ask.description
    chart = " ".join((ask.chords or "").split())
    chords = f'--chords "{chart if len(chart) <= SHOWN else chart[:SHOWN] + "…"}"' if chart else ""
    return " ".join(part for part in ("octet generate", ask.genre, words, chords, f"--seed {ask.seed}") if part)


def is_midi(data: bytes) -> bool:
    """Whether bytes are a MIDI file's."""
    return data[:4] == MIDI


def _symbols(progression: Progression) -> list[list[str]]:
    return [[span.chord.symbol for span in spans] for spans in progression.bars]


def _explained(song: Song, key: Key | None) -> Explanation:
    found, source = SURE, "asked" if key else "said"
    if key is None and song.key is None:
        found, source = find_key([pair for bar in song.bars for pair in bar], song.metre.upper), "found"
    home = key or song.key or found.key
    bars = tuple(spans_of(bar) for bar in song.bars)
    progression = analysed(Progression(home, song.metre, bars, form_of(song, len(bars))))
    return Explanation(progression, song.title, source, found, notes=song.notes)


def explanation_json(explanation: Explanation) -> Json:
    """The explanation in plain JSON values: key, form, chords with numeral, function, rule and local key, techniques."""
    progression, found = explanation.progression, explanation.found
    spans = [span for bar in progression.bars for span in bar]
    home = progression.key.short
    return {
        "title": explanation.title,
        "key": str(progression.key),
        "key_source": explanation.source,
        "sureness": found.sureness,
        "other_key": str(found.other) if explanation.source == "found" else "",
        "time_signature": str(progression.metre),
        "num_bars": len(progression.bars),
        "form": [{"name": section.name, "bar": section.bar + 1, "bars": section.bars} for section in progression.form.sections],
        "chords": [row | {"key": span.analysis.key or home} for row, span in zip(chord_rows(progression), spans, strict=True)],
        "techniques": [{"name": found.name, "bar": found.bar + 1, "why": found.why} for found in progression.techniques],
        "origin": explanation.origin,
        "notes": list(explanation.notes),
    }
