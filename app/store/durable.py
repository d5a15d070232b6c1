"""A database that is opened when it is first needed: read beside each other, written through one thread, errors as ours."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.errors import StoreError
from app.store.engines import READERS, to_read, to_write
from app.store.faults import UNREACHABLE, as_ours, lost
from app.store.place import NOWHERE, Lock, Place
from app.store.upgrading import upgrade
from app.store.writer import Writer

T = TypeVar("T")
ALONE: Final = "WAL"  # the journal of a file that one process writes; readers keep no writer waiting
AWAY_S: Final = 0.25
TOGETHER: Final = "TRUNCATE"  # of a file that other processes write too: safe in every SQLite


class _Open(NamedTuple):
    writer: Writer
    readers: Engine
    threads: ThreadPoolExecutor
    lock: Lock | None


class Durable:
    """One database. `place` None is nowhere: all that is asked of it raises StoreError."""

    def __init__(self, place: Place | None, *, journal: str = ALONE) -> None:
        self.place = place
        self._journal = journal
        self._guard = threading.Lock()
        self._made: _Open | None = None
        self._away_until = 0.0  # when a server that could not be reached is tried again, so that nobody queues up for it

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` finds. Raises StoreError. Where a connection breaks it is asked once more."""
        made = await self._ready()
        return await asyncio.get_running_loop().run_in_executor(made.threads, self._read, made.readers, work)

    async def insert(self, do: Callable[[Connection, list[Mapping[str, Any]]], None], row: Mapping[str, Any]) -> None:
        """Have `do` put a row in a table, on the disk when this returns; it may be done twice. Raises StoreError, StoreFull."""
        await (await self._ready()).writer.insert(do, row)

    async def write(self, work: Callable[[Connection], T], *, again: bool = True) -> T:
        """What `work` returns, once it is on the disk. Raises StoreError, StoreFull: then nothing of it was done."""
        return await (await self._ready()).writer.write(work, again=again)

    async def _ready(self) -> _Open:
        made = self._made
        return made if made is not None else await asyncio.to_thread(self.open)

    def _read(self, readers: Engine, work: Callable[[Connection], T]) -> T:
        with as_ours():
            try:
                with self._reached(readers) as connection:
                    return work(connection)
            except DBAPIError as error:
                if not lost(error):
                    raise
            with self._reached(readers) as connection:
                return work(connection)

    def _reached(self, readers: Engine) -> Connection:
        self._wait_for_nobody()
        try:
            return readers.connect()
        except SQLAlchemyError:
            self._away_until = time.monotonic() + AWAY_S
            raise

    def _wait_for_nobody(self) -> None:
        if time.monotonic() < self._away_until:
            raise StoreError(UNREACHABLE)

    def open(self) -> _Open:
        """Open it, bring its tables up to date, and let it be read and written. Raises StoreError, StoreFull, StoreTaken."""
        with self._guard:
            if self._made is None:
                if self.place is None:
                    raise StoreError(NOWHERE)
                self._wait_for_nobody()
                self._made = self._opened(self.place)
            return self._made

    def _opened(self, place: Place) -> _Open:
        lock = Lock(place.path) if place.is_file and self._journal == ALONE else None
        if lock is not None:
            lock.take()
        try:
            with as_ours():
                writing = self._upgraded(place)
        except Exception:
            if lock is not None:
                lock.give_back()
            if not place.is_file:
                self._away_until = time.monotonic() + AWAY_S
            raise
        return _Open(Writer(writing), to_read(place), ThreadPoolExecutor(READERS, "octet-reader"), lock)

    def _upgraded(self, place: Place) -> Engine:
        """What writes there, with its tables up to date; an SQLite file is for its user alone."""
        if place.is_file:
            os.makedirs(os.path.dirname(place.path), mode=0o700, exist_ok=True)
        writing = to_write(place, self._journal)
        with writing.begin() as connection:
            upgrade(connection)
        if place.is_file:
            with suppress(OSError):
                os.chmod(place.path, 0o600)
        return writing

    @property
    def alone(self) -> bool:
        """Whether no other process writes here while this one does."""
        return self.place is not None and self.place.is_file and self._journal == ALONE

    def close(self) -> None:
        """Write what waits and let go of it; another may have it then. It is opened again when it is needed."""
        with self._guard:
            made, self._made = self._made, None
        if made is not None:
            made.threads.shutdown()
            made.readers.dispose()  # readers first: the last one to close an SQLite file tidies up, and may write
            made.writer.close()
            if made.lock is not None:
                made.lock.give_back()
