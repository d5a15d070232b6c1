"""What goes wrong with a database or a file, as our two errors: it cannot be reached, or nothing more can be kept."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError

from app.errors import StoreError, StoreFull

FULL: Final = "nothing more can be kept: the disk is full or may only be read; free some space, then ask again"
UNREACHABLE: Final = "what is kept cannot be reached now: try again soon"
FULL_SQLITE: Final = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
)  # primary codes
FULL_POSTGRES: Final = ("53100", "25006", "58030")  # disk_full, read_only_sql_transaction, io_error
FULL_SYSTEM: Final = (
    *(errno.ENOSPC, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM, errno.EFBIG),
    getattr(errno, "EDQUOT", errno.ENOSPC),  # which Windows has not
)


def lost(error: Exception) -> bool:
    """Whether the connection broke, so that another one may do better."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def told(error: Exception) -> Exception:
    """The error as ours when it is the database's or the disk's, else as it is."""
    if isinstance(error, (IntegrityError, DataError, ProgrammingError)):
        return error  # a mistake of ours
    if isinstance(error, DBAPIError):
        return _of_database(error.orig)
    if isinstance(error, SQLAlchemyError):  # no connection within the time that one may wait
        return StoreError(UNREACHABLE)
    if isinstance(error, OSError):
        return StoreFull(FULL) if error.errno in FULL_SYSTEM else StoreError(UNREACHABLE)
    return error


def _of_database(error: BaseException | None) -> Exception:
    code = getattr(error, "sqlite_errorcode", None)
    full = getattr(error, "sqlstate", None) in FULL_POSTGRES if code is None else code & 0xFF in FULL_SQLITE
    return StoreFull(FULL) if full else StoreError(UNREACHABLE)


@contextmanager
def as_ours() -> Iterator[None]:
    """Raises StoreError, or StoreFull, for what the database or the disk raises within."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise told(error) from error
