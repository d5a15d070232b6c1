"""Where results go: files that are complete or not there, and bytes on standard output."""

from __future__ import annotations

import os
import sys

from app.errors import OutputError, RequestError
from app.services.whole_file import write_whole

STDOUT = "-"


def write_file(path: str, content: bytes, *, replace: bool) -> None:
    """Write a file. Raises OutputError that says which and why."""
    if os.path.isdir(path):
        raise OutputError(f'"{path}" is a folder: say which file in it')
    folder = os.path.dirname(path)
    if folder and not os.path.isdir(folder):
        raise OutputError(f'"{path}": there is no folder "{folder}": make it first')
    try:
        write_whole(path, content, replace=replace)
    except FileExistsError:
        raise OutputError(f'"{path}" is there already: --force replaces it, -o FILE writes another') from None
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
