"""A kept result over HTTP beside a bare endpoint with the same bytes, TCP beside a Unix socket, and the start.

Options: `--seconds N` a turn, `--rounds N`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
from collections.abc import Sequence
from typing import Final

from benchmarks.http._client import asked, closed, get, post
from benchmarks.http._figures import Figure, paired
from benchmarks.http._servers import Server, bare, service

CONNECTIONS: Final = 16


def main(options: Sequence[str] = ()) -> list[Figure]:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="http.web")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args(options)
    with service() as tcp, service(at_socket=True) as uds:
        figures = _beside_bare(tcp, given.seconds, given.rounds)
        figures += _sockets(tcp, uds, given.seconds, given.rounds)
    return figures + _starts([tcp, uds])


def kept(server: Server) -> bytes:
    """A request for a kept piece of some 30 kB."""
    made = asked(server.at, post("/v1/generate/jazz", {"num_bars": 56, "seed": 1}))
    return get(f"/v1/generations/{json.loads(made.body)['id']}")


def _rates(asks: Sequence[tuple[Server, bytes]], seconds: float, rounds: int, clients: int = CONNECTIONS) -> list[list[float]]:
    """Answers a second of each, round after round in turn, so that what else the machine does falls on all."""
    found: list[list[float]] = [[] for _ in asks]
    for _ in range(rounds):
        for row, (server, request) in zip(found, asks, strict=True):
            rows, took = asyncio.run(closed(server.at, clients, seconds, lambda _, request=request: request))  # type: ignore[misc]
            assert all(answer.status == 200 for answer in rows)
            row.append(len(rows) / took)
    return found


def _beside_bare(ours: Server, seconds: float, rounds: int) -> list[Figure]:
    request = kept(ours)
    body = asked(ours.at, request).body
    with bare(body) as other:
        mine, theirs = _rates([(ours, request), (other, request)], seconds, rounds)
    print(f"a kept result of {len(body) / 1000:.0f} kB: {statistics.median(mine):.0f}/s, bare {statistics.median(theirs):.0f}/s")
    return [Figure("a kept 30 kB result, requests/s: service / bare Starlette", paired(mine, theirs), 0.45)]


def _sockets(tcp: Server, uds: Server, seconds: float, rounds: int) -> list[Figure]:
    """The same service, at a port and at a Unix socket."""
    figures = []
    for name, asks in (
        ("a kept 30 kB result", [(server, kept(server)) for server in (tcp, uds)]),
        ("/healthz", [(server, get("/healthz")) for server in (tcp, uds)]),
    ):
        for clients in (1, CONNECTIONS):
            one, two = _rates(asks, seconds / 2, rounds, clients)
            what = f"{name}, {clients} client{'s' * (clients > 1)}"
            print(f"{what}: TCP {statistics.median(one):.0f}/s, Unix socket {statistics.median(two):.0f}/s")
            figures.append(Figure(f"Unix socket / TCP: {what}", paired(two, one)))
    return figures


def _starts(begun: Sequence[Server]) -> list[Figure]:
    """What those before and one more, alone, took."""
    with service() as again:
        servers = [*begun, again]
    figures = [Figure("start to first answer, median of 3", statistics.median(row.start_s for row in servers), 4.0, True, "s")]
    return [*figures, Figure("  CPU of it", statistics.median(row.start_cpu_s for row in servers), unit="s")]


if __name__ == "__main__":
    print(*main(sys.argv[1:]), sep="\n")
