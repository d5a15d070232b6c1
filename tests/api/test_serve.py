"""`octet serve` as a process: it starts, refuses what is not safe, and ends when told to."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest


def started(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    """The service as a process of its own."""
    environment = os.environ | {"OCTET_DATA_DIR": str(folder), "OCTET_STRATEGY": "rules_only"}
    return subprocess.Popen([sys.executable, "-m", "app.cli", "serve", *options], env=environment, stderr=subprocess.DEVNULL)


def answering(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    """Wait until it answers."""
    while True:
        try:
            client.get("/openapi.json")
            return
        except httpx.TransportError:
            assert process.poll() is None
            time.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def test_it_ends_on_sigterm_even_with_half_a_body_under_way(tmp_path: Path) -> None:
    """A client that stops sending holds nothing up."""
    port = free_port()
    process = started(tmp_path, "--port", str(port))
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        answering(client, process)
        assert client.post("/v1/generate/blues", json={"seed": 1}).status_code == 200
    with socket.create_connection(("127.0.0.1", port)) as slow:
        head = (
            b"POST /v1/generate/jazz HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
        )
        slow.sendall(head)
        process.send_signal(signal.SIGTERM)

        assert process.wait(30) in (0, -signal.SIGTERM, 128 + signal.SIGTERM)


def test_a_unix_socket_is_for_its_user_and_group(tmp_path: Path) -> None:
    """It answers there, and others of the machine may not write to it."""
    path = tmp_path / "s"
    process = started(tmp_path, "--uds", str(path))
    with socket.socket(socket.AF_UNIX) as probe:
        while probe.connect_ex(str(path)) != 0:
            assert process.poll() is None
            time.sleep(0.05)
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(path)), base_url="http://localhost") as client:
        answering(client, process)
        mode = stat.S_IMODE(path.stat().st_mode)
    process.send_signal(signal.SIGTERM)
    process.wait(30)

    assert not mode & 0o007


@pytest.mark.parametrize("options", [("--host", "0.0.0.0"), ("--host", "::"), ("--port", "65536"), ("--port", "x"), ("jazz",)])
def test_what_is_not_safe_is_refused_in_one_line(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Beyond loopback nobody is let in without keys."""
    command = [sys.executable, "-m", "app.cli", "serve", *options]
    environment = os.environ | {"OCTET_DATA_DIR": str(tmp_path)}
    refused = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
