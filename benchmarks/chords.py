"""How many chord symbols are read in a second: remembered, fresh, and with every table of what was read emptied.

python benchmarks/chords.py [rounds]
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from time import perf_counter

from app.theory import chord, chord_reader, chord_shape, chord_spelling, chord_symbol, numeral_reader
from app.theory.chord import Chord
from app.theory.chord_page import WILD
from app.theory.key import Key
from app.theory.numeral import numeral_of, resolve

ROOTS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
NUMERALS = ("ii7", "V7/vi", "bVII7", "#iv°7", "subV7/ii", "I/5", "V/7", "I64", "viio43", "III7alt", "iiø7", "V13sus", "iv6", "N6")
MEMORIES = (
    chord._remembered, chord_reader.read_suffix, chord_shape.shape_of, chord_spelling.suffix_of, chord_symbol.safe_suffix,
    numeral_reader._resolved, numeral_of,
)  # fmt: skip


def texts() -> list[str]:
    """Each spelling of the page on each root: real symbols of every kind."""
    suffixes = [text for suffix, others in WILD.items() for text in (suffix, *others)]
    return [root + suffix for root in ROOTS for suffix in suffixes]


def forget() -> None:
    """Empty all that is remembered of chords."""
    for memory in MEMORIES:
        memory.cache_clear()


def rate(work: Callable[[list[str]], None], inputs: list[str], rounds: int, *, before: Callable[[], None]) -> float:
    """Inputs a second, the median of the rounds."""
    seconds = []
    for _ in range(rounds):
        before()
        start = perf_counter()
        work(inputs)
        seconds.append(perf_counter() - start)
    return len(inputs) / statistics.median(seconds)


def parse_all(symbols: list[str]) -> None:
    for symbol in symbols:
        Chord.parse(symbol)


def fresh_all(symbols: list[str]) -> None:
    for symbol in symbols:
        chord_reader.read_suffix.cache_clear()
        chord_shape.shape_of.cache_clear()
        chord._remembered.__wrapped__(symbol, False)


def resolve_all(numerals: list[str]) -> None:
    for key in map(Key, ROOTS):
        for numeral in numerals:
            numeral_of(resolve(numeral, key), key)


def main(rounds: int = 9) -> None:
    symbols = texts()
    hostile = ["C" + "b9" * 62 + "x", "C" + "(#11)" * 25, "C" + "susadd" * 20] * 200
    rows = [
        ("remembered", rate(parse_all, symbols[:4000], rounds, before=lambda: parse_all(symbols[:4000])), 200_000),
        ("new texts", rate(parse_all, symbols, rounds, before=forget), 20_000),
        ("each read from nothing", rate(fresh_all, symbols, rounds, before=forget), 20_000),
        ("hostile, 128 characters", rate(refuse_all, hostile, rounds, before=forget), 0),
        ("numerals, both ways", rate(resolve_all, list(NUMERALS), rounds, before=forget) * len(ROOTS), 0),
    ]
    for name, each, goal in rows:
        print(f"{name:26} {each:12,.0f} a second" + (f"   goal {goal:9,}   {each / goal:5.1f} x" if goal else ""))
    lengths = (1_000, 10_000, 100_000)
    times = [statistics.median(timed("9," * (length // 2)) for _ in range(5)) for length in lengths]
    for length, seconds in zip(lengths, times, strict=True):
        print(f"{length:8,} characters {seconds * 1000:9.2f} ms   {seconds / length * 1e9:7.1f} ns a character")


def refuse_all(symbols: list[str]) -> None:
    for symbol in symbols:
        try:
            chord_reader.read_suffix.__wrapped__(symbol[1:])
        except chord_reader.Unreadable:
            continue


def timed(text: str) -> float:
    """Seconds to take so long a text apart."""
    start = perf_counter()
    chord_reader.tokens(text)
    return perf_counter() - start


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
