"""A genre as its files tell it: each file is read when it is first needed, and kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

from app.arrange.style import Style
from app.arrange.style_reader import read_style
from app.errors import GenreFileError, NotationError, RequestError
from app.harmony.tables import HarmonyTables, read_tables
from app.services.toml_tables import read_toml
from app.services.vocabulary import Application, Meanings, Vocabulary
from app.theory.instruments import ROLES
from app.theory.rhythm import Metre

Table = Mapping[str, Any]  # parsed TOML; `genre_fields` says what may be in it
Made = TypeVar("Made")

GENRE_FILE: Final = "genre.toml"
HARMONY_FILE: Final = "harmony.toml"
GROOVES: Final = "grooves"
TOO_WRONG: Final = (KeyError, TypeError, ValueError, IndexError, AttributeError, NotationError, RequestError, OSError)


class Genre:
    """One genre's folder of tables. Whatever is wrong in them is raised as GenreFileError with file and line."""

    def __init__(self, folder: str, cache_folder: str = "") -> None:
        self.folder = folder
        self._cache_folder = cache_folder
        self.facts: Table = self._read(GENRE_FILE)
        self.vocabulary: Vocabulary = self._made(lambda: _vocabulary(self.facts, self.ensemble))
        self._rows: Table | None = None
        self._harmony: dict[str, HarmonyTables] = {}
        self._styles: dict[tuple[str, str], Style] = {}
        self._grooves: dict[str, Table] = {}
        self._there: frozenset[str] | None = None

    @property
    def name(self) -> str:
        """What the entry point calls it."""
        return self.vocabulary.name

    def harmony(self, application: str) -> HarmonyTables:
        """What an application's harmony is made of."""
        if self._rows is None:
            self._rows = self._read(HARMONY_FILE)
        rows = self._rows
        if application not in self._harmony:
            self._harmony[application] = self._made(lambda: read_tables(rows, application))
        return self._harmony[application]

    def style(self, application: str, tempo: float, metre: Metre) -> Style:
        """How an application is played at a tempo (the metre's beats a minute) in a metre."""
        file = self._groove_file(application, tempo, str(metre))
        kept = self._styles.get((application, file))
        if kept is None:
            kept = self._made(lambda: read_style(self._groove(file), self.facts, application))
            self._styles[application, file] = kept
        return kept

    def _groove_file(self, application: str, tempo: float, metre: str) -> str:
        """The file for this count: that of the metre, else of a much slower or faster tempo, else the application's own."""
        facts = self.facts["applications"][application]
        wanted = [f"{application}.{metre.replace('/', '-')}"]
        if tempo < facts.get("half_below", 0):
            wanted.append(f"{application}.half")
        if tempo > facts.get("double_above", tempo):
            wanted.append(f"{application}.double")
        there = self._groove_files()
        return os.path.join(GROOVES, next((f"{stem}.toml" for stem in wanted if f"{stem}.toml" in there), f"{application}.toml"))

    def _groove_files(self) -> frozenset[str]:
        """The names of what lies in the folder of grooves, none where there is no such folder."""
        if self._there is None:
            folder = os.path.join(self.folder, GROOVES)
            self._there = frozenset(os.listdir(folder) if os.path.isdir(folder) else ())
        return self._there

    def _groove(self, file: str) -> Table:
        if file not in self._grooves:
            groove = dict(self._read(file))
            suffix = os.path.basename(file).removesuffix(".toml").partition(".")[2]
            if suffix and suffix[0].isdigit():
                groove.setdefault("metre", suffix.replace("-", "/"))
            self._grooves[file] = groove
        return self._grooves[file]

    def ensemble(self, application: str) -> tuple[str, ...]:
        """Who plays in an application by default, in order."""
        return self._made(lambda: tuple(self._groove(os.path.join(GROOVES, f"{application}.toml"))["ensemble"]))

    def grooves(self) -> Iterator[tuple[str, Table]]:
        """Every groove file there is, with its tables, by name."""
        for name in sorted(os.listdir(os.path.join(self.folder, GROOVES))):
            if name.endswith(".toml"):
                file = os.path.join(GROOVES, name)
                yield file, self._groove(file)

    def _read(self, file: str) -> Table:
        try:
            return read_toml(os.path.join(self.folder, file), self._cache_folder)
        except FileNotFoundError:
            raise GenreFileError(os.path.basename(self.folder), [f"{file}: there is no such file"]) from None
        except (ValueError, OSError) as error:
            raise GenreFileError(os.path.basename(self.folder), [f"{file}: {error}"]) from None

    def _made(self, make: Callable[[], Made]) -> Made:
        """What `make` makes of the tables; when it cannot, every problem of the genre's files."""
        try:
            return make()
        except TOO_WRONG as error:
            from app.services.genre_check import problems_of

            found = problems_of(self.folder) or [f"{type(error).__name__}: {error}"]
            raise GenreFileError(os.path.basename(self.folder), found) from error


class GroovedApplication(Application):
    """An application whose ensemble is read from its groove file only when it is looked at."""

    read: Callable[[str], tuple[str, ...]]

    @property
    def ensemble(self) -> tuple[str, ...]:
        """The roles that play by default, in order."""
        return self.read(self.name)


def _vocabulary(facts: Table, ensemble: Callable[[str], tuple[str, ...]]) -> Vocabulary:
    return Vocabulary(
        name=facts["name"],
        title=facts["title"],
        applications=MappingProxyType({name: _application(name, row, ensemble) for name, row in facts["applications"].items()}),
        default_application=facts["default"],
        roles=_roles(facts),
        words=MappingProxyType({phrase: _meanings(value) for phrase, value in facts.get("words", {}).items()}),
        forms=tuple(facts.get("forms", ())),
    )


def _application(name: str, row: Table, ensemble: Callable[[str], tuple[str, ...]]) -> Application:
    low, high = row["range"]
    application = GroovedApplication(
        name=name,
        title=row["title"],
        words=tuple(row.get("words", ())),
        tempo=row["tempo"],
        tempo_range=(low, high),
        metre=row["metre"],
        metres=tuple(row.get("metres", (row["metre"],))),
        bars=row["bars"],
        keys=tuple(row["keys"]),
        ensemble=(),
        form=row.get("form", ""),
        humanize=row.get("humanize", 1.0),
        techniques=tuple(row.get("techniques", ())),
        chorus_bars=row.get("chorus", 0),
    )
    application.read = ensemble
    return application


def _roles(facts: Table) -> tuple[str, ...]:
    """All that the genre can play, in the order of tracks; a kit unless its file says there is none."""
    can = {*facts["parts"], *(("drums",) if facts.get("drums", True) else ())}
    return tuple(role for role in ROLES if role in can)


def _meanings(value: str | list[str]) -> Meanings:
    """`"mood:dark"` or a list of such → pairs of field and value."""
    pairs = [value] if isinstance(value, str) else value
    return tuple((field.strip(), text.strip()) for field, _, text in (pair.partition(":") for pair in pairs))
