"""Connections as this store wants them: one to write, some to read, each with its bounds of time."""

from __future__ import annotations

import sqlite3
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool, QueuePool

from app.store.place import Place

BUSY_S: Final = 5.0  # that a lock of SQLite's is waited for
READERS: Final = 4
PRAGMAS: Final = (
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what is deleted is overwritten
    "wal_autocheckpoint=4000",  # pages of 4096 bytes: 16 MB of log before it is worked into the file
    "journal_size_limit=67108864",
)
POSTGRES: Final = {  # of libpq; seconds, and milliseconds where the name does not say
    "connect_timeout": 2,
    "options": "-c statement_timeout=5000 -c lock_timeout=4000 -c timezone=UTC",
    "tcp_user_timeout": 5000,
    "keepalives_idle": 30,
    "application_name": "octet",
}


def to_write(place: Place, journal: str) -> Engine:
    """For the one connection that writes; its transactions begin as writers, so that none fails halfway for a lock."""
    if not place.is_file:
        return create_engine(place.url, poolclass=NullPool, connect_args=POSTGRES)

    def connect() -> sqlite3.Connection:
        made = sqlite3.connect(place.path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        for pragma in (f"journal_mode={journal}", *PRAGMAS):
            made.execute(f"PRAGMA {pragma}").close()
        return made

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def to_read(place: Place) -> Engine:
    """For readers: they see what is committed, and cannot write an SQLite file."""
    if not place.is_file:
        return create_engine(
            place.url, pool_size=READERS, max_overflow=0, pool_timeout=2, connect_args=POSTGRES, isolation_level="AUTOCOMMIT"
        )
    uri = f"file:{quote(place.path)}?mode=ro"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False)

    options: dict[str, Any] = {"poolclass": QueuePool, "pool_size": READERS, "max_overflow": 0, "pool_timeout": 2}
    return create_engine("sqlite+pysqlite://", creator=connect, **options)


def tidy_later(connection: Connection) -> None:
    """Have what this transaction deletes leave the write-ahead log too, once it is committed (`tidied`)."""
    connection.info["tidy"] = connection.dialect.name == "sqlite"


def tidied(connection: Connection) -> None:
    """Empty the write-ahead log where that was asked for and no reader is in the way; else the next time it is."""
    if connection.info.pop("tidy", False):
        raw = connection.connection.driver_connection
        if raw is not None:
            for pragma in ("busy_timeout=50", "wal_checkpoint(TRUNCATE)", f"busy_timeout={int(BUSY_S * 1000)}"):
                raw.execute(f"PRAGMA {pragma}").close()
