"""Every error as a problem (RFC 9457): what is wrong, in which field, what to do; never what the caller sent."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from app.errors import (
    GenreFileError,
    MidiError,
    OctetError,
    Overloaded,
    RequestError,
    StoreError,
    StoreFull,
    ToolMissing,
    UnknownGeneration,
    UnknownGenre,
)

PROBLEM: Final = "application/problem+json"
MOST: Final = 20  # errors told of one request
STATUS: Final = (  # the first that fits
    (UnknownGenre, 404),
    (UnknownGeneration, 404),
    (RequestError, 422),
    (MidiError, 422),
    (ToolMissing, 501),
    (StoreFull, 507),
    (StoreError, 503),
    (Overloaded, 503),
    (GenreFileError, 500),
    (OctetError, 500),
)
MOST_BYTES: Final = 4000  # of a problem
NAME: Final = re.compile(r"[A-Za-z0-9_.@-]{1,40}")
ADVICE: Final = re.compile(r"; | like |choose one|did you mean")  # where a message goes on with what may be
SHORT: Final = 3  # characters that may be repeated: a chord, a bar
HEADER_OF: Final = MappingProxyType(  # status → the header that is at fault, where it is always the same
    {401: "Authorization", 406: "Accept", 415: "Content-Type", 416: "Range", 421: "Host", 429: "Authorization"}
)
BODY: Final = "octet.body"  # where in the scope the bytes of a JSON body stand
Errors = list[dict[str, str]]
Json = dict[str, Any]


def problem_body(status: int, detail: str, errors: Errors | None = None) -> Json:
    """A problem document as JSON values, of at most 4 KB. Without `errors` its detail is the one, of the header at fault."""
    kept = (errors or [{"field": HEADER_OF.get(status, ""), "message": detail[:600]}])[:MOST]
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail[:600],
        "errors": kept,
    }
    while kept and len(json.dumps(body)) > MOST_BYTES:
        kept.pop()
    return body


def problem(status: int, detail: str, errors: Errors | None = None, headers: dict[str, str] | None = None) -> Response:
    """A problem document as an answer."""
    return Response(json.dumps(problem_body(status, detail, errors)), status, headers, PROBLEM)


def problem_of(error: OctetError, said: str = "") -> Json:
    """One of our errors as a problem; of what the caller `said` nothing is repeated."""
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    message = unsaid(str(error), said)[:300]
    return problem_body(status, message, [{"field": getattr(error, "field", ""), "message": message}])


def said_in(request: HTTPConnection) -> str:
    """All texts that a caller sent, to leave them out of what is answered."""
    body = request.scope.get(BODY, b"")
    given = json.loads(body) if body else ""
    return "\n".join([*_texts(given), *map(str, request.path_params.values()), *request.query_params.values()])


def unsaid(message: str, said: str) -> str:
    """A message without the quotations of what was met; what it advises stays."""
    message, said, place = _plain(message), _plain(said), 0
    while (start := message.find('"', place)) >= 0:
        advice = ADVICE.search(message, place)
        if advice and advice.start() < start:
            break
        end = _end_of_quotation(message, start, said)
        if end > 0:
            place = len(message[:start].removesuffix(" "))
            message = message[:place] + message[end + 1 :]
        else:
            place = message.find('"', start + 1) + 1 or len(message)
    return message


def _end_of_quotation(text: str, start: int, said: str) -> int:
    """The place of the quotation mark after the longest text that was said; -1 where it quotes something else."""
    for end in sorted((place for place, char in enumerate(text) if char == '"' and place > start), reverse=True):
        quoted = text[start + 1 : end]
        cut = quoted.rstrip(".…").strip()  # what is long is quoted in part
        if len(quoted) > SHORT and (quoted in said or (len(cut) > SHORT and cut in said)):
            return end
    return -1


def _plain(text: str) -> str:
    """On one line, without what does not print."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _texts(value: Any) -> list[str]:  # Any: JSON
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for name, row in value.items() for text in (name, *_texts(row))]
    return [text for row in value for text in _texts(row)] if isinstance(value, list) else []


def handle_errors(app: FastAPI) -> None:
    """Have the application answer every error with a problem."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(OctetError, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(TimeoutError, _late)


async def _invalid(request: Request, error: Exception) -> Response:
    found: Any = error.errors() if isinstance(error, RequestValidationError) else []
    if any(one["loc"] == ("body",) for one in found) and BODY not in request.scope and await request.body():
        return problem(415, "send JSON, with Content-Type application/json")
    said = said_in(request)
    errors = [{"field": _field(one["loc"]), "message": _message(one, said)} for one in found[:MOST]]
    return problem(422, "the request cannot be obeyed: see errors", errors)


def _message(error: Any, said: str) -> str:  # Any: a row of pydantic's errors
    if error["type"] == "extra_forbidden":
        return "unknown field"
    if error["type"] == "missing" and error["loc"] == ("body",):
        return "there is no body: send a JSON object"
    return unsaid(str(error["msg"]), said if error["type"] == "value_error" else "")[:160]


def _field(place: tuple[str | int, ...]) -> str:
    """Where in the body; names that no field of ours could have are left out."""
    names = [str(name) for name in place if name not in ("body", "query", "path")]
    return ".".join(name for name in names[:4] if NAME.fullmatch(name))


async def _ours(request: Request, error: Exception) -> Response:
    body = problem_of(error, said_in(request)) if isinstance(error, OctetError) else problem_body(500, "")
    later = {"retry-after": str(error.retry_after)} if isinstance(error, Overloaded) else None
    return Response(json.dumps(body), body["status"], later, PROBLEM)


async def _http(request: Request, error: Exception) -> Response:  # noqa: ARG001
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    detail = str(error.detail) if isinstance(error, HTTPException) else ""
    return problem(status, _advised(status, detail, headers), headers=headers)


def _advised(status: int, detail: str, headers: Mapping[str, str]) -> str:
    """What is wrong and what to do, where the router has said the one alone."""
    if detail != HTTPStatus(status).phrase:
        return detail
    taken = {name.lower(): value for name, value in headers.items()}.get("allow", "")
    advice = {404: "there is nothing at this path: /openapi.json says what there is", 405: f"this path takes {taken}"}
    return advice.get(status, detail)


async def _late(request: Request, error: Exception) -> Response:  # noqa: ARG001
    return problem(504, "the answer took longer than a request may: ask for fewer bars, or set deadline_ms")
