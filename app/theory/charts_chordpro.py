"""Reads and writes ChordPro: its grids bar by bar; chords over words last a bar each, because the format gives them no length."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from app.errors import ChordError
from app.theory.charts import Bar, Bars, read_marked
from app.theory.charts_song import Song, heading_from
from app.theory.key import Key
from app.theory.rhythm import Metre

NAMES: Final = MappingProxyType(
    {"t": "title", "artist": "composer", "sog": "start_of_grid", "eog": "end_of_grid", "time_signature": "time"}
)
SKIPPED: Final = MappingProxyType(
    {"start_of_tab": "end_of_tab", "sot": "eot", "start_of_abc": "end_of_abc", "start_of_ly": "end_of_ly"}
)
SECTIONS: Final = MappingProxyType(
    {"start_of_verse": "Verse", "sov": "Verse", "start_of_chorus": "Chorus", "soc": "Chorus"}
    | {"start_of_bridge": "Bridge", "sob": "Bridge", "start_of_grid": ""}
)
LONGEST: Final = 100_000  # characters


def read_chordpro(text: str, metre: Metre, key: Key | None = None, *, german: bool = False) -> Song:
    """The song of a ChordPro text. A grid's rows are the chart; without one, every chord over the words lasts a bar.

    `metre` and `key` hold where the text says none. Raises ChordError that names bar and chord.
    """
    if len(text) > LONGEST:
        raise ChordError(f"the ChordPro text is longer than {LONGEST} characters", text[:40])
    said, rows, chords = _parts(text)
    found = heading_from(said)
    metre, key = found.metre or metre, found.key or key
    gridded = any("|" in row for row in rows)
    notes = () if gridded else ("every chord over the words lasts a bar",)
    bars, marks = read_marked("\n".join(rows if gridded else chords), metre, key, german=german)
    return Song(bars, metre, found.title, found.composer, found.style, key, found.tempo, notes, marks)


def directives(text: str) -> dict[str, str]:
    """What the directives of a ChordPro text say, by name: title, composer, key, time, tempo."""
    return _parts(text)[0]


def _parts(text: str) -> tuple[dict[str, str], list[str], list[str]]:
    """What the directives say, the rows of the grids, and the chords over words a row each; rehearsal marks in brackets."""
    said: dict[str, str] = {}
    rows: list[str] = []
    chords: list[str] = []
    inside = ""
    for line in text.splitlines():
        row = line.strip()
        if row.startswith("{") and row.endswith("}"):
            name, value = _directive(row)
            inside = _section(name, inside)
            said.setdefault(name, value)
            mark = _mark(name, value)
            rows += mark
            chords += mark
        elif inside == "grid":
            rows.append(_grid_row(row))
        elif not inside and not row.startswith("#"):
            chords += [f"({chord})" if "|" in chord else chord for chord in _over_words(row)]
    return said, rows, chords


def _mark(name: str, value: str) -> list[str]:
    """The rehearsal mark of a directive that begins a section: `{start_of_verse: Verse 2}`, `{soc}`."""
    kind = SECTIONS.get(name)
    if kind is None:
        return []
    label = value.partition('label="')[2].partition('"')[0] or value
    plain = "".join(letter for letter in label if letter not in "[]{}|")[:40].strip()
    return [f"[{plain or kind}]"] if plain or kind else []


def _directive(row: str) -> tuple[str, str]:
    name, _, value = row[1:-1].partition(":")
    if not _:
        name, _, value = row[1:-1].partition(" ")
    plain = name.strip().lower()
    return NAMES.get(plain, plain), value.strip()


def _section(name: str, inside: str) -> str:
    """What the lines after a directive are: "grid", the end that skipped lines wait for, or "" for words."""
    if name == "start_of_grid":
        return "grid"
    if name in SKIPPED:
        return SKIPPED[name]
    return "" if name in ("end_of_grid", inside) else inside


def _grid_row(row: str) -> str:
    """A row between its outer bar lines; what stands left of them is its rehearsal mark, right of them a remark."""
    first, last = row.find("|"), row.rfind("|")
    label = "".join(letter for letter in row[:first] if letter not in "[]{}")[:40].strip()
    mark = f"[{label}] " if label and last > first else ""
    return mark + row[first : last + 1].replace("|.", "|") if last > first else ""


def _over_words(row: str) -> list[str]:
    """The chords in brackets; `[*text]` is a remark."""
    found = []
    place = row.find("[")
    while place >= 0:
        close = row.find("]", place)
        if close < 0:
            break
        chord = row[place + 1 : close].strip()
        if chord and not chord.startswith("*") and chord != "|":
            found.append(chord)
        place = row.find("[", close)
    return found


def write_chordpro(song: Song) -> str:
    """The song as a ChordPro grid of four bars a row, a cell a beat."""
    said = (
        ("title", song.title),
        ("composer", song.composer),
        ("key", song.key.short if song.key else ""),
        ("time", str(song.metre)),
    )
    head = [f"{{{name}: {value}}}" for name, value in said if value]
    if song.tempo:
        head.append(f"{{tempo: {song.tempo}}}")
    starts = sorted({0, *(bar for bar, _ in song.sections)})
    names = dict(song.sections)
    rows = []
    for start, end in zip(starts, [*starts[1:], len(song.bars)], strict=True):
        places = range(start, end, 4)
        rows += [_row(song.bars[first : min(first + 4, end)], song.metre, names.get(first, "")) for first in places]
    return "\n".join([*head, "{start_of_grid}", *rows, "{end_of_grid}", ""])


def _row(bars: Bars, metre: Metre, name: str) -> str:
    return f"{name} | ".lstrip() + " | ".join(_bar(bar, metre) for bar in bars) + " |"


def _bar(bar: Bar, metre: Metre) -> str:
    """Chords with a point for every beat that they go on; chords off the beats with their lengths."""
    starts = [sum(length for length, _ in bar[:index]) for index in range(len(bar))]
    beats = [sum(metre.groups[:index]) for index in range(len(metre.groups))]
    names = [f"({chord})" if chord.upper else str(chord) for _, chord in bar]
    if any(start not in beats for start in starts):
        return " ".join(f"{name}*{length}" for name, (length, _) in zip(names, bar, strict=True))
    places = [beats.index(int(start)) for start in starts]
    return " ".join(names[places.index(beat)] if beat in places else "." for beat in range(len(beats)))
