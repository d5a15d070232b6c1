"""What four voices must know of a chord: its leading tone, its seventh, and the ways to lay it out with their price."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from app.theory.chord import Chord
from app.theory.key import Key

Four = tuple[int, int, int, int]  # soprano, alto, tenor, bass: MIDI pitches

OCTAVE: Final = 12
TWELFTH: Final = 19
KEPT: Final = 24  # layouts of a chord that are weighed
PER_OUTER: Final = 3  # of those with the same soprano and bass
FORBIDDEN: Final = 100.0
PAIRS: Final = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))
BITS: Final = tuple((4**place * 3, pair) for place, pair in enumerate(PAIRS))  # of a pair in `perfects`
OUTER: Final = sum(bits for bits, pair in BITS if pair == (0, 3))
WITHOUT: Final = tuple(sum(bits for bits, pair in BITS if voice not in pair) for voice in range(4))  # the pairs it is not in


class Ranges(NamedTuple):
    """The compass of four voices (MIDI pitches, inclusive) and where each sits best."""

    low: Four
    high: Four
    best: Four


CHOIR: Final = Ranges((60, 55, 48, 40), (79, 74, 67, 60), (70, 64, 57, 48))
QUARTET: Final = Ranges((62, 57, 50, 36), (83, 76, 69, 60), (74, 66, 59, 46))
RANGES: Final = MappingProxyType({"choir": CHOIR, "quartet": QUARTET})


class Facts(NamedTuple):
    """A chord in a key, as part-writing sees it. Pitch classes; -1 where it has none."""

    tones: tuple[int, ...]
    root: int
    third: int
    fifth: int
    seventh: int
    bass: int
    leading: int  # the note that must rise
    rises: int  # a seventh that rises: the augmented sixth's
    minor: bool
    diminished: bool


class Laid:
    """A chord in a key as it can be laid out for four voices: one object for each, so that what is remembered of two of them
    is found without looking into them.
    """

    __slots__ = ("augmented", "facts", "fours", "led", "perfects", "prices", "scale", "six_four")

    def __init__(self, chord: Chord, key: Key, kind: str) -> None:
        self.facts = facts(chord, key)
        self.six_four = self.facts.bass == self.facts.fifth
        self.scale = _scale(chord, key)
        self.augmented = _augmented_second(key)
        self.fours = tuple(four for four, _ in layouts(chord, key, kind))
        self.led = tuple(_led(four, self.facts) for four in self.fours)
        self.perfects = tuple(perfects(four) for four in self.fours)
        self.prices = tuple(price for _, price in layouts(chord, key, kind))


@lru_cache(maxsize=16384)
def perfects(four: tuple[int, ...]) -> int:
    """Which pairs of voices stand in a unison or an octave, which in a fifth: a bit for each, those of BITS."""
    gaps = [(four[upper] - four[lower]) % 12 for upper, lower in PAIRS]
    return sum(4**place * (1 if gap == 0 else 2) for place, gap in enumerate(gaps) if gap in (0, 7))


@lru_cache(maxsize=2048)
def laid(chord: Chord, key: Key, kind: str) -> Laid:
    """A chord laid out for the voices of a kind of RANGES."""
    return Laid(chord, key, kind)


def _led(four: Four, known: Facts) -> tuple[int, ...]:
    """The voices that have the leading tone or the seventh."""
    return tuple(voice for voice, pitch in enumerate(four) if pitch % 12 in (known.leading, known.seventh))


def _scale(chord: Chord, key: Key) -> frozenset[int]:
    """The key's notes and the chord's; in minor the raised sixth and seventh are reached by the chord alone."""
    return frozenset((key.tonic_pc + step) % 12 for step in key.scale) | frozenset(facts(chord, key).tones)


def _augmented_second(key: Key) -> frozenset[int]:
    """The two pitch classes of a minor key between which no voice steps: its sixth and its leading tone."""
    return frozenset(((key.tonic_pc + 8) % 12, (key.tonic_pc + 11) % 12)) if key.is_minor else frozenset()


@lru_cache(maxsize=4096)
def facts(chord: Chord, key: Key) -> Facts:
    """The facts of a chord that has a root."""
    root = chord.root_pc
    bass = chord.bass_pc
    return Facts(
        tones=_four_tones(chord),
        root=root,
        third=-1 if chord.third is None else (root + chord.third) % 12,
        fifth=-1 if chord.fifth is None else (root + chord.fifth) % 12,
        seventh=-1 if chord.seventh is None else (root + chord.seventh) % 12,
        bass=bass,
        leading=_leading(chord, key),
        rises=(root + 10) % 12 if chord.family == "dom" and (root - key.tonic_pc) % 12 == 8 else -1,
        minor=chord.third == 3,
        diminished=chord.family == "dim" and chord.seventh is None,
    )


def _four_tones(chord: Chord) -> tuple[int, ...]:
    """The pitch classes that four voices sing, the bass first: third and seventh before root, ninth and fifth."""
    ninths = [tone for tone in chord.tensions if tone in (13, 14, 15)]
    telling = [tone for tone in (chord.third, chord.seventh, 0, *ninths[:1], chord.fifth) if tone is not None]
    return tuple(dict.fromkeys((chord.bass_pc, *((chord.root_pc + tone) % 12 for tone in telling))))[:4]


def _leading(chord: Chord, key: Key) -> int:
    """The note that leads: the third of a dominant of the key or of one of its chords, the root of a leading diminished."""
    scale = {(key.tonic_pc + step) % 12 for step in key.scale}
    leading = (key.tonic_pc - 1) % 12
    root, third = chord.root_pc, (chord.root_pc + 4) % 12
    if chord.family in ("dim", "hdim"):
        return root if root == leading or root not in scale else -1
    if chord.third != 4 or (root == key.tonic_pc and chord.seventh is None):
        return -1
    if (root - key.tonic_pc) % 12 == 8:  # an augmented sixth: its third is the tonic
        return -1
    return third if chord.family == "dom" or third == leading or third not in scale else -1


@lru_cache(maxsize=2048)
def layouts(chord: Chord, key: Key, kind: str) -> tuple[tuple[Four, float], ...]:
    """The best ways to lay a chord out for the voices of a kind of RANGES, each with its own price."""
    known = facts(chord, key)
    ranges = RANGES[kind]
    best: dict[tuple[int, int], list[tuple[float, Four]]] = {}
    for four in _spaced(known, ranges):
        price = _doubling(four, known) + _comfort(four, ranges)
        best.setdefault((four[0], four[3]), []).append((price, four))
    kept = sorted(pair for found in best.values() for pair in sorted(found)[:PER_OUTER])[:KEPT]
    return tuple((four, price) for price, four in kept)


def _spaced(known: Facts, ranges: Ranges) -> Iterator[Four]:
    """Every layout within the compasses: no voice crossed, an octave at most between the upper three."""
    soprano, alto, tenor = (_in_compass(known.tones, ranges.low[voice], ranges.high[voice]) for voice in range(3))
    for bass in _in_compass((known.bass,), ranges.low[3], ranges.high[3]):
        for low in tenor:
            if not bass <= low <= bass + TWELFTH:
                continue
            for middle in alto:
                if not low <= middle <= low + OCTAVE:
                    continue
                for top in soprano:
                    if middle <= top <= middle + OCTAVE and _complete(known, (top, middle, low, bass)):
                        yield top, middle, low, bass


def _in_compass(tones: tuple[int, ...], low: int, high: int) -> list[int]:
    return [pitch for pitch in range(low, high + 1) if pitch % 12 in tones]


def _complete(known: Facts, four: Four) -> bool:
    """Whether only the fifth is missing, if anything."""
    sounding = {pitch % 12 for pitch in four}
    return all(tone in sounding for tone in known.tones if tone != known.fifth or known.diminished)


def _doubling(four: Four, known: Facts) -> float:
    """The price of what is doubled and what is left out."""
    counts: dict[int, int] = {}
    for pitch in four:
        counts[pitch % 12] = counts.get(pitch % 12, 0) + 1
    price = 0.0
    for tone, count in counts.items():
        if count > 1:
            price += (count - 1) * _doubled(tone, known) + (1.5 if count > 2 else 0.0)
    if known.fifth >= 0 and known.fifth not in counts:
        price += 0.9 if known.bass == known.root else 4.0
    if len(set(four)) < 4:
        price += 1.2  # two voices in unison
    return price


def _doubled(tone: int, known: Facts) -> float:
    """The price of doubling a tone: never a leading tone or a seventh; a 6/4 doubles its bass, a diminished triad its third."""
    if tone in (known.leading, known.seventh):
        return FORBIDDEN
    if known.bass == known.fifth:
        return 0.0 if tone == known.fifth else 2.0
    if known.diminished:
        return 0.0 if tone == known.third else 1.0
    if tone == known.root:
        return 0.0 if known.bass == known.root else 0.2
    if tone == known.third:
        return (0.7 if known.minor else 1.4) if known.bass == known.root else 0.7
    return 0.8 if tone == known.fifth else 1.0


def _comfort(four: Four, ranges: Ranges) -> float:
    """A little for every step away from where a voice sits best, more for a wide gap above the bass's neighbour."""
    away = sum(abs(pitch - best) for pitch, best in zip(four, ranges.best, strict=True))
    return 0.045 * away + (0.3 if four[1] - four[2] > 9 else 0.0)
