"""When a part is to be silent: in bars or sections, before them, or everywhere else."""

from __future__ import annotations

from typing import Final, NamedTuple

from app.theory.form import Form

BARS: Final = "bars"


class Presence(NamedTuple):
    """Where a part rests: `out` in a place, `from` until it begins, `only` outside it.

    The place is bars from `first` to `last`, counted from 1, or from the end where they are below 0; or else a kind of section,
    the `first`-th of them, -1 the last, 0 all.
    """

    role: str
    mode: str  # out | from | only
    place: str  # "bars", or a kind of `app.theory.form.Section`
    first: int = 0
    last: int = 0

    def __str__(self) -> str:
        """`drums from bar 9`, `drums out in intro`, `horns only in chorus 2`."""
        if self.mode == "from" and self.place == BARS:
            return f"{self.role} from bar {self.first}"
        where = f"{self.place} {self.first}" if self.first > 0 else f"last {self.place}" if self.first else self.place
        if self.place == BARS:
            where = f"the last {-self.first} bars" if self.first < 0 else f"bar {self.first}" if self.first == self.last else ""
            where = where or (f"bars {self.first}-{self.last}" if self.last > 0 else f"bar {self.first} on")
        return f"{self.role} {self.mode} {'in ' if self.mode != 'from' else ''}{where}"

    def silent(self, form: Form, count: int) -> frozenset[int]:
        """The bars, from 0, in which the part rests; none where the form has no such place."""
        there = self._bars(form, count)
        if self.mode == "out" or not there:
            return there
        return frozenset(range(min(there))) if self.mode == "from" else frozenset(range(count)) - there

    def _bars(self, form: Form, count: int) -> frozenset[int]:
        if self.place == BARS:
            first, last = (bar if bar > 0 else count + 1 + bar for bar in (self.first, self.last))
            return frozenset(range(max(first, 1) - 1, min(last, count)))
        own = [section for section in form.sections if section.kind == self.place]
        own = own or [
            section for section in form.sections if section.name.lower().startswith(self.place)
        ]  # as a chart calls them
        if self.first:
            own = own[-1:] if self.first < 0 else own[self.first - 1 : self.first]
        return frozenset(bar for section in own for bar in range(section.bar, section.end))
