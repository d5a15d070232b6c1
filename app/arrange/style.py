"""What a groove file says, as the values that the players read: feel, drums, parts, sections, endings."""

from __future__ import annotations

from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

from app.arrange.notation import Choice
from app.arrange.song import Song
from app.theory.rhythm import Metre

VARIATIONS: Final = ("a", "b", "intro", "break", "ending")  # what a row may be written for; a row for b, ... falls back to a
LEADERS: Final = ("keys", "guitar", "organ")  # who leads in the chords, the first first


class Feel(NamedTuple):
    """How time is bent. Ratios are long : short of the swung pair; milliseconds are positive when late."""

    swing: str = "none"  # which pair swings: none | 8th | 16th
    ratio: tuple[tuple[float, float], ...] = ((100.0, 1.0),)  # (bpm of the metre's beat, ratio), interpolated
    lean: tuple[float, ...] = ()  # ms by which the even parts of each quarter lie off the grid: the last sixteenth early
    scatter: float = 8.0  # standard deviation around the grid, ms, at humanize 1
    ritard: float = 1.0  # the last bars slow to this share of the tempo
    ritard_bars: int = 0

    def ratio_at(self, tempo: float) -> float:
        """The ratio at a tempo, interpolated between the rows."""
        rows = self.ratio
        if tempo <= rows[0][0]:
            return rows[0][1]
        for (low, first), (high, second) in pairwise(rows):
            if tempo <= high:
                return first + (second - first) * (tempo - low) / (high - low)
        return rows[-1][1]


class Fill(NamedTuple):
    """What leads into a new section, over the last beats of the bar before it."""

    beats: int
    rows: tuple[tuple[str, Choice], ...]  # (drum, row of `beats` beats)
    weight: float = 1.0


class DrumStyle(NamedTuple):
    """The kit: per variation, per drum, alternatives; a drum with several rows changes between them by phrase."""

    program: int = 0
    variations: MappingProxyType[str, tuple[tuple[str, tuple[Choice, ...]], ...]] = MappingProxyType({})
    fills: tuple[Fill, ...] = ()
    lead: str = "fill"  # what leads into a section: fill | setup | mute | none
    crash: float = 1.0  # how likely a crash lands on the new section's first beat
    phrase: int = 4  # a lighter fill may come every so many bars
    phrase_fill: float = 0.3  # how likely
    timelines: frozenset[str] = frozenset()  # drums that never vary: clave, cascara, surdo
    velocity: MappingProxyType[str, tuple[int, int, int]] = MappingProxyType({})  # drum → ghost, normal, accent
    late: MappingProxyType[str, float] = MappingProxyType({})  # drum → ms
    scatter: MappingProxyType[str, float] = MappingProxyType({})  # drum, or "all" → ms, where it differs from the feel's
    ghosts: float = 1.0  # how likely ghost strokes are, against the table
    clave: str = ""  # "" | "2-3" | "3-2": the direction rows are written in; two-bar rows then never turn round
    echo: float = 0.75  # beats between the repeats of a stroke that is echoed


class PartStyle(NamedTuple):
    """One pitched part."""

    role: str
    engine: str  # the player: walking | two_feel | pattern | comp | figure | pad | line | melody | satb ...
    program: int = 0
    instrument: str = ""
    low: int = 48  # MIDI pitches, inclusive
    high: int = 76
    velocity: int = 75
    length: float = 0.9  # share of a note's written length that sounds
    late: float = 0.0  # ms
    scatter: float = -1.0  # ms; below 0: the feel's
    volume: int = 100
    pan: int = 64
    rows: MappingProxyType[str, tuple[Choice, ...]] = MappingProxyType({})  # variation → alternatives
    voicing: str = "close"  # one of style_reader.VOICINGS
    voices: int = 4
    anticipate: bool = False  # an attack on the last off-beat before a change takes the next chord
    steady: bool = False  # keeps one row within a section (montuno, riddim, skank)
    rest: float = 0.0  # how likely a bar is left empty
    strum: float = 0.0  # ms between the notes of a chord, upward
    pedal: bool = False  # CC64 with each chord
    swell: bool = False  # CC11 over two bars
    slide: float = 0.0  # how likely a note is slid into (pitch bend)
    glide: float = 0.0  # how likely a fifth or an octave above the note before is reached by one bend from it (808)
    rotor: bool = False  # CC1: the organ's rotor turns fast in b, from the bar before
    grace: float = 0.0  # how likely a chord has a crushed note
    lighter: int = 0  # velocity by which its chords are softer than the bass notes between them
    plane: float = 0.0  # how likely one of two strokes on a chord is the whole stack a scale step away
    density: float = 1.0
    scale: str = ""  # a named scale for lines: blues, pentatonic, bebop; "" = the chord's own
    double: str = ""  # octave above ("8"), below ("-8"), third ("3"): sounded with each note
    clave: bool = False  # two-bar rows follow the kit's clave direction
    echo: float = 0.75  # beats between the repeats of a chord that is echoed
    walk_up: float = 0.0  # how likely a bass comes to a chord a fourth above by its own 2 and 3
    listen: float = 0.5  # how much room chords leave to a melody: fewer under it, answers in its rests
    song: Song = Song()  # of the melody


class SectionStyle(NamedTuple):
    """How a kind of section is played."""

    level: int = 0  # added to velocities
    rise: int = 0  # added again with every four bars
    play: str = "a"  # the variation
    only: tuple[str, ...] = ()  # just these parts
    without: tuple[str, ...] = ()
    later: tuple[str, ...] = ()  # these too, the first time such a section comes
    layers: tuple[str, ...] = ()  # parts that come in one after another, the first after four bars
    away: tuple[str, ...] = ()  # parts of which one rests, in turn, in every other four bars


class EndingStyle(NamedTuple):
    """How the last bar ends."""

    kind: str = "held"  # held | hit | stop | rows: a chord held to the end, a short one, cut, or the rows named ending
    beat: float = 0.0  # the beat, from 0, of the last hit
    crash: bool = True
    roll: bool = False  # the chord is rolled upward


class Style(NamedTuple):
    """One application's playing."""

    name: str
    metre: Metre  # the rows' own
    metres: tuple[str, ...]  # played natively in these too, without a note to the user
    feel: Feel
    drums: DrumStyle | None
    parts: MappingProxyType[str, PartStyle]  # every role that can play here
    ensemble: tuple[str, ...]  # the roles that play by default, in order; "drums" among them
    sections: MappingProxyType[str, SectionStyle]
    ending: EndingStyle = EndingStyle()
    plays: tuple[str, ...] = ()  # ways of playing that its rows have already: "skank", "montuno"

    def section(self, kind: str) -> SectionStyle:
        """The playing of a kind of section, else the default."""
        return self.sections.get(kind) or self.sections.get("default") or SectionStyle()
