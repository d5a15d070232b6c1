"""Checks a MIDI file, anyone's, against what a DAW user expects of it; every finding says where, by the file's own bars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from app.errors import MidiError
from app.render.lint_rules import ERROR, FILE, Finding, Report, plain
from app.render.lint_track import Follower
from app.render.midi import DRUM_CHANNEL, clocks_per_click
from app.render.ruler import Ruler
from app.render.smf import MidiFile, read_midi
from app.theory.pitch import midi_name
from app.theory.rhythm import TICKS_PER_QUARTER

DRUM_WORDS: Final = (
    "drum", "perc", "conga", "bongo", "snare", "kick", "cymbal", "hi-hat", "hihat", "shaker", "tambourine", "timbale",
)  # fmt: skip
PITCHED_WORDS: Final = (
    "piano", "keys", "organ", "guitar", "bass", "strings", "violin", "viola", "cello", "horn", "brass", "sax", "choir", "pad",
    "melody", "lead", "flute", "trumpet", "soprano", "alto", "tenor", "steel",
)  # fmt: skip


def lint(data: bytes) -> tuple[Finding, ...]:
    """Every rule of RULES that the bytes break, with its place; () for a clean file. Raises nothing, whatever the bytes are."""
    try:
        file = read_midi(data)
    except MidiError as error:
        return (Finding("readable", FILE, 1, 1.0, str(error), ERROR),)
    ruler = Ruler(file.ticks_per_quarter, ((mark.tick, mark.upper, mark.lower) for mark in file.metres))
    report = Report(ruler, tuple(track.name for track in file.tracks))
    followers = [Follower(index, report).follow(track) for index, track in enumerate(file.tracks)]
    for check in CHECKS:
        check(file, report)
    _channels(file, followers, report)
    _drums(file, followers, report)
    return report.findings()


def format_findings(findings: Iterable[Finding]) -> str:
    """One line a finding: level, rule, track, bar and beat, what is wrong."""
    return "\n".join(map(str, findings))


def _header(file: MidiFile, report: Report) -> None:
    if file.format != 1:
        report.add("type", FILE, 0, f"the file is of type {file.format}")
    if file.ticks_per_quarter != TICKS_PER_QUARTER:
        report.add("resolution", FILE, 0, f"{file.ticks_per_quarter} ticks a quarter")
    for track, tick, message, kind in file.problems:
        report.add(kind, track, tick, message)


def _marks(file: MidiFile, report: Report) -> None:
    """Tempo, metre and key: from the start, and on the first track only."""
    every = (("tempo", file.tempi), ("metre", file.metres), ("key", file.keys))
    for rule, marks in every:
        places = [(mark.tick, mark.track) for mark in marks]
        if (0, 0) not in places:
            report.add(rule, 0, 0, f"the first track has no {rule} at its start")
        for tick, track in places:
            if track:
                report.add(rule, track, tick, f"a {rule} on another track than the first")


def _metres(file: MidiFile, report: Report) -> None:
    for tick, track, upper, lower, clocks, thirty_seconds in file.metres:
        if not report.ruler.began_on_bar_line(tick):
            report.add("metre", track, tick, f"{upper}/{lower} begins within a bar")
        if clocks not in _good_clicks(upper, lower):
            right = clocks_per_click(upper, lower)
            report.add("clicks", track, tick, f"{upper}/{lower} clicks every {clocks} clocks; {right} would be its beat")
        if thirty_seconds != 8:
            report.add("clicks", track, tick, f"{thirty_seconds} thirty-seconds to a quarter instead of 8")


def _good_clicks(upper: int, lower: int) -> set[int]:
    """A beat; where a bar of simple time is whole quarters, a quarter too; 3/8 may go in one."""
    good = {clocks_per_click(upper, lower)}
    compound = good != {96 // lower}
    if not compound and 96 * upper // lower % 24 == 0:
        good.add(24)
    return good | ({36} if (upper, lower) == (3, 8) else set())


def _names(file: MidiFile, report: Report) -> None:
    for index, track in enumerate(file.tracks):
        name = next((event for event in track.events if event.kind == "track_name"), None)
        if name is None or not name.data.strip():
            report.add("name", index, 0, "the track has no name")
        elif name.tick or not name.data.isascii():
            report.add("name", index, name.tick, "the name comes late" if name.tick else "the name is not in ASCII")


def _texts(file: MidiFile, report: Report) -> None:
    """Markers (sections) and texts (chords)."""
    for tick, track, kind, text in file.texts:
        if kind not in ("marker", "text"):
            continue
        rule = kind + "s"
        if track:
            report.add(rule, track, tick, f'the {kind} "{plain(text)}" is on another track than the first')
        if not text.isascii():
            report.add(rule, track, tick, f'the {kind} "{plain(text)}" is not in ASCII')
        if kind == "marker" and not report.ruler.is_bar_line(tick):
            report.add(rule, track, tick, f'the marker "{plain(text)}" is not on a bar line')


def _ends(file: MidiFile, report: Report) -> None:
    end = max(track.end for track in file.tracks)
    last = report.ruler.place(end)
    for index, track in enumerate(file.tracks):
        if track.end != end:
            report.add("end", index, track.end, f"the track ends here, the piece at bar {last.bar}, beat {last.beat:g}")
    if not report.ruler.is_bar_line(end):
        report.add("end", FILE, end, f"the piece ends within a bar: bar {last.bar}, beat {last.beat:g}")


CHECKS: Final[Sequence[Callable[[MidiFile, Report], None]]] = (_header, _marks, _metres, _names, _texts, _ends)


def _channels(file: MidiFile, followers: Sequence[Follower], report: Report) -> None:
    """Who plays on which channel; a file of type 0 has but one track for all."""
    if file.format == 0:
        return
    owners: dict[int, Follower] = {}
    shared: set[int] = set()
    for follower in followers:
        if follower.index == 0 and follower.channels and len(followers) > 1:
            report.add("conductor", 0, min(follower.channels.values()), "the first track plays")
        if len(follower.channels) > 1:
            used = ", ".join(str(channel + 1) for channel in sorted(follower.channels))
            report.add("channel", follower.index, 0, f"the track plays on channels {used}")
        for channel, tick in follower.channels.items():
            owner = owners.setdefault(channel, follower)
            if owner is not follower:
                shared.add(channel)
                report.add("channel", follower.index, tick, f"channel {channel + 1} is track {owner.index}'s already")
                if follower.programs.get(channel, owner.programs.get(channel)) != owner.programs.get(channel):
                    message = f"channel {channel + 1} has another program on track {owner.index}"
                    report.add("instrument", follower.index, tick, message)
    _shared_notes(followers, shared, report)


def _shared_notes(followers: Sequence[Follower], shared: set[int], report: Report) -> None:
    """Overlaps between the tracks of one channel; those within a track are known."""
    notes = sorted((*span, follower.index) for follower in followers for span in follower.spans if span[0] >> 7 in shared)
    held, until, by = -1, 0, 0
    for key, start, end, track in notes:
        if key == held and start < until and track != by:
            report.add("overlap", track, start, f"{midi_name(key & 0x7F)} begins while track {by} still sounds it")
        if key != held or end > until:
            held, until, by = key, end, track


def _drums(file: MidiFile, followers: Sequence[Follower], report: Report) -> None:
    """By what the tracks are called, since nothing else in a file says so."""
    for track, follower in zip(file.tracks, followers, strict=True):
        name = track.name.lower()
        drums = any(word in name for word in DRUM_WORDS) and "steel" not in name
        for channel, tick in follower.sounds.items():
            if drums and channel != DRUM_CHANNEL:
                report.add("drums", follower.index, tick, f"drums on channel {channel + 1}")
            elif channel == DRUM_CHANNEL and not drums and any(word in name for word in PITCHED_WORDS):
                report.add("drums", follower.index, tick, "a pitched instrument on channel 10, where drums are")
