"""A row laid on the ticks of any metre: in its own metre exactly, in another by groups of beats."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from app.arrange.notation import HOLD, REST, Row
from app.theory.rhythm import TICKS_PER_QUARTER, Metre


class Placed(NamedTuple):
    """A token on its tick in the bar; `length` runs over the holds that follow it."""

    tick: int
    length: int
    token: str


# (beats of the row's bar, beats of the bar to fill) → a cycle of bars, each the row's beats in playing order.
# A beat number past the row's bar is of the next bar. The last beat (the backbeat) opens the last group.
BEAT_MAPS: Final = MappingProxyType(
    {
        (4, 3): ((0, 2, 3),),
        (4, 2): ((0, 1), (2, 3)),
        (4, 5): ((0, 1, 2, 3, 2),),
        (3, 4): ((0, 1, 2, 1),),
        (3, 2): ((0, 1),),
        (3, 5): ((0, 1, 2, 0, 1),),
        (2, 4): ((0, 1, 2, 3),),
        (2, 3): ((0, 1, 1),),
        (2, 5): ((0, 1, 0, 2, 3),),
        (5, 4): ((0, 1, 3, 4),),
        (5, 3): ((0, 3, 4),),
        (5, 2): ((0, 1), (3, 4)),
    }
)
REGROUPED_FIVE: Final = (0, 3, 2, 0, 2)  # five quarters as 2+3: the backbeat opens no group of two
_DEMOTED: Final = MappingProxyType({"X": "x", "x": "o", "C": REST, "c": REST, "h": HOLD, "H": HOLD})


class Laid(NamedTuple):
    """A row on the ticks of a metre, bar by bar, until it comes round again."""

    bars: tuple[tuple[Placed, ...], ...]  # rests left out
    holds: tuple[int, ...]  # for how many ticks the note before each bar rings on into it


@lru_cache(maxsize=4096)
def laid(row: Row, native: Metre, metre: Metre) -> Laid:
    """A row written in `native` laid on `metre`. To look one up takes longer than to keep it: keep it for a piece."""
    bars = _beats(row, native, metre)
    return Laid(tuple([_place(beats, native, metre) for beats in bars]), tuple([_hold(beats, native, metre) for beats in bars]))


def bars_for(row: Row, native: Metre, metre: Metre) -> int:
    """How many bars of `metre` the row fills before it comes round again."""
    return len(laid(row, native, metre).bars)


def fit(row: Row, native: Metre, metre: Metre, bar: int) -> tuple[Placed, ...]:
    """The tokens of the `bar`-th bar (from 0, coming round) of a row written in `native`, laid on `metre`, rests left out."""
    bars = laid(row, native, metre).bars
    return bars[bar % len(bars)]


def _hold(beats: list[tuple[str, ...]], native: Metre, metre: Metre) -> int:
    """For how many ticks the note of the bar before rings on into a bar: the holds before its first token or rest."""
    for tokens, (start, length) in zip(beats, metre.beats, strict=True):
        for tick, token in _cells(tokens, length, native, metre):
            if token != HOLD:
                return start + tick
    return metre.bar


def _beats(row: Row, native: Metre, metre: Metre) -> list[list[tuple[str, ...]]]:
    """The row's beats dealt out to bars of the metre."""
    have, want = len(native.groups), len(metre.groups)
    if have == want:
        return [list(bar) for bar in row]
    cycle = BEAT_MAPS[have, want]
    if want == 5 and metre.accents == (0, 2) and have == 4:
        cycle = (REGROUPED_FIVE,)
    flat = [beat for bar in row for beat in bar]
    step = have * max(1, (max(max(order) for order in cycle) + have) // have)
    return [
        [flat[(first + index) % len(flat)] for index in order]
        for first in range(0, max(step, len(flat) // step * step), step)
        for order in cycle
    ]


def _place(beats: list[tuple[str, ...]], native: Metre, metre: Metre) -> tuple[Placed, ...]:
    cells: list[tuple[int, str]] = []
    for tokens, (start, length) in zip(beats, metre.beats, strict=True):
        cells.extend((start + tick, token) for tick, token in _cells(tokens, length, native, metre))
    placed: list[Placed] = []
    for index, (tick, token) in enumerate(cells):
        if token in (REST, HOLD):
            continue
        after = index + 1
        while after < len(cells) and cells[after][1] == HOLD:
            after += 1
        end = cells[after][0] if after < len(cells) else metre.bar
        placed.append(Placed(tick, end - tick, token))
    return tuple(placed)


def _cells(tokens: tuple[str, ...], length: int, native: Metre, metre: Metre) -> list[tuple[int, str]]:
    """A beat's tokens on their ticks in a beat of that length."""
    count = len(tokens)
    if metre.compound and not native.compound and count % 3:
        return _as_compound(tokens, length)
    if metre.lower == 8 and not metre.compound and length != TICKS_PER_QUARTER:
        return _long_group(tokens, length)
    if metre.lower == 8 and not metre.compound and count % 3 == 0:
        return _straightened(tokens, length)
    return [(index * length // count, token) for index, token in enumerate(tokens)]


def _as_compound(tokens: tuple[str, ...], length: int) -> list[tuple[int, str]]:
    """Halves and quarters of a beat on the thirds of a dotted one: 1/4 → 1/3, 1/2 → 2/3; 3/4 stays only when accented."""
    cells: dict[int, str] = {}
    for index, token in enumerate(tokens):
        position = index / len(tokens)
        third = round(position * 4 / 3 * 3) if position <= 0.5 else 2
        tick = third * length // 3
        if position > 0.5:
            if token not in ("X", "C"):
                continue
            tick = length * 5 // 6
        if cells.get(tick, REST) in (REST, HOLD):
            cells[tick] = token
    return sorted(cells.items())


def _long_group(tokens: tuple[str, ...], length: int) -> list[tuple[int, str]]:
    """A beat in a group of three eighths: the beat, then its second half again, softer."""
    first = _straightened(tokens, TICKS_PER_QUARTER)
    half = TICKS_PER_QUARTER // 2
    again = [(tick + half, _DEMOTED.get(token, HOLD if token.isdigit() else token)) for tick, token in first if tick >= half]
    return [cell for cell in first + (again or [(TICKS_PER_QUARTER, HOLD)]) if cell[0] < length]


def _straightened(tokens: tuple[str, ...], length: int) -> list[tuple[int, str]]:
    """Thirds of a beat as eighths: the last third falls on the half, the middle one is left out."""
    if len(tokens) % 3:
        return [(index * length // len(tokens), token) for index, token in enumerate(tokens)]
    per = len(tokens) // 3
    second = tokens[2 * per] if tokens[2 * per] != HOLD else tokens[per]
    return [(0, tokens[0]), (length // 2, second)]


@lru_cache(maxsize=512)
def fit_timeline(row: Row, native: Metre, metre: Metre) -> tuple[tuple[Placed, ...], ...]:
    """A time-line (clave, bell) in another metre: each stroke goes to the nearest eighth of the bar, in the same order."""
    if native.groups == metre.groups and native.lower == metre.lower:
        return laid(row, native, metre).bars
    unit = TICKS_PER_QUARTER // 2
    slots = metre.bar // unit
    bars = []
    for bar in row:
        taken: dict[int, Placed] = {}
        for stroke in _place(list(bar), native, native):
            slot = min(slots - 1, (2 * stroke.tick * slots + native.bar) // (2 * native.bar))
            taken.setdefault(slot, Placed(slot * unit, unit, stroke.token))
        bars.append(tuple(taken[slot] for slot in sorted(taken)))
    return tuple(bars)


@lru_cache(maxsize=512)
def fit_tail(row: Row, native: Metre, metre: Metre) -> tuple[Placed, ...]:
    """A fill of a few beats laid on the last beats of a bar; a fill longer than the bar loses its beginning."""
    beats = metre.beats[-len(row[0]) :]
    placed: list[Placed] = []
    for tokens, (start, length) in zip(row[0][-len(beats) :], beats, strict=True):
        cells = _cells(tokens, length, native, metre)
        placed.extend(Placed(start + tick, length // len(tokens), token) for tick, token in cells if token not in (REST, HOLD))
    return tuple(placed)
