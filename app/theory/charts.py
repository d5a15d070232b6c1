"""Reads a chart in plain text, `Dm7 G7 | Cmaj7`, into bars of chords with exact beats, and writes it again."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from app.errors import ChordError
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.numeral import resolve
from app.theory.rhythm import Metre

Bars = tuple[tuple[tuple[Fraction, Chord], ...], ...]

LONGEST: Final = 40_000  # characters of a chart
BAR_LINES: Final = ("|:", ":|", "||", "|]", "[|", "|")
REPEAT_BAR: Final = frozenset({"%", "٪", "x", "/."})
NOTES: Final = frozenset("ABCDEFGHN")


def read_chart(text: str, metre: Metre, key: Key | None = None, *, german: bool = False) -> Bars:
    """The bars of a chart as (beats, chord), beats in the metre's lower number, each bar summing to the upper.

    `%` repeats the bar before, `/` holds the chord for another beat, `Dm7:2` gives beats, Roman numerals are read when a key is
    given. Without beats the chords of a bar share its beats, the earlier ones longer. Raises ChordError naming bar and chord.
    """
    if len(text) > LONGEST:
        raise ChordError(f"the chart is longer than {LONGEST} characters", text[:40])
    bars: list[tuple[tuple[Fraction, Chord], ...]] = []
    for row in _bar_texts(text):
        if row in REPEAT_BAR:
            if not bars:
                raise ChordError('bar 1: "%" repeats the bar before, and there is none', text[:40])
            bars.append(bars[-1])
        else:
            bars.append(_read_bar(row, len(bars) + 1, metre, (key, german)))
    if not bars:
        raise ChordError(f'chart "{text.strip()[:40]}": holds no chords; write bars like "Dm7 G7 | Cmaj7"', text)
    return tuple(bars)


def _bar_texts(text: str) -> list[str]:
    """What stands between the bar lines; empty bars at the ends are no bars, inside they repeat the bar before."""
    plain = text.replace("\u00a0", " ").replace("\r", "\n").replace("\n", " | ")
    pieces = [piece.strip().strip(":").strip() for piece in _split(plain)]
    return [piece for piece in pieces if piece]


def _split(text: str) -> list[str]:
    """Parts between bar lines; a polychord's bar (`D|C`, no spaces round it) is not one."""
    parts, start = [], 0
    for place, letter in enumerate(text):
        if letter == "|" and not _in_polychord(text, place):
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


def _in_polychord(text: str, place: int) -> bool:
    return False


def _read_bar(row: str, number: int, metre: Metre, reading: tuple[Key | None, bool]) -> tuple[tuple[Fraction, Chord], ...]:
    words = row.split()
    chords: list[Chord] = []
    beats: list[Fraction | None] = []
    slashes: list[int] = []
    for word in words:
        if word == "/" or word == "-":
            if not chords:
                raise ChordError(f'bar {number}: begins with "/", and there is no chord to hold', row)
            slashes[-1] += 1
            continue
        symbol, length = _with_beats(word)
        chords.append(_chord(symbol, number, len(chords) + 1, reading))
        beats.append(length)
        slashes.append(0)
    lengths = _lengths(beats, slashes, metre, number)
    return tuple(zip(lengths, chords, strict=True))


def _with_beats(word: str) -> tuple[str, Fraction | None]:
    """`Dm7:2` → (`Dm7`, 2). A colon before a word is Harte's."""
    symbol, colon, count = word.rpartition(":")
    if colon and symbol and count.replace(".", "", 1).replace("/", "", 1).isdigit() and count[0].isdigit():
        return symbol, Fraction(count)
    return word, None


def _chord(symbol: str, bar: int, place: int, reading: tuple[Key | None, bool]) -> Chord:
    key, german = reading
    try:
        if key is not None and symbol[:1] not in NOTES:
            return resolve(symbol, key)
        return Chord.parse(symbol, german=german)
    except ChordError as error:
        message = f"bar {bar}, chord {place} {error.args[0].removeprefix('chord ').removeprefix('numeral ')}"
        raise ChordError(message, symbol, error.position, error.nearest) from None


def _lengths(beats: list[Fraction | None], slashes: list[int], metre: Metre, number: int) -> tuple[Fraction, ...]:
    if any(slashes):
        return _slashed(slashes, metre, number)
    if any(length is not None for length in beats):
        return _explicit(beats, metre, number)
    return shared_beats(len(beats), metre)


def _explicit(beats: list[Fraction | None], metre: Metre, number: int) -> tuple[Fraction, ...]:
    open_places = beats.count(None)
    left = metre.upper - sum((length for length in beats if length is not None), Fraction(0))
    if left < 0 or (left == 0) != (open_places == 0):
        raise ChordError(f"bar {number}: its beats must sum to {metre.upper}")
    return tuple(left / open_places if length is None else length for length in beats)


def _slashed(slashes: list[int], metre: Metre, number: int) -> tuple[Fraction, ...]:
    counts = [1 + held for held in slashes]
    groups = metre.groups
    if sum(counts) == len(groups):
        ends = [sum(counts[:index]) for index in range(len(counts) + 1)]
        return tuple(Fraction(sum(groups[start:end])) for start, end in zip(ends, ends[1:], strict=False))
    if sum(counts) == metre.upper:
        return tuple(Fraction(count) for count in counts)
    raise ChordError(f"bar {number}: {sum(counts)} beats are written; {metre} has {len(groups)}")


def shared_beats(chords: int, metre: Metre) -> tuple[Fraction, ...]:
    """A bar's beats shared among its chords, on beats where they fit: 3 in 4/4 are 2+1+1, 2 in 5/4 are 3+2, 3 in 7/8 are 2+2+3."""
    groups = metre.groups
    if chords > len(groups):
        return (Fraction(metre.upper, chords),) * chords
    starts = set(_strong(metre, chords))
    beats = sorted(starts | set(_rest(groups, starts, chords)))[:chords]
    ends = [*beats[1:], len(groups)]
    return tuple(Fraction(sum(groups[start:end])) for start, end in zip(beats, ends, strict=True))


def _strong(metre: Metre, chords: int) -> tuple[int, ...]:
    """The beats where groups begin, as many as there are chords."""
    return metre.accents[:chords] if chords <= len(metre.accents) else metre.accents


def _rest(groups: tuple[int, ...], starts: set[int], chords: int) -> list[int]:
    """Further beats, from the end of the bar backwards, so that earlier chords last longer."""
    free = [beat for beat in range(len(groups) - 1, -1, -1) if beat not in starts]
    return free[: max(0, chords - len(starts))]


def write_chart(bars: Bars, metre: Metre) -> str:
    """The chart as text that `read_chart` reads to the same bars; beats are written where the even share says otherwise."""
    return " | ".join(_write_bar(bar, metre) for bar in bars)


def _write_bar(bar: tuple[tuple[Fraction, Chord], ...], metre: Metre) -> str:
    lengths = tuple(length for length, _ in bar)
    if lengths == shared_beats(len(bar), metre):
        return " ".join(str(chord) for _, chord in bar)
    return " ".join(f"{chord}:{length}" for length, chord in bar)
