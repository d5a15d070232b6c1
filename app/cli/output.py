"""Where results go: files that are complete or not there, and bytes on standard output."""

from __future__ import annotations

import os
import sys
from typing import Final

from app.errors import OutputError, RequestError
from app.services.whole_file import write_whole

STDOUT = "-"


THERE: Final = '"{}" is there already: --force replaces it, -o FILE writes another'


def expect_room(path: str, *, replace: bool) -> None:
    """Raises OutputError where a file could not be written, as far as that can be told before there is one to write."""
    if os.path.isdir(path):
        raise OutputError(f'"{path}" is a folder: say which file in it')
    folder = os.path.dirname(path)
    if folder and not os.path.isdir(folder):
        raise OutputError(f'"{path}": there is no folder "{folder}": make it first')
    if not replace and os.path.lexists(path):
        raise OutputError(THERE.format(path))


def write_file(path: str, content: bytes, *, replace: bool) -> None:
    """Write a file. Raises OutputError that says which and why."""
    expect_room(path, replace=replace)
    try:
        write_whole(path, content, replace=replace)
    except FileExistsError:
        raise OutputError(THERE.format(path)) from None
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        reason = error.strerror if isinstance(error, OSError) else error
        raise OutputError(f'"{path}" could not be written: {reason}') from None


def write_bytes(content: bytes) -> None:
    """Write bytes to standard output. Raises OutputError when it is closed."""
    if sys.stdout is None:
        raise OutputError("standard output is closed")
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def read_file(path: str) -> bytes:
    """A file's bytes, `-` for standard input. Raises RequestError that says why it cannot be read."""
    try:
        if path == STDOUT:
            return sys.stdin.buffer.read()
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise RequestError(f'"{path}" could not be read: {reason}') from None
