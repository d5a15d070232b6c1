"""Reads a chart in plain text, `Dm7 G7 | Cmaj7`, into bars of chords with exact beats, and writes it again."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

from app.errors import ChordError
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.numeral import numeral_of, resolve
from app.theory.numeral_reader import NAMED
from app.theory.rhythm import Metre

Bar = tuple[tuple[Fraction, Chord], ...]
Bars = tuple[Bar, ...]
Marks = tuple[tuple[int, str], ...]  # (bar from 0, name) of rehearsal marks

LONGEST: Final = 40_000  # characters of a chart
MOST_BARS: Final = 2048  # bars with their repeats written out
REPEATS: Final = frozenset({"%", "x", "./.", "٪"})  # "play the bar before again"
HOLDS: Final = frozenset({"/", "-", "."})  # "the chord goes on for a beat"
ROOTS: Final = frozenset("ABCDEFGHN(")
INNER_MARK: Final = re.compile(r"\|[ \t]*(?=\[[^][|{}]{1,40}\])")  # a mark within a row begins another
MARK: Final = re.compile(r"\s*(?:\[([^][|{}]{1,40})\]|([A-Za-z][\w' -]{0,30}):(?=\s|\Z))")  # `[Verse 1]`, `Verse 1:`


class Reader(NamedTuple):
    """What a chart is read with."""

    metre: Metre
    key: Key | None
    german: bool


class Cell(NamedTuple):
    """What stands between two bar lines, and which repeat signs are on them."""

    text: str
    opens: bool  # |:
    times: int  # how often the passage that ends here is played; 1 without :|
    blank: bool  # nothing between two bar lines of one row
    mark: str = ""  # the rehearsal mark before it


def read_chart(text: str, metre: Metre, key: Key | None = None, *, german: bool = False) -> Bars:
    """The bars of a chart as (beats, chord), beats in the metre's lower number, each bar summing to the upper.

    `%` or a blank bar repeats the bar before, `/` holds the chord for another beat, `Dm7*2` gives beats, `|: ... :| x3` repeats a
    passage, Roman numerals are read when a key is given, a polychord stands in brackets `(D|C)`. Without beats the chords of a
    bar share its beats, the earlier ones longer. Raises ChordError that names bar and chord.
    """
    return read_marked(text, metre, key, german=german)[0]


def read_marked(text: str, metre: Metre, key: Key | None = None, *, german: bool = False) -> tuple[Bars, Marks]:
    """The bars as `read_chart` reads them, and the rehearsal marks: a row, or the start of one, `[Verse 1]` or `Verse 1:`."""
    if len(text) > LONGEST:
        raise ChordError(f"the chart is longer than {LONGEST} characters", text[:40])
    reader = Reader(metre, key, german)
    bars: list[Bar] = []
    marks: dict[int, str] = {}
    start = 0
    for cell in _cells(text):
        start = len(bars) if cell.opens else start
        marks |= {len(bars): cell.mark} if cell.mark else {}
        if cell.text:
            bars.append(_bar(cell.text, bars, reader))
        elif cell.blank and bars:
            bars.append(bars[-1])
        if cell.times > 1:
            _repeat(bars, marks, start, cell.times)
            start = len(bars)
        if len(bars) > MOST_BARS:
            raise ChordError(f"the chart has more than {MOST_BARS} bars", text[:40])
    if not bars:
        raise ChordError(f'chart "{text.strip()[:40]}": holds no chords; write bars like "Dm7 G7 | Cmaj7"', text)
    return tuple(bars), tuple((bar, name) for bar, name in sorted(marks.items()) if bar < len(bars))


def _repeat(bars: list[Bar], marks: dict[int, str], start: int, times: int) -> None:
    """The bars from there on, and their marks, so many times in all."""
    passage, end = bars[start:], len(bars)
    inside = [(bar, name) for bar, name in marks.items() if start <= bar < end]
    for time in range(1, times):
        bars += passage
        marks.update({bar + time * len(passage): name for bar, name in inside})


def _cells(text: str) -> list[Cell]:
    """The bars' texts row by row; double bar lines are one, and the ends of a row are bar lines too."""
    cells: list[Cell] = []
    mark = ""
    rows = INNER_MARK.sub("|\n", text.replace("\u00a0", " ").replace("\r", "\n"))
    for line in rows.split("\n"):
        name, row = _marked(line)
        mark = name or mark
        pieces = _split(row)
        for index, piece in enumerate(pieces):
            inner = 0 < index < len(pieces) - 1
            cell = _cell(piece, inner and piece.isspace())
            cells.append(cell._replace(mark=mark) if cell.text else cell)
            mark = "" if cell.text else mark
    return _counted(cells)


def _marked(line: str) -> tuple[str, str]:
    """A row's rehearsal mark, "" for none, and the rest of it."""
    found = MARK.match(line)
    if found is None:
        return "", line
    return " ".join((found[1] or found[2]).split()), line[found.end() :]


def _cell(piece: str, blank: bool) -> Cell:
    text = piece.strip().removesuffix("[").removeprefix("]").strip()
    ends = text.endswith(":")
    opens = text.startswith(":")
    return Cell(text.strip(":").strip(), opens and text != ":", 2 if ends else 1, blank)


def _counted(cells: list[Cell]) -> list[Cell]:
    """`:| x3` as three times the passage."""
    found: list[Cell] = []
    for cell in cells:
        count, _, others = cell.text.partition(" ")
        times = count[1:3] if count[:1] in ("x", "X", "×") and len(count) <= 3 else ""
        if times.isdecimal() and times.isascii() and found and found[-1].times == 2:
            found[-1] = found[-1]._replace(times=int(times))
            cell = cell._replace(text=others.strip())
        found.append(cell)
    return found


def _split(text: str) -> list[str]:
    """Parts between bar lines; inside brackets a stroke makes a polychord."""
    parts, start, depth = [], 0, 0
    for place, letter in enumerate(text):
        if letter == "|" and depth <= 0:
            parts.append(text[start:place])
            start = place + 1
        depth += (letter == "(") - (letter == ")")
    return [*parts, text[start:]]


def _bar(text: str, before: list[Bar], reader: Reader) -> Bar:
    number = len(before) + 1
    if text in REPEATS:
        if not before:
            raise ChordError(f'bar 1: "{text}" repeats the bar before, and there is none', text)
        return before[-1]
    return _read_bar(text, number, reader)


def _read_bar(text: str, number: int, reader: Reader) -> Bar:
    chords: list[Chord] = []
    beats: list[Fraction | None] = []
    held: list[int] = []
    for word in text.split():
        if word in HOLDS:
            if not chords:
                raise ChordError(f'bar {number}: begins with "{word}", and there is no chord to hold', text)
            held[-1] += 1
            continue
        symbol, length = _with_beats(word, number)
        chords.append(_chord(symbol, (number, len(chords) + 1), reader))
        beats.append(length)
        held.append(0)
    return tuple(zip(_lengths(beats, held, reader.metre, number), chords, strict=True))


def _with_beats(word: str, number: int) -> tuple[str, Fraction | None]:
    """`Dm7*2` → (`Dm7`, 2), `C*1/2` → (`C`, ½)."""
    symbol, star, count = word.rpartition("*")
    if not star or "(" in count:
        return word, None
    upper, stroke, lower = count.partition("/")
    whole = upper.replace(".", "", 0 if stroke else 1)
    numbers = (whole, lower) if stroke else (whole,)
    readable = all(number.isdecimal() and number.isascii() for number in numbers) and len(count) <= 8
    if not (symbol and readable) or upper.startswith(".") or upper.endswith(".") or (stroke and not int(lower)):
        raise ChordError(f'bar {number}: "{word[:40]}" has beats that cannot be read; write them like Dm7*2 or Dm7*1/2', word)
    return symbol, Fraction(count)


def _chord(symbol: str, place: tuple[int, int], reader: Reader) -> Chord:
    try:
        if reader.key is not None and (symbol[:1] not in ROOTS or _is_named(symbol)):
            return resolve(symbol, reader.key)
        return Chord.parse(symbol, german=reader.german)
    except ChordError as error:
        what = error.args[0].removeprefix("chord ").removeprefix("numeral ")
        raise ChordError(f"bar {place[0]}, chord {place[1]} {what}", symbol, error.position, error.nearest) from None


def _is_named(symbol: str) -> bool:
    """Whether it is a chord that analysis has a name for (`N6`, `Ger65`, `Cad64`), not one like `Cadd9`."""
    return any(symbol.startswith(name) and symbol[len(name) : len(name) + 1] in "0123456789/." for name in NAMED)


def _lengths(beats: list[Fraction | None], held: list[int], metre: Metre, number: int) -> tuple[Fraction, ...]:
    given = [length for length in beats if length is not None]
    if given:
        return _explicit(beats, metre, number)
    return _held(held, metre, number) if any(held) else shared_beats(len(beats), metre)


def _explicit(beats: list[Fraction | None], metre: Metre, number: int) -> tuple[Fraction, ...]:
    without = beats.count(None)
    left = metre.upper - sum((length for length in beats if length is not None), Fraction(0))
    if left < 0 or (left == 0) != (without == 0) or Fraction(0) in beats:
        raise ChordError(f"bar {number}: its beats must be above 0 and sum to {metre.upper}")
    return tuple(left / without if length is None else length for length in beats)


def _held(held: list[int], metre: Metre, number: int) -> tuple[Fraction, ...]:
    """Each chord and each `/` is a beat of the metre, or a unit of its lower number."""
    counts = [1 + more for more in held]
    if sum(counts) == len(metre.groups):
        return starting_at([sum(counts[:index]) for index in range(len(counts))], metre)
    if sum(counts) == metre.upper:
        return tuple(Fraction(count) for count in counts)
    raise ChordError(f"bar {number}: {sum(counts)} beats are written, {metre} has {len(metre.groups)}")


def starting_at(starts: list[int], metre: Metre) -> tuple[Fraction, ...]:
    """The lengths of chords that start on these beats (from 0) of a bar."""
    return tuple(Fraction(sum(metre.groups[start:end])) for start, end in pairwise((*starts, len(metre.groups))))


def shared_beats(chords: int, metre: Metre) -> tuple[Fraction, ...]:
    """A bar shared among its chords, on beats where they fit, the earlier ones longer.

    Two in 4/4 are 2+2, three 2+1+1, two in 3/4 2+1, in 5/4 3+2, in 7/8 4+3; more chords than beats halve the last beats.
    """
    groups = metre.groups
    if chords <= len(groups):
        return starting_at(_starts(chords, metre), metre)
    if metre.upper % chords == 0 or chords > 2 * len(groups):
        return (Fraction(metre.upper, chords),) * chords
    halved = chords - len(groups)
    whole = [Fraction(group) for group in groups[: len(groups) - halved]]
    return tuple(whole + [part for group in groups[len(groups) - halved :] for part in _halves(group)])


def _halves(group: int) -> tuple[Fraction, Fraction]:
    """A beat in two: a dotted one as long and short."""
    return (Fraction(2), Fraction(1)) if group == 3 else (Fraction(group, 2), Fraction(group, 2))


def _starts(chords: int, metre: Metre) -> list[int]:
    """The beats on which so many chords start: first where groups begin, then the later beats before the earlier."""
    beats = len(metre.groups)
    accents = metre.accents
    if chords < len(accents):
        accents = tuple(index * beats // chords + (index * beats % chords > 0) for index in range(chords))
    free = [beat for beat in range(beats - 1, 0, -1) if beat not in accents]
    return sorted((*accents, *free[: chords - len(accents)]))


def write_chart(bars: Bars, metre: Metre, key: Key | None = None) -> str:
    """The chart as text that `read_chart` reads to the same bars, with a key in Roman numerals.

    Beats are written where the even share says otherwise.
    """
    return " | ".join(_write_bar(bar, metre, key) for bar in bars)


def _write_bar(bar: Bar, metre: Metre, key: Key | None) -> str:
    lengths = tuple(length for length, _ in bar)
    names = [numeral_of(chord, key) if key else f"({chord})" if chord.upper else str(chord) for _, chord in bar]
    if lengths == shared_beats(len(bar), metre):
        return " ".join(names)
    return " ".join(f"{name}*{length}" for name, length in zip(names, lengths, strict=True))
