"""The bodies of requests that are not a genre's, and the check that all bodies pass."""

from __future__ import annotations

import re
from typing import Final

from fastapi import Request

from app.errors import RequestError

NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


async def plain_text(request: Request) -> None:
    """Refuse texts with a NUL in them: no key, chord or word has one. Raises RequestError."""
    if NUL.search(await request.body()):
        raise RequestError("a text has a NUL in it: leave it out")
