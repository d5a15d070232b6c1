"""TOML files as tables; what was read is remembered as JSON, which reads ten times faster, until the file changes."""

from __future__ import annotations

import json
import os
from typing import Any

from app.services.whole_file import write_whole

Tables = dict[str, Any]  # parsed TOML


def read_toml(path: str, cache_folder: str = "") -> Tables:
    """The tables of a file. Raises OSError, or ValueError for what is no TOML.

    With a `cache_folder` they are remembered there; a folder that cannot be read or written only costs time.
    """
    if not cache_folder:
        return _parsed(path)
    found = os.stat(path)
    whole = os.path.abspath(path)
    state: list[object] = [whole, found.st_mtime_ns, found.st_size]
    place = os.path.join(cache_folder, remembered_name(whole))
    tables = _remembered(place, state)
    if tables is None:
        tables = _parsed(path)
        _remember(place, state, tables)
    return tables


def remembered_name(path: str) -> str:
    """The cache's name for a file, one for each path."""
    return f"toml-{int.from_bytes(path.encode('utf-8', 'replace'), 'big') % (2**61 - 1):016x}.json"


def _parsed(path: str) -> Tables:
    import tomllib

    with open(path, "rb") as opened:
        return tomllib.load(opened)


def _remembered(place: str, state: list[object]) -> Tables | None:
    """What was remembered of this state of the file; None without it, or when the cache holds anything else."""
    try:
        with open(place, encoding="utf-8") as opened:
            content = json.load(opened)
        if content["file"] == state and isinstance(content["tables"], dict):
            return content["tables"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None


def _remember(place: str, state: list[object], tables: Tables) -> None:
    try:
        content = json.dumps({"file": state, "tables": tables})
        os.makedirs(os.path.dirname(place), exist_ok=True)
        write_whole(place, content.encode(), replace=True)
    except (OSError, TypeError):  # a home that is read-only, a date among the values: the next start parses again
        return
