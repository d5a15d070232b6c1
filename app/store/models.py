"""What is kept of models in SQLite: judged answers, the task log, and what was spent. It knows no model and no music.

Answers and the log may lose their last rows with the power, and are begun anew when their file is damaged; what was spent
is written through to the disk.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import threading
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import sleep, time
from typing import Any, Final, Generic, Protocol, TypeVar

ANSWERS: Final = "models.sqlite3"
SPENDING: Final = "spending.sqlite3"
MOST_ANSWERS: Final = 5_000
MOST_TASKS: Final = 50_000
MOST_WAITING: Final = 1_000  # writes that nobody waits for
GATHER_S: Final = 0.005
WAL_SAFE: Final = (3, 51, 3)  # before it, two writers of a write-ahead log could break it
COLUMNS: Final = (
    "task_id", "task", "subject", "complexity", "band", "strategy", "started", "latency_ms", "label", "outcome", "reason",
    "attempts", "escalations", "cost_usd", "prompt_version", "prompt_text", "answer_text",
)  # fmt: skip
AS_JSON: Final = ("attempts", "escalations")
SCHEMA: Final = f"""
CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL, kept REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tasks (number INTEGER PRIMARY KEY, {", ".join(COLUMNS)});
CREATE TABLE IF NOT EXISTS spending (ticket TEXT NOT NULL, period TEXT NOT NULL, usd REAL NOT NULL);
CREATE INDEX IF NOT EXISTS spending_ticket ON spending (ticket);
CREATE INDEX IF NOT EXISTS spending_period ON spending (period);
"""
OLDEST: Final = "DELETE FROM answers WHERE key IN (SELECT key FROM answers ORDER BY kept DESC LIMIT -1 OFFSET ?)"

A = TypeVar("A", bound=tuple[Any, ...])
R = TypeVar("R")
Work = Callable[[sqlite3.Connection], object]
Row = dict[str, Any]  # a task as plain values


class Record(Protocol):
    """A finished request, as the task log is told of it."""

    def _asdict(self) -> dict[str, Any]: ...


def _nothing(_: sqlite3.Connection) -> None:
    """What waits is done before it."""


class Database:
    """The file: opened on first use, one statement at a time. What cannot be done is reported as None, never raised."""

    def __init__(self, folder: str, file: str = ANSWERS) -> None:
        self.path = os.path.join(folder, file)
        self._through = file == SPENDING  # to the disk, at once
        self._lock = threading.Lock()
        self._open: sqlite3.Connection | None = None
        self._waiting: deque[Work] = deque()

    async def later(self, work: Work) -> None:
        """Have it done soon, outside the event loop and in its turn; whatever is asked afterwards finds it done."""
        self._waiting.append(work)
        if len(self._waiting) == 1:
            asyncio.get_running_loop().run_in_executor(None, self._gathered)
        elif len(self._waiting) > MOST_WAITING:
            await self.do(_nothing)

    def _gathered(self) -> None:
        """A request's answer and its record, which come one shortly after the other, are one transaction."""
        sleep(GATHER_S)
        self._caught_up()

    def _caught_up(self) -> None:
        if self._waiting:
            self.now(_nothing)

    async def do(self, work: Callable[[sqlite3.Connection], R]) -> R | None:
        """The result of `work` within one transaction, outside the event loop; None when the file cannot be used."""
        return await asyncio.to_thread(self.now, work)

    def now(self, work: Callable[[sqlite3.Connection], R]) -> R | None:
        """The same, waiting for it."""
        with self._lock:
            for _ in range(2):
                try:
                    with self._connection() as connection:
                        connection.execute("BEGIN IMMEDIATE" if self._through else "BEGIN")
                        while self._waiting:
                            self._waiting.popleft()(connection)
                        return work(connection)
                except sqlite3.OperationalError:
                    break
                except (sqlite3.Error, OSError):
                    if not self._begun_anew():
                        break
            self._waiting.clear()
        return None

    def _begun_anew(self) -> bool:
        """Put a damaged file aside, so that another one takes its place; what was spent is never put aside."""
        if self._open is not None:
            self._open.close()
            self._open = None
        if self._through:
            return False
        with suppress(OSError):
            os.replace(self.path, f"{self.path}.damaged")
            return True
        return False

    def close(self) -> None:
        """Write what waits and close the file; it is opened again when it is needed."""
        self._caught_up()
        with self._lock:
            if self._open is not None:
                self._open.close()
                self._open = None

    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
            connection = sqlite3.connect(self.path, timeout=2.0, check_same_thread=False, isolation_level=None)
            try:
                connection.execute(f"PRAGMA journal_mode={'WAL' if sqlite3.sqlite_version_info >= WAL_SAFE else 'TRUNCATE'}")
                connection.execute(f"PRAGMA synchronous={'FULL' if self._through else 'OFF'}")
                connection.executescript(SCHEMA)
            except sqlite3.Error:
                connection.close()
                raise
            with suppress(OSError):
                os.chmod(self.path, 0o600)
            self._open = connection
        return self._open


class SqliteMemory(Generic[A]):
    """Judged answers. `make` makes one of its fields."""

    def __init__(self, database: Database, make: Callable[..., A]) -> None:
        self._database = database
        self._make = make

    async def recall(self, key: str) -> A | None:
        """What was kept under this key."""

        def read(connection: sqlite3.Connection) -> str | None:
            row = connection.execute("SELECT answer FROM answers WHERE key = ?", (key,)).fetchone()
            return None if row is None else str(row[0])

        text = await self._database.do(read)
        try:
            return None if text is None else self._make(*json.loads(text))
        except (ValueError, TypeError):
            return None

    async def remember(self, key: str, answer: A) -> None:
        """Keep it, and now and then drop the oldest."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", (key, json.dumps(list(answer)), time()))
            if key.startswith("00"):
                connection.execute(OLDEST, (MOST_ANSWERS,))

        await self._database.later(write)

    async def forget(self, key: str) -> None:
        """It was refused when it was read again."""
        await self._database.later(lambda connection: connection.execute("DELETE FROM answers WHERE key = ?", (key,)))


class SqliteTaskLog:
    """Finished requests, the last ones first; the oldest are dropped."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, record: Record) -> None:
        """Keep one record."""
        fields = record._asdict()
        row = [json.dumps(_plain(fields[name])) if name in AS_JSON else fields[name] for name in COLUMNS]

        def write(connection: sqlite3.Connection) -> None:
            places = ", ".join("?" * len(COLUMNS))
            asked = f"INSERT INTO tasks ({', '.join(COLUMNS)}) VALUES ({places})"
            cursor = connection.execute(asked, row)
            connection.execute("DELETE FROM tasks WHERE number <= ?", ((cursor.lastrowid or 0) - MOST_TASKS,))

        await self._database.later(write)

    def rows(self, most: int = 20, since: float = 0.0, outcome: str = "") -> list[Row]:
        """The last records from a time on (seconds since 1970), newest first; `outcome` "" for all."""

        def read(connection: sqlite3.Connection) -> list[Row]:
            asked = "SELECT * FROM tasks WHERE started >= ? AND (? = '' OR outcome = ?) ORDER BY number DESC LIMIT ?"
            found = connection.execute(asked, (since, outcome, outcome, most)).fetchall()
            return [dict(zip(COLUMNS, row[1:], strict=True)) for row in found]

        if not os.path.exists(self._database.path):
            return []
        rows = self._database.now(read) or []
        return [{**row, **{name: json.loads(row[name]) for name in AS_JSON}} for row in rows]


def _plain(value: Any) -> Any:  # Any: rows of rows
    """Named tuples as objects, other sequences as lists."""
    if hasattr(value, "_asdict"):
        return {name: _plain(item) for name, item in value._asdict().items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


class SqliteLedger:
    """What was spent, by all processes that share the file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(self, usd: float, limits: Sequence[tuple[str, float]]) -> str | None:
        """Set `usd` aside in every (period, limit) at once: a ticket, or None when one would overflow or nothing can be kept."""
        ticket = uuid.uuid4().hex

        def write(connection: sqlite3.Connection) -> bool:
            if any(_spent(connection, period) + usd > limit for period, limit in limits):
                return False
            rows = [(ticket, period, usd) for period, _ in limits]
            connection.executemany("INSERT INTO spending VALUES (?, ?, ?)", rows)
            return True

        done = await self._database.do(write)
        bounded = any(limit != float("inf") for _, limit in limits)
        return ticket if done or (done is None and not bounded) else None

    async def settle(self, ticket: str, usd: float) -> None:
        """Replace what was set aside by what it really cost."""
        asked = "UPDATE spending SET usd = ? WHERE ticket = ?"
        await self._database.do(lambda connection: connection.execute(asked, (usd, ticket)).rowcount)

    async def spent(self, period: str) -> float:
        """What was spent and is set aside in a period."""
        return await self._database.do(lambda connection: _spent(connection, period)) or 0.0


def _spent(connection: sqlite3.Connection, period: str) -> float:
    return float(connection.execute("SELECT COALESCE(SUM(usd), 0) FROM spending WHERE period = ?", (period,)).fetchone()[0])
