"""The settings of what the service keeps: in which database, where its files lie, for how long."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final, NamedTuple

from app.errors import RequestError
from app.settings import Settings

DATABASE: Final = "generations.sqlite3"
KEYS: Final = "keys.sqlite3"  # apart, as `octet keys` writes it while the service runs
FILES: Final = "files"
NAMES: Final = ("database_url", "files_url", "keep_days")


class KeepingSettings(NamedTuple):
    """Each is a variable `OCTET_<NAME>` and a name in the file's table `[service]`; variables win."""

    database_url: str = ""  # SQLite or PostgreSQL; "" where there is no folder to keep anything in
    keys_url: str = ""  # of the database with the API keys: PostgreSQL's own, else a file beside SQLite's
    files_url: str = ""  # a folder or what fsspec knows, such as s3://bucket/prefix
    keep_days: float = 0.0  # how long a generation is kept; 0: until it is deleted


def keeping_settings(chosen: Settings) -> KeepingSettings:
    """What is set. Raises RequestError for a number of days that is none, or a table [service] that is none."""
    table = chosen.file.get("service", {})
    if not isinstance(table, Mapping):
        raise RequestError(f"{chosen.path}: service: write a table [service]", "config")
    said = {name: str(chosen.variables.get(f"OCTET_{name.upper()}") or table.get(name, "")) for name in NAMES}
    folder = os.path.abspath(chosen.data_folder) if chosen.data_folder else ""
    database = said["database_url"] or (_file_url(folder, DATABASE) if folder else "")
    return KeepingSettings(
        database,
        database if database.startswith("postgres") or not database else f"{database.rpartition('/')[0]}/{KEYS}",
        said["files_url"] or (os.path.join(folder, FILES) if folder else ""),
        _days(said["keep_days"]),
    )


def _file_url(folder: str, name: str) -> str:
    return f"sqlite:///{os.path.join(folder, name)}"


def _days(text: str) -> float:
    try:
        days = float(text or 0)
    except ValueError:
        days = -1.0
    if not 0 <= days < 100_000:
        raise RequestError(f'OCTET_KEEP_DAYS "{text[:20]}": a number of days, 0 to keep for ever', "keep_days")
    return days
