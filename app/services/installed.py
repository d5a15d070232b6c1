"""What is installed under Octet's entry-point groups: a scan, remembered until the environment changes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Any, Final, NamedTuple

from app.services.whole_file import write_whole

GROUPS: Final = ("octet.genres", "octet.providers", "octet.runtime")
BUILT_IN: Final = "octet-music"  # the distribution whose entry points come first


class EntryPoint(NamedTuple):
    """One registered object: `value` is `module:name`, `package` the distribution that registers it."""

    group: str
    name: str
    value: str
    package: str

    def load(self) -> Any:  # whatever the stranger registered: the caller checks what it is
        """Import the module and take the object. Raises whatever that import raises."""
        module, _, name = self.value.partition(":")
        return getattr(import_module(module), name.strip())


def installed(group: str, cache_folder: str = "") -> tuple[EntryPoint, ...]:
    """The entry points of a group, Octet's own first, then by package and name.

    With a `cache_folder` the scan is remembered there; a folder that cannot be read or written only costs time.
    """
    return tuple(point for point in _all_points(cache_folder) if point.group == group)


def environment() -> list[object]:
    """What the scan depends on: the interpreter, and the folders on its path with the times they last changed."""
    return [sys.version, sys.prefix, *([path, _changed(path)] for path in sys.path)]


def remembered_name() -> str:
    """The file of this interpreter and path, so that environments do not overwrite each other's."""
    words = "\n".join((sys.version, sys.prefix, *sys.path))
    return f"installed-{int.from_bytes(words.encode('utf-8', 'replace'), 'big') % (2**61 - 1):016x}.json"


def _changed(path: str) -> int:
    try:
        return os.stat(path or ".").st_mtime_ns
    except OSError:
        return 0


def _all_points(cache_folder: str) -> Iterable[EntryPoint]:
    if not cache_folder:
        return scan()
    state = environment()
    path = os.path.join(cache_folder, remembered_name())
    points = _remembered(path, state)
    if points is None:
        points = scan()
        _remember(path, state, points)
    return points


def _remembered(path: str, state: list[object]) -> list[EntryPoint] | None:
    """What an earlier scan of the same environment found; None without one, or when the file says anything else."""
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        if content["environment"] == state:
            return [EntryPoint(*(str(text) for text in row)) for row in content["points"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None


def _remember(path: str, state: list[object], points: Iterable[EntryPoint]) -> None:
    content = json.dumps({"environment": state, "points": list(points)}).encode()
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_whole(path, content, replace=True)
    except OSError:
        return  # read-only homes are no fault: the next start scans again


def scan() -> list[EntryPoint]:
    """Ask the installed distributions. Slow to import, so only when nothing is remembered."""
    from importlib import metadata

    points = [
        EntryPoint(point.group, point.name, point.value, point.dist.name if point.dist else "")
        for group in GROUPS
        for point in metadata.entry_points(group=group)
    ]
    return sorted(points, key=lambda point: (point.group, point.package != BUILT_IN, point.package, point.name))
