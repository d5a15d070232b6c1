"""How many times faster the MIDI writer is than mido building and saving the same notes: interleaved runs, printed as a table.

python benchmarks/midi_writer.py [notes] [rounds]
"""

from __future__ import annotations

import gc
import io
import statistics
import sys
from collections.abc import Callable
from fractions import Fraction
from time import perf_counter

import mido

from app.render.lint import lint
from app.render.midi import write_midi
from app.render.smf import read_midi
from app.theory.chord import Chord
from app.theory.form import Form, Section
from app.theory.key import Key
from app.theory.notes import Arrangement, Note, Part, TempoChange
from app.theory.progression import Progression, Span
from app.theory.rhythm import Metre

ROLES = (("keys", 0), ("bass", 32), ("guitar", 26), ("horns", 61), ("drums", 0))


def piece(notes: int) -> Arrangement:
    """Five parts that share so many notes, eighths with a little push and pull, four voices at a time for all but the bass."""
    metre, key, each = Metre.of("4/4"), Key("C"), notes // len(ROLES)
    bars = each // 32 + 1
    form = Form("one chorus", (Section("A", "chorus", 0, bars),))
    chords = tuple((Span(Fraction(0), Fraction(4), Chord.parse(symbol)),) for symbol in ("Dm7", "G7", "Cmaj7", "A7"))
    progression = Progression(key, metre, tuple(chords[bar % 4] for bar in range(bars)), form)
    parts = tuple(
        Part(role, role.capitalize(), program, 9 if role == "drums" else index, tuple(_notes(index, each)))
        for index, (role, program) in enumerate(ROLES)
    )
    return Arrangement(key, metre, form, progression, (TempoChange(0, 120.0),), parts)


def _notes(part: int, count: int) -> list[Note]:
    push = [index * 37 % 11 for index in range(count)]
    return [
        Note(index // 4 * 240 + push[index], 200 + push[-index] * 2, 36 + 12 * part + index % 4 * 4, 60 + push[index] * 5)
        for index in range(count)
    ]


def with_mido(arrangement: Arrangement) -> bytes:
    """The same notes by mido, as its documentation shows it: messages with delta times, then save."""
    song = mido.MidiFile(type=1, ticks_per_beat=480)
    song.tracks.append(mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=500_000), mido.MetaMessage("time_signature")]))
    for part in arrangement.parts:
        events = []
        for start, duration, pitch, velocity in part.notes:
            events.append((start, 1, pitch, velocity))
            events.append((start + duration, 0, pitch, 64))
        events.sort()
        track = mido.MidiTrack([mido.MetaMessage("track_name", name=part.name)])
        track.append(mido.Message("program_change", channel=part.channel, program=part.program))
        now = 0
        for tick, on, pitch, velocity in events:
            kind = "note_on" if on else "note_off"
            track.append(mido.Message(kind, channel=part.channel, note=pitch, velocity=velocity, time=tick - now))
            now = tick
        song.tracks.append(track)
    file = io.BytesIO()
    song.save(file=file)
    return file.getvalue()


def main(notes: int = 3000, rounds: int = 15) -> None:
    """Run everything once a round, each in turn, so that a busy machine slows all alike."""
    arrangement = piece(notes)
    data = write_midi(arrangement)
    rows: dict[str, Callable[[], object]] = {
        "write_midi": lambda: write_midi(arrangement),
        "mido, build and save": lambda: with_mido(arrangement),
        "read_midi": lambda: read_midi(data),
        "mido, read": lambda: mido.MidiFile(file=io.BytesIO(data)),
        "lint (reads, then checks)": lambda: lint(data),
    }
    times: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(rounds):
        for name, run in rows.items():
            gc.collect()
            began = perf_counter()
            run()
            times[name].append(perf_counter() - began)
    total = sum(len(part.notes) for part in arrangement.parts)
    lines = [f"{total} notes, {len(arrangement.parts)} parts, {len(data)} bytes, {rounds} interleaved rounds", ""]
    lines.append(f"{'':28}{'median ms':>10}{'min ms':>10}{'us a note':>11}{'x write_midi':>14}")
    for name, taken in times.items():
        ratio = statistics.median(other / ours for other, ours in zip(taken, times["write_midi"], strict=True))
        median = statistics.median(taken)
        lines.append(f"{name:28}{median * 1e3:10.2f}{min(taken) * 1e3:10.2f}{median / total * 1e6:11.2f}{ratio:14.1f}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
