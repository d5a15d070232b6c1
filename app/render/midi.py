"""Writes an arrangement as a Standard MIDI File that a DAW opens cleanly: type 1, a conductor track, then a track a part."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import count
from operator import sub
from struct import pack, unpack
from types import MappingProxyType
from typing import Final

from app.theory.notes import BEND, Arrangement, Control, Note, Part
from app.theory.rhythm import TICKS_PER_QUARTER, Metre

TEXT, NAME, MARKER, END, TEMPO, METRE, KEY = 0x01, 0x03, 0x06, 0x2F, 0x51, 0x58, 0x59  # meta events
NOTE_OFF, NOTE_ON, CONTROL, PROGRAM, BENT = 0x80, 0x90, 0xB0, 0xC0, 0xE0
VOLUME, PAN = 7, 10
DRUM_CHANNEL: Final = 9
RELEASE: Final = 64  # release velocity of instruments that do not sense it
ORIGIN: Final = "octet:"  # how the text begins that says how the file was made
NEUTRAL: Final = MappingProxyType(
    {  # at rest, as "Reset All Controllers" (RP-015) leaves them; volume and pan are the part's own
        1: 0, 11: 127, 64: 0, 65: 0, 66: 0, 67: 0, 68: 0, 69: 0, BEND: 0,
    }
)  # fmt: skip

# An event is one integer that sorts as it must be played: tick, then rank, then the three bytes of its message.
# At one tick offs go first and ons last; controllers by number, then value, so that a pedal lifts before it is pressed.
_TICK: Final = 33  # of eight bytes four are the doubled tick, the last three the message
_OFF, _CHANGE, _ON = 0 << 24, 1 << 24, 2 << 24
_NONE: Final = b"\xff"  # the leading byte of a quantity that has none: no message has it, nor a quantity below _LONG
_LONG: Final = 0x7F << 7
_LEADING: Final = _NONE + bytes(value | 0x80 for value in range(1, 0x100))
_HALVED: Final = bytes(value >> 1 for value in range(0x100))


def write_midi(arrangement: Arrangement, origin: str = "", title: str = "Octet") -> bytes:
    """The file's bytes. `origin` is the JSON that says how it was made, `title` the sequence's name.

    Raises ValueError, with part and note, for what must not be in a file: the arranger's mistake, never the user's.
    """
    channels = [part.channel for part in arrangement.parts]
    if len(set(channels)) != len(channels) or not all(0 <= channel < 16 for channel in channels):
        raise ValueError(f"parts need a channel each, 0-15: {channels}")
    end = arrangement.end
    tracks = [_conductor(arrangement, origin, title), *(_track(part, end) for part in arrangement.parts)]
    header = b"MThd\0\0\0\6\0\1" + len(tracks).to_bytes(2, "big") + TICKS_PER_QUARTER.to_bytes(2, "big")
    return header + b"".join(b"MTrk" + len(track).to_bytes(4, "big") + track for track in tracks)


def clocks_per_click(upper: int, lower: int) -> int:
    """MIDI clocks (24 a quarter) between metronome clicks: a dotted beat in compound metres, else one lower unit."""
    unit = 96 // lower
    return 3 * unit if lower >= 8 and upper > 3 and upper % 3 == 0 else unit


def _conductor(arrangement: Arrangement, origin: str, title: str) -> bytes:
    if not arrangement.tempo or arrangement.tempo[0].tick != 0:
        raise ValueError(f"the first tempo must be at tick 0: {arrangement.tempo[:1]}")
    if not origin.isascii():
        raise ValueError("the origin must be ASCII: JSON escapes what is not")
    key, metre = arrangement.key, arrangement.metre
    events = [(0, _text(NAME, title))]
    events += [(change.tick, _meta(TEMPO, _microseconds(change.quarters))) for change in arrangement.tempo]
    events.append((0, _meta(METRE, _metre(metre))))
    events.append((0, _meta(KEY, bytes((key.signature % 256, key.is_minor)))))
    if origin:
        events.append((0, _text(TEXT, ORIGIN + origin)))
    events += [(section.bar * metre.bar, _text(MARKER, section.name)) for section in arrangement.form.sections]
    events += _chords(arrangement)
    events.sort(key=lambda event: event[0])
    if events[0][0] < 0 or events[-1][0] > arrangement.end:
        raise ValueError(f"tempo, markers and chords must lie within ticks 0-{arrangement.end}: {events[0]}, {events[-1]}")
    body, now = bytearray(), 0
    for tick, event in events:
        body += _length(tick - now) + event
        now = tick
    return bytes(body + _length(arrangement.end - now) + _meta(END, b""))


def _chords(arrangement: Arrangement) -> Iterable[tuple[int, bytes]]:
    """Each chord's text where it begins; a chord that goes on is not said again."""
    bar, unit, last = arrangement.metre.bar, arrangement.metre.unit, ""
    for start, spans in zip(count(0, bar), arrangement.progression.bars, strict=False):
        for span in spans:
            symbol = span.chord.symbol
            if symbol != last:
                yield start + span.beat.numerator * unit // span.beat.denominator, _text(TEXT, symbol)
            last = symbol


def _metre(metre: Metre) -> bytes:
    clocks = clocks_per_click(metre.upper, metre.lower)
    return bytes((metre.upper, metre.lower.bit_length() - 1, clocks, 8))


def _microseconds(quarters: float) -> bytes:
    """A tempo as the file holds it: microseconds a quarter."""
    length = round(60_000_000 / quarters) if quarters > 0 else 0
    if not 0 < length < 1 << 24:
        raise ValueError(f"a tempo of {quarters} quarters a minute cannot be written")
    return length.to_bytes(3, "big")


def _track(part: Part, end: int) -> bytes:
    if (part.role == "drums") != (part.channel == DRUM_CHANNEL):
        raise ValueError(f"part {part.name}: drums, and nothing else, belong on channel {DRUM_CHANNEL}: {part.channel}")
    if not 0 <= min(part.program, part.volume, part.pan) <= max(part.program, part.volume, part.pan) < 128:
        raise ValueError(f"part {part.name}: program, volume and pan are 0-127: {part.program}, {part.volume}, {part.pan}")
    controls = sorted(set(part.controls))
    events = sorted([*_ons_and_offs(part, end), *_changes(part, controls, end)])
    body = bytearray(b"\0" + _text(NAME, part.name))
    for message in _opening(part, controls):
        body += b"\0" + message
    body += _play(events)
    now = events[-1] >> _TICK if events else 0
    for message in _closing(part, controls):
        body += _length(end - now) + message
        now = end
    return bytes(body + _length(end - now) + _meta(END, b""))


def _ons_and_offs(part: Part, end: int) -> list[int]:
    """The notes' offs and ons, unsorted; checked, since a wrong one would spoil the file."""
    ons, offs = _strikes(part.channel)
    free = dict.fromkeys(range(128), 0)  # pitch → the tick from which it is free
    events = []
    for start, duration, pitch, velocity in sorted(part.notes):
        stop = start + duration
        if pitch not in free or not (free[pitch] <= start < stop <= end and 0 < velocity < 128):
            note = Note(start, duration, pitch, velocity)
            raise ValueError(f"part {part.name}: {note} is out of range, outside ticks 0-{end}, or begins within another")
        free[pitch] = stop
        events.append(start << _TICK | ons[pitch] + velocity)
        events.append(stop << _TICK | offs[pitch])
    return events


@lru_cache(maxsize=16)
def _strikes(channel: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """By pitch, what an event is that begins it, but for tick and velocity, and one that ends it, but for the tick."""
    on, off = _ON | (NOTE_ON | channel) << 16, _OFF | (NOTE_OFF | channel) << 16 | RELEASE
    return tuple(on | pitch << 8 for pitch in range(128)), tuple(off | pitch << 8 for pitch in range(128))


def _changes(part: Part, controls: list[Control], end: int) -> list[int]:
    """The controllers' events; checked too."""
    channel, events = part.channel, []
    for tick, number, value in controls:
        in_range = -8192 <= value < 8192 if number == BEND else 0 <= number < 120 and 0 <= value < 128
        if not (in_range and 0 <= tick <= end):
            control = Control(tick, number, value)
            raise ValueError(f"part {part.name}: {control} is out of range or outside ticks 0-{end}")
        events.append(tick << _TICK | _CHANGE | _message(channel, number, value))
    return events


def _change(channel: int, number: int, value: int) -> bytes:
    return _message(channel, number, value).to_bytes(3, "big")


def _message(channel: int, number: int, value: int) -> int:
    """A controller's or bend's three bytes."""
    if number == BEND:
        return (BENT | channel) << 16 | (value + 8192 & 0x7F) << 8 | value + 8192 >> 7
    return (CONTROL | channel) << 16 | number << 8 | value


def _opening(part: Part, controls: list[Control]) -> list[bytes]:
    """Program, volume and pan; then what the part will use, at rest: nothing depends on what was played before."""
    channel = part.channel
    messages = [bytes((PROGRAM | channel, part.program)), _change(channel, VOLUME, part.volume), _change(channel, PAN, part.pan)]
    used = sorted({number for _, number, _ in controls})
    if BEND in used:  # registered parameter 0 is the bend's range; then none, so that data entry changes nothing more
        range_set = ((101, 0), (100, 0), (6, part.bend_range), (38, 0), (101, 127), (100, 127))
        messages += [_change(channel, number, value) for number, value in range_set]
    at_once = {number for tick, number, _ in controls if tick == 0}
    messages += [_change(channel, number, NEUTRAL[number]) for number in used if number in NEUTRAL and number not in at_once]
    return messages


def _closing(part: Part, controls: list[Control]) -> list[bytes]:
    """What brings every controller back to rest, where the part left it elsewhere."""
    rest = {**NEUTRAL, VOLUME: part.volume, PAN: part.pan}
    last = {number: value for _, number, value in controls}
    moved = [number for number in sorted(last) if last[number] != rest.get(number, last[number])]
    return [_change(part.channel, number, rest[number]) for number in moved]


def _play(events: list[int], now: int = 0) -> bytes:
    """Sorted events as a file has them: the ticks since the event before, then the message. `now` is the tick before them.

    All at once, five bytes an event: most quantities have one byte, whose place for a second is filled with what is nowhere else.
    """
    wide = pack(f">{len(events)}Q", *events)
    ticks = unpack(f">{2 * len(events)}I", wide)[::2]  # doubled: seven bits in each byte of a difference
    deltas = list(map(sub, ticks, (now << 1, *ticks)))
    longest = max(deltas, default=0)
    if longest >= _LONG << 1:
        at = deltas.index(longest)
        message = (events[at] & 0xFFFFFF).to_bytes(3, "big")
        return _play(events[:at], now) + _length(longest >> 1) + message + _play(events[at + 1 :], ticks[at] >> 1)
    lengths = pack(f">{len(events)}H", *deltas)
    body = bytearray(5 * len(events))
    body[0::5], body[1::5] = lengths[0::2].translate(_LEADING), lengths[1::2].translate(_HALVED)
    body[2::5], body[3::5], body[4::5] = wide[5::8], wide[6::8], wide[7::8]
    return bytes(body.translate(None, _NONE))


def _length(value: int) -> bytes:
    """A variable-length quantity: seven bits a byte, the high bit on all but the last."""
    if value < 0x80:
        return bytes((value,))
    return _more(value >> 7) + bytes((value & 0x7F,))


def _more(value: int) -> bytes:
    """The leading bytes of a quantity."""
    return (_more(value >> 7) if value >= 0x80 else b"") + bytes((value & 0x7F | 0x80,))


def _meta(kind: int, data: bytes) -> bytes:
    return bytes((0xFF, kind)) + _length(len(data)) + data


@lru_cache(maxsize=512)
def _text(kind: int, text: str) -> bytes:
    """A text in ASCII: accents are dropped, what has no letter becomes a question mark."""
    if not text.isascii():
        from unicodedata import normalize

        text = "".join(letter for letter in normalize("NFKD", text) if not "\u0300" <= letter <= "\u036f")
    return _meta(kind, text.encode("ascii", "replace"))
