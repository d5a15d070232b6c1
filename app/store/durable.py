"""A database that is opened when it is first needed: read beside each other, written through one thread, errors as ours."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from app.errors import StoreError
from app.store.engines import READERS, to_read, to_write
from app.store.faults import as_ours, lost
from app.store.place import NOWHERE, Lock, Place
from app.store.upgrading import upgrade
from app.store.writer import Writer

T = TypeVar("T")
ALONE: Final = "WAL"  # the journal of a file that one process writes; readers keep no writer waiting
TOGETHER: Final = "TRUNCATE"  # of a file that other processes write too: safe in every SQLite


class _Open(NamedTuple):
    writer: Writer
    readers: Engine
    lock: Lock | None


class Durable:
    """One database. `place` None is nowhere: all that is asked of it raises StoreError."""

    def __init__(self, place: Place | None, *, journal: str = ALONE) -> None:
        self.place = place
        self._journal = journal
        self._guard = threading.Lock()
        self._made: _Open | None = None
        self._threads = ThreadPoolExecutor(READERS, "octet-reader")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` finds. Raises StoreError. Where a connection breaks it is asked once more."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, work)

    async def insert(self, do: Callable[[Connection, list[Mapping[str, Any]]], None], row: Mapping[str, Any]) -> None:
        """Have `do` put a row in a table, on the disk when this returns; it may be done twice. Raises StoreError, StoreFull."""
        await (await self._writer()).insert(do, row)

    async def write(self, work: Callable[[Connection], T], *, again: bool = True) -> T:
        """What `work` returns, once it is on the disk. Raises StoreError, StoreFull: then nothing of it was done."""
        return await (await self._writer()).write(work, again=again)

    async def _writer(self) -> Writer:
        made = self._made
        if made is None:
            made = await asyncio.get_running_loop().run_in_executor(self._threads, self.open)
        return made.writer

    def _read(self, work: Callable[[Connection], T]) -> T:
        readers = self.open().readers
        with as_ours():
            try:
                with readers.connect() as connection:
                    return work(connection)
            except Exception as error:
                if not lost(error):
                    raise
            with readers.connect() as connection:
                return work(connection)

    def open(self) -> _Open:
        """Open it, bring its tables up to date, and let it be read and written. Raises StoreError, StoreFull."""
        with self._guard:
            if self._made is None:
                if self.place is None:
                    raise StoreError(NOWHERE)
                self._made = self._opened(self.place)
            return self._made

    def _opened(self, place: Place) -> _Open:
        lock = Lock(place.path) if place.is_file and self._journal == ALONE else None
        if lock is not None:
            lock.take()
        try:
            with as_ours():
                if place.is_file:
                    os.makedirs(os.path.dirname(place.path), mode=0o700, exist_ok=True)
                writing = to_write(place, self._journal)
                with writing.begin() as connection:
                    upgrade(connection)
                if place.is_file:
                    with suppress(OSError):
                        os.chmod(place.path, 0o600)
        except Exception:
            if lock is not None:
                lock.give_back()
            raise
        return _Open(Writer(writing), to_read(place), lock)

    @property
    def alone(self) -> bool:
        """Whether no other process writes here while this one does."""
        return self.place is not None and self.place.is_file and self._journal == ALONE

    def close(self) -> None:
        """Write what waits and let go of it; another may have it then. It is opened again when it is needed."""
        with self._guard:
            made, self._made = self._made, None
        if made is not None:
            made.readers.dispose()  # readers first: the last one to close an SQLite file tidies up, and may write
            made.writer.close()
            if made.lock is not None:
                made.lock.give_back()
