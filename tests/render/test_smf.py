"""The reader of MIDI files: agrees with mido on good ones, survives all others."""

from __future__ import annotations

import io
from contextlib import suppress

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import MidiError
from app.render import smf
from app.render.lint import lint
from app.render.lint_rules import MOST_OF_A_RULE, RULES
from app.render.origin import origin_of
from app.render.smf import Event, KeyMark, MetreMark, Tempo, Text, read_midi

EVERYTHING = """
4d546864 00000008     # MThd, two bytes longer than usual
    0001 0002 0060    # type 1, two tracks, 96 ticks a quarter
    beef              # what a later version may add
58797a20 00000003     # a chunk of another kind
    010203
4d54726b 00000028     # the conductor
    00 ff03 04 536f6e67        # name "Song"
    00 ff51 03 0927c0          # 600,000 microseconds a quarter
    00 ff58 04 06 03 24 08     # 6/8, a click every 36 clocks
    00 ff59 02 fd 01           # three flats, minor
    8140 ff06 01 e9            # 192 ticks later: marker, Latin-1
    00 ff2f 00
4d54726b 0000002c     # a player
    00 f0 03 7e09f7            # sysex
    00 90 3c 40                # C4 on
    60 3c 00                   # running status: on with velocity 0
    00 3e 40
    8300 80 3e 7f              # 384 ticks later: off
    00 a0 3e 01                # key pressure
    00 d0 02                   # channel pressure
    00 e0 00 40                # bend, at rest
    00 c1 07                   # program, on channel 2
    00 ff60 01 00              # an unknown meta event
    00 ff2f 00
"""


def as_bytes(dump: str) -> bytes:
    """A commented hex dump as bytes, each track's length put right."""
    data = bytes.fromhex(" ".join(line.partition("#")[0] for line in dump.splitlines()))
    fixed, at = data[: data.index(b"MTrk")], data.index(b"MTrk")
    for track in data[at:].split(b"MTrk")[1:]:
        fixed += b"MTrk" + (len(track) - 4).to_bytes(4, "big") + track[4:]
    return fixed


def of_tracks(*tracks: str, header: str = "4d546864 00000006 0001 {count} 01e0") -> bytes:
    """A file of tracks given in hex."""
    data = bytes.fromhex(header.format(count=f"{len(tracks):04x}"))
    for track in tracks:
        events = bytes.fromhex(track)
        data += b"MTrk" + len(events).to_bytes(4, "big") + events
    return data


def test_everything_that_a_file_may_hold_is_read() -> None:
    """Longer headers, strangers' chunks, running status, sysex, every kind of channel message, unknown meta events."""
    file = read_midi(as_bytes(EVERYTHING))
    assert (file.format, file.ticks_per_quarter, file.problems) == (1, 96, ())
    assert [(track.name, track.end) for track in file.tracks] == [("Song", 192), ("", 480)]
    assert file.tempi == (Tempo(0, 0, 600_000),)
    assert file.metres == (MetreMark(0, 0, 6, 8, 36, 8),)
    assert file.keys == (KeyMark(0, 0, -3, True),)
    assert file.texts == (Text(0, 0, "track_name", "Song"), Text(192, 0, "marker", "é"))
    assert file.tracks[1].events == (
        Event(0, "sysex", -1, b"\x7e\x09\xf7"),
        Event(0, "note_on", 0, b"\x3c\x40"),
        Event(96, "note_on", 0, b"\x3c\0"),
        Event(96, "note_on", 0, b"\x3e\x40"),
        Event(480, "note_off", 0, b"\x3e\x7f"),
        Event(480, "key_pressure", 0, b"\x3e\1"),
        Event(480, "pressure", 0, b"\2"),
        Event(480, "bend", 0, b"\0\x40"),
        Event(480, "program", 1, b"\7"),
        Event(480, "meta_60", -1, b"\0"),
        Event(480, "end_of_track", -1, b""),
    )


CHANNEL = st.integers(0, 15)
DATA = st.integers(0, 127)
MESSAGES = st.one_of(
    st.builds(mido.Message, st.sampled_from(["note_on", "note_off"]), channel=CHANNEL, note=DATA, velocity=DATA),
    st.builds(mido.Message, st.just("control_change"), channel=CHANNEL, control=DATA, value=DATA),
    st.builds(mido.Message, st.just("polytouch"), channel=CHANNEL, note=DATA, value=DATA),
    st.builds(mido.Message, st.just("program_change"), channel=CHANNEL, program=DATA),
    st.builds(mido.Message, st.just("aftertouch"), channel=CHANNEL, value=DATA),
    st.builds(mido.Message, st.just("pitchwheel"), channel=CHANNEL, pitch=st.integers(-8192, 8191)),
    st.builds(mido.Message, st.just("sysex"), data=st.lists(DATA, max_size=200)),
    st.builds(mido.MetaMessage, st.just("set_tempo"), tempo=st.integers(1, 2**24 - 1)),
    st.builds(mido.MetaMessage, st.sampled_from(["text", "marker", "lyrics"]), text=st.text("abc é", max_size=200)),
    st.builds(mido.MetaMessage, st.just("key_signature"), key=st.sampled_from(["C", "Ebm", "F#", "Cb", "A#m"])),
    st.builds(
        mido.MetaMessage,
        st.just("time_signature"),
        numerator=st.integers(1, 255),
        denominator=st.sampled_from([1, 2, 4, 8, 16, 32, 64]),
        clocks_per_click=DATA,
        notated_32nd_notes_per_beat=DATA,
    ),
)
TIMES = st.sampled_from([0, 0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 2**28 - 1])


@given(st.lists(st.lists(st.tuples(MESSAGES, TIMES), max_size=12), min_size=1, max_size=3), st.integers(1, 32767))
@settings(max_examples=200, deadline=None)
def test_a_file_of_mido_is_read_as_mido_wrote_it(tracks: list[list[tuple[mido.Message, int]]], ticks: int) -> None:
    """Event for event: the time, the channel and the bytes."""
    song = mido.MidiFile(type=1, ticks_per_beat=ticks)
    for track in tracks:
        song.tracks.append(mido.MidiTrack([message.copy(time=time) for message, time in track]))
    saved = io.BytesIO()
    song.save(file=saved)
    file = read_midi(saved.getvalue())
    assert file.ticks_per_quarter == ticks
    for read, track in zip(file.tracks, tracks, strict=True):
        now, expected = 0, []
        for message, time in track:
            now += time
            encoded = bytes(message.bytes())
            if message.type == "sysex":
                expected.append((now, -1, encoded[1:]))
            elif message.is_meta:
                expected.append((now, -1, encoded[3:] if len(encoded) < 131 else encoded[4:]))
            else:
                expected.append((now, message.channel, encoded[1:]))
        assert [(event.tick, event.channel, event.data) for event in read.events[:-1]] == expected
        assert read.events[-1] == Event(now, "end_of_track", -1, b"")


END = "00 ff2f 00"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "byte 0: no MIDI file"),
        (b"RIFF....RMID", "byte 0: no MIDI file"),
        (b"MThd", "byte 4: the MIDI header is cut short"),
        (b"MThd\0\0\0\5" + bytes(9), "byte 8: the MIDI header is cut short"),
        (of_tracks(END, header="4d546864 00000006 0003 {count} 01e0"), "byte 8: MIDI file type 3"),
        (of_tracks(END, header="4d546864 00000006 0001 {count} e728"), "byte 12: time is in film frames"),
        (of_tracks(END, header="4d546864 00000006 0001 {count} 0000"), "byte 12: 0 ticks a quarter"),
        (of_tracks(END, header="4d546864 ffffffff 0001 {count} 01e0"), "there is no track"),
        (of_tracks(), "byte 14: there is no track"),
        (of_tracks("00 3c 40"), "byte 23: a data byte where an event should begin"),
        (of_tracks("00 90 3c"), "byte 24: the track ends within an event"),
        (of_tracks("00 90 3c 80"), "byte 24: a data byte above 127"),
        (of_tracks("00"), "byte 23: the track ends within an event"),
        (of_tracks("81"), "byte 23: the track ends within an event"),
        (of_tracks("ff" * 200_000), "byte 26: a length of more than four bytes"),
        (of_tracks("00 ff"), "byte 24: the track ends within an event"),
        (of_tracks("00 ff01 ffffff7f 61"), "a text event of 268435455 bytes, the track has 1 left"),
        (of_tracks("00 f0 05 01"), "a sysex event of 5 bytes, the track has 1 left"),
        *(
            (of_tracks(f"00 {status:02x} 00 00 {END}"), f"{status:02x} is no event of a file")
            for status in (0xF1, 0xF6, 0xF8, 0xFE)
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_cannot_be_read_says_where(data: bytes, message: str) -> None:
    """One error with the byte, for every way in which a file can be broken; the lint makes a finding of it."""
    with pytest.raises(MidiError, match=message):
        read_midi(data)
    (finding,) = lint(data)
    assert finding.rule == "readable"
    assert message in finding.message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (of_tracks("00 90 3c 40"), "the track has no end-of-track event"),
        (of_tracks(""), "the track has no end-of-track event"),
        (of_tracks(END + END), "byte 26: 4 bytes after the end-of-track event"),
        (of_tracks(END) + b"xyz", "byte 26: 3 bytes after the last chunk"),
        (of_tracks(END) + b"junk\0\0\0\7abc", "byte 26: a chunk of 7 bytes, the file has 3 left"),
        (of_tracks(END).replace(b"\0\0\0\4", b"\0\0\1\0"), "byte 14: a chunk of 256 bytes, the file has 4 left"),
        (of_tracks(END, header="4d546864 00000006 0001 0007 01e0"), "the header announces 7 tracks, there are 1"),
        (of_tracks("00 90 3c 40 00 ff01 00 00 3c 00" + END), "byte 31: running status across a meta or sysex event"),
        (of_tracks("00 ff51 03 000000" + END), "a tempo event with 00 00 00"),
        (of_tracks("00 ff51 02 0001" + END), "a tempo event with 00 01"),
        (of_tracks("00 ff58 04 00020808" + END), "a metre event with 00 02 08 08"),
        (of_tracks("00 ff58 04 04ff0808" + END), "a metre event with 04 ff 08 08"),
        (of_tracks("00 ff59 02 08 00" + END), "a key event with 08 00"),
        (of_tracks("00 ff59 02 00 02" + END), "a key event with 00 02"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_can_be_read_is_read_and_said(data: bytes, message: str) -> None:
    """What other programs swallow is read too, and noted as a problem that the lint reports."""
    problems = [problem.message for problem in read_midi(data).problems]
    assert message in problems
    assert message in " ".join(finding.message for finding in lint(data))


GOOD = as_bytes(EVERYTHING)


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    """A good file with a few bytes changed, cut out or put in."""
    data = bytearray(GOOD)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=4))
    return bytes(data)


@given(mutants() | st.binary(max_size=80).map(lambda tail: GOOD[:14] + b"MTrk\0\0\0\x40" + tail) | st.binary(max_size=80))
@settings(max_examples=1500, deadline=None)
def test_no_bytes_make_another_error(data: bytes) -> None:
    """Reading raises MidiError or nothing; linting raises nothing and knows the rules it names."""
    with suppress(MidiError):
        assert read_midi(data).tracks
        origin_of(data)
    findings = lint(data)
    assert {finding.rule for finding in findings} <= set(RULES)
    assert all(finding.bar >= 1 and finding.beat >= 1 and finding.message.isprintable() for finding in findings)
    assert len(findings) <= len(RULES) * (MOST_OF_A_RULE + 1)


def test_large_files_are_refused_in_good_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes, events and tracks have limits, so that memory has."""
    with pytest.raises(MidiError, match="more than 8 MiB"):
        read_midi(bytes(smf.MAX_BYTES + 1))
    with pytest.raises(MidiError, match="more than 1024 tracks"):
        read_midi(of_tracks(*[END] * 1025))
    monkeypatch.setattr(smf, "MAX_EVENTS", 100)
    assert read_midi(of_tracks("00 c0 00" + "00 00" * 98 + END))
    with pytest.raises(MidiError, match="more than 100 events"):
        read_midi(of_tracks("00 c0 00" + "00 00" * 60 + END, "00 c0 00" + "00 00" * 60 + END))
