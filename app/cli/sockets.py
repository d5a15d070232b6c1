"""Where the service listens: an address of this machine, or a Unix socket."""

from __future__ import annotations

import os
import socket
import stat

from app.errors import OutputError


def listening(host: str, port: int) -> socket.socket:
    """A socket at an address. Raises OutputError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise OutputError(f"{host} port {port} cannot be listened at: {reason}") from None


def unix_socket(path: str) -> socket.socket:
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
    made.listen(2048)
    return made


def _remove_abandoned(path: str) -> None:
    if os.path.exists(path) and stat.S_ISSOCK(os.stat(path).st_mode):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            if probe.connect_ex(path) != 0:
                os.unlink(path)
