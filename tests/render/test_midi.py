"""The writer of MIDI files: what it writes is clean, exact, and read alike by mido and by our own reader."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from fractions import Fraction

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.render.lint import format_findings, lint
from app.render.midi import clocks_per_click, write_midi
from app.render.origin import origin_of
from app.render.smf import META_KINDS, Event, read_midi
from app.theory.chord import Chord
from app.theory.form import Form, Section
from app.theory.key import MODES, Key
from app.theory.notes import BEND, BEND_RANGE, Arrangement, Control, Note, Part, TempoChange
from app.theory.progression import Progression, Span
from app.theory.rhythm import METRES, Metre

SEVEN_BITS = st.integers(0, 127)
GAPS = st.sampled_from((0, 0, 1, 120, 127, 128, 700, 16_255, 16_256, 20_000))
SYMBOLS = ("Dm7", "G7", "Cmaj7", "F#m7b5", "Bb6", "N.C.", "C/E")
META_NUMBERS = {kind: number for number, kind in META_KINDS.items()}
CHANNEL_STATUS = {"note_off": 0x80, "note_on": 0x90, "control": 0xB0, "program": 0xC0, "bend": 0xE0}


def a_piece(
    *parts: Part,
    metre: str = "4/4",
    key: str = "C",
    chart: tuple[tuple[str, ...], ...] = (("Dm7", "G7"), ("Cmaj7",)),
    tempo: tuple[TempoChange, ...] = (TempoChange(0, 120.0),),
    sections: tuple[str, ...] = ("A",),
) -> Arrangement:
    """A piece of as many bars as the chart has, the chords of a bar in equal shares."""
    time = Metre.of(metre)
    form = Form("song", tuple(Section(name, "verse", index, 1) for index, name in enumerate(sections)))
    bars = tuple(
        tuple(
            Span(Fraction(time.upper * index, len(bar)), Fraction(time.upper, len(bar)), Chord.parse(symbol))
            for index, symbol in enumerate(bar)
        )
        for bar in chart
    )
    return Arrangement(Key.parse(key), time, form, Progression(Key.parse(key), time, bars, form), tempo, parts)


def bass(*notes: Note, controls: tuple[Control, ...] = (), channel: int = 1, role: str = "bass") -> Part:
    return Part(role, role.capitalize(), 32, channel, notes, controls)


@st.composite
def notes_within(draw: st.DrawFn, end: int) -> tuple[Note, ...]:
    """Notes of a few pitches, free of overlaps pitch by pitch, often touching; in no order."""
    notes = []
    for pitch in draw(st.lists(st.integers(0, 127), max_size=4, unique=True)):
        now = 0
        for gap, duration in draw(st.lists(st.tuples(GAPS, st.integers(1, 900)), max_size=6)):
            start, now = now + gap, now + gap + duration
            if now <= end:
                notes.append(Note(start, duration, pitch, draw(st.integers(1, 127))))
    return tuple(draw(st.permutations(notes)))


def controls_within(end: int) -> st.SearchStrategy[tuple[Control, ...]]:
    tick = st.integers(0, end)
    change = st.builds(Control, tick, st.sampled_from((1, 7, 10, 11, 64, 74)), st.integers(0, 127))
    bend = st.builds(Control, tick, st.just(BEND), st.integers(-8192, 8191))
    return st.lists(change | bend, max_size=8).map(tuple)


@st.composite
def arrangements(draw: st.DrawFn) -> Arrangement:
    """Any piece that an arranger may hand over: every metre and mode, tempo changes, up to four parts, one of them drums."""
    metre = draw(st.sampled_from((*METRES, "5/4 (2+3)", "7/8 (3+2+2)")))
    chart = draw(st.lists(st.lists(st.sampled_from(SYMBOLS), min_size=1, max_size=2).map(tuple), min_size=1, max_size=6))
    key = Key(draw(st.sampled_from(("C", "G", "E", "F#", "F", "Bb", "Eb", "Ab", "Gb"))), draw(st.sampled_from(tuple(MODES))))
    end = Metre.of(metre).bar * len(chart)
    later = draw(st.lists(st.builds(TempoChange, st.integers(0, end), st.floats(20, 600)), max_size=3))
    channels = draw(st.lists(st.sampled_from((0, 1, 8, 9, 15)), max_size=4, unique=True))
    parts = []
    for channel in channels:
        role, name = ("drums", "Drums") if channel == 9 else ("keys", f"Keys {channel}")
        program, volume, pan = draw(st.tuples(SEVEN_BITS, SEVEN_BITS, SEVEN_BITS))
        parts.append(Part(role, name, program, channel, draw(notes_within(end)), draw(controls_within(end)), volume, pan))
    tempo = (TempoChange(0, draw(st.floats(20, 600))), *sorted(later))
    sections = tuple(draw(st.lists(st.text(max_size=9), max_size=1)))
    return a_piece(*parts, metre=metre, chart=tuple(chart), tempo=tempo, sections=sections)._replace(key=key.respelled())


def as_bytes(event: Event) -> bytes:
    """An event as the bytes of its message, without its time."""
    if event.kind in META_NUMBERS:
        assert len(event.data) < 128
        return bytes((0xFF, META_NUMBERS[event.kind], len(event.data))) + event.data
    return bytes((CHANNEL_STATUS[event.kind] | event.channel,)) + event.data


@given(arrangements())
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_clean(piece: Arrangement) -> None:
    """Whatever the arrangement, its file breaks no rule of the lint."""
    findings = lint(write_midi(piece, json.dumps({"seed": 1})))
    assert not findings, format_findings(findings)


@given(arrangements())
@settings(max_examples=150, deadline=None)
def test_mido_and_our_reader_read_the_same_events(piece: Arrangement) -> None:
    """Two independent readers agree on every event of every track."""
    data = write_midi(piece)
    ours, theirs = read_midi(data), mido.MidiFile(file=io.BytesIO(data))
    assert (theirs.type, theirs.ticks_per_beat, len(theirs.tracks)) == (1, 480, 1 + len(piece.parts))
    for track, other in zip(ours.tracks, theirs.tracks, strict=True):
        now, messages = 0, []
        for message in other:
            now += message.time
            messages.append((now, bytes(message.bytes())))
        assert [(event.tick, as_bytes(event)) for event in track.events] == messages


@given(arrangements())
@settings(max_examples=100, deadline=None)
def test_the_notes_in_the_file_are_the_notes_of_the_parts(piece: Arrangement) -> None:
    """No note is lost, moved or changed, and every track ends where the last bar ends."""
    file = read_midi(write_midi(piece))
    assert {track.end for track in file.tracks} == {piece.end}
    for part, track in zip(piece.parts, file.tracks[1:], strict=True):
        begun: dict[int, tuple[int, int]] = {}
        found = []
        for tick, kind, channel, data in track.events:
            if kind == "note_on":
                begun[data[0]] = (tick, data[1])
            elif kind == "note_off":
                start, velocity = begun.pop(data[0])
                found.append((start, tick - start, data[0], velocity))
                assert channel == part.channel
        assert sorted(found) == sorted(part.notes)


def test_a_whole_file_byte_by_byte() -> None:
    """A bar of one note, as a hex dump that a person can read."""
    piece = a_piece(bass(Note(0, 480, 36, 100)), chart=(("C",),), sections=("A",))
    assert write_midi(piece, "{}", title="T") == bytes.fromhex(
        "4d546864 00000006 0001 0002 01e0"  # header: type 1, two tracks, 480 ticks a quarter
        "4d54726b 00000035"  # the conductor
        "00 ff03 01 54"  # name "T"
        "00 ff51 03 07a120"  # 500,000 microseconds a quarter
        "00 ff58 04 04 02 18 08"  # 4/4, a click every 24 clocks
        "00 ff59 02 00 00"  # no sharps or flats, major
        "00 ff01 08 6f637465743a7b7d"  # "octet:{}"
        "00 ff06 01 41"  # marker "A"
        "00 ff01 01 43"  # chord "C"
        "8f00 ff2f 00"  # 1,920 ticks later: end
        "4d54726b 00000021"  # the bass
        "00 ff03 04 42617373"  # name "Bass"
        "00 c1 20"  # program 32
        "00 b1 07 64"  # volume 100
        "00 b1 0a 40"  # pan: middle
        "00 91 24 64"  # C2 on
        "8360 81 24 40"  # 480 ticks later: off
        "8b20 ff2f 00"  # end
    )


@pytest.mark.parametrize(
    ("key", "signature", "minor"),
    [("C", 0, False), ("Eb minor", -6, True), ("D dorian", 0, True), ("G mixolydian", 0, False), ("F#", 6, False)],
)
def test_the_key_signature_is_the_modes_own(key: str, signature: int, minor: bool) -> None:
    """A mode has its own signature, and the flag says whether its third is minor."""
    (mark,) = read_midi(write_midi(a_piece(key=key))).keys
    assert (mark.signature, mark.minor) == (signature, minor)


@pytest.mark.parametrize("metre", METRES)
def test_the_metronome_clicks_on_beats(metre: str) -> None:
    """Compound metres click in dotted quarters; everywhere a bar is a whole number of clicks."""
    (mark,) = read_midi(write_midi(a_piece(metre=metre, chart=(("C",),)))).metres
    assert f"{mark.upper}/{mark.lower}" == metre
    assert (mark.clocks == 36) == Metre.of(metre).compound
    assert 96 * mark.upper // mark.lower % mark.clocks == 0
    assert mark.clocks == clocks_per_click(mark.upper, mark.lower)


def test_chords_and_sections_are_where_they_begin() -> None:
    """Each chord is a text at its own tick, said again only when it changes; each section a marker."""
    chart = (("Dm7", "G7"), ("G7",), ("Cmaj7", "G7"))
    texts = read_midi(write_midi(a_piece(metre="12/8", chart=chart, sections=("Intro", "A", "B")))).texts
    chords = [(text.tick, text.text) for text in texts if text.kind == "text"]
    assert chords == [(0, "Dm7"), (1440, "G7"), (5760, "Cmaj7"), (7200, "G7")]
    assert [(text.tick, text.text) for text in texts if text.kind == "marker"] == [(0, "Intro"), (2880, "A"), (5760, "B")]


def test_words_in_the_file_are_ascii() -> None:
    """Accents are dropped and what has no letter becomes a question mark: many programs show anything else as rubbish."""
    piece = a_piece(bass()._replace(name="Baß é"), sections=("Coro Añejo", "夜曲"))
    texts = [text.text for text in read_midi(write_midi(piece, title="Déjà vu")).texts if text.kind != "text"]
    assert texts == ["Deja vu", "Coro Anejo", "Ba? e", "??"]


def test_rubato_is_later_tempo_events() -> None:
    """The first tempo is the one asked; others follow at their ticks, each as microseconds a quarter."""
    piece = a_piece(tempo=(TempoChange(0, 108.0), TempoChange(1920, 100.0), TempoChange(3000, 54.0)))
    assert [(mark.tick, mark.microseconds) for mark in read_midi(write_midi(piece)).tempi] == [
        (0, 555_556), (1920, 600_000), (3000, 1_111_111),
    ]  # fmt: skip


def test_controllers_start_and_end_at_rest() -> None:
    """Pedal, expression and bend are set at tick 0, the bend's range before it, and all are brought back at the end."""
    controls = (Control(960, 64, 127), Control(960, 11, 90), Control(480, BEND, 4096))
    data = write_midi(a_piece(bass(Note(0, 480, 40, 80), controls=controls), chart=(("C",),)))
    changes = [(event.tick, *event.data) for event in read_midi(data).tracks[1].events if event.kind in ("control", "bend")]
    assert changes[2:8] == [(0, 101, 0), (0, 100, 0), (0, 6, BEND_RANGE), (0, 38, 0), (0, 101, 127), (0, 100, 127)]
    assert changes[8:11] == [(0, 0, 64), (0, 11, 127), (0, 64, 0)]
    assert changes[11:] == [(480, 0, 96), (960, 11, 90), (960, 64, 127), (1920, 0, 64), (1920, 11, 127), (1920, 64, 0)]


def test_a_pedal_lifts_before_it_is_pressed_and_notes_end_before_others_begin() -> None:
    """At one tick: offs, then controllers from low to high, then ons."""
    notes = (Note(0, 480, 40, 80), Note(480, 480, 40, 81), Note(480, 10, 30, 82))
    data = write_midi(a_piece(bass(*notes, controls=(Control(480, 64, 127), Control(480, 64, 0)))))
    at = [(event.kind, event.data[1]) for event in read_midi(data).tracks[1].events if event.tick == 480]
    assert at == [("note_off", 64), ("control", 0), ("control", 127), ("note_on", 82), ("note_on", 81)]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([bass(Note(0, 10, 60, 9)), bass(Note(5, 10, 128, 9), channel=2)], "part Bass: Note.start=5.*pitch=128"),
        ([bass(Note(5, 10, -1, 9))], "pitch=-1"),
        ([bass(Note(-1, 10, 60, 9))], "start=-1"),
        ([bass(Note(0, 0, 60, 9))], "duration=0"),
        ([bass(Note(0, 3841, 60, 9))], "outside ticks 0-3840"),
        ([bass(Note(0, 10, 60, 0))], "velocity=0"),
        ([bass(Note(0, 10, 60, 128))], "velocity=128"),
        ([bass(Note(9, 10, 60, 9), Note(0, 10, 60, 9))], "start=9.*begins within another"),
        ([bass(controls=(Control(0, 64, 128),))], "part Bass: Control.*128"),
        ([bass(controls=(Control(0, 120, 0),))], "number=120"),
        ([bass(controls=(Control(0, BEND, 8192),))], "value=8192"),
        ([bass(controls=(Control(3841, 64, 0),))], "tick=3841"),
        ([bass(), bass()], "a channel each"),
        ([bass(channel=16)], "0-15"),
        ([bass(channel=9)], "drums, and nothing else"),
        ([bass(role="drums")], "drums, and nothing else"),
        ([bass()._replace(program=128)], "program, volume and pan"),
        ([bass()._replace(pan=-1)], "program, volume and pan"),
    ],
)
def test_an_invalid_file_is_never_written(parts: list[Part], message: str) -> None:
    """What an arranger got wrong is said with the part and the note, and no bytes come."""
    with pytest.raises(ValueError, match=message):
        write_midi(a_piece(*parts))


@pytest.mark.parametrize(
    "tempo", [(), ((9, 90.0),), ((0, 0.0),), ((0, float("nan")),), ((0, 120.0), (9, 3.0)), ((0, 120.0), (4000, 90.0))]
)
def test_a_wrong_tempo_is_never_written(tempo: tuple[tuple[int, float], ...]) -> None:
    """No tempo at the start, one that the format cannot hold, one after the end."""
    with pytest.raises(ValueError, match="tempo"):
        write_midi(a_piece(tempo=tuple(TempoChange(*change) for change in tempo)))


def test_a_file_says_how_it_was_made() -> None:
    """The origin comes back as it was given, whatever words it holds."""
    asked = {"genre": "jazz", "description": "späte Nacht ♭ 夜 \ud800", "seed": 2**31 - 1}
    data = write_midi(a_piece(), json.dumps(asked))
    assert origin_of(data) == asked
    assert origin_of(write_midi(a_piece())) is None
    with pytest.raises(ValueError, match="ASCII"):
        write_midi(a_piece(), "ä")


@pytest.mark.parametrize("text", ["[1]", "nonsense", "", "[" * 50_000, '{"a":' * 9_999, "9" * 5_000])
def test_a_spoilt_origin_is_none(text: str) -> None:
    """What is no JSON object is nobody's origin, be it ever so deep or long."""
    assert origin_of(write_midi(a_piece(), text)) is None


def test_the_writer_loads_nothing_heavy() -> None:
    """Writing a file needs neither mido nor anything else that is slow to import."""
    heavy = "{'mido', 'dataclasses', 'inspect', 'numpy', 'pydantic', 'asyncio', 'logging', 'json'}"
    code = f"import sys, app.render.midi; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
