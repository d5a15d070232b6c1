"""Follows one track as a synthesiser would: which notes are held, which controllers are where; reports what does not fit."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from app.render.lint_rules import Report
from app.render.midi import NEUTRAL, PAN, VOLUME
from app.render.smf import Event, Track
from app.theory.notes import BEND
from app.theory.pitch import midi_name

RESET_ALL: Final = 121
RANGE_SET: Final = ((101, 0), (100, 0))  # registered parameter 0: the bend's range
DATA_ENTRY: Final = 6
CONTROLLER_NAMES: Final = MappingProxyType(
    {1: "modulation", 11: "expression", 64: "the pedal", 66: "the sostenuto pedal", 67: "the soft pedal", BEND: "the bend"}
)


class Follower:
    """One track's state; `follow` reads it through once."""

    def __init__(self, index: int, report: Report) -> None:
        self.index = index
        self.report = report
        self.channels: dict[int, int] = {}  # channel → tick of its first message
        self.programs: dict[int, int] = {}
        self.sounds: dict[int, int] = {}  # channel → tick of its first note
        self.spans: list[tuple[int, int, int]] = []  # (channel and pitch, start, end) of every note
        self._held: dict[int, deque[int]] = {}
        self._last_on: dict[int, int] = {}
        self._values: dict[tuple[int, int], int] = {}
        self._ranged: set[int] = set()
        self._handlers: dict[str, Callable[[Event], None]] = {
            "note_on": self._note_on,
            "note_off": self._note_off,
            "program": self._program,
            "control": self._control,
            "bend": self._bend,
        }

    def follow(self, track: Track) -> Follower:
        """Read every event once."""
        handlers, channels = self._handlers, self.channels
        for event in track.events:
            if event.channel >= 0:
                if event.channel not in channels:
                    channels[event.channel] = event.tick
                handler = handlers.get(event.kind)
                if handler:
                    handler(event)
        self._finish(track.end)
        return self

    def _add(self, rule: str, tick: int, message: str) -> None:
        self.report.add(rule, self.index, tick, message)

    def _note_on(self, event: Event) -> None:
        tick, _, channel, data = event
        if data[1] == 0:
            self._note_off(event)
            return
        if channel not in self.sounds:
            self._first_note(tick, channel)
        self._last_on[channel] = tick
        key = channel << 7 | data[0]
        if key in self._held:
            self._held[key].append(tick)
        else:
            self._held[key] = deque((tick,))

    def _note_off(self, event: Event) -> None:
        tick, _, channel, data = event
        key = channel << 7 | data[0]
        held = self._held.get(key)
        if not held:
            self._add("pairs", tick, f"{midi_name(data[0])} ends that never began")
            return
        start = held.popleft()
        self.spans.append((key, start, tick))
        if start == tick:
            self._add("length", tick, f"{midi_name(data[0])} ends where it begins")
        elif self._last_on.get(channel) == tick:
            self._add("order", tick, f"the end of {midi_name(data[0])} comes after a note that begins at the same tick")
        if held and held[0] < tick:
            self._add("overlap", held[0], f"{midi_name(data[0])} begins while it still sounds")

    def _first_note(self, tick: int, channel: int) -> None:
        self.sounds[channel] = tick
        missing = [] if channel in self.programs else ["program"]
        missing += [name for name, number in (("volume", VOLUME), ("pan", PAN)) if (channel, number) not in self._values]
        if missing:
            self._add("setup", tick, f"the first note on channel {channel + 1} comes before its {', '.join(missing)}")

    def _program(self, event: Event) -> None:
        program = event.data[0]
        before = self.programs.setdefault(event.channel, program)
        if program != before:
            self._add("instrument", event.tick, f"channel {event.channel + 1} changes its program from {before} to {program}")

    def _control(self, event: Event) -> None:
        number, value = event.data
        channel = event.channel
        self._values[channel, number] = value
        if number == DATA_ENTRY and all(self._values.get((channel, parameter)) == zero for parameter, zero in RANGE_SET):
            self._ranged.add(channel)
        elif number == RESET_ALL:
            self._values.update({(channel, known): rest for known, rest in NEUTRAL.items() if (channel, known) in self._values})

    def _bend(self, event: Event) -> None:
        value = (event.data[1] << 7 | event.data[0]) - 8192
        self._values[event.channel, BEND] = value
        if value and event.channel not in self._ranged:
            self._ranged.add(event.channel)
            self._add("bend-range", event.tick, f"channel {event.channel + 1} bends, by a range that the file does not set")

    def _finish(self, end: int) -> None:
        for key, starts in self._held.items():
            for start in starts:
                self._add("pairs", start, f"{midi_name(key & 0x7F)} never ends")
        for (channel, number), value in self._values.items():
            if number in NEUTRAL and value != NEUTRAL[number]:
                name = CONTROLLER_NAMES.get(number, f"controller {number}")
                self._add("controllers", end, f"{name} of channel {channel + 1} is left at {value}")
