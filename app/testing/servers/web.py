"""A web application on a real loopback port, in a thread, while it is entered."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from app.errors import OutputError

STOPPED_S: Final = 10.0


@contextmanager
def serving(app: Any) -> Iterator[str]:  # Any: an ASGI application
    """Where it is. Raises OutputError when it does not start."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, ws="none", timeout_graceful_shutdown=5))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        if not server.started:
            raise OutputError("the REST service did not start: octet serve says why")
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(STOPPED_S)
