"""Form: named sections in bars, with the intensity each is played at."""

from __future__ import annotations

from typing import NamedTuple

from app.errors import RequestError


class Section(NamedTuple):
    """A stretch of bars. `kind` is what players do there, `name` what the chart calls it."""

    name: str  # "A1", "Verse 2", "Head", "Intro": ASCII, shown as a marker
    kind: str  # intro | verse | prechorus | chorus | bridge | head | solo | vamp | break | tag | ending
    bar: int  # first bar, from 0
    bars: int
    label: str = ""  # sections of the same label share their harmony: "A", "B"

    @property
    def end(self) -> int:
        """The bar after its last, from 0."""
        return self.bar + self.bars


class Form(NamedTuple):
    """The sections in order; they cover every bar of the piece once."""

    name: str  # "AABA", "12-bar blues", "verse-chorus"
    sections: tuple[Section, ...]

    @property
    def bars(self) -> int:
        """All bars."""
        return self.sections[-1].end if self.sections else 0

    def at(self, bar: int) -> Section:
        """The section that holds a bar (from 0)."""
        return next(section for section in self.sections if section.bar <= bar < section.end)

    def named(self, name: str) -> Section:
        """The section of that name. Raises RequestError that lists the names."""
        for section in self.sections:
            if section.name.casefold() == name.strip().casefold():
                return section
        names = ", ".join(section.name for section in self.sections)
        raise RequestError(f'no section "{name[:40]}": there are {names}', "reseed")
