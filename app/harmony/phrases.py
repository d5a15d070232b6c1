"""Makes the skeleton of a section: phrases filled with rows of the application, joined so that each leads to the next."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from random import Random
from types import MappingProxyType
from typing import Final

from app.harmony.character import MIDDLE, Character
from app.harmony.forms import Stretch
from app.harmony.readings import (
    Reading,
    Readings,
    Style,
    Trait,
    chords_of,
    chromatic_share,
    reading,
    weights_after,
    weights_before,
)
from app.harmony.step import TOKEN, Step, Steps, shared_out
from app.harmony.tables import HarmonyTables, Row
from app.harmony.walk import Vocabulary, walked
from app.theory.chance import weighted

Bars = list[Steps]

OR: Final = " or "  # between two recipes of a section
SAME: Final = "same"  # a role: the bars with which the section began
PHRASE: Final = 4  # bars that a role has unless the section says otherwise
ENDINGS: Final = frozenset({"half", "close", "back", "third", "final", "turn", "cadence"})  # roles whose rows come last
OTHER: Final = MappingProxyType({"half": "close", "close": "half"})  # what a first ending has for its second
ENDED_AGAIN: Final = 0.7  # how often they are alike up to their last two bars
BRISK: Final = 0.75  # doublings of pace from which on loops of a chord a bar go round twice as fast
WALKED: Final = ("open", "carry", "loop", "hook", "other", "bridge")  # roles whose chords a walk goes through
LOOSE: Final = frozenset({"open", "other", "bridge", "hook", "path", "middle"})  # roles whose inner bars may be walked
LOOPS: Final = frozenset({"loop", "hook", "vamp", "turned"})  # roles whose rows are played through again and again
RECIPES: Final = MappingProxyType(  # label → roles, where the application has none
    {
        "A": ("open", "end"), "bridge": ("bridge", "back"), "intro": ("intro",), "tag": ("tag",),
        "blues": ("first", "second", "third"), "eight": ("eight",),
    }
)  # fmt: skip
BLUES: Final = MappingProxyType(  # for applications that are asked for a blues and have none of their own
    {
        "first": ("I7 | I7 | I7 | I7", "I7 | IV7 | I7 | I7"), "second": ("IV7 | IV7 | I7 | I7",),
        "third": ("V7 | IV7 | I7 | V7", "V7 | IV7 | I7 | I7"), "eight": ("I7 | V7 | IV7 | IV7 | I7 | V7 | I7 | V7",),
    }
)  # fmt: skip
PLAIN: Final = MappingProxyType(  # what every application falls back to
    {
        "open": ("I | IV | V | I", "I | vi | IV | V"), "carry": ("IV | I", "vi | V"), "half": ("ii | V",), "close": ("V | I",),
        "bridge": ("IV | IV | I | I", "vi | IV | I | V"), "back": ("IV | V",), "intro": ("I | IV",),
        "tag": ("IV | V",), "final": ("V | I",),
        "loop": ("I | IV", "I | V | vi | IV"), "turn": ("V",),
    }
)  # fmt: skip


class Writer:
    """Writes sections for one piece and remembers its phrases, so that what comes back is the same."""

    def __init__(self, tables: HarmonyTables, mode: str, complexity: int, chance: Random, character: Character = MIDDLE) -> None:
        self.tables = tables
        self.character = character
        self.mode = mode
        self.minor = mode in ("minor", "dorian", "phrygian", "locrian")
        self.complexity = complexity
        self.style = Style(mode, self.minor, complexity, tables.figures, "first" in tables.major)
        self.chance = chance
        self.phrases: dict[tuple[str, str, int], Bars] = {}
        self.weighed: dict[tuple[str, int], tuple[Readings, list[float]]] = {}
        self.one = chance.random() < tables.one
        self.recipes: dict[str, tuple[str, ...]] = {}

    def section(self, stretch: Stretch, same_follows: bool, before: Step | None) -> Bars:
        """The bars of a section. An `end` leads on (half) where the same section follows, else it closes."""
        bars: Bars = []
        for role, size in self._sizes(stretch):
            name = role.replace("end", "half" if same_follows else "close") if role.endswith("end") else role
            key = (stretch.label, name, size)
            if self.one and name in LOOPS:
                key, name = ("", "loop", size), "loop"
            if key not in self.phrases:
                first = self.phrases.get((stretch.label, OTHER.get(name, ""), size))
                if first and size >= PHRASE and self.chance.random() < ENDED_AGAIN:
                    self.phrases[key] = self._second_ending(name, first)
                else:
                    self.phrases[key] = self.phrase(name, size, bars[-1][-1] if bars else before, bars)
            bars += self.phrases[key]
        return bars

    def _second_ending(self, role: str, first: Bars) -> Bars:
        """A section's phrase as it was, but for its last two bars: a first and a second ending."""
        row = self._chosen(role, 2, first[-3][-1])
        return [*first[: len(first) - len(row)], *row]

    def _sizes(self, stretch: Stretch) -> list[tuple[str, int]]:
        """The roles of a section with their bars, from its end: four each, a lone one all."""
        roles = self._recipe(stretch)
        if roles == ("loop",) or len(roles) == 1:
            return [(roles[0], stretch.bars)]
        while stretch.bars >= 2 * PHRASE * len(roles) and "first" not in roles:
            roles = (*roles[:-1], "half" if roles[-1] in ("end", "close") else roles[-1], *roles)
        share = stretch.bars // len(roles) if stretch.bars % len(roles) == 0 else PHRASE
        left = stretch.bars
        sizes: list[tuple[str, int]] = []
        for role in reversed(roles):
            size = min(left, share)
            if size:
                sizes.insert(0, (role, size))
            left -= size
        if left:
            sizes[0] = (sizes[0][0], sizes[0][1] + left)
        return sizes

    def _recipe(self, stretch: Stretch) -> tuple[str, ...]:
        """The roles of a section; where there are several recipes for it, the piece has one of them."""
        known = self.tables.recipes.keys() | RECIPES.keys()
        name = next(name for name in (stretch.label, stretch.kind, "A") if name in known)
        if name not in self.recipes:
            ways = " ".join(self.tables.recipes.get(name) or RECIPES[name]).split(OR)
            self.recipes[name] = tuple(self.chance.choice(ways).split()) if len(ways) > 1 else tuple(ways[0].split())
        return self.recipes[name]

    def phrase(self, role: str, size: int, before: Step | None, so_far: Bars | None = None) -> Bars:
        """Bars for one role: its row, and rows that carry on before or after it where it is shorter.

        `so_far` are the section's bars before it, whose opening `same` takes up.
        """
        if role in LOOPS:
            return self._loop(role, size, before)
        opening, plus, ending = role.partition("+")
        if plus:
            return self._spanned(opening, ending, size, before, so_far or [])
        row = self._chosen(role, size, before)
        if len(row) > 2 and role in LOOSE and self.chance.random() < self.tables.walk:
            row = [row[0], *self._walked(len(row) - 2, row[0][-1], row[-1][0]), row[-1]]
        if role in ENDINGS:
            lead = self._carried(size - len(row), before, row[0][0])
            return [*lead, *row][-size:]
        bars = [*row]
        bars += self._carried(size - len(bars), bars[-1][-1], None)
        return bars[:size]

    def _spanned(self, opening: str, ending: str, size: int, before: Step | None, so_far: Bars) -> Bars:
        """A phrase that begins with one row, or as its section does, and ends with another."""
        if size < 2:
            return self.phrase(ending, size, before)
        if opening == SAME:
            first = so_far[: size // 2] or self._chosen("open", size // 2, before)
        else:
            first = self._chosen(opening, size // 2, before)
        last = self._chosen(ending, size - len(first), first[-1][-1])
        middle = self._carried(size - len(first) - len(last), first[-1][-1], last[0][0])
        return [*first, *middle, *last]

    def _carried(self, size: int, before: Step | None, goal: Step | None) -> Bars:
        """Bars between others: rows that carry on, some in a near key, or a walk through the chords of this application."""
        if size > 0 and self.chance.random() < self.tables.walk:
            return self._walked(size, before, goal)
        bars = self._abroad(size, before) if size > 1 else []
        while len(bars) < size:
            last = bars[-1][-1] if bars else before
            bars += self._chosen("carry", size - len(bars), last, goal if size - len(bars) <= 2 else None)
        return bars[:size]

    def _abroad(self, size: int, before: Step | None) -> Bars:
        """Now and then a row in a near key, which the role `near` names by its tonic; the more complex, the oftener."""
        if self.chance.random() >= self.tables.abroad * (self.complexity - 2) / 3 or not self._has("near"):
            return []
        tonic = self._chosen("near", 1, before)[0][0]
        minor = tonic.family == "min"
        writer = (
            self
            if minor == self.minor
            else Writer(self.tables, "minor" if minor else "major", self.complexity, self.chance, self.character)
        )
        heard = before and before._replace(root=before.root - tonic.root)
        row = writer._chosen("carry", size, heard)
        if len(row) < 2 or any(step.home is not None for bar in row for step in bar):
            return []
        return [tuple(abroad(step, tonic.root, minor) for step in bar) for bar in row]

    def _has(self, role: str) -> bool:
        return role in (self.tables.minor if self.minor else self.tables.major)

    def _walked(self, size: int, before: Step | None, goal: Step | None) -> Bars:
        words = words_of(self.tables, self.style)
        return walked(words, size, before, goal, self.chance, 2.0**self.character.rhythm)

    def _loop(self, role: str, size: int, before: Step | None) -> Bars:
        """A loop played through, its last bar changed now and then."""
        row = self._chosen(role, size, before)
        if len(row) > 1 and self.chance.random() < self.tables.walk:
            row = [row[0], *self._walked(len(row) - 1, row[0][-1], row[0][0])]
        if self.character.rhythm > BRISK and self.tables.pace > 1 and len(row) % 4 == 0 and all(len(bar) == 1 for bar in row):
            row = [shared_out((*row[at], *row[at + 1])) for at in range(0, len(row), 2)]
        turn = self._chosen("turn", 1, row[-2][-1] if len(row) > 1 else row[-1][-1], row[0][0])
        bars: Bars = []
        times = -(-size // len(row))
        changed = self.chance.random() < self.tables.turned
        for time in range(times):
            last = changed and len(row) > 1 and (time == times - 1 or (time % 2 == 1 and times > 3))
            bars += [*row[:-1], turn[-1]] if last else row
        return bars[:size]

    def _chosen(self, role: str, size: int, before: Step | None, goal: Step | None = None) -> Bars:
        """A row of that role that is no longer than wanted, drawn by its weight and by how it goes on."""
        rows, weights = self._fitting(role, size)
        if before is not None:
            weights = weights_after(before, rows, weights)
        if goal is not None:
            weights = weights_before(goal, rows, weights)
        bars = weighted(self.chance.random, rows.bars, weights)
        return list(bars[-size:] if role in ENDINGS else bars[:size])

    def _fitting(self, role: str, size: int) -> tuple[Readings, list[float]]:
        """The rows of a role that are no longer than wanted, and how much each is this piece's."""
        found = self.weighed.get((role, size))
        if found is None:
            rows = fitting(self.tables, self.style, role, size)
            found = self.weighed[role, size] = rows, self._weights(rows.traits)
        return found

    def _weights(self, traits: Iterable[Trait]) -> list[float]:
        """How well rows suit the piece's complexity and character."""
        chroma = self.character.chroma * max(0.0, min(1.0, (self.complexity - 2) / 3))
        rhythm = self.character.rhythm
        return [weight * (leaning * 2.0 ** (chroma * share + rhythm * pace)) for weight, leaning, share, pace in traits]


@lru_cache(maxsize=1024)
def fitting(tables: HarmonyTables, style: Style, role: str, size: int) -> Readings:
    """The rows of a role that are no longer than wanted, else the shortest."""
    rows = read_of(tables, style, role)
    kept = [row for row in rows if len(row.bars) <= size] or [min(rows, key=lambda row: len(row.bars))]
    return Readings(*zip(*kept, strict=True))


@lru_cache(maxsize=512)
def read_of(tables: HarmonyTables, style: Style, role: str) -> tuple[Reading, ...]:
    """All rows of a role, read."""
    return tuple(reading(row, style) for row in rows_of(tables, style, role))


@lru_cache(maxsize=64)
def words_of(tables: HarmonyTables, style: Style) -> Vocabulary:
    """The chords that a walk goes through, remembered: they are the same for every piece of an application."""
    roles = [role for role in WALKED if role in tables.minor or role in tables.major]
    return chords_of((row for role in roles for row in rows_of(tables, style, role)), style)


def rows_of(tables: HarmonyTables, style: Style, role: str) -> tuple[Row, ...]:
    """The rows of a role in the piece's mode; what the mode lacks is taken from the other one."""
    rows = _listed(tables, style, role)
    if style.complexity > 2:
        return rows
    simple = tuple(row for row in rows if chromatic_share(row.text, style) == 0)
    return simple or _rows_for_all(role, style)


def _listed(tables: HarmonyTables, style: Style, role: str) -> tuple[Row, ...]:
    own, other = (tables.minor, tables.major) if style.minor else (tables.major, tables.minor)
    if role in own:
        return own[role]
    if role in other and role != "final":
        return tuple(_across(row, style.minor) for row in other[role])
    return _rows_for_all(role, style)


def _rows_for_all(role: str, style: Style) -> tuple[Row, ...]:
    texts = BLUES.get(role) or PLAIN.get(role) or PLAIN["loop" if role in LOOPS else "open"]
    return tuple(_plain(text, style.minor) for text in texts)


def abroad(step: Step, tonic: int, minor: bool) -> Step:
    """A chord of the piece's key as it is in a local one."""
    bass = None if step.bass is None else step.bass + tonic
    return step._replace(root=step.root + tonic, bass=bass, home=tonic, minor=minor)


TO_MINOR: Final = MappingProxyType(  # a major key's chord → what the parallel minor has there
    {
        "I": "i", "Imaj7": "i7", "I7": "i7", "I6": "i6", "Imaj9": "i9", "ii": "iio", "ii7": "iiø", "ii9": "iiø",
        "iii": "bIII", "iii7": "bIIImaj7",
        "IV": "iv", "IVmaj7": "iv7", "IV7": "iv7", "IV6": "iv6", "IVmaj9": "iv9", "vi": "bVI", "vi7": "bVImaj7",
        "vi9": "bVImaj9", "vii": "bVII",
        "VI7": "viø", "VI7alt": "viø", "III7alt": "bIIImaj7",
    }
)  # fmt: skip


@lru_cache(maxsize=1024)
def _across(row: Row, minor: bool) -> Row:
    """A row of the other mode: to minor by exchanging its chords, to major by reading it in the relative key."""
    return row._replace(text=_mapped(row.text) if minor else " ".join(_relative(word) for word in row.text.split()))


def _plain(text: str, minor: bool) -> Row:
    return Row(_mapped(text) if minor else text, 1.0, text.count("|") + 1)


def _mapped(text: str) -> str:
    return " ".join(_parallel(word) for word in text.split())


def _parallel(word: str) -> str:
    chord, stroke, bass = word.partition("/")
    bass = {"3": "b3", "6": "b6"}.get(bass, bass)
    return TO_MINOR.get(chord, chord) + stroke + bass


RELATIVE: Final = MappingProxyType(  # a minor key's chord → the same chord in the relative major
    {"i": "vi", "iv": "ii", "v": "iii", "bVI": "IV", "bVII": "V", "bIII": "I", "V": "III", "ii": "vii", "IV": "II", "bII": "bVII"}
    | {"I": "VI", "vii": "#v", "VI": "#IV", "#iv": "#ii", "III": "#I", "II": "VII"}
)


def _relative(word: str) -> str:
    found = TOKEN.match(word)
    if found is None:
        return word
    numeral = found[1] + found[2]
    return RELATIVE.get(numeral, numeral) + found[3]
