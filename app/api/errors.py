"""Every error as a problem (RFC 9457): what is wrong, in which field, what to do; never what the caller sent."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from app.errors import GenreFileError, MidiError, OctetError, RequestError, ToolMissing, UnknownGenre

PROBLEM: Final = "application/problem+json"
MOST: Final = 20  # errors told of one request
STATUS: Final = (  # the first that fits
    (UnknownGenre, 404),
    (RequestError, 422),
    (MidiError, 422),
    (ToolMissing, 501),
    (GenreFileError, 500),
    (OctetError, 500),
)
QUOTED: Final = re.compile(r' ?"[^\n]*":')  # what was met, as our messages quote it before they say what to do
NAME: Final = re.compile(r"[A-Za-z0-9_.@-]{1,40}")
Errors = list[dict[str, str]]


def problem(status: int, detail: str, errors: Errors | None = None, headers: dict[str, str] | None = None) -> Response:
    """A problem document."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail[:600],
        "errors": errors or [],
    }
    return Response(json.dumps(body), status, headers, PROBLEM)


def handle_errors(app: FastAPI) -> None:
    """Have the application answer every error with a problem."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(OctetError, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(TimeoutError, _late)


async def _invalid(request: Request, error: Exception) -> Response:  # noqa: ARG001 - the signature of handlers
    found: Any = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [{"field": _field(one["loc"]), "message": _said(one)} for one in found[:MOST]]
    broken = any(one["type"] == "json_invalid" for one in found)
    if broken:
        return problem(400, "the body is no JSON", errors)
    return problem(422, "the request cannot be obeyed: see errors", errors)


def _said(error: Any) -> str:  # Any: a row of pydantic's errors
    if error["type"] == "extra_forbidden":
        return "unknown field"
    if error["type"] == "json_invalid":
        return "no JSON"
    return str(error["msg"])[:160] if error["type"] != "value_error" else QUOTED.sub(":", str(error["msg"]))[:160]


def _field(place: tuple[str | int, ...]) -> str:
    """Where in the body; names that no field of ours could have are left out."""
    names = [str(name) for name in place if name not in ("body", "query", "path")]
    return ".".join(name for name in names[:4] if NAME.fullmatch(name))


async def _ours(request: Request, error: Exception) -> Response:  # noqa: ARG001
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    message = QUOTED.sub(":", " ".join(str(error).split()))[:300]
    return problem(status, message, [{"field": getattr(error, "field", ""), "message": message}])


async def _http(request: Request, error: Exception) -> Response:  # noqa: ARG001
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    detail = str(error.detail) if isinstance(error, HTTPException) else ""
    return problem(status, detail, headers=headers)


async def _late(request: Request, error: Exception) -> Response:  # noqa: ARG001
    return problem(504, "the answer took longer than a request may: ask for fewer bars, or set deadline_ms")
