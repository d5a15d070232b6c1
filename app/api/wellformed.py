"""Refuses bodies that are no well-formed JSON before any route reads them, with the reason."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import BODY, problem

DEEPEST: Final = 40  # brackets within brackets
NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
HALF: Final = re.compile(rb"\\u[dD][89a-fA-F]")  # may be half a character
WITH_BODY: Final = ("POST", "PUT", "PATCH")


class WellFormed:
    """Lets bodies of other types through, for their routes to judge."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its whole body, or refuse it with status 400."""
        if scope["type"] != "http" or scope["method"] not in WITH_BODY or not is_json(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        try:
            body = await _whole(receive)
        except HTTPException as error:
            await problem(error.status_code, error.detail, headers=dict(error.headers or {}))(scope, receive, send)
            return
        wrong = what_is_wrong(body) if body else ""
        if wrong:
            await problem(400, f"the body is no JSON that can be read: {wrong}")(scope, receive, send)
            return
        scope[BODY] = body
        await self._app(scope, _replayed(body, receive), send)


def is_json(headers: Headers) -> bool:
    """Whether the body is said to be JSON."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def what_is_wrong(body: bytes) -> str:
    """Why bytes are no JSON that any reader takes the same way; "" for those that are."""
    try:
        text = body.decode()
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number, parse_int=_whole_number)
    except UnicodeDecodeError as error:
        return f"byte {error.start} is no UTF-8"
    except json.JSONDecodeError as error:
        return f"line {error.lineno}, column {error.colno}"
    except RecursionError:
        return f"more than {DEEPEST} brackets within brackets"
    except ValueError as error:
        return str(error)
    if NUL.search(body):
        return "a text has a NUL in it"
    if HALF.search(body) and _has_halves(value):
        return "a text has half a character in it (a lone surrogate)"
    return f"more than {DEEPEST} brackets within brackets" if too_deep(value) else ""


def too_deep(value: Any, left: int = DEEPEST) -> bool:
    """Whether lists and objects hold each other too often."""
    if not isinstance(value, (list, dict)):
        return False
    rows = value if isinstance(value, list) else value.values()
    return left == 0 or any(too_deep(row, left - 1) for row in rows)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("an object has the same name twice")
    return made


def _no_number(_: str) -> float:
    raise ValueError("NaN and Infinity are no JSON")


def _whole_number(digits: str) -> int:
    if len(digits) > 40:
        raise ValueError("a whole number has more than 40 digits")
    return int(digits)


def _has_halves(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


async def _whole(receive: Receive) -> bytes:
    """The body. Raises HTTPException for one too large or too late, as the gate does."""
    chunks, more = [], True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
    return b"".join(chunks)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body in one message, then whatever comes."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
