"""Who listens at an address, without any library: a server of models is told by what it answers, not by its port or status.

`look` is the quick one, on this machine's loopback; `app.llm.survey` asks many addresses at once.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

QUICK_PORTS: Final = (11434, 1234)  # Ollama, LM Studio
ALL_PORTS: Final = (*QUICK_PORTS, 8080, 8000)  # llama.cpp, vLLM
MOST_BYTES: Final = 1 << 20
OWNERS: Final = {  # `owned_by` of a model → whose server it is
    "llamacpp": "llama.cpp", "vllm": "vLLM", "me": "llama_cpp.server", "organization_owner": "LM Studio",
}  # fmt: skip
A_SERVER: Final = "a server"
KEYED: Final = "a server that wants a key"
ALWAYS_LOADED: Final = ("llama.cpp", "vLLM", "llama_cpp.server")  # what they name is in memory
CONNECT_S: Final = 0.05  # on one's own machine a connection is there, or refused, at once
NOT_FOR_CHAT: Final = ("embed", "rerank", "whisper", "bge-", "all-minilm")  # in the names of models that write no text


class Found(NamedTuple):
    """A server of models: its kind of provider, its address, its own name, the models it names, and those in memory."""

    kind: str
    url: str
    server: str
    models: tuple[str, ...]
    loaded: tuple[str, ...] = ()  # as far as it tells


class Visit(NamedTuple):
    """How an address is asked: until when, what is connected to, and with which headers."""

    url: str  # without /v1
    until: float
    now: Callable[[], float] = time.monotonic
    connect_s: float = CONNECT_S
    headers: str = ""  # whole lines, each with its end


def look(
    ports: Sequence[int] = QUICK_PORTS, seconds: float = 0.15, host: str = "127.0.0.1", now: Callable[[], float] = time.monotonic
) -> tuple[Found, ...]:
    """Who answers on these ports, within `seconds` in all."""
    until = now() + seconds
    listening = [
        (port, connection) for port in ports if (connection := _connected(f"http://{host}:{port}", CONNECT_S)) is not None
    ]
    found = []
    for index, (port, connection) in enumerate(listening):
        share = (until - now()) / (len(listening) - index)
        server = identified(Visit(f"http://{host}:{port}", now() + share, now), connection)
        found += [server] if server is not None else []
    return tuple(found)


def identified(visit: Visit, connection: socket.socket | None = None, whole: bool = False) -> Found | None:
    """The server at an address, None for what serves no models. `whole` also asks which of its models are in memory."""
    status, version = _get(visit, "/api/version", connection)
    if isinstance(version, dict) and "version" in version and "error" not in version:
        models = _names(_get(visit, "/api/tags")[1], "models", "name")
        loaded = _names(_get(visit, "/api/ps")[1], "models", "name") if whole else ()
        return Found("ollama", visit.url, "Ollama", models, loaded)
    if not status:
        return None
    return _of_openai(visit, isinstance(version, dict) and "Unexpected endpoint" in str(version.get("error")), whole)


def _of_openai(visit: Visit, studio: bool, whole: bool) -> Found | None:
    """A server with OpenAI's list of models. LM Studio answers any path with a 200 that holds an error."""
    status, models = _get(visit, "/v1/models")
    if status in (401, 403):
        return Found("openai", visit.url, KEYED, ())
    if not isinstance(models, dict) or not isinstance(models.get("data"), list):
        return None
    rows = [row for row in models["data"] if isinstance(row, dict)]
    owner = str(rows[0].get("owned_by", "")) if rows else ""
    server = "LM Studio" if studio else OWNERS.get(owner, A_SERVER)
    names = _names(models, "data", "id")
    loaded = _loaded(visit, server, names) if whole else ()
    return Found("openai", visit.url, server, names, loaded)


def _loaded(visit: Visit, server: str, names: tuple[str, ...]) -> tuple[str, ...]:
    if server in ALWAYS_LOADED:
        return names
    if server != "LM Studio":
        return ()
    rows = _get(visit, "/api/v0/models")[1]
    states = rows.get("data") if isinstance(rows, dict) else None
    return tuple(str(row["id"]) for row in states or () if isinstance(row, dict) and row.get("state") == "loaded" and "id" in row)


def _names(answer: Any, rows: str, name: str) -> tuple[str, ...]:  # Any: JSON
    """The models of an answer that write text."""
    found = answer.get(rows) if isinstance(answer, dict) else None
    named = [str(row[name]) for row in found or () if isinstance(row, dict) and name in row] if isinstance(found, list) else []
    return tuple(one for one in named if not any(word in one.lower() for word in NOT_FOR_CHAT))


def _connected(url: str, seconds: float) -> socket.socket | None:
    """A connection, None where nobody listens."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    try:
        connection = socket.create_connection((parts.hostname or "", parts.port or (443 if secure else 80)), timeout=seconds)
    except (OSError, ValueError):
        return None
    return _secured(connection, parts.hostname or "") if secure else connection


def _secured(connection: socket.socket, host: str) -> socket.socket | None:
    import ssl

    try:
        return ssl.create_default_context().wrap_socket(connection, server_hostname=host)
    except (OSError, ValueError):
        connection.close()
        return None


def _get(visit: Visit, path: str, connection: socket.socket | None = None) -> tuple[int, Any]:  # Any: JSON
    """The status and the JSON that this path answers: None for anything else, 0 for nobody.

    HTTP/1.0: the reply ends with the connection.
    """
    connection = connection or _connected(visit.url, min(visit.connect_s, max(0.001, visit.until - visit.now())))
    if connection is None:
        return 0, None
    parts = urlsplit(visit.url)
    asked = f"GET {parts.path.rstrip('/')}{path} HTTP/1.0\r\nHost: {parts.netloc.rpartition('@')[2]}\r\n"
    reply = b""
    try:
        with connection:
            connection.settimeout(max(0.001, visit.until - visit.now()))
            connection.sendall(f"{asked}Accept: application/json\r\n{visit.headers}\r\n".encode())
            while piece := connection.recv(1 << 16):
                reply += piece
                if len(reply) > MOST_BYTES or visit.now() > visit.until:
                    return 0, None
        head, _, body = reply.partition(b"\r\n\r\n")
        return _status(head), _json(body)
    except OSError:
        return 0, None


def _status(head: bytes) -> int:
    word = head.split(b" ", 2)[1:2]
    return int(word[0]) if word and word[0].isdigit() else 0


def _json(body: bytes) -> Any:  # Any: JSON
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
