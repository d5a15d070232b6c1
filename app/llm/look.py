"""A quick look at who listens on this machine, without any library: what the command line does when nothing is configured."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

QUICK_PORTS: Final = (11434, 1234)  # Ollama, LM Studio
ALL_PORTS: Final = (*QUICK_PORTS, 8080, 8000, 1337, 4891)  # llama.cpp, vLLM, and others' defaults
MOST_BYTES: Final = 1 << 20
OWNERS: Final = {"llamacpp": "llama.cpp", "vllm": "vLLM", "me": "llama_cpp.server"}  # `owned_by` of a model


class Found(NamedTuple):
    """A server of models: its kind of provider, its address, its own name, and the models it names."""

    kind: str
    url: str
    server: str
    models: tuple[str, ...]


def look(
    ports: Sequence[int] = QUICK_PORTS, seconds: float = 0.15, host: str = "127.0.0.1", now: Callable[[], float] = time.monotonic
) -> tuple[Found, ...]:
    """Who answers on these ports, within `seconds` in all. A server is known by what it says, not by its port."""
    until = now() + seconds
    listening = [(port, connection) for port in ports if (connection := _connected(host, port)) is not None]
    found = []
    for index, (port, connection) in enumerate(listening):
        share = (until - now()) / (len(listening) - index)
        server = _asked(connection, host, port, now() + share, now)
        found += [server] if server is not None else []
    return tuple(found)


def _connected(host: str, port: int) -> socket.socket | None:
    """A connection; on one's own machine it is there, or refused, at once."""
    try:
        return socket.create_connection((host, port), timeout=0.05)
    except OSError:
        return None


def _asked(connection: socket.socket, host: str, port: int, until: float, now: Callable[[], float]) -> Found | None:
    url = f"http://{host}:{port}"
    version = _get(connection, "/api/version", host, until, now)
    if isinstance(version, dict) and "version" in version and "error" not in version:
        tags = _again(host, port, "/api/tags", until, now)
        return Found("ollama", url, "Ollama", _names(tags, "models", "name"))
    models = _again(host, port, "/v1/models", until, now)
    if not isinstance(models, dict) or not isinstance(models.get("data"), list):
        return None
    rows = [row for row in models["data"] if isinstance(row, dict)]
    owner = str(rows[0].get("owned_by", "")) if rows else ""
    unknown = "LM Studio" if isinstance(version, dict) and "Unexpected endpoint" in str(version.get("error")) else "a server"
    return Found("openai", url, OWNERS.get(owner, unknown), _names(models, "data", "id"))


def _names(answer: Any, rows: str, name: str) -> tuple[str, ...]:  # Any: JSON
    found = answer.get(rows) if isinstance(answer, dict) else None
    return tuple(str(row[name]) for row in found or () if isinstance(row, dict) and name in row)


def _again(host: str, port: int, path: str, until: float, now: Callable[[], float]) -> Any:  # Any: JSON
    connection = _connected(host, port)
    return None if connection is None else _get(connection, path, host, until, now)


def _get(connection: socket.socket, path: str, host: str, until: float, now: Callable[[], float]) -> Any:  # Any: JSON
    """The JSON that this path answers, None for anything else. HTTP/1.0: the reply ends with the connection."""
    reply = b""
    try:
        with connection:
            connection.settimeout(max(0.001, until - now()))
            connection.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept: application/json\r\n\r\n".encode())
            while piece := connection.recv(1 << 16):
                reply += piece
                if len(reply) > MOST_BYTES or now() > until:
                    return None
        return json.loads(reply.partition(b"\r\n\r\n")[2])
    except (OSError, ValueError, RecursionError):
        return None
