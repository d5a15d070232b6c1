"""A kept result over HTTP beside a bare endpoint with the same bytes, TCP beside a Unix socket, start-up, and memory over time.

python -m benchmarks http.web [--full] [--seconds 2] [--rounds 3]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import psutil

CONNECTIONS = 16
BARE = """
import sys
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
body = open(sys.argv[1], "rb").read()
async def kept(request):
    return Response(body, media_type="application/json")
app = Starlette(routes=[Route("/v1/generations/{id}", kept)])
uvicorn.run(app, uds=sys.argv[2], access_log=False, log_level="error") if "/" in sys.argv[2] else uvicorn.run(
    app, port=int(sys.argv[2]), access_log=False, log_level="error")
"""


class Server(NamedTuple):
    """A server that runs: where, as which process, and how long it took to its first answer."""

    at: str  # a port or the path of a Unix socket
    process: psutil.Process
    start_s: float

    def memory_kb(self) -> int:
        """Of it and its workers, without what they share."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(one.memory_full_info().uss for one in family if one.is_running()) // 1024


async def opened(at: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection."""
    return await (asyncio.open_unix_connection(at) if "/" in at else asyncio.open_connection("127.0.0.1", int(at)))


async def exchange(connection: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes) -> bytes:
    """The body of the answer to a request. Raises AssertionError for an answer that is not good."""
    reader, writer = connection
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert head.startswith(b"http/1.1 200"), head
    return await reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r\n")[0]))


def message(method: str, path: str, body: bytes = b"") -> bytes:
    """A request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([*lines, "", ""]).encode() + body


async def asked(at: str, request: bytes) -> bytes:
    """One answer over a connection of its own."""
    connection = await opened(at)
    try:
        return await exchange(connection, request)
    finally:
        connection[1].close()


async def rate(at: str, request: bytes, seconds: float, most: int = 10**9) -> float:
    """Answers a second over connections that are kept."""
    done, began = 0, time.perf_counter()
    until = began + seconds

    async def client() -> None:
        nonlocal done
        connection = await opened(at)
        while time.perf_counter() < until and done < most:
            done += 1
            await exchange(connection, request)
        connection[1].close()

    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
    return done / (time.perf_counter() - began)


@contextmanager
def running(command: list[str], at: str, path: str, variables: Mapping[str, str] = MappingProxyType({})) -> Iterator[Server]:
    """A server from its start until its first answer, then until the block ends."""
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, *command], env=os.environ | dict(variables), stderr=subprocess.DEVNULL) as process:
        try:
            while True:
                try:
                    asyncio.run(asked(at, message("GET", path)))
                    break
                except OSError:
                    assert process.poll() is None, command
                    time.sleep(0.02)
            yield Server(at, psutil.Process(process.pid), time.perf_counter() - began)
        finally:
            process.send_signal(signal.SIGTERM)


def service(folder: str, at: str) -> tuple[list[str], str, str, dict[str, str]]:
    """What runs the service."""
    where = ["--uds", at] if "/" in at else ["--port", at]
    variables = {"OCTET_DATA_DIR": f"{folder}/{os.path.basename(at)}-data", "OCTET_STRATEGY": "rules_only", "OCTET_LOG": "off"}
    return ["-m", "app.cli", "serve", *where], at, "/healthz", variables


def main(options: Sequence[str] = ()) -> None:
    """Print the figures, each beside what it is to be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true", help="50,000 requests for the memory, in place of 2,000")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each round")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args(options)
    with tempfile.TemporaryDirectory() as folder:
        _beside_bare(folder, given.seconds, given.rounds)
        _sockets(folder, given.seconds, given.rounds)
        _memory(folder, 50_000 if given.full else 2_000)


def _kept(at: str) -> tuple[bytes, bytes]:
    """A request for a kept piece of some 30 kB, and its answer."""
    made = asyncio.run(asked(at, message("POST", "/v1/generate/jazz", b'{"num_bars": 56, "seed": 1}')))
    request = message("GET", f"/v1/generations/{json.loads(made)['id']}")
    return request, asyncio.run(asked(at, request))


def _rates(asks: Sequence[tuple[str, bytes]], seconds: float, rounds: int) -> list[list[float]]:
    """Round after round in turn, so that what else the machine does falls on all."""
    found: list[list[float]] = [[] for _ in asks]
    for _ in range(rounds):
        for row, (at, request) in zip(found, asks, strict=True):
            row.append(asyncio.run(rate(at, request, seconds)))
    return found


def _beside_bare(folder: str, seconds: float, rounds: int) -> None:
    with running(*service(folder, "18765")) as ours:
        request, body = _kept(ours.at)
        Path(folder, "body").write_bytes(body)
        with running(["-c", BARE, f"{folder}/body", "18766"], "18766", "/v1/generations/x") as bare:
            mine, other = _rates([(ours.at, request), (bare.at, request)], seconds, rounds)
    ratio = statistics.median(one / two for one, two in zip(mine, other, strict=True))
    both = f"{statistics.median(mine):.0f}/s, bare Starlette {statistics.median(other):.0f}/s"
    print(f"a kept result of {len(body) / 1000:.0f} kB: {both}")
    print(f"ratio {ratio:.2f} (to be 0.45 or more)")
    starts = [ours.start_s]
    for number in range(2):
        with running(*service(folder, str(18770 + number))) as again:
            starts.append(again.start_s)
    print(f"start to first answer: {statistics.median(starts):.1f} s (to be 4 or less)")


def _sockets(folder: str, seconds: float, rounds: int) -> None:
    """The same service, at a port and at a Unix socket."""
    with running(*service(folder, "18767")) as tcp, running(*service(folder, f"{folder}/s")) as uds:
        rows = _rates([(server.at, _kept(server.at)[0]) for server in (tcp, uds)], seconds, rounds)
        small = _rates([(server.at, message("GET", "/healthz")) for server in (tcp, uds)], seconds, rounds)
    for what, (one, two) in (("kept result", rows), ("/healthz", small)):
        first, second = statistics.median(one), statistics.median(two)
        print(f"{what}: TCP {first:.0f}/s, Unix socket {second:.0f}/s, ratio {second / first:.2f}")


def _memory(folder: str, count: int) -> None:
    """What the process grows by after a first thousand requests: kept results read, and a piece made every hundredth time."""
    with running(*service(folder, "18768")) as server:
        request, _ = _kept(server.at)

        async def some(number: int) -> None:
            await rate(server.at, request, 1e9, number)
            for seed in range(number // 100):
                body = json.dumps({"num_bars": 8, "seed": seed}).encode()
                await asked(server.at, message("POST", "/v1/generate/blues", body))

        asyncio.run(some(1000))
        before = server.memory_kb()
        asyncio.run(some(count))
        after = server.memory_kb()
    print(f"memory over {count} requests: {before / 1000:.0f} MB, then {after / 1000:.0f} MB ({(after - before) / 1000:+.1f} MB)")


if __name__ == "__main__":
    main(sys.argv[1:])
