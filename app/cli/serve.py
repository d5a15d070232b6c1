"""`octet serve`: the REST service on this machine."""

from __future__ import annotations

import os
import socket
import stat
from typing import Final

from app.cli.arguments import Command, Option, clean, read
from app.errors import OutputError, RequestError

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
DRAIN_S: Final = 10  # what is under way may end after SIGTERM


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text[:6]) <= 65535:
        raise RequestError(f'port "{clean(text)[:20]}": a whole number from 0 to 65535', "port")
    return int(text)


COMMAND: Final = Command(
    "serve [--host H] [--port N] [--uds PATH]",
    "Answer HTTP requests on this machine until it is stopped; /openapi.json says what there is.",
    (
        Option("--host", "127.0.0.1, localhost or ::1; else 127.0.0.1", "HOST", clean),
        Option("--port", "else 8765; 0 for any that is free", "N", _port),
        Option("--uds", "a Unix socket instead, for this user and group", "PATH"),
    ),
    "  octet serve\n  curl -s -H 'Content-Type: application/json' -H 'Accept: audio/midi' -d '{\"key\": \"Eb\"}' \\\n"
    "       http://127.0.0.1:8765/v1/generate/jazz > jazz.mid",
)


def run(arguments: list[str]) -> int:
    """Serve until SIGTERM or an interrupt."""
    given = read(COMMAND, arguments)
    if given.words:
        raise RequestError(f'what is "{clean(given.words[0])[:40]}"? octet serve takes options alone')
    host = given.values.get("host", "127.0.0.1")
    if host not in LOOPBACK:
        raise RequestError(f'host "{host[:60]}": without API keys it may serve this machine only: 127.0.0.1', "host")
    import uvicorn

    config = uvicorn.Config(
        "app.main:create_app",
        factory=True,
        host=host,
        port=given.values.get("port", 8765),
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=DRAIN_S,
    )
    server = uvicorn.Server(config)
    path = given.values.get("uds")
    server.run(sockets=None if path is None else [_unix_socket(path)])
    if not server.started:
        raise OutputError("the service could not start: see above")
    return 0


def _unix_socket(path: str) -> socket.socket:
    """A socket for this user and group; one that a service left behind is replaced. Raises OutputError."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o117)
    try:
        _remove_abandoned(path)
        made.bind(path)
    except (OSError, ValueError) as error:
        made.close()
        reason = error.strerror if isinstance(error, OSError) else error
        raise OutputError(f'"{path[:200]}" cannot be listened at: {reason}') from None
    finally:
        os.umask(before)
    return made


def _remove_abandoned(path: str) -> None:
    if os.path.exists(path) and stat.S_ISSOCK(os.stat(path).st_mode):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            if probe.connect_ex(path) != 0:
                os.unlink(path)
