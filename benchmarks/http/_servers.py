"""Servers as processes: the service, and what it is measured against."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import psutil

from app.services.runtime import BY_RULE_ALONE
from benchmarks.http._client import asked, get

BARE = """
import sys
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
body = open(sys.argv[1], "rb").read()
async def kept(request):
    return Response(body, media_type="application/json")
app = Starlette(routes=[Route("/healthz", kept), Route("/v1/generations/{id}", kept)])
uvicorn.run(app, port=int(sys.argv[2]), access_log=False, log_level="error")
"""
IN_LOOP = "import sys; from benchmarks.http._servers import serve_in_loop; serve_in_loop(int(sys.argv[1]))"


class Server(NamedTuple):
    """A server that runs: where, as which process, and what it took to its first answer."""

    at: str  # a port, or the path of a Unix socket
    process: psutil.Process
    start_s: float
    start_cpu_s: float

    @property
    def family(self) -> list[psutil.Process]:
        """It, and all that it started."""
        return [self.process, *self.process.children(recursive=True)]

    def memory_mb(self) -> float:
        """Of all of it, without what they share."""
        return sum(one.memory_full_info().uss for one in self.family if one.is_running()) / 1e6

    def cpu_s(self) -> float:
        """That all of it has used."""
        return sum(sum(one.cpu_times()[:2]) for one in self.family)


@contextmanager
def service(*, at_socket: bool = False) -> Iterator[Server]:
    """The service by rule, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        at = f"{folder}/s" if at_socket else free_port()
        where = ["--uds", at] if at_socket else ["--port", at]
        with running(["-m", "app.cli", "serve", *where], at, folder) as server:
            yield server


@contextmanager
def service_in_loop() -> Iterator[Server]:
    """The same, but for what generates: its event loop."""
    with tempfile.TemporaryDirectory() as folder:
        at = free_port()
        with running(["-c", IN_LOOP, at], at, folder) as server:
            yield server


@contextmanager
def bare(body: bytes) -> Iterator[Server]:
    """A bare endpoint of Starlette that answers these bytes."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        at = free_port()
        with running(["-c", BARE, file.name, at], at, "") as server:
            yield server


@contextmanager
def running(command: Sequence[str], at: str, folder: str) -> Iterator[Server]:
    """A server from its first answer until the block ends."""
    variables = os.environ | {"OCTET_DATA_DIR": folder, "OCTET_STRATEGY": BY_RULE_ALONE, "OCTET_LOG": "off"}
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, *command], env=variables, stderr=subprocess.DEVNULL) as started:
        process = psutil.Process(started.pid)
        try:
            while True:
                try:
                    asked(at, get("/healthz"))
                    break
                except OSError:
                    assert started.poll() is None, command
                    time.sleep(0.02)
            yield Server(at, process, time.perf_counter() - began, sum(process.cpu_times()[:2]))
        finally:
            started.terminate()


def free_port() -> str:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return str(listening.getsockname()[1])


def serve_in_loop(port: int) -> None:
    """What `service_in_loop` runs."""
    from collections.abc import Callable
    from typing import Any

    import uvicorn

    from app.api.parcels import worked_here
    from app.main import create_app

    app = create_app()
    state = app.state.octet
    state.serving = state.serving._replace(processes=0)

    async def hands(function: Callable[..., Any], *arguments: Any) -> Any:
        return worked_here(function, arguments)

    state.hands = hands
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical", access_log=False)
