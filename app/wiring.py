"""The composition root: makes what a process runs with from its settings."""

from __future__ import annotations

import time
from _thread import allocate_lock
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from app.services.runtime import BY_RULE_ALONE, Runtime
from app.settings import Settings, settings
from app.settings.scale import scale

if TYPE_CHECKING:
    from app.llm.ask import LLM
    from app.llm.look import Found
    from app.llm.types import Ledger, Memory, TaskLog
    from app.settings.keeping import KeepingSettings
    from app.store.durable import Durable
    from app.store.models import SqliteTaskLog

AGAIN_S: Final = 30.0  # after so long servers are looked for again where none was found


def runtime(chosen: Settings | None = None, everywhere: bool = False) -> Runtime:
    """What services run with: the entry point `octet.runtime`. Nothing is looked for or opened before a request needs it.

    `everywhere` looks for servers at all usual addresses instead of quickly at two: for a process that stays.
    """
    chosen = chosen or settings()
    return Runtime(chosen.strategy, chosen.cache_folder, Models(chosen, everywhere=everywhere), scale=scale(chosen))


class Models:
    """The models of these settings: made when they are first asked for, then kept; None while there are none."""

    def __init__(
        self,
        chosen: Settings,
        before: LLM | None = None,
        *,
        everywhere: bool = False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._chosen = chosen
        self._before = before  # whose place these take
        self.everywhere = everywhere
        self._now = now
        self._made: LLM | None = None
        self._looked_at: float | None = None
        self._lock = allocate_lock()

    def __call__(self) -> LLM | None:
        """The models. Raises RequestError for settings that cannot be."""
        with self._lock:
            if self._made is None and self._due():
                self._made = self._make()
                self._looked_at = self._now()
        return self._made

    @property
    def at_hand(self) -> bool:
        """Whether asking for them takes no time: they are made, or it was found lately that there are none."""
        return self._made is not None or not self._due()

    def _due(self) -> bool:
        return self._looked_at is None or self._now() - self._looked_at >= AGAIN_S

    @property
    def chosen(self) -> Settings:
        """The settings that they are made of."""
        return self._chosen

    @property
    def made(self) -> LLM | None:
        """The models as far as they were made."""
        return self._made

    def _make(self) -> LLM | None:
        found = self._found() if self._chosen.strategy != BY_RULE_ALONE else ()
        return made(self._chosen, found, self._before) if found or self._chosen.has_models else None

    def _found(self) -> tuple[Found, ...]:
        """The servers that nobody has named, or whose models nobody has."""
        if self._chosen.names_local and not self._chosen.names_no_model:
            return ()
        if self.everywhere or self._chosen.names_no_model:
            from app.settings.places import seen_everywhere

            return seen_everywhere(self._chosen)
        from app.settings.nearby import nearby

        return nearby(self._chosen.cache_folder, self._ports())

    def _ports(self) -> Sequence[int]:
        from app.settings.nearby import PORTS

        if not (self._chosen.variables.get("OCTET_LOOK") or "look" in self._chosen.file):
            return PORTS
        from app.settings.places import quick_ports

        return quick_ports(self._chosen)


def made(chosen: Settings, found: tuple[Found, ...] = (), before: LLM | None = None) -> LLM | None:
    """The models of these settings with what they keep on disk, or in the place of others; None without a tier.

    Raises RequestError.
    """
    from app.llm.build import build
    from app.services.installed import installed
    from app.settings.models import llm_settings

    asked = llm_settings(chosen, found)
    if not asked.tiers:
        return None
    kinds = {point.name: point.load for point in installed("octet.providers", chosen.cache_folder)}
    memory, log, ledger = kept(chosen) if before is None else (None, None, None)
    return build(asked, kinds=kinds, memory=memory, log=log, ledger=ledger, before=before)


def kept(chosen: Settings) -> tuple[Memory | None, TaskLog | None, Ledger | None]:
    """Where judged answers, the task log and what was spent are kept; None without a folder to keep them in."""
    if not chosen.data_folder:
        return None, None, None
    from app.llm.types import Remembered
    from app.store.models import SPENDING, Database, SqliteLedger, SqliteMemory, SqliteTaskLog

    database = Database(chosen.data_folder)
    spending = Database(chosen.data_folder, SPENDING)
    return SqliteMemory(database, Remembered), SqliteTaskLog(database), SqliteLedger(spending)


def databases(chosen: KeepingSettings) -> tuple[Durable, Durable]:
    """Where the service keeps what is made, and where its keys are. Raises RequestError for a URL that names no database.

    In SQLite the keys have a file of their own, in a journal that several processes may write: `octet keys` works while the
    service runs, which is the only one to write the other file. In PostgreSQL both are one.
    """
    from app.store.durable import TOGETHER, Durable
    from app.store.place import place_of

    kept = Durable(place_of(chosen.database_url) if chosen.database_url else None)
    if kept.place is None or not kept.place.is_file:
        return kept, kept
    return kept, Durable(place_of(chosen.keys_url), journal=TOGETHER)


def task_log(chosen: Settings) -> SqliteTaskLog:
    """The task log of these settings, to read."""
    from app.store.models import Database, SqliteTaskLog

    return SqliteTaskLog(Database(chosen.data_folder))
