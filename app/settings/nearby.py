"""Servers of models that run on this machine without anyone having named them: looked for quickly, remembered for ten minutes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from app.llm.look import Found

PORTS: Final = (11434, 1234)  # Ollama, LM Studio
HERE: Final = "127.0.0.1"
REMEMBERED_S: Final = 600.0
FILE: Final = "servers.json"


def nearby(cache_folder: str = "", ports: Sequence[int] = PORTS) -> tuple[Found, ...]:
    """Who serves models here. When nobody listens that is known at once, without a library; an answer is remembered."""
    listening = tuple(port for port in ports if _listens(port))
    if not listening:
        return ()
    import time

    path = os.path.join(cache_folder, FILE) if cache_folder else ""
    found = _remembered(path, listening, time.time()) if path else None
    if found is None:
        from app.llm.look import look

        found = look(listening)
        if path and any(server.models for server in found):  # one that gets its first model should be seen soon
            _remember(path, listening, found, time.time())
    return found


def forget(cache_folder: str) -> None:
    """Look anew the next time: somebody has just looked closely, or set up something."""
    if cache_folder:
        _quietly(lambda: os.unlink(os.path.join(cache_folder, FILE)))


def _listens(port: int) -> bool:
    import _socket  # what `socket` is made of, and a quarter of its import

    connection = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
    try:
        connection.settimeout(0.05)
        connection.connect((HERE, port))
    except OSError:
        return False
    finally:
        connection.close()
    return True


def _remembered(path: str, listening: Sequence[int], now: float) -> tuple[Found, ...] | None:
    """What was found within the last ten minutes where the same ports were open."""
    import json

    from app.llm.look import Found

    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        fresh = content["ports"] == list(listening) and 0 <= now - content["at"] < REMEMBERED_S
        rows = content["found"]
        return tuple(Found(str(row[0]), str(row[1]), str(row[2]), tuple(map(str, row[3]))) for row in rows) if fresh else None
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _remember(path: str, listening: Sequence[int], found: Sequence[Found], now: float) -> None:
    import json

    from app.services.whole_file import write_whole

    content: dict[str, Any] = {"at": now, "ports": list(listening), "found": [list(row) for row in found]}
    _quietly(lambda: os.makedirs(os.path.dirname(path), exist_ok=True))
    _quietly(lambda: write_whole(path, json.dumps(content).encode(), replace=True))


def _quietly(work: Callable[[], object]) -> None:
    try:
        work()
    except OSError:
        return  # a folder that cannot be written only costs the next look
