"""The tables of a genre's harmony.toml as values: rows by role, forms, recipes, rule weights and colours of one application."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Final, NamedTuple

from app.errors import ChordError, NotationError
from app.harmony.step import read_row
from app.theory.chord import Chord

WEIGHT: Final = re.compile(r"\s+\*(\d+(?:\.\d+)?)\Z")
SECTION: Final = re.compile(r"\(?([A-Za-z]+?)(\d+)\)?\Z")
LETTERED: Final = re.compile(r"[A-D]{2,9}")  # a form named by its sections
SHARED: Final = "..."  # in a list: here follow the rows that all applications share
SCALARS: Final = MappingProxyType(
    {
        "figures": False,
        "even": False,
        "choruses": False,
        "pace": 2.0,
        "vary": 0.15,
        "hold": 0.0,
        "fast": 400.0,
        "modulate": 0.0,
        "walk": 0.0,
        "abroad": 0.0,
        "one": 0.0,
        "turned": 0.4,
        "rich": 1.0,
        "bare": 0.0,
        "steady": 0.88,
        "cadence": 0.0,
    }
)
TABLES: Final = ("major", "minor", "recipes", "rules", "colour", "plain")
FIELDS: Final = frozenset({*SCALARS, *TABLES, "forms"})


class Row(NamedTuple):
    """Bars of Roman numerals and how often they are chosen."""

    text: str
    weight: float
    bars: int


class Planned(NamedTuple):
    """A section as a form names it. `optional` ones come once, where there is room."""

    label: str
    bars: int
    optional: bool = False


class FormRow(NamedTuple):
    """A form: its sections in order, and how often it is chosen."""

    name: str
    sections: tuple[Planned, ...]
    weight: float = 1.0

    @property
    def bars(self) -> int:
        """Bars of one time through, without what is optional."""
        return sum(section.bars for section in self.sections if not section.optional)


class HarmonyTables(NamedTuple):
    """What an application's harmony is made of."""

    application: str
    forms: tuple[FormRow, ...]
    recipes: Mapping[str, tuple[str, ...]]  # label → the roles of its phrases
    major: Mapping[str, tuple[Row, ...]]  # role → rows
    minor: Mapping[str, tuple[Row, ...]]
    rules: Mapping[str, float]  # rule → chance at each place it fits
    colour: Mapping[str, tuple[tuple[str, float], ...]]  # quality as written → suffixes
    plain: Mapping[str, tuple[tuple[str, float], ...]]  # what takes the place of `colour` in a piece that is kept plain
    figures: bool = False  # digits after numerals are figured bass
    even: bool = False  # sections have an even number of bars
    choruses: bool = False  # the form is played as head, solos, head
    pace: float = 2.0  # most chords a bar that rules make
    vary: float = 0.15  # how much a section that comes back differs
    hold: float = 0.0  # chance that a bar of a loop stays on the chord before
    fast: float = 400.0  # from this tempo on, rules make one chord a bar
    walk: float = 0.0  # chance that inner bars are walked through the application's chords instead of taken from a row
    abroad: float = 0.0  # chance that bars that carry on stand in a near key (at complexity 5)
    one: float = 0.0  # chance that the whole piece has one loop
    turned: float = 0.4  # chance that a loop changes its last bar now and then
    rich: float = 1.0  # chance that a piece has tensions beyond the seventh (at complexity 5)
    bare: float = 0.0  # chance that a piece is in the plain colours (at complexity 5)
    steady: float = 0.88  # chance that a chord has the colour that it had before
    cadence: float = 0.0  # bars of a phrase, whose last chord no rule takes away or cuts below half a bar; 0: any may
    modulate: float = 0.0  # chance that a bridge goes to another key

    def __hash__(self) -> int:
        return hash(self.application)  # what has the same name is told apart by its tables, which have no hash


def read_tables(raw: Mapping[str, object], application: str) -> HarmonyTables:
    """The tables of an application, with the shared ones (`[all]`) filled in. Raises NotationError on what cannot be read."""
    own = _table(_table(raw, "applications"), application)
    shared = _table(raw, "all")
    merged = {name: _merged(shared.get(name), own.get(name)) for name in sorted({*shared, *own})}
    unknown = [name for name in merged if name not in FIELDS]
    if unknown:
        raise NotationError(f'harmony "{application}": no field is called "{unknown[0]}"; known: {", ".join(sorted(FIELDS))}')
    scalars = {name: _scalar(merged.get(name, default), default, name) for name, default in SCALARS.items()}
    return HarmonyTables(
        application=application,
        forms=tuple(read_form(text) for text in _texts(merged.get("forms", ()), "forms")),
        recipes={label: tuple(str(roles).split()) for label, roles in _table(merged, "recipes").items()},
        major=_rows(_table(merged, "major")),
        minor=_rows(_table(merged, "minor")),
        rules={name: _number(value, f"rules.{name}") for name, value in _table(merged, "rules").items()},
        colour={name: read_palette(str(text)) for name, text in _table(merged, "colour").items()},
        plain={name: read_palette(str(text)) for name, text in _table(merged, "plain").items()},
        **scalars,  # type: ignore[arg-type]  # each has the type of its default
    )


def check_tables(raw: Mapping[str, object]) -> list[str]:
    """Every problem of a harmony.toml, one line each: rows that cannot be read, forms without sections, roles without rows."""
    problems: list[str] = []
    for application in _table(raw, "applications"):
        try:
            tables = read_tables(raw, application)
        except NotationError as error:
            problems.append(f"{application}: {error}")
            continue
        problems += [f"{application}: {problem}" for problem in _problems(tables)]
    return problems


def _problems(tables: HarmonyTables) -> list[str]:
    problems = [problem for row in tables.forms if (problem := _misnamed(row))] if tables.forms else ["it has no forms"]
    for mode, rows in (("major", tables.major), ("minor", tables.minor)):
        for role, listed in rows.items():
            if not any(row.weight for row in listed):
                problems.append(f"{mode}.{role}: no row that can be chosen")
            for row in listed:
                try:
                    for step in chain.from_iterable(read_row(row.text, tables.figures)):
                        Chord.parse(f"C{step.suffix}")
                except (NotationError, ChordError) as error:
                    problems.append(f"{mode}.{role}: {error}")
    roles = {part for recipe in tables.recipes.values() for role in recipe for part in role.split("+")} - {"end", "same", "or"}
    known = {*tables.major, *tables.minor}
    return problems + [f'recipes: no rows for the role "{role}"' for role in sorted(roles - known)]


def _misnamed(row: FormRow) -> str:
    """What is wrong with a form that is named by letters and has other sections."""
    if LETTERED.fullmatch(row.name) is None:
        return ""
    labels = list(dict.fromkeys(section.label for section in row.sections if not section.optional))
    has = "".join(chr(ord("A") + labels.index(section.label)) for section in row.sections if not section.optional)
    letters = list(dict.fromkeys(row.name))
    wanted = "".join(chr(ord("A") + letters.index(letter)) for letter in row.name)
    return "" if has == wanted else f'form "{row.name}": its sections are {has}; name it so, or give it sections that fit'


@lru_cache(maxsize=512)
def read_form(text: str) -> FormRow:
    """Read `AABA: A8 A8 B8 A8 *3`, `verse8 chorus8 (bridge8)`. Raises NotationError."""
    rest, weight = _weighted(text)
    name, colon, sections = rest.rpartition(":")
    planned = tuple(_planned(word, text) for word in sections.split())
    if not planned:
        raise NotationError(f'form "{text}": it has no sections; write it like "AABA: A8 A8 B8 A8"', text)
    return FormRow(name.strip() if colon else form_name(planned), planned, weight)


def _planned(word: str, text: str) -> Planned:
    found = SECTION.match(word)
    if found is None or not int(found[2]):
        raise NotationError(f'form "{text}": "{word}" is no section; write a name and its bars, like "A8" or "verse16"', text)
    return Planned(found[1], int(found[2]), word.startswith("("))


def form_name(planned: Sequence[Planned]) -> str:
    """`AABA` for letters, `verse-chorus` for words."""
    labels = [section.label for section in planned if not section.optional]
    return "".join(labels) if all(len(label) == 1 for label in labels) else "-".join(dict.fromkeys(labels))


@lru_cache(maxsize=256)
def read_palette(text: str) -> tuple[tuple[str, float], ...]:
    """Read `maj7 5, 6 2, - 1`: suffixes with weights, `-` for a plain major triad. Raises NotationError."""
    palette = []
    for entry in text.split(","):
        suffix, _, weight = entry.strip().partition(" ")
        palette.append(("" if suffix == "-" else suffix, _number(weight or "1", text)))
    return tuple(palette)


def _rows(table: Mapping[str, object]) -> dict[str, tuple[Row, ...]]:
    return {role: tuple(_row(text) for text in _texts(rows, role)) for role, rows in table.items()}


@lru_cache(maxsize=4096)
def _row(text: str) -> Row:
    rest, weight = _weighted(text)
    return Row(rest, weight, rest.count("|") + 1)


def _weighted(text: str) -> tuple[str, float]:
    found = WEIGHT.search(text)
    return (text[: found.start()].strip(), float(found[1])) if found else (text.strip(), 1.0)


def _merged(shared: object, own: object) -> object:
    """An application's own value; tables are filled up from the shared one, lists where they say `...`."""
    if isinstance(own, Mapping) and isinstance(shared, Mapping):
        return {**shared, **{name: _merged(shared.get(name), value) for name, value in own.items()}}
    if isinstance(own, list) and SHARED in own:
        rest = list(shared) if isinstance(shared, list) else []
        place = own.index(SHARED)
        return [*own[:place], *rest, *own[place + 1 :]]
    return shared if own is None else own


def _table(raw: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = raw.get(name, {})
    if not isinstance(value, Mapping):
        raise NotationError(f'harmony: "{name}" must be a table')
    return value


def _texts(value: object, name: str) -> list[str]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(text, str) for text in value):
        raise NotationError(f'harmony: "{name}" must be a list of rows')
    return list(value)


def _number(value: object, name: str) -> float:
    try:
        return float(value)  # type: ignore[arg-type]  # what is no number is the error below
    except (TypeError, ValueError):
        raise NotationError(f'harmony "{name}": {value!r} is no number', str(value)) from None


def _scalar(value: object, default: object, name: str) -> object:
    return bool(value) if isinstance(default, bool) else _number(value, name)
