"""Where the database is: its URL read, who may open it, and the lock that keeps a second process from an SQLite file."""

from __future__ import annotations

import os
import sqlite3
import threading
from typing import Final, NamedTuple

from app.errors import RequestError, StoreFull, StoreTaken

WAL_SAFE: Final = (3, 51, 3)  # before it, two writers of a write-ahead log could break it: sqlite.org/wal.html#walresetbug
POSTGRES: Final = ("postgresql", "postgres", "postgresql+psycopg")
SQLITE: Final = ("sqlite", "sqlite+pysqlite")
NOWHERE: Final = "there is no folder to keep anything in: set OCTET_DATA_DIR or OCTET_DATABASE_URL"
_held: set[str] = set()  # files that this process has open to write
_guard = threading.Lock()


class Place(NamedTuple):
    """A database: the path of an SQLite file, or the URL of a PostgreSQL as SQLAlchemy writes it."""

    path: str = ""
    url: str = ""

    @property
    def is_file(self) -> bool:
        """Whether it is an SQLite file."""
        return bool(self.path)


def place_of(url: str) -> Place:
    """The place that a URL names: `sqlite:////folder/file`, `postgresql://user@host/name`. Raises RequestError."""
    scheme, mark, rest = url.partition("://")
    if mark and scheme in POSTGRES:
        return Place(url=f"postgresql+psycopg://{rest}")
    path = rest.removeprefix("/") if mark and scheme in SQLITE else ""
    if not path or path == ":memory:":
        raise RequestError("OCTET_DATABASE_URL: write sqlite:////FOLDER/FILE or postgresql://USER@HOST/NAME", "database_url")
    return Place(path=os.path.abspath(path))


def refuse_workers(url: str, workers: int, version: tuple[int, ...] = sqlite3.sqlite_version_info) -> None:
    """Raises RequestError when so many processes may not keep things in this database; `version` is SQLite's."""
    if workers > 1 and (not url or place_of(url).is_file) and version < WAL_SAFE:
        met, needed = (".".join(map(str, numbers)) for numbers in (version, WAL_SAFE))
        raise RequestError(
            f"workers {workers}: SQLite {met} can lose data when several processes write: "
            f"use 1 worker, PostgreSQL (OCTET_DATABASE_URL), or SQLite {needed}",
            "workers",
        )


def refuse_taken(url: str) -> None:
    """Raises StoreTaken when another process keeps things in this database and only one may, StoreFull when none can."""
    place = place_of(url) if url else Place()
    if place.is_file:
        lock = Lock(place.path)
        lock.take()
        lock.give_back()


class Lock:
    """The right to write an SQLite file: this process's alone, unless its SQLite lets several."""

    def __init__(self, path: str, *, shared: bool = sqlite3.sqlite_version_info >= WAL_SAFE) -> None:
        self._path, self._shared = path, shared
        self._file = -1

    def take(self) -> None:
        """Raises StoreTaken when another has it, StoreFull when there can be no lock."""
        with _guard:
            if self._path in _held and not self._shared:
                raise StoreTaken(self._said("this process"))
            try:
                os.makedirs(os.path.dirname(self._path), mode=0o700, exist_ok=True)
                self._file = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
            except OSError as error:
                raise StoreFull(f'"{self._path}" cannot be written: {error.strerror}') from None
            self._hold()
            _held.add(self._path)

    def _hold(self) -> None:
        try:
            _lock(self._file, shared=self._shared)
        except OSError:
            owner = os.pread(self._file, 20, 0).decode("ascii", "replace") if hasattr(os, "pread") else ""
            os.close(self._file)
            self._file = -1
            raise StoreTaken(self._said(f"process {owner}" if owner.isdecimal() else "another process")) from None
        if not self._shared:
            os.truncate(self._file, 0)
            os.write(self._file, str(os.getpid()).encode())

    def _said(self, who: str) -> str:
        return (
            f'{who} keeps its generations in "{self._path}": stop it, set another OCTET_DATA_DIR, '
            "or let several share a PostgreSQL (OCTET_DATABASE_URL)"
        )

    def give_back(self) -> None:
        """Let another have it. The file of the lock stays, as removing it would let two have one each."""
        with _guard:
            if self._file >= 0:
                os.close(self._file)
                self._file = -1
                _held.discard(self._path)


def _lock(file: int, *, shared: bool) -> None:
    """Raises OSError when another process has it."""
    import sys

    if sys.platform == "win32":
        import msvcrt

        if not shared:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.lockf(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
