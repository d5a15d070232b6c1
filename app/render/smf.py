"""Reads Standard MIDI Files in linear time, anyone's: what can be read is, what is odd is noted, the rest is a MidiError.

Of the format (Standard MIDI Files 1.0): a header chunk, then track chunks of (delta time, event); other chunks are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final, NamedTuple

from app.errors import MidiError

MAX_BYTES: Final = 8 << 20
MAX_EVENTS: Final = 500_000
MAX_TRACKS: Final = 1024

CHANNEL_KINDS: Final = MappingProxyType(
    {  # status → (kind, data bytes)
        0x80: ("note_off", 2), 0x90: ("note_on", 2), 0xA0: ("key_pressure", 2), 0xB0: ("control", 2),
        0xC0: ("program", 1), 0xD0: ("pressure", 1), 0xE0: ("bend", 2),
    }
)  # fmt: skip
META_KINDS: Final = MappingProxyType(
    {
        0x00: "sequence_number", 0x01: "text", 0x02: "copyright", 0x03: "track_name", 0x04: "instrument_name", 0x05: "lyric",
        0x06: "marker", 0x07: "cue", 0x08: "program_name", 0x09: "device_name", 0x20: "channel_prefix", 0x21: "port",
        0x2F: "end_of_track", 0x51: "tempo", 0x54: "smpte_offset", 0x58: "metre", 0x59: "key", 0x7F: "sequencer",
    }
)  # fmt: skip
TEXT_KINDS: Final = frozenset(META_KINDS[number] for number in range(0x01, 0x0A))
_STATUS: Final = tuple((*CHANNEL_KINDS[status & 0xF0], status & 0x0F) for status in range(0x80, 0xF0))


class Event(NamedTuple):
    """One event of a track. `data` is all that follows the status byte (of a meta event: its content)."""

    tick: int
    kind: str  # of CHANNEL_KINDS or META_KINDS, "sysex", "escape", or "meta_60" for an unknown meta event
    channel: int  # from 0; -1 for what has none
    data: bytes


class Track(NamedTuple):
    """One track chunk. `end` is the tick of its end-of-track event, or of its last event."""

    name: str
    events: tuple[Event, ...]
    end: int


class Tempo(NamedTuple):
    """From this tick on, so many microseconds a quarter."""

    tick: int
    track: int
    microseconds: int


class MetreMark(NamedTuple):
    """A time signature; `clocks` (24 a quarter) between metronome clicks, `thirty_seconds` in a quarter."""

    tick: int
    track: int
    upper: int
    lower: int
    clocks: int
    thirty_seconds: int


class KeyMark(NamedTuple):
    """A key signature: sharps (positive) or flats (negative), -7 to 7."""

    tick: int
    track: int
    signature: int
    minor: bool


class Text(NamedTuple):
    """A text of any kind: "text", "marker", "track_name", "lyric"... Not cleaned: it is anyone's."""

    tick: int
    track: int
    kind: str
    text: str


class Problem(NamedTuple):
    """Something that is not as the format has it, though it can be read. `track` is -1 for the file itself."""

    track: int
    tick: int
    message: str
    kind: str = "structure"  # structure | range


class MidiFile(NamedTuple):
    """All that a file says; the lists of tempi, metres, keys and texts are those of all tracks, by tick."""

    format: int
    ticks_per_quarter: int
    tracks: tuple[Track, ...]
    tempi: tuple[Tempo, ...]
    metres: tuple[MetreMark, ...]
    keys: tuple[KeyMark, ...]
    texts: tuple[Text, ...]
    problems: tuple[Problem, ...]


def read_midi(data: bytes) -> MidiFile:
    """Everything in a file. Raises MidiError, which says at which byte, and nothing else, whatever the bytes are."""
    if len(data) > MAX_BYTES:
        raise MidiError(f"byte {MAX_BYTES}: a MIDI file of more than {MAX_BYTES >> 20} MiB is not read")
    kind, declared, division, first = _header(data)
    problems: list[Problem] = []
    tracks: list[Track] = []
    room = MAX_EVENTS
    for start, end in _track_chunks(data, first, problems):
        if len(tracks) == MAX_TRACKS:
            raise MidiError(f"byte {start}: more than {MAX_TRACKS} tracks")
        tracks.append(_track(data, start, end, len(tracks), room, problems))
        room -= len(tracks[-1].events)
    if not tracks:
        raise MidiError(f"byte {first}: there is no track in this MIDI file")
    if declared != len(tracks):
        problems.append(Problem(-1, 0, f"the header announces {declared} tracks, there are {len(tracks)}"))
    marks = _Marks(problems)
    for index, track in enumerate(tracks):
        marks.read(index, track)
    return MidiFile(kind, division, tuple(tracks), *marks.sorted(), tuple(problems))


def _header(data: bytes) -> tuple[int, int, int, int]:
    """Type, number of tracks, ticks a quarter, and where the first chunk begins."""
    if data[:4] != b"MThd":
        raise MidiError('byte 0: no MIDI file (it does not begin with "MThd")')
    size = int.from_bytes(data[4:8], "big")
    if len(data) < 14 or size < 6:
        raise MidiError(f"byte {min(len(data), 8)}: the MIDI header is cut short")
    kind, tracks, division = (int.from_bytes(data[at : at + 2], "big") for at in (8, 10, 12))
    if kind > 2:
        raise MidiError(f"byte 8: MIDI file type {kind}; types 0, 1 and 2 are read")
    if division & 0x8000:
        raise MidiError("byte 12: time is in film frames (SMPTE), not in ticks a quarter; such files have no bars")
    if division == 0:
        raise MidiError("byte 12: 0 ticks a quarter")
    return kind, tracks, division, 8 + size


def _track_chunks(data: bytes, at: int, problems: list[Problem]) -> Iterator[tuple[int, int]]:
    """Where each track's events begin and end."""
    while at + 8 <= len(data):
        start = at + 8
        end = start + int.from_bytes(data[at + 4 : start], "big")
        if end > len(data):
            left = len(data) - start
            problems.append(Problem(-1, 0, f"byte {at}: a chunk of {end - start} bytes, the file has {left} left"))
        if data[at : at + 4] == b"MTrk":
            yield start, min(end, len(data))
        at = end
    if at < len(data):
        problems.append(Problem(-1, 0, f"byte {at}: {len(data) - at} bytes after the last chunk"))


def _track(data: bytes, start: int, end: int, index: int, room: int, problems: list[Problem]) -> Track:
    cursor = _Cursor(data, start, end)
    events = cursor.events(room)
    tick = events[-1].tick if events else 0
    if not events or events[-1].kind != "end_of_track":
        problems.append(Problem(index, tick, "the track has no end-of-track event"))
    after = start + cursor.at
    if after < end:
        problems.append(Problem(index, tick, f"byte {after}: {end - after} bytes after the end-of-track event"))
    if cursor.stale:
        problems.append(Problem(index, 0, f"byte {cursor.stale}: running status across a meta or sysex event"))
    name = next((event.data for event in events if event.kind == "track_name"), b"")
    return Track(_decoded(name), tuple(events), tick)


class _Cursor:
    """A place in one track's bytes, moving on event by event."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self.data = data[start:end]
        self.start = start
        self.at = 0
        self.stale = 0  # byte where a running status was used that a meta or sysex event had cancelled

    def events(self, room: int) -> list[Event]:
        """All events to the end of track, or of the bytes."""
        found: list[Event] = []
        tick, running, before = 0, 0, 0  # `before` is the status of the event before this one
        end = len(self.data)
        while self.at < end:
            tick += self._quantity()
            status = self._byte()
            if status < 0x80:
                self.at -= 1
                self.stale = self.stale or (before >= 0xF0 and self.start + self.at)
                status = running
            if 0x80 <= status < 0xF0:
                running = status
                found.append(self._message(tick, status))
            else:
                found.append(self._system(tick, status))
                if found[-1].kind == "end_of_track":
                    break
            before = status
            if len(found) > room:
                raise self._error(f"more than {MAX_EVENTS} events")
        return found

    def _quantity(self) -> int:
        """A variable-length quantity of at most four bytes."""
        value = byte = self._byte()
        if byte >= 0x80:
            value &= 0x7F
            for _ in range(3):
                byte = self._byte()
                value = value << 7 | byte & 0x7F
                if byte < 0x80:
                    break
            else:
                raise self._error("a length of more than four bytes")
        return value

    def _byte(self) -> int:
        if self.at == len(self.data):
            raise self._error("the track ends within an event")
        self.at += 1
        return self.data[self.at - 1]

    def _message(self, tick: int, status: int) -> Event:
        """A channel message, the place being after its status."""
        kind, size, channel = _STATUS[status - 0x80]
        content = self.data[self.at : self.at + size]
        if len(content) < size or not content.isascii():
            raise self._error("the track ends within an event" if len(content) < size else "a data byte above 127")
        self.at += size
        return Event(tick, kind, channel, content)

    def _system(self, tick: int, status: int) -> Event:
        """A meta or sysex event, the place being after its status."""
        if status == 0xFF:
            number = self._byte()
            kind = META_KINDS.get(number) or f"meta_{number:02x}"
        elif status in (0xF0, 0xF7):
            kind = "sysex" if status == 0xF0 else "escape"
        elif status == 0:
            raise self._error("a data byte where an event should begin")
        else:
            raise self._error(f"{status:02x} is no event of a file")
        size = self._quantity()
        content = self.data[self.at : self.at + size]
        if len(content) < size:
            raise self._error(f"a {kind} event of {size} bytes, the track has {len(content)} left")
        self.at += size
        return Event(tick, kind, -1, content)

    def _error(self, why: str) -> MidiError:
        return MidiError(f"byte {self.start + self.at}: {why}")


class _Marks:
    """Collects what the tracks say about tempo, metre, key and words."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.tempi: list[Tempo] = []
        self.metres: list[MetreMark] = []
        self.keys: list[KeyMark] = []
        self.texts: list[Text] = []

    def read(self, index: int, track: Track) -> None:
        """Add one track's."""
        for event in track.events:
            if event.channel >= 0:
                continue
            if event.kind in TEXT_KINDS:
                self.texts.append(Text(event.tick, index, event.kind, _decoded(event.data)))
            elif event.kind in ("tempo", "metre", "key") and not self._mark(index, event):
                self.problems.append(Problem(index, event.tick, f"a {event.kind} event with {event.data[:8].hex(' ')}", "range"))

    def _mark(self, index: int, event: Event) -> bool:
        """Keep a tempo, metre or key; False when its bytes make none."""
        tick, kind, _, data = event
        if kind == "tempo" and len(data) == 3 and any(data):
            self.tempi.append(Tempo(tick, index, int.from_bytes(data, "big")))
        elif kind == "metre" and len(data) == 4 and data[0] > 0 and data[1] <= 6:
            self.metres.append(MetreMark(tick, index, data[0], 1 << data[1], data[2], data[3]))
        elif kind == "key" and len(data) == 2 and (data[0] <= 7 or data[0] >= 249) and data[1] <= 1:
            self.keys.append(KeyMark(tick, index, (data[0] + 128) % 256 - 128, data[1] == 1))
        else:
            return False
        return True

    def sorted(self) -> tuple[tuple[Tempo, ...], tuple[MetreMark, ...], tuple[KeyMark, ...], tuple[Text, ...]]:
        """All by tick; at one tick as the tracks come."""
        return (
            tuple(sorted(self.tempi, key=lambda mark: mark.tick)),
            tuple(sorted(self.metres, key=lambda mark: mark.tick)),
            tuple(sorted(self.keys, key=lambda mark: mark.tick)),
            tuple(sorted(self.texts, key=lambda mark: mark.tick)),
        )


def _decoded(data: bytes) -> str:
    """A text as its writer meant it: UTF-8 where it is that, else Latin-1, which cannot fail."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
