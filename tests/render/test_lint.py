"""The lint: a clean file has no findings, and each rule is broken by the smallest change that breaks it, at its place."""

from __future__ import annotations

import io
from collections.abc import Callable

import mido
import pytest

from app.render.lint import format_findings, lint
from app.render.lint_rules import FILE, MOST_OF_A_RULE, RULES, Finding

Song = mido.MidiFile
BAR, END = 1920, 2 * 1920


def meta(kind: str, time: int = 0, **values: object) -> mido.MetaMessage:
    return mido.MetaMessage(kind, time=time, **values)


def message(kind: str, time: int = 0, **values: int) -> mido.Message:
    return mido.Message(kind, time=time, **values)


def player(name: str, channel: int, *events: mido.Message) -> mido.MidiTrack:
    """A track whose events have absolute ticks; the end is put at the end of the second bar."""
    setup = [
        meta("track_name", name=name),
        message("program_change", channel=channel, program=channel),
        message("control_change", channel=channel, control=7, value=100),
        message("control_change", channel=channel, control=10, value=64),
    ]
    return mido.MidiTrack([*setup, *events, meta("end_of_track", END)])


def note(channel: int, pitch: int, start: int, end: int) -> list[mido.Message]:
    return [
        message("note_on", start, channel=channel, note=pitch, velocity=90),
        message("note_off", end, channel=channel, note=pitch, velocity=64),
    ]


def clean() -> Song:
    """Two bars of 4/4 for bass and drums as mido writes them; ticks are absolute until they are saved."""
    song = Song(type=1, ticks_per_beat=480)
    conductor = [
        meta("track_name", name="Song"),
        meta("set_tempo", tempo=500_000),
        meta("time_signature", numerator=4, denominator=4, clocks_per_click=24, notated_32nd_notes_per_beat=8),
        meta("key_signature", key="Ebm"),
        meta("marker", text="A"),
        meta("text", text="Ebm7"),
        meta("end_of_track", END),
    ]
    bend = [message("control_change", channel=1, control=number, value=value) for number, value in ((101, 0), (100, 0), (6, 2))]
    bend += [message("pitchwheel", 100, channel=1, pitch=900), message("pitchwheel", 200, channel=1, pitch=0)]
    pedal = [message("control_change", time, channel=1, control=64, value=value) for time, value in ((300, 127), (400, 0))]
    song.tracks.append(mido.MidiTrack(conductor))
    song.tracks.append(player("Bass", 1, *bend, *pedal, *note(1, 36, 480, 960), *note(1, 36, 960, 2400), *note(1, 43, 2880, END)))
    song.tracks.append(player("Drums", 9, *note(9, 36, 0, 60), *note(9, 36, 480, 540)))
    return song


def saved(song: Song) -> bytes:
    """The file, its events in time; at one tick, in the order in which they stand."""
    written = Song(type=song.type, ticks_per_beat=song.ticks_per_beat)
    for track in song.tracks:
        before, relative = 0, mido.MidiTrack()
        for event in sorted(track, key=lambda event: (event.time, event.type == "end_of_track")):
            relative.append(event.copy(time=event.time - before))
            before = event.time
        written.tracks.append(relative)
    file = io.BytesIO()
    written.save(file=file)
    return file.getvalue()


def put(track: int, *events: mido.Message) -> Callable[[Song], None]:
    """Add events, after others of their ticks."""

    def change(song: Song) -> None:
        song.tracks[track].extend(events)

    return change


def drop(track: int, kind: str, nth: int = 0) -> Callable[[Song], None]:
    def change(song: Song) -> None:
        song.tracks[track].remove([event for event in song.tracks[track] if event.type == kind][nth])

    return change


def alter(track: int, kind: str, nth: int = 0, **values: object) -> Callable[[Song], None]:
    """Give the nth event of a kind other values."""

    def change(song: Song) -> None:
        index = [index for index, event in enumerate(song.tracks[track]) if event.type == kind][nth]
        song.tracks[track][index] = song.tracks[track][index].copy(**values)

    return change


def song_of(**values: int) -> Callable[[Song], None]:
    def change(song: Song) -> None:
        for name, value in values.items():
            setattr(song, name, value)

    return change


def share_a_channel(song: Song) -> None:
    song.tracks.append(player("Low", 1, *note(1, 36, 1200, 1440)))


def other_metre(tick: int) -> mido.MetaMessage:
    return meta("time_signature", tick, numerator=6, denominator=8, clocks_per_click=36, notated_32nd_notes_per_beat=8)


BREAKS = [  # what is done to the clean file; then the findings: rule, track, bar, beat
    (song_of(ticks_per_beat=960), [("resolution", FILE, 1, 1.0)]),
    (put(0, message("control_change", 480, channel=5, control=7, value=9)), [("conductor", 0, 1, 2.0)]),
    (drop(0, "set_tempo"), [("tempo", 0, 1, 1.0)]),
    (alter(0, "set_tempo", time=480), [("tempo", 0, 1, 1.0)]),
    (put(1, meta("set_tempo", 720, tempo=400_000)), [("tempo", 1, 1, 2.5)]),
    (drop(0, "time_signature"), [("metre", 0, 1, 1.0)]),
    (put(2, other_metre(BAR)), [("metre", 2, 2, 1.0), ("end", FILE, 3, 3.0)]),
    (put(0, other_metre(960)), [("metre", 0, 2, 1.0)]),
    (drop(0, "key_signature"), [("key", 0, 1, 1.0)]),
    (put(2, meta("key_signature", BAR, key="C")), [("key", 2, 2, 1.0)]),
    (alter(0, "time_signature", clocks_per_click=36), [("clicks", 0, 1, 1.0)]),
    (alter(0, "time_signature", notated_32nd_notes_per_beat=4), [("clicks", 0, 1, 1.0)]),
    (drop(1, "track_name"), [("name", 1, 1, 1.0)]),
    (alter(2, "track_name", name=" "), [("name", 2, 1, 1.0)]),
    (alter(1, "track_name", name="Baß"), [("name", 1, 1, 1.0)]),
    (put(1, message("control_change", 480, channel=2, control=7, value=9)), [("channel", 1, 1, 1.0)]),
    (share_a_channel, [("channel", 3, 1, 1.0), ("overlap", 3, 1, 3.5)]),
    (put(1, message("program_change", 480, channel=1, program=33)), [("instrument", 1, 1, 2.0)]),
    (drop(1, "program_change"), [("setup", 1, 1, 2.0)]),
    (alter(1, "control_change", 0, time=481), [("setup", 1, 1, 2.0)]),
    (drop(2, "control_change", 1), [("setup", 2, 1, 1.0)]),
    (alter(2, "track_name", name="Organ"), [("drums", 2, 1, 1.0)]),
    (alter(1, "track_name", name="Percussion"), [("drums", 1, 1, 2.0)]),
    (drop(1, "note_off", 2), [("pairs", 1, 2, 3.0)]),
    (drop(1, "note_on", 2), [("pairs", 1, 3, 1.0)]),
    (put(2, message("note_off", 1200, channel=9, note=36)), [("pairs", 2, 1, 3.5)]),
    (put(2, *note(9, 38, 1200, 1200)), [("length", 2, 1, 3.5)]),
    (alter(1, "note_off", 0, time=961), [("overlap", 1, 1, 3.0)]),
    (put(1, *note(1, 36, 720, 1200)), [("overlap", 1, 1, 2.5), ("overlap", 1, 1, 3.0)]),
    (put(1, message("note_on", 2399, channel=1, note=50, velocity=1), message("note_off", 2879, channel=1, note=50)), []),
    (alter(1, "end_of_track", time=END + 480), [("end", 0, 3, 1.0), ("end", 2, 3, 1.0), ("end", FILE, 3, 2.0)]),
    (alter(2, "end_of_track", time=BAR), [("end", 2, 2, 1.0)]),
    (alter(1, "control_change", -1, value=1), [("controllers", 1, 3, 1.0)]),
    (drop(1, "pitchwheel", 1), [("controllers", 1, 3, 1.0)]),
    (put(1, message("control_change", 480, channel=1, control=11, value=90)), [("controllers", 1, 3, 1.0)]),
    (alter(1, "control_change", 4, control=5), [("bend-range", 1, 1, 1.208)]),
    (alter(0, "marker", time=480), [("markers", 0, 1, 2.0)]),
    (alter(0, "marker", text="É"), [("markers", 0, 1, 1.0)]),
    (put(2, meta("marker", BAR, text="B")), [("markers", 2, 2, 1.0)]),
    (alter(0, "text", text="E♭".encode().decode("latin-1")), [("texts", 0, 1, 1.0)]),
    (put(2, meta("text", 480, text="C7")), [("texts", 2, 1, 2.0)]),
    (alter(0, "set_tempo", tempo=0), [("range", 0, 1, 1.0), ("tempo", 0, 1, 1.0)]),
]


def order_reversed(song: Song) -> None:
    """Let the second bass note begin before the first one ends, both at the same tick."""
    track = song.tracks[1]
    off = next(index for index, event in enumerate(track) if event.type == "note_off")
    track[off], track[off + 1] = track[off + 1], track[off]


BREAKS.append((order_reversed, [("order", 1, 1, 3.0)]))


def test_a_clean_file_has_no_findings() -> None:
    """The file that the other tests break is clean, though another program wrote it."""
    assert lint(saved(clean())) == ()


@pytest.mark.parametrize(("change", "expected"), BREAKS)
def test_each_rule_finds_what_breaks_it_and_where(
    change: Callable[[Song], None], expected: list[tuple[str, int, int, float]]
) -> None:
    """One change to the clean file makes the findings that it should, at their bar and beat, and no others."""
    song = clean()
    change(song)
    found = lint(saved(song))
    assert sorted(finding[:4] for finding in found) == sorted(expected), format_findings(found)
    assert all(finding.level == RULES[finding.rule].level for finding in found)


@pytest.mark.parametrize("kind", [0, 2])
def test_only_type_1_is_one_track_an_instrument(kind: int) -> None:
    """Types 0 and 2 are said to be so, once; that all channels share type 0's only track is not said again."""
    song = Song(type=kind, ticks_per_beat=480)
    song.tracks.append(mido.MidiTrack([event for track in clean().tracks for event in track if event.type != "end_of_track"]))
    song.tracks[0].append(meta("end_of_track", END))
    found = {finding.rule for finding in lint(saved(song))}
    assert found == ({"type"} if kind == 0 else {"type", "channel"})


def test_no_rule_goes_untested() -> None:
    """Every rule is broken here, or where files that are not whole are tested."""
    broken = {rule for _, expected in BREAKS for rule, *_ in expected}
    assert broken | {"readable", "structure", "type"} == set(RULES)


def test_bars_are_counted_by_the_files_own_metres() -> None:
    """After two bars of 4/4 three of 7/8: the place of a finding is the one that a DAW shows."""
    song = clean()
    put(0, meta("time_signature", END, numerator=7, denominator=8, clocks_per_click=12, notated_32nd_notes_per_beat=8))(song)
    for track in song.tracks:
        ends = next(index for index, event in enumerate(track) if event.type == "end_of_track")
        track[ends] = track[ends].copy(time=END + 3 * 7 * 240)
    put(2, message("note_off", END + 7 * 240 + 360, channel=9, note=50))(song)
    assert [finding[:4] for finding in lint(saved(song))] == [("pairs", 2, 4, 2.5)]


def test_many_findings_are_counted_not_listed() -> None:
    """A file with thousands of faults says so in a few lines."""
    song = clean()
    put(2, *(message("note_off", 1000, channel=9, note=50) for _ in range(3000)))(song)
    found = lint(saved(song))
    assert len(found) == MOST_OF_A_RULE + 1
    assert found[-1] == Finding("pairs", FILE, 1, 1.0, f"and {3000 - MOST_OF_A_RULE} more of this rule")


def test_findings_are_lines_that_a_person_reads() -> None:
    """Level, rule, place, and what is wrong, with the track's name made harmless."""
    song = clean()
    alter(1, "track_name", name="\x1b[31mBass")(song)
    drop(1, "note_off", 2)(song)
    assert format_findings(lint(saved(song))) == (
        "error    pairs        track 1, bar 2, beat 3: ?[31mBass: G2 never ends"
    )  # fmt: skip
    assert format_findings(lint(b"")) == 'error    readable     file: byte 0: no MIDI file (it does not begin with "MThd")'
