"""What the service grows by over 50,000 requests: kept results read, a piece every hundredth time, and some that are refused.

Option: `--requests N`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from typing import Final

from benchmarks.http._client import closed, get, post
from benchmarks.http._figures import Figure
from benchmarks.http._servers import Server, service
from benchmarks.http.web import CONNECTIONS, kept

WARMING: Final = 10_000  # requests before the first look: pools, buffers and caches are full then
WRONG: Final = post("/v1/generate/blues", {"nothing": "of the kind"})


def main(options: Sequence[str] = ()) -> list[Figure]:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="http.memory")
    parser.add_argument("--requests", type=int, default=50_000)
    count = parser.parse_args(options).requests
    with service() as server:
        read, looks = kept(server), []
        for number in (WARMING, count // 2, count - count // 2):
            asyncio.run(_asked(server, read, number))
            looks.append(server.memory_mb())
    before, half, after = looks
    print(
        f"memory of the service and its workers: {before:.1f} MB, {half:.1f} MB after half of {count:,} requests, {after:.1f} MB"
    )
    return [
        Figure(f"growth over {count:,} requests", after - before, 5.0, True, "MB"),
        Figure("  in their second half, for 10,000", (after - half) / (count / 2) * 10_000, 0.5, True, "MB"),
    ]


async def _asked(server: Server, read: bytes, count: int) -> None:
    def request(number: int) -> bytes:
        if number % 100 == 0:
            return post("/v1/generate/blues", {"num_bars": 8, "seed": number})
        return WRONG if number % 100 == 50 else get(f"/nothing/{number}") if number % 100 == 75 else read

    rows, _ = await closed(server.at, CONNECTIONS, 1e9, request, count)
    assert len(rows) == count


if __name__ == "__main__":
    print(*main(sys.argv[1:]), sep="\n")
