"""The one thread that writes: whatever waits is committed together, so that many share one write through to the disk."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from queue import Empty, SimpleQueue
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from app.errors import StoreError
from app.store.engines import tidied
from app.store.faults import UNREACHABLE, lost, told

MOST: Final = 128  # pieces of work in one commit
T = TypeVar("T")


class Work(NamedTuple):
    """Something to write, and who waits for it."""

    do: Callable[..., Any]  # of a connection, and of rows where there is a `row`  (Any: whatever it finds, for whoever waits)
    again: bool  # whether doing it twice is as good as once
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[Any]
    row: Mapping[str, Any] | None = None  # what `do` puts in a table, together with those of its neighbours  (Any: columns)


Outcome = tuple[Any, Exception | None]


class Writer:
    """Writes until it is closed. What was awaited is on the disk."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._waiting: SimpleQueue[Work | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="octet-writer", daemon=True)
        self._thread.start()

    async def write(self, do: Callable[[Connection], T], *, again: bool = True) -> T:
        """The result of `do` in a transaction that it may share; it leaves nothing behind when it raises.

        Raises StoreError, StoreFull, and what `do` raises. `again` says that it may be done twice where a connection breaks.
        """
        found: T = await self._put(do, again, None)
        return found

    async def insert(self, do: Callable[[Connection, list[Mapping[str, Any]]], None], row: Mapping[str, Any]) -> None:
        """Have `do` put a row in a table: many at once where many wait. It may be done twice, and raises as `write` does."""
        await self._put(do, True, row)

    def _put(self, do: Callable[..., Any], again: bool, row: Mapping[str, Any] | None) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        work = Work(do, again, loop, loop.create_future(), row)
        self._waiting.put(work)
        return work.done

    def close(self) -> None:
        """Write what waits, then let go of the connection."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        going = True
        while going:
            group = [self._waiting.get(), *self._more()]
            going = None not in group
            asked = [work for work in group if work is not None]
            if asked:
                _tell(asked, self._outcomes(asked))
        self._let_go()
        self._engine.dispose()

    def _more(self) -> list[Work | None]:
        """What waits already."""
        found: list[Work | None] = []
        with suppress(Empty):
            while len(found) < MOST - 1:
                found.append(self._waiting.get_nowait())
        return found

    def _outcomes(self, group: Sequence[Work]) -> list[Outcome]:
        """All in one commit; when that fails each in its own, so that one that cannot be does not take the others along."""
        try:
            return [(result, None) for result in self._committed(group)]
        except Exception as error:  # noqa: BLE001 - it is told to whoever waits
            failed: Exception = error
        outcomes: list[Outcome] = []
        broke, down = self._connection is None, False  # down: another connection broke too, so the rest need not try
        for work in group:
            if down or (broke and lost(failed) and not work.again):
                outcome: Outcome = (None, StoreError(UNREACHABLE))
            else:
                outcome = self._alone(work) if broke or len(group) > 1 else (None, failed)
                down = outcome[1] is not None and self._connection is None
            outcomes.append((outcome[0], outcome[1] and told(outcome[1])))
        return outcomes

    def _alone(self, work: Work) -> Outcome:
        try:
            return self._committed((work,))[0], None
        except Exception as error:  # noqa: BLE001 - it is told to whoever waits
            return None, error

    def _committed(self, group: Sequence[Work]) -> list[Any]:
        if self._connection is None:
            self._connection = self._engine.connect()
        try:
            with self._connection.begin():
                results = list(_results(self._connection, group))
            tidied(self._connection)
            return results
        except Exception as error:
            if lost(error) or self._connection.invalidated:
                self._let_go()
            raise

    def _let_go(self) -> None:
        if self._connection is not None:
            with suppress(Exception):  # it may be broken; it is not used again
                self._connection.close()
            self._connection = None


def _results(connection: Connection, group: Sequence[Work]) -> Iterator[Any]:
    """What each piece of work finds, in order; rows for the same table go there together."""
    for _, works in groupby(group, lambda work: id(work) if work.row is None else id(work.do)):
        first, *others = works
        if first.row is None:
            yield first.do(connection)
        else:
            first.do(connection, [first.row, *(work.row for work in others)])
            yield from [None] * (1 + len(others))


def _tell(group: Sequence[Work], outcomes: Sequence[Outcome]) -> None:
    """Wake everyone who waits, each event loop once."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Outcome]]] = {}
    for work, outcome in zip(group, outcomes, strict=True):
        loops.setdefault(work.loop, []).append((work.done, outcome))
    for loop, rows in loops.items():
        with suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, rows)


def _settle(rows: Sequence[tuple[asyncio.Future[Any], Outcome]]) -> None:
    for done, (result, error) in rows:
        if done.done():
            continue
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(error)
