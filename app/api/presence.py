"""Whether whoever asked is still there: what is done for those who went away is given up."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive

T = TypeVar("T")
CLOSED: Final = 499  # as nginx counts those who do not wait for their answer


class ClientGone(Exception):
    """Nobody will read the answer."""


async def here(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which is cancelled when the caller goes away. Raises ClientGone then."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(left(request.receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientGone
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def left(receive: Receive) -> None:
    """Return when the caller has gone; the body must have been read."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def nobody_reads(request: Request, error: Exception) -> Response:  # noqa: ARG001 - the signature of handlers
    """For the log and the counts alone."""
    return Response(status_code=CLOSED)
