"""Checks a genre's files: every problem of every file, each with its line and what would be right."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from app.arrange.style_reader import read_style
from app.errors import NotationError, RequestError
from app.harmony.tables import check_tables
from app.services.genre_fields import GENRE_FIELDS, GROOVE_FIELDS, HARMONY_FIELDS, KINDS, Field
from app.services.nearest import did_you_mean
from app.services.toml_lines import line_of
from app.services.understand_fields import instrument
from app.services.words_complexity import COMPLEXITY
from app.services.words_tables import METRE_WORDS, MODE_WORDS, MOODS
from app.theory.key import Key
from app.theory.pitch import midi_pitch
from app.theory.techniques import FORMS, PLAYING, SECTIONS, TECHNIQUES

OPEN_KINDS: Final = ("part", "tempo", "intensity", "density", "swing", "humanize", "term", "band", "known")  # values are many
Table = Mapping[str, Any]  # parsed TOML, not yet known to be right
Problem = tuple[str, str]  # path of the field, what is wrong

GENRE_FILE, HARMONY_FILE, GROOVES = "genre.toml", "harmony.toml", "grooves"


def problems_of(folder: str) -> list[str]:
    """Every problem of a genre's folder, `file:line: field: what`, in the order of files and lines."""
    facts, found = _read(folder, GENRE_FILE)
    found += _problems(folder, GENRE_FILE, facts, genre_problems)
    playable = {} if found else facts  # what is wrong there would be said again of every groove
    harmony, unread = _read(folder, HARMONY_FILE)
    found += unread + _problems(folder, HARMONY_FILE, harmony, harmony_problems)
    found += _missing_grooves(folder, facts.get("applications", {}))
    for file in _groove_files(folder):
        groove, unread = _read(folder, file)
        found += unread + _problems(folder, file, groove, lambda table, file=file: groove_problems(table, playable, file))  # type: ignore[misc]
    return found


def _missing_grooves(folder: str, applications: object) -> Iterator[str]:
    for name in applications if isinstance(applications, dict) else ():
        if not os.path.exists(os.path.join(folder, GROOVES, f"{name}.toml")):
            yield f"{GENRE_FILE}:{_line(folder, GENRE_FILE, f'applications.{name}')}: {name}: there is no {GROOVES}/{name}.toml"


def problems_of_file(path: str) -> list[str]:
    """Every problem of one file; its name says what it is: genre.toml, harmony.toml, else a groove."""
    folder, file = os.path.split(os.path.abspath(path))
    if file == GENRE_FILE:
        check: Callable[[Table], Iterator[Problem]] = genre_problems
    elif file == HARMONY_FILE:
        check = harmony_problems
    else:
        facts, _ = _read(os.path.dirname(folder), GENRE_FILE)

        def check(table: Table) -> Iterator[Problem]:
            return groove_problems(table, facts, file)

    table, found = _read(folder, file)
    return found + _problems(folder, file, table, check)


def genre_problems(facts: Table) -> Iterator[Problem]:
    """What is wrong in a genre.toml."""
    fields = list(field_problems(facts, GENRE_FIELDS))
    yield from fields
    if fields:
        return
    yield from _word_problems(facts)
    if facts["default"] not in facts["applications"]:
        yield "default", f'no application "{facts["default"]}": {did_you_mean(facts["default"], facts["applications"])}'
    for name, row in facts["applications"].items():
        path = f"applications.{name}"
        for key in row["keys"]:
            try:
                Key.parse(key)
            except RequestError as error:
                yield f"{path}.keys", str(error)
        low, high = row["range"]
        if not low <= row["tempo"] <= high:
            yield f"{path}.tempo", f"{row['tempo']} is not within its range, {low} to {high}"


def _word_problems(facts: Table) -> Iterator[Problem]:
    """Meanings of words that say nothing: an unknown field, or a value that the field has not."""
    known: dict[str, Iterable[str]] = {
        "application": facts["applications"], "mood": MOODS, "technique": TECHNIQUES, "playing": PLAYING, "section": SECTIONS,
        "form": (*FORMS, *facts.get("forms", ())), "complexity": COMPLEXITY, "mode": MODE_WORDS, "metre": METRE_WORDS,
    }  # fmt: skip
    for phrase, value in facts.get("words", {}).items():
        for meaning in [value] if isinstance(value, str) else value:
            kind, _, said = (part.strip() for part in meaning.partition(":"))
            if kind not in (*known, *OPEN_KINDS):
                yield f"words.{_quoted(phrase)}", f'"{meaning}": {did_you_mean(kind, (*known, *OPEN_KINDS))}'
            elif kind in known and said not in known[kind]:
                yield f"words.{_quoted(phrase)}", f'"{meaning}": {did_you_mean(said, known[kind])}'
            elif kind == "part" and not instrument(said)[0]:
                yield f"words.{_quoted(phrase)}", f'"{meaning}": no part or instrument is called that'


def harmony_problems(tables: Table) -> Iterator[Problem]:
    """What is wrong in a harmony.toml."""
    yield from field_problems(tables, HARMONY_FIELDS)
    yield from dict.fromkeys(_place_of(problem, tables) for problem in check_tables(tables))


def _place_of(problem: str, tables: Table) -> Problem:
    """`jump: major.verse: what` → where it stands, in the application's own tables or in those that all share, and what."""
    application, _, what = problem.partition(": ")
    path, colon, rest = what.partition(": ")
    if not colon or " " in path:
        return f"applications.{application}", what
    own = tables.get("applications", {}).get(application, {})
    for name in path.split("."):
        own = own.get(name) if isinstance(own, Mapping) else None
    return f"{'all' if own is None else f'applications.{application}'}.{path}", rest


def groove_problems(groove: Table, facts: Table, file: str) -> Iterator[Problem]:
    """What is wrong in a groove file; `facts` are those of its genre.toml, empty when they cannot be relied on."""
    fields = list(field_problems(groove, GROOVE_FIELDS))
    yield from fields
    if fields or not facts:
        return
    application = os.path.basename(file).partition(".")[0]
    try:
        read_style(groove, facts, application)
    except NotationError as error:
        for problem in str(error).split("\n"):
            path, colon, what = problem.partition(": ")
            yield (path, what) if colon else ("", problem)
    except (RequestError, ValueError, KeyError, TypeError, AttributeError) as error:
        yield "", f"cannot be played: {error}"


def field_problems(table: Table, fields: tuple[Field, ...]) -> Iterator[Problem]:
    """Unknown, missing and ill-typed fields, by the table of fields."""
    known = {field.path: field for field in fields}
    yield from _walk(table, "", "", known)


def _walk(table: Table, path: str, pattern: str, known: Mapping[str, Field]) -> Iterator[Problem]:
    prefix = f"{pattern}." if pattern else ""
    for field in known.values():
        stem, _, last = field.path.rpartition(".")
        if field.required and stem == pattern and last not in table:
            yield path, f'"{last}" is missing: {field.about}'
    allowed = known[pattern].among if pattern else ()
    for name, value in table.items():
        here = f"{path}.{_quoted(name)}" if path else _quoted(name)
        row = known.get(f"{prefix}{name}", known.get(f"{prefix}*"))
        if row is None or (allowed and name not in allowed):
            yield here, f"is not a field here: {did_you_mean(name, allowed or _names(prefix, known))}"
        else:
            yield from _value(value, here, row, known)


def _value(value: object, path: str, field: Field, known: Mapping[str, Field]) -> Iterator[Problem]:
    problem = _wrong(value, field)
    if problem:
        yield path, problem
    elif isinstance(value, Mapping):
        if field.kind == "table":
            yield from _walk(value, path, field.path, known)
    elif field.kind == "tables" and isinstance(value, list):
        for number, row in enumerate(value, 1):
            yield from _walk(row, f"{path}[{number}]", f"{field.path}[]", known)


def _wrong(value: object, field: Field) -> str:
    """What is wrong with a value, "" for nothing."""
    if not RIGHT[field.kind](value):
        return f"{str(value)[:60]!r} is not {KINDS[field.kind]}"
    if field.kind in ("table", "tables"):
        return ""
    for text in value if isinstance(value, list) else [value]:
        if field.among and isinstance(text, str) and text not in field.among:
            return f'"{text}": {did_you_mean(text, field.among)}'
        if isinstance(text, int | float) and not _within(text, field):
            return f"{text} is not from {field.least:g} to {field.most:g}"
    return ""


def _within(value: float, field: Field) -> bool:
    return field.least is None or field.most is None or field.least <= value <= field.most


def _names(prefix: str, known: Mapping[str, Field]) -> list[str]:
    beside = (path for path in known if path.startswith(prefix) and "." not in path[len(prefix) :])
    return [path[len(prefix) :] for path in beside if not path.endswith(("*", "[]"))]


def _quoted(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() else f'"{name}"'


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _is_numbers(value: object, count: int) -> bool:
    return isinstance(value, list) and len(value) == count and all(map(_is_number, value))


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _is_pitches(value: object) -> bool:
    if not (_is_texts(value) and isinstance(value, list) and len(value) == 2):
        return False
    try:
        low, high = map(midi_pitch, value)
    except (ValueError, KeyError, IndexError):
        return False
    return 0 <= low <= high <= 127


def _is_rows(value: object) -> bool:
    return all(_is_row(row) or _is_weighted(row) for row in (value if isinstance(value, list) else [value]))


def _is_weighted(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and _is_row(value[0]) and _is_number(value[1])


def _is_row(value: object) -> bool:
    return isinstance(value, str)  # what is wrong in it, reading the style says


def _is_ratio(value: object) -> bool:
    return _is_number(value) or (isinstance(value, list) and bool(value) and all(_is_numbers(row, 2) for row in value))


RIGHT: Final[Mapping[str, Callable[[object], bool]]] = MappingProxyType(
    {
        "text": lambda value: isinstance(value, str),
        "texts": _is_texts,
        "text or texts": lambda value: isinstance(value, str) or _is_texts(value),
        "number": _is_number,
        "whole": lambda value: isinstance(value, int) and not isinstance(value, bool),
        "yes or no": lambda value: isinstance(value, bool),
        "table": lambda value: isinstance(value, dict),
        "tables": lambda value: isinstance(value, list) and all(isinstance(row, dict) for row in value),
        "pitches": _is_pitches,
        "span": lambda value: _is_numbers(value, 2),
        "levels": lambda value: _is_numbers(value, 3),
        "milliseconds": lambda value: any(_is_numbers(value, count) for count in (2, 3, 4, 6, 8)),
        "ratio": _is_ratio,
        "rows": _is_rows,
        "any": lambda value: value is not None,
    }
)


def _groove_files(folder: str) -> list[str]:
    try:
        return sorted(os.path.join(GROOVES, name) for name in os.listdir(os.path.join(folder, GROOVES)) if name.endswith(".toml"))
    except OSError:
        return []


def _read(folder: str, file: str) -> tuple[dict[str, Any], list[str]]:
    """The file's tables, or none and why."""
    try:
        with open(os.path.join(folder, file), "rb") as opened:
            return tomllib.load(opened), []
    except FileNotFoundError:
        return {}, [f"{file}: there is no such file"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        text, _, place = str(error).partition(" (at line ")
        line = place.partition(",")[0]
        return {}, [f"{file}:{line}: {text}" if line.isdecimal() else f"{file}: {text}"]


def _problems(folder: str, file: str, table: Table, check: Callable[[Table], Iterator[Problem]]) -> list[str]:
    """The problems as lines, in the order of the file."""
    if not table:
        return []
    placed = [(_line(folder, file, path), path, what) for path, what in check(table)]
    return [f"{file}:{line}: {path}{': ' if path else ''}{what}" for line, path, what in sorted(placed, key=lambda row: row[0])]


def _line(folder: str, file: str, path: str) -> int:
    with open(os.path.join(folder, file), encoding="utf-8") as opened:
        return line_of(opened.read(), path) or 1
