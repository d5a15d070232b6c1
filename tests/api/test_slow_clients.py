"""Clients that dawdle lose their connection, whatever they dawdle with; others are served meanwhile."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.api.serving import Serving
from app.main import create_app
from app.services.runtime import Runtime
from app.settings import settings
from tests.api.serving import listening

HASTY = Serving(head_s=0.3, body_s=0.3, idle_s=0.3, write_s=0.3, connections=20)
HEAD = b"POST /v1/generate/jazz HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n"
DAWDLING = {  # what is sent, byte by byte after the first piece, until the connection ends
    "nothing": (b"", b""),
    "half a request line": (b"GE", b""),
    "a head without an end": (b"GET /healthz HTTP/1.1\r\n", b"X"),
    "empty lines": (b"", b"\r\n"),
    "a body without an end": (HEAD + b"{", b" "),
    "the body of a refused request": (HEAD.replace(b"localhost", b"elsewhere") + b"{", b" "),
    "nothing after an answer": (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", b""),
    "empty lines after an answer": (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\r\n"),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A service with little patience."""
    folder = str(tmp_path_factory.mktemp("data"))
    with listening(create_app(settings({"OCTET_DATA_DIR": folder}), Runtime("rules_only"), HASTY)) as url:
        yield "127.0.0.1", int(url.rpartition(":")[2])


def ended(connection: socket.socket, drip: bytes) -> bool:
    """Whether the server ends a connection within seconds, while bytes drip into it."""
    connection.settimeout(0.1)
    for _ in range(100):
        try:
            if connection.recv(65536) == b"":
                return True
        except TimeoutError:
            pass
        except OSError:
            return True
        try:
            connection.sendall(drip)
        except OSError:
            return True
    return False


@pytest.mark.parametrize("name", DAWDLING)
def test_dawdling_connections_are_ended(address: tuple[str, int], name: str) -> None:
    """And somebody else is answered before that."""
    first, drip = DAWDLING[name]
    with socket.create_connection(address) as slow:
        slow.sendall(first)
        assert httpx.get(f"http://127.0.0.1:{address[1]}/healthz", trust_env=False).status_code == 200
        assert ended(slow, drip)


def test_who_does_not_read_is_let_go(address: tuple[str, int]) -> None:
    """Asked for much and read nothing of it: the connection is reset."""
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(address)
        deaf.settimeout(0.2)
        for _ in range(100):
            try:
                deaf.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20_000)
            except TimeoutError:
                continue
            except OSError:
                return
    pytest.fail("the connection was never ended")


def test_too_many_connections_are_told_so(address: tuple[str, int]) -> None:
    """A problem with status 503 and Retry-After; when they are gone, all is well again."""
    crowd = [socket.create_connection(address) for _ in range(20)]
    with httpx.Client(base_url=f"http://127.0.0.1:{address[1]}", trust_env=False) as client:
        refused = client.get("/healthz")
        for one in crowd:
            one.close()
        while client.get("/healthz").status_code == 503:
            pass

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert refused.headers["content-type"] == "application/problem+json"


def test_a_head_that_is_too_long_is_not_read_to_its_end(address: tuple[str, int]) -> None:
    """A line of a megabyte ends the connection."""
    with socket.create_connection(address) as long:
        try:
            for _ in range(100):
                long.sendall(b"GET /" + b"x" * 100_000)
        except OSError:
            return
        assert ended(long, b"")


def test_connections_fit_into_the_open_files(tmp_path: Path) -> None:
    """Half of what the limit of open files leaves, at most."""
    import resource

    from app.api.guard import connections_within

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 300), hard))
    try:
        assert connections_within(100) == 100
        assert connections_within(200) == 200  # the limit is raised where it may be
        assert connections_within(10**9) <= (hard - 64) // 2
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
