"""One process that answers HTTP, or several that share a socket: started, kept up, told signals, ended with their parent."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from functools import partial
from threading import Event, Thread
from typing import Final

from app.errors import OutputError

DRAIN_S: Final = 10  # what is under way may end after SIGTERM
GRACE_S: Final = 5.0  # beyond that, before a worker is killed
SOON_S: Final = 5.0  # a worker that ends of itself in less has something wrong that starting it again does not mend
ENDED_BY_OTHERS: Final = (-9, -15)  # killed or told to end: nothing is wrong with it
LOOK_S: Final = 0.5
BEGIN: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from app.cli.workers import work; work(int(sys.argv[2]), sys.argv[3])"
)


def answer(opened: socket.socket, beside: str = "") -> None:
    """Answer requests until SIGTERM or an interrupt; `beside` others whose sockets lie in that folder.

    Raises OutputError when it cannot start, RequestError for settings.
    """
    import uvicorn
    from uvicorn.importer import import_from_string

    from app.api.guard import web_options
    from app.api.logs import set_up
    from app.api.serving import serving_of
    from app.settings import settings
    from app.settings.service import service_settings

    chosen = settings()
    set_up(service_settings(chosen).log)
    options = web_options(serving_of(chosen))
    app = partial(import_from_string("app.main:create_app"), beside=beside)
    server = uvicorn.Server(uvicorn.Config(app, factory=True, timeout_graceful_shutdown=DRAIN_S, log_level="warning", **options))
    server.run(sockets=[opened])
    if not server.started:
        raise OutputError("the service could not start: see above")


def work(number: int, beside: str) -> None:
    """Be one of several: answer at this open file, and end when the parent does."""
    Thread(target=_end_with_parent, daemon=True).start()
    answer(socket.socket(fileno=number), beside)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(DRAIN_S + GRACE_S)
    os._exit(1)


class Several:
    """Workers, as many as there are to be."""

    def __init__(self, count: int, opened: socket.socket) -> None:
        self._opened = opened
        self._stop = Event()
        self._folder = tempfile.mkdtemp(prefix="octet-")  # where they find each other, for this user alone
        self._begun = [time.monotonic()] * count
        self._processes = [self._started() for _ in range(count)]

    def _started(self) -> subprocess.Popen[bytes]:
        number = self._opened.fileno()
        command = [sys.executable, "-c", BEGIN, json.dumps(sys.path), str(number), self._folder]
        return subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=(number,))

    def keep_up(self) -> None:
        """Until SIGTERM or an interrupt, start those again that end. Raises OutputError when one ends as soon as it began."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self._stop.set())
        signal.signal(signal.SIGHUP, lambda *_: self._tell(signal.SIGHUP))
        try:
            while not self._stop.wait(LOOK_S):
                self._look()
        finally:
            self._end()

    def _look(self) -> None:
        for place, process in enumerate(self._processes):
            if process.poll() is None:
                continue
            if process.returncode not in ENDED_BY_OTHERS and time.monotonic() - self._begun[place] < SOON_S:
                raise OutputError("a worker could not start: see above")
            self._begun[place] = time.monotonic()
            self._processes[place] = self._started()

    def _tell(self, what: int) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(what)

    def _end(self) -> None:
        """Let all end what they do, then end them."""
        self._tell(signal.SIGTERM)
        until = time.monotonic() + DRAIN_S + GRACE_S
        for process in self._processes:
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
