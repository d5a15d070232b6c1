"""A file is complete or not there: written beside its place, then moved into it."""

from __future__ import annotations

import os
from contextlib import suppress


def write_whole(path: str, content: bytes, *, replace: bool) -> None:
    """Put `content` at `path`. Raises OSError when it cannot; FileExistsError when it is there and may not be replaced.

    A link is followed, so that what it points at is replaced; pipes and devices are written to as they are.
    """
    place = os.path.realpath(path)
    if os.path.exists(place) and not os.path.isfile(place) and not os.path.isdir(place):
        with open(place, "wb") as special:
            special.write(content)
        return
    folder, name = os.path.split(place)
    draft = os.path.join(folder, f".{name[:60]}.{os.getpid()}.{os.urandom(4).hex()}.part")
    try:
        with open(draft, "xb") as file:
            file.write(content)
        _move(draft, place, replace=replace)
    finally:
        with suppress(OSError):
            os.unlink(draft)


def _move(draft: str, place: str, *, replace: bool) -> None:
    if replace:
        os.replace(draft, place)
        return
    try:
        os.link(draft, place)  # fails when something is there, even if it came this instant
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.exists(place):
            raise FileExistsError(f"{place} is there") from None
        os.replace(draft, place)
