"""What the service keeps, as its routes use it: generations, files, answers, usage, keys; and what is deleted in time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from app.api.once import Once
from app.errors import StoreError, StoreTaken
from app.render import FORMATS
from app.settings.keeping import KeepingSettings
from app.store.answers import Answers
from app.store.files import Files
from app.store.generations import Generations
from app.store.keys import Keys
from app.store.record import Record, microseconds
from app.store.usage import Usage
from app.wiring import databases

LOG: Final = logging.getLogger("octet.store")
DAY: Final = 86_400 * 1_000_000  # microseconds
SWEPT_S: Final = 3600.0  # between two sweeps
COUNTED_DAYS: Final = 400  # that usage is remembered after it changed last


class Keeping:
    """Opened when first used, or by `open`. Raises RequestError for a database that is none."""

    def __init__(self, chosen: KeepingSettings, deadline_s: float = 60.0) -> None:
        self._database, self._of_keys = databases(chosen)
        self._keep_days = chosen.keep_days
        self._answers = Answers(self._database)
        self._sweeping: asyncio.Task[None] | None = None
        self.generations, self.usage, self.keys = Generations(self._database), Usage(self._database), Keys(self._of_keys)
        self.files = Files(chosen.files_url)
        self.once = Once(self._answers, deadline_s)

    @property
    def shared(self) -> Usage | None:
        """Usage, where other processes may keep things in the same database."""
        return None if self._database.place is None or self._database.alone else self.usage

    async def keep(self, record: Record, owner: str) -> tuple[str, ...]:
        """Keep a piece: it is on the disk when this returns. Where that cannot be, notes that say so to whoever asked for it."""
        try:
            await self.generations.keep(record, owner)
        except StoreError as error:
            LOG.warning("a generation is not kept: %s", error)
            return (f"this piece is not kept: {error}",)
        return ()

    async def open(self) -> None:
        """Open what is kept, and sweep it from now on. Raises StoreTaken; what else is wrong may pass, and is tried again."""
        try:
            await asyncio.to_thread(self._database.open)
            if self._database.alone:
                await self._answers.sweep(begun_before=microseconds())
        except StoreTaken:
            raise
        except StoreError as error:
            LOG.warning("nothing is kept for now: %s", error)
        self._sweeping = asyncio.create_task(self._sweep_on())

    async def close(self) -> None:
        """Write what waits, and let another process have it."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._sweeping
        for database in {self._database, self._of_keys}:
            await asyncio.to_thread(database.close)

    async def ready(self) -> str:
        """Why nothing can be kept now; "" where all is well."""
        try:
            await self.usage.used("", "")
        except StoreError as error:
            return str(error)
        return ""

    async def delete(self, id: str, owner: str) -> bool:
        """Delete a generation and its files. Whether it was there."""
        if await self.generations.file(id, owner) is None:
            return False
        await asyncio.to_thread(self._delete_files, [id])  # first: while it is there, deleting can be asked for again
        return await self.generations.delete(id, owner)

    async def sweep(self) -> None:
        """Delete what has been kept for longer than it is to be. Raises StoreError."""
        before = microseconds() - int(self._keep_days * DAY)
        while self._keep_days and (old := await self.generations.old(before)):
            await asyncio.to_thread(self._delete_files, old)
            await self.generations.forget(old)
        await self._answers.sweep()
        await self.usage.sweep(microseconds() - COUNTED_DAYS * DAY)

    async def _sweep_on(self) -> None:
        while True:
            try:
                await self.sweep()
            except StoreError as error:
                LOG.warning("what is old is not deleted for now: %s", error)
            await asyncio.sleep(SWEPT_S)

    def _delete_files(self, ids: Sequence[str]) -> None:
        for id in ids:
            for row in FORMATS.values():
                self.files.delete(file_name(id, row.extension))


def file_name(id: str, extension: str) -> str:
    """What a generation's file is called, in one of 256 folders."""
    return f"{id[-2:]}/{id}.{extension}"
