"""Metre and the tick grid: 480 ticks a quarter, beats as groups of the metre's lower number."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from app.errors import RequestError

TICKS_PER_QUARTER: Final = 480
GROUPS: Final = MappingProxyType(
    {  # metre → its beats, each in units of the lower number
        (4, 4): (1, 1, 1, 1),
        (3, 4): (1, 1, 1),
        (2, 4): (1, 1),
        (5, 4): (1, 1, 1, 1, 1),
        (6, 8): (3, 3),
        (9, 8): (3, 3, 3),
        (12, 8): (3, 3, 3, 3),
        (7, 8): (2, 2, 3),
    }
)
ACCENTS: Final = MappingProxyType(
    {  # metre → beats (from 0) on which a group of beats begins; 5/4 is 3+2
        (4, 4): (0, 2), (3, 4): (0,), (2, 4): (0,), (5, 4): (0, 3),
        (6, 8): (0, 1), (9, 8): (0, 1, 2), (12, 8): (0, 2), (7, 8): (0, 1, 2),
    }
)  # fmt: skip
METRES: Final = tuple(f"{upper}/{lower}" for upper, lower in GROUPS)


@lru_cache(maxsize=64)
def _beats(groups: tuple[int, ...], unit: int) -> tuple[tuple[int, int], ...]:
    """Start and length of each beat, in ticks."""
    starts = [sum(groups[:index]) for index in range(len(groups))]
    return tuple((start * unit, group * unit) for start, group in zip(starts, groups, strict=True))


class Metre(NamedTuple):
    """A time signature with its beats. `groups` are the beats' lengths in units of the lower number."""

    upper: int
    lower: int
    groups: tuple[int, ...]
    accents: tuple[int, ...]  # beats, from 0, on which a larger group begins

    @classmethod
    def of(cls, text: str) -> Metre:
        """The metre of `METRES` with that name, `5/4` as 3+2, `7/8` as 2+2+3; `5/4 (2+3)` and `7/8 (3+2+2)` regroup.

        Raises RequestError that lists the metres.
        """
        return _metre(text)

    def regrouped(self, grouping: str) -> Metre:
        """This metre with its odd groups in another order (`2+3`, `3+2+2`). Raises RequestError when they do not sum up."""
        parts = [int(part) if part.strip().isdecimal() else 0 for part in grouping.split("+")]
        if sum(parts) != self.upper or not set(parts) <= {2, 3}:
            raise RequestError(f'grouping "{grouping[:20]}": must be twos and threes that sum to {self.upper}', "time_signature")
        if self.lower == 8:
            return self._replace(groups=tuple(parts), accents=tuple(range(len(parts))))
        return self._replace(accents=tuple(sum(parts[:index]) for index in range(len(parts))))

    @property
    def compound(self) -> bool:
        """Whether every beat is a dotted quarter (6/8, 9/8, 12/8)."""
        return self.lower == 8 and all(group == 3 for group in self.groups)

    @property
    def unit(self) -> int:
        """Ticks of one unit of the lower number."""
        return TICKS_PER_QUARTER * 4 // self.lower

    @property
    def bar(self) -> int:
        """Ticks of a bar."""
        return TICKS_PER_QUARTER * 4 // self.lower * self.upper

    @property
    def beats(self) -> tuple[tuple[int, int], ...]:
        """Each beat as (start tick in the bar, length in ticks)."""
        return _beats(self.groups, self.unit)

    @property
    def pulse_quarters(self) -> float:
        """Quarters in the beat that the tempo counts: 1.5 in compound metres, else 1 (in 7/8 too)."""
        return 1.5 if self.compound else 1.0

    def __str__(self) -> str:
        return f"{self.upper}/{self.lower}"


@lru_cache(maxsize=64)
def _metre(text: str) -> Metre:
    name, _, grouping = text.partition("(")
    try:
        upper, lower = (int(number) for number in name.split("/"))
        plain = Metre(upper, lower, GROUPS[upper, lower], ACCENTS[upper, lower])
    except (ValueError, KeyError):
        raise RequestError(
            f'metre "{text[:20]}": not one that is played here; choose one of {", ".join(METRES)}', "time_signature"
        ) from None
    return plain.regrouped(grouping.rstrip(") ")) if grouping else plain
