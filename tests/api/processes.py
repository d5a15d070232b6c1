"""`octet serve` as a process of its own, for the tests of the service and of the examples on its pages."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Variables of a service that keeps its things in a folder."""
    return os.environ | {"OCTET_DATA_DIR": str(folder), "OCTET_STRATEGY": "rules_only", "OCTET_PROCESSES": "1", **more}


@contextmanager
def started(folder: Path, *options: str, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """The service as a process of its own; gone in the end, with all that it started."""
    command = [sys.executable, "-m", "app.cli", "serve", *options]
    process = subprocess.Popen(command, env=environment(folder, **variables), stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(30)


@contextmanager
def client_of(port: int, process: subprocess.Popen[bytes], **headers: str) -> Iterator[httpx.Client]:
    """A client of a service that answers."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False, headers=headers) as client:
        answering(client, process)
        yield client


def answering(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    """Wait until it answers."""
    while True:
        try:
            client.get("/healthz")
            return
        except httpx.TransportError:
            assert process.poll() is None
            time.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """What it has started."""
    return psutil.Process(process.pid).children(recursive=True)
