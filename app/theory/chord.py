"""A chord symbol as a value: read from any lead-sheet spelling, written back, moved, put over a bass."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from app.errors import ChordError
from app.theory.chord_harte import bass_below, read_harte
from app.theory.chord_names import read_name
from app.theory.chord_reader import Unreadable, read_suffix
from app.theory.chord_shape import DEGREE_NAMES, NO_CHORD, Shape, normal, shape_of
from app.theory.chord_spelling import display_of, suffix_of
from app.theory.chord_symbol import colour_of, safe_suffix
from app.theory.key import Key, plain_name
from app.theory.pitch import FLAT_NAMES, fifths, name_at_fifths, pitch_class

LONGEST: Final = 128  # characters of one symbol
SILENCE: Final = frozenset({"N.C.", "NC", "N.C", "N", "n.c.", "nc", "No Chord", "no chord", "tacet", "Tacet", "r", "R"})
AS_TENSION: Final = MappingProxyType({1: 13, 2: 14, 3: 15, 5: 17, 6: 18, 8: 20, 9: 21})
BASS_LETTERS: Final = frozenset("ABCDEFGH")
SIGNS: Final = str.maketrans({"♭": "b", "♯": "#", "𝄫": "bb", "𝄪": "##", "\u00a0": " "})


class Chord(NamedTuple):
    """A root (spelled, "" for N.C.), a shape above it, a bass below it, and for a polychord the chord above."""

    root: str
    shape: Shape
    bass: str = ""
    upper: tuple[str, Shape] | None = None  # root and shape of a polychord's upper chord

    @classmethod
    def parse(cls, text: str, *, german: bool = False) -> Chord:
        """Read a symbol as it is written on charts (docs/chords.md lists the spellings); remembered.

        `german`: H is B natural and B is B flat. Raises ChordError with the place and the nearest reading.
        """
        return _remembered(text, german)

    @classmethod
    def of(cls, root: str, intervals: tuple[int, ...], bass: str = "") -> Chord:
        """The chord of these semitones above the root (tensions 13-21); a bass that is the root is none."""
        return cls(root, shape_of(normal(intervals)), "" if bass == root else bass)

    @property
    def intervals(self) -> tuple[int, ...]:
        """Semitones above the root, ascending: chord tones 0-11, tensions 13-21."""
        return self.shape.intervals

    @property
    def third(self) -> int | None:
        """3 or 4; 5 for sus4, 2 for sus2, None without any."""
        return self.shape.third

    @property
    def fifth(self) -> int | None:
        """6, 7 or 8; None when left out."""
        return self.shape.fifth

    @property
    def seventh(self) -> int | None:
        """10 or 11; 9 for sixth chords and the diminished seventh; None for triads."""
        return self.shape.seventh

    @property
    def tensions(self) -> tuple[int, ...]:
        """Semitones of the tensions, 13-21."""
        return self.shape.tensions

    @property
    def family(self) -> str:
        """maj, min, dom, sus, dim, hdim, aug, power or none."""
        return self.shape.family

    @property
    def is_seventh(self) -> bool:
        """Whether it has a seventh (a sixth chord has none)."""
        return self.seventh is not None and (self.seventh != 9 or self.family == "dim")

    @property
    def root_pc(self) -> int:
        """The root's pitch class. N.C. has none: 0."""
        return _pitch_class(self.root)

    @property
    def bass_pc(self) -> int:
        """The pitch class that sounds lowest: the bass if written, else the root."""
        return _pitch_class(self.bass or self.root)

    @property
    def pitch_classes(self) -> frozenset[int]:
        """All that sounds, the slash bass included; empty for N.C."""
        return _pitch_classes(self)

    @property
    def quality(self) -> str:
        """The shape's name without bass and tensions: `m7b5`, `maj7`, "" for a major triad."""
        return suffix_of(shape_of(tuple(tone for tone in self.intervals if tone < 12)))

    @property
    def extensions(self) -> tuple[str, ...]:
        """Unaltered tensions: ("9", "13")."""
        return tuple(DEGREE_NAMES[tone] for tone in self.tensions if tone in (14, 17, 21))

    @property
    def alterations(self) -> tuple[str, ...]:
        """Altered fifths and tensions: ("b9", "#5")."""
        odd = {13, 15, 18, 20} | ({6, 8} if self.family in ("dom", "maj", "sus", "min") else set())
        return tuple(DEGREE_NAMES[tone] for tone in self.intervals if tone in odd)

    @property
    def omissions(self) -> tuple[str, ...]:
        """Chord tones left out: ("3",), ("5",)."""
        if self.family == "none":
            return ()
        return (("3",) if self.third is None else ()) + (("5",) if self.fifth is None else ())

    @property
    def symbol(self) -> str:
        """The spelling that other programs read alike; where they do not, the nearest that they do. `N.C.` for none."""
        return _symbol(self)

    @property
    def colour(self) -> tuple[int, ...]:
        """The tones that `symbol` leaves unsaid (the 13 of C13sus), for who voices the chord."""
        return colour_of(self.shape)

    @property
    def display(self) -> str:
        """The spelling that players write: `13sus`, `7alt`, `6/9`, `ø7`, `°7`."""
        return _written(self, display_of)

    def __str__(self) -> str:
        """The exact spelling: reading it gives this chord again."""
        return _written(self, suffix_of)

    def with_bass(self, name: str) -> Chord:
        """The same chord over that bass note; "" or the root's name removes it."""
        return self._replace(bass="" if name == self.root else name)

    def transposed(self, semitones: int, key: Key) -> Chord:
        """Moved by semitones and spelled as the new key does; intervals between root and bass keep their spelling."""
        if not self.root:
            return self
        root = key.spell((self.root_pc + semitones) % 12)
        shift = fifths(root) - fifths(self.root)
        upper = self.upper and (_near(name_at_fifths(fifths(self.upper[0]) + shift)), self.upper[1])
        return Chord(root, self.shape, self.bass and _near(name_at_fifths(fifths(self.bass) + shift)), upper)

    def enriched(self, *tones: int) -> Chord:
        """With these semitones above the root added: `enriched(10, 14)` makes a triad a ninth chord."""
        return self._replace(shape=shape_of(normal((*self.intervals, *tones))))

    def without(self, *tones: int) -> Chord:
        """With these semitones above the root left out; the root stays."""
        return self._replace(shape=shape_of(tuple(tone for tone in self.intervals if tone not in tones or tone == 0)))


def _near(name: str) -> str:
    """A name with at most two accidentals."""
    return name if len(name) <= 3 else FLAT_NAMES[pitch_class(name)]


@lru_cache(maxsize=256)
def _pitch_class(name: str) -> int:
    return pitch_class(name) if name else 0


@lru_cache(maxsize=4096)
def _pitch_classes(chord: Chord) -> frozenset[int]:
    if not chord.root:
        return frozenset()
    notes = {(chord.root_pc + tone) % 12 for tone in chord.intervals} | {chord.bass_pc}
    if chord.upper:
        notes |= {(pitch_class(chord.upper[0]) + tone) % 12 for tone in chord.upper[1].intervals}
    return frozenset(notes)


def _written(chord: Chord, suffix: Callable[[Shape], str]) -> str:
    if not chord.root:
        return "N.C."
    lower = chord.root + suffix(chord.shape) + (f"/{chord.bass}" if chord.bass else "")
    return f"{chord.upper[0]}{suffix(chord.upper[1])}|{lower}" if chord.upper else lower


@lru_cache(maxsize=4096)
def _symbol(chord: Chord) -> str:
    if chord.upper:
        chord = Chord(chord.root, _combined(chord), chord.bass)
    plain = chord._replace(root=_near(chord.root), bass=chord.bass and plain_name(chord.bass))
    return _written(plain, safe_suffix)


def _combined(chord: Chord) -> Shape:
    """A polychord as one shape above its lower root: what the upper chord adds are tensions."""
    above = {(pc - chord.root_pc) % 12 for pc in chord.pitch_classes}
    own = set(chord.intervals)
    return shape_of(normal(own | {AS_TENSION.get(tone, tone) for tone in above if tone not in {step % 12 for step in own}}))


NONE: Final = Chord("", NO_CHORD)


@lru_cache(maxsize=8192)
def _remembered(text: str, german: bool) -> Chord:
    if len(text) > LONGEST:
        raise ChordError(f'chord "{text[:20]}...": longer than {LONGEST} characters', text, LONGEST)
    plain = text.translate(SIGNS)
    if plain.strip() in SILENCE:
        return NONE
    try:
        return _read(plain, german)
    except Unreadable as stop:
        raise _unreadable(text, stop.position) from None


def _read(text: str, german: bool) -> Chord:
    """One chord, or a polychord `D|C`; brackets round it all mean nothing here."""
    start, end = _trimmed(text, 0, len(text))
    if text[start : start + 1] == "(" and text[end - 1] == ")":
        start, end = _trimmed(text, start + 1, end - 1)
    bar = text.find("|", start, end)
    if bar < 0:
        return _read_one(text, start, end, german)
    above = _read_one(text, *_trimmed(text, start, bar), german)
    below = _read_one(text, *_trimmed(text, bar + 1, end), german)
    if above.bass:
        raise Unreadable(start)
    return below._replace(upper=(above.root, above.shape))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _read_one(text: str, start: int, end: int, german: bool) -> Chord:
    text = text[:end]
    root, place = read_name(text, start, german)
    if text[place : place + 1] == ":":
        return _harte(root, text, place + 1)
    bass = ""
    stroke = text.rfind("/", place)
    if stroke >= 0:
        below, _ = _trimmed(text, stroke + 1, end)
        if text[below : below + 1] in BASS_LETTERS:
            bass, stop = read_name(text, below, german)
            if stop != end:
                raise Unreadable(stop)
            end = stroke
        elif stroke == place and text[below:end].lstrip("b#") in ("3", "5", "7"):
            return Chord(root, shape_of((0, 4, 7)), bass_below(root, text[below:end], below))
    try:
        shape = read_suffix(text[place:end].rstrip())
    except Unreadable as stopped:
        raise Unreadable(place + stopped.position) from None
    return Chord(root, shape, "" if bass == root else bass)


def _harte(root: str, text: str, place: int) -> Chord:
    shape, bass = read_harte(root, text[place:], place)
    return Chord(root, shape, bass)


def _unreadable(text: str, position: int) -> ChordError:
    from app.theory.chord_nearest import nearest

    guess = nearest(text)
    try:
        _read(guess, german=False)
    except Unreadable:
        guess = ""
    hint = f'; did you mean "{guess}"?' if guess else ""
    shown = text if len(text) <= 40 else text[:39] + "…"
    return ChordError(f'chord "{shown}": cannot be read from character {position + 1} on{hint}', text, position, guess)
