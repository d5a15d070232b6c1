"""Charts in files: text of any format that is read here, or the chord texts of a MIDI file."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction

from app.errors import ChordError, RequestError
from app.render.midi import ORIGIN
from app.render.smf import MidiFile, read_midi
from app.theory.charts import Bar
from app.theory.charts_song import Song, write_song
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.pitch import name_at_fifths
from app.theory.rhythm import Metre

MIDI = b"MThd"


def chart_text(data: bytes, name: str) -> str:
    """The chart that a file holds, as `read_song` reads it. Raises RequestError for MIDI without chords, MidiError."""
    if data[:4] != MIDI:
        text = data.decode("utf-8-sig", "replace")
        if not text.strip():
            raise RequestError(f'"{name[:80]}" is empty: give a chart like "Dm7 G7 | Cmaj7"', "chords")
        return text
    song = song_of_midi(data, name)
    head = [f"Key: {song.key.short}"] if song.key else []
    return "\n".join([*head, f"Time: {song.metre}", write_song(song)])


def song_of_midi(data: bytes, name: str = "the file") -> Song:
    """The chords of a MIDI file's texts in its first metre and key, with its markers as rehearsal marks.

    Raises MidiError for bytes that are no MIDI file, RequestError for one without chord texts.
    """
    file = read_midi(data)
    first = file.metres[0] if file.metres else None
    metre = Metre.of(f"{first.upper}/{first.lower}") if first else Metre.of("4/4")
    unit = Fraction(file.ticks_per_quarter * 4, metre.lower)  # ticks of one beat of the lower number
    chords = [(Fraction(tick) / unit, chord) for tick, chord in _chords(file)]
    if not chords:
        raise RequestError(f'"{name[:80]}" holds no chord texts: give a file that Octet wrote, or a chart', "chords")
    end = Fraction(max(track.end for track in file.tracks)) / unit
    size = max(1, -(-end // metre.upper))
    bars = tuple(_bar(chords, bar * metre.upper, metre.upper) for bar in range(size))
    sections = {int(text.tick / unit // metre.upper): text.text for text in file.texts if text.kind == "marker"}
    marks = tuple((bar, " ".join(mark.split())[:40]) for bar, mark in sections.items() if bar < size and mark.strip())
    return Song(bars, metre, key=_key(file), sections=marks)


def _chords(file: MidiFile) -> list[tuple[int, Chord]]:
    """The texts that are chords, with their ticks; of other texts there may be any."""
    found = []
    for text in file.texts:
        if text.kind == "text" and not text.text.startswith(ORIGIN):
            try:
                found.append((text.tick, Chord.parse(text.text)))
            except ChordError:
                continue
    return found


def _bar(chords: list[tuple[Fraction, Chord]], start: int, beats: int) -> Bar:
    """The chords that sound in a bar; what sounded before goes on, and before the first chord there is none."""
    first = bisect_right([at for at, _ in chords], start) - 1
    sounding = chords[first][1] if first >= 0 else Chord.parse("N.C.")
    inside = [(at, chord) for at, chord in chords[first + 1 :] if at < start + beats]
    starts = [(Fraction(start), sounding), *inside]
    ends = [*(at for at, _ in starts[1:]), Fraction(start + beats)]
    return tuple((end - at, chord) for (at, chord), end in zip(starts, ends, strict=True))


def _key(file: MidiFile) -> Key | None:
    """The key that the first signature says: with the minor flag the minor key, else the major one."""
    if not file.keys:
        return None
    mark = file.keys[0]
    return Key(name_at_fifths(mark.signature + (3 if mark.minor else 0)), "minor" if mark.minor else "major")
