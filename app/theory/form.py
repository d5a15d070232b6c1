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


def _short(section: Section) -> tuple[str, ...]:
    """What a section is called for short: its last word, its letter, its kind."""
    return section.name.split()[-1].casefold() if section.name else "", section.label.casefold(), section.kind.casefold()


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
        """The section of that name, or of the letter or last word that only one has: "B" for "Head B".

        Raises RequestError that lists the names.
        """
        wanted = name.strip().casefold()
        for section in self.sections:
            if section.name.casefold() == wanted:
                return section
        short = [section for section in self.sections if wanted and wanted in _short(section)]
        if len(short) == 1:
            return short[0]
        names = ", ".join(section.name for section in self.sections)
        raise RequestError(f'no section "{name[:40]}": there are {names}', "reseed")
