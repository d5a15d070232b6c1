"""`octet serve`: the REST service, on this machine or, for those who show a key, beyond it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Final

from app.cli.arguments import Command, Option, clean, read
from app.errors import RequestError

if TYPE_CHECKING:
    from app.settings import Settings

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
ANYWHERE: Final = ("0.0.0.0", "::")
MOST: Final = 64
NO_KEYS: Final = "beyond this machine only those with a key may ask: make one with octet keys create NAME, or serve 127.0.0.1"


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text[:6]) <= 65535:
        raise RequestError(f'port "{clean(text)[:20]}": a whole number from 0 to 65535', "port")
    return int(text)


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:6]) <= MOST:
        raise RequestError(f'workers "{clean(text)[:20]}": a whole number from 1 to {MOST}', "workers")
    return int(text)


COMMAND: Final = Command(
    "serve [--host H] [--port N] [--uds PATH] [--workers N]",
    "Answer HTTP requests until it is stopped; /openapi.json says what there is. SIGHUP has the settings read again.",
    (
        Option("--host", "else 127.0.0.1; beyond this machine a key must be shown", "HOST", clean),
        Option("--port", "else 8765; 0 for any that is free", "N", _port),
        Option("--uds", "a Unix socket instead, for this user and group", "PATH"),
        Option("--workers", "processes that answer, else 1; more need PostgreSQL, or SQLite from 3.51.3 on", "N", _workers),
    ),
    "  octet serve\n  curl -s -H 'Content-Type: application/json' -H 'Accept: audio/midi' -d '{\"key\": \"Eb\"}' \\\n"
    "       http://127.0.0.1:8765/v1/generate/jazz > jazz.mid",
)


def run(arguments: list[str]) -> int:
    """Serve until SIGTERM or an interrupt."""
    given = read(COMMAND, arguments)
    if given.words:
        raise RequestError(f'what is "{clean(given.words[0])[:40]}"? octet serve takes options alone')
    from app.settings import settings

    host, path = given.values.get("host", LOOPBACK[0]), given.values.get("uds")
    chosen = settings()
    workers = _prepared(chosen, given.values, host if path is None else LOOPBACK[0])
    from app.cli.sockets import listening, unix_socket
    from app.cli.workers import Several, answer

    opened = listening(host, given.values.get("port", 8765)) if path is None else unix_socket(path)
    print(f"octet: serving at {_shown(opened.getsockname(), path)}", file=sys.stderr, flush=True)
    with opened:
        if workers > 1:
            Several(workers, opened).keep_up()
        else:
            answer(opened)
    return 0


def _prepared(chosen: Settings, given: dict[str, Any], host: str) -> int:  # Any: values of options
    """How many workers there are to be. What the options say is left for them as if it had been set. Raises RequestError."""
    from app.settings.keeping import keeping_settings
    from app.settings.service import service_settings
    from app.store.place import refuse_taken, refuse_workers

    said = service_settings(chosen)
    workers: int = given.get("workers", said.workers)
    database = keeping_settings(chosen).database_url
    refuse_workers(database, workers)
    refuse_taken(database)
    os.environ["OCTET_WORKERS"] = str(workers)
    if host not in LOOPBACK:
        _refuse_without_keys(chosen)
        os.environ["OCTET_REQUIRE_KEYS"] = "true"
        if not said.hosts:
            os.environ["OCTET_HOSTS"] = _names(host)
    return workers


def _refuse_without_keys(chosen: Settings) -> None:
    """Raises RequestError where there is no key that opens anything."""
    import asyncio

    from app.settings.keeping import keeping_settings
    from app.store.keys import Keys
    from app.wiring import databases

    async def any_there() -> bool:
        _, database = databases(keeping_settings(chosen))
        try:
            return await Keys(database).there_are()
        finally:
            database.close()

    if not asyncio.run(any_there()):
        raise RequestError(NO_KEYS, "host")


def _names(host: str) -> str:
    """What a service is called that listens there: by anything where it listens at every address, as a key is shown anyway."""
    if host in ANYWHERE:
        return "*"
    import socket

    own = f"[{host}]" if ":" in host else host
    return ",".join(dict.fromkeys((own.lower(), socket.gethostname().lower(), "127.0.0.1", "localhost", "[::1]")))


def _shown(address: Any, path: str | None) -> str:  # Any: of a socket
    if path is not None:
        return clean(path)
    host, port = address[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
