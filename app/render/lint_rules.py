"""What a DAW user expects of a MIDI file, rule by rule, and the report that findings are written to."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, NamedTuple

from app.render.ruler import Ruler

MOST_OF_A_RULE: Final = 20  # findings; the rest is counted
FILE: Final = -1  # the "track" of what concerns the file as a whole

ERROR, WARNING = "error", "warning"  # it plays or shows wrongly; it leaves a convention that many programs build on


class Rule(NamedTuple):
    """A rule's level and its claim."""

    level: str
    claim: str


RULES: Final = MappingProxyType(
    {
        "readable": Rule(ERROR, "the bytes are a Standard MIDI File"),
        "structure": Rule(ERROR, "chunks and events are as the format has them; every track ends in one end-of-track event"),
        "type": Rule(ERROR, "type 1: one track an instrument, played together"),
        "resolution": Rule(WARNING, "480 ticks a quarter"),
        "conductor": Rule(ERROR, "the first track holds no notes and no channel messages"),
        "tempo": Rule(ERROR, "the first track has a tempo at tick 0; no other track has one"),
        "metre": Rule(ERROR, "the first track has a time signature at tick 0, others on bar lines; no other track has one"),
        "key": Rule(WARNING, "the first track has a key signature at tick 0; no other track has one"),
        "clicks": Rule(WARNING, "the metronome clicks on beats: 36 clocks in 6/8, 24 in 4/4; 8 thirty-seconds are a quarter"),
        "name": Rule(WARNING, "every track has a name at tick 0, in ASCII"),
        "channel": Rule(ERROR, "one channel a track, one track a channel"),
        "instrument": Rule(ERROR, "one instrument a channel"),
        "setup": Rule(WARNING, "program, volume and pan come before the first note"),
        "drums": Rule(ERROR, "drums, and nothing else, are on channel 10"),
        "pairs": Rule(ERROR, "every note-on has its note-off, and every note-off its note-on"),
        "length": Rule(ERROR, "no note has no length"),
        "overlap": Rule(ERROR, "no two notes of one pitch overlap on a channel"),
        "order": Rule(ERROR, "at one tick, note-offs come before note-ons"),
        "end": Rule(ERROR, "every track ends at the same tick, on a bar line"),
        "controllers": Rule(ERROR, "pedals, expression, modulation and bend are at rest at the end"),
        "bend-range": Rule(WARNING, "a track that bends sets the bend's range first"),
        "markers": Rule(WARNING, "markers are in ASCII, on the first track, on bar lines"),
        "texts": Rule(WARNING, "texts are in ASCII, on the first track"),
        "range": Rule(ERROR, "tempo, metre and key have values that mean something"),
    }
)


class Finding(NamedTuple):
    """Where a file breaks a rule. `track` counts from 0, FILE for none; bar and beat from 1, by the file's own metres."""

    rule: str
    track: int
    bar: int
    beat: float
    message: str
    level: str = ERROR

    def __str__(self) -> str:
        place = "file" if self.track == FILE else f"track {self.track}, bar {self.bar}, beat {self.beat:g}"
        return f"{self.level:7}  {self.rule:11}  {place}: {self.message}"


class Report:
    """Takes findings as they come, in whatever number, and keeps the first of each rule."""

    def __init__(self, ruler: Ruler, names: tuple[str, ...]) -> None:
        self.ruler = ruler
        self._names = tuple(plain(name) for name in names)
        self._found: list[Finding] = []
        self._counts = dict.fromkeys(RULES, 0)

    def add(self, rule: str, track: int, tick: int, message: str) -> None:
        """One finding, placed by its tick."""
        self._counts[rule] += 1
        if self._counts[rule] <= MOST_OF_A_RULE:
            name = self._names[track] if track >= 0 else ""
            place = self.ruler.place(tick)
            self._found.append(Finding(rule, track, *place, f"{name}: {message}" if name else message, RULES[rule].level))

    def findings(self) -> tuple[Finding, ...]:
        """All, from the first track to the last and in time; then how many more there are of each rule."""
        found = sorted(self._found, key=lambda finding: finding[1:4])
        for rule, count in self._counts.items():
            if count > MOST_OF_A_RULE:
                found.append(Finding(rule, FILE, 1, 1.0, f"and {count - MOST_OF_A_RULE} more of this rule", RULES[rule].level))
        return tuple(found)


def plain(text: str, most: int = 40) -> str:
    """A stranger's text, harmless on a terminal: printable ASCII, not long."""
    shown = "".join(letter if " " <= letter <= "~" else "?" for letter in text[:most])
    return shown + ("..." if len(text) > most else "")
