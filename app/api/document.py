"""The OpenAPI document: what FastAPI finds out by itself, and what holds for every route - problems, keys, headers, examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from fastapi import FastAPI

from app.api.auth import needed_scope
from app.api.errors import PROBLEM
from app.api.state import State
from schemas.answers import Problem

Json = dict[str, Any]  # Any: JSON
METHODS: Final = ("get", "post", "put", "patch", "delete")
ALWAYS: Final = "always"
KEYED: Final = "where a key is needed"
BODY: Final = "with a body"
PLACE: Final = "with a name in the path"
FORMAT: Final = "with a choice of formats"
MAKING: Final = "with something to make"
PROBLEMS: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {  # status → when a route may answer it, and why
        400: (BODY, "The body is no JSON that can be read."),
        401: (KEYED, "No key is shown, or one that is not valid."),
        403: (KEYED, "The key lacks a scope, or a page of another origin asks for a change."),
        404: (PLACE, "There is nothing of that name."),
        406: (FORMAT, "No such format; those there are are named."),
        408: (BODY, "The body did not arrive in time."),
        413: (BODY, "The body is too large."),
        415: (BODY, "The body is of another type."),
        421: (ALWAYS, "The Host header names another service."),
        422: (BODY, "A field cannot be obeyed; errors says which and why."),
        429: (KEYED, "Too many requests with this key; Retry-After says when to ask again."),
        500: (ALWAYS, "An error of the service's own; it is logged under the answer's X-Request-Id."),
        503: (ALWAYS, "Too much is asked at once, or what is kept cannot be reached; Retry-After says when to ask again."),
        504: (MAKING, "It took longer than a request may."),
        507: (MAKING, "There is no room to keep anything more."),
    }
)
SCHEMES: Final = MappingProxyType(
    {
        "bearer": {"type": "http", "scheme": "bearer", "description": "A key that `octet keys create` made."},
        "key": {
            "type": "apiKey",
            "in": "header",
            "name": "X-API-Key",
            "description": "The same key, for those who cannot say Bearer.",
        },
    }
)
HEADERS: Final = MappingProxyType(
    {
        "X-Request-Id": "The number of this answer in the log.",
        "RateLimit": 'How many requests may follow at once, and in how many seconds all may: "requests";r=19;t=1.',
        "RateLimit-Policy": 'How many a key may make at once, and the seconds that give as many back: "requests";q=20;w=20.',
    }
)
MADE: Final = MappingProxyType(
    {
        "X-Octet-Id": "The piece's id.",
        "X-Octet-Seed": "The seed it was made with.",
        "X-Octet-Method": "How its harmony was found: a model's label, or rule-based.",
    }
)
IS_PROBLEM: Final[Json] = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
CHART: Final = "Dm7 G7 | Cmaj7"
EXAMPLES: Final = MappingProxyType(
    {  # a path, or what it begins with → a body
        "/v1/generate/": {"description": "slow, in A minor", "num_bars": 12, "seed": 7},
        "/v1/progressions": {"genre": "jazz", "count": 2, "num_bars": 8, "seed": 1},
        "/v1/arrange": {"genre": "jazz", "chords": CHART, "seed": 1},
        "/v1/reharmonize": {"genre": "jazz", "chords": CHART},
        "/v1/explain": {"chords": CHART},
        "/v1/complexity": {"description": "sophisticated, with altered dominants", "num_bars": 32},
    }
)


def describe(app: FastAPI, state: State) -> None:
    """Have the application answer /openapi.json with the whole document, made once."""
    plain = app.openapi
    made: list[Json] = []

    def whole() -> Json:
        if not made:
            made.append(_whole(plain(), state))
        return made[0]

    app.openapi = whole  # type: ignore[method-assign]  # as FastAPI's own documentation has it


def _whole(document: Json, state: State) -> Json:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for theirs in ("HTTPValidationError", "ValidationError"):
        schemas.pop(theirs, None)
    rows = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= {**rows.pop("$defs"), "Problem": rows}
    components["securitySchemes"] = dict(SCHEMES)
    components["responses"] = {f"Problem{status}": _problem(status) for status in PROBLEMS}
    for path, method, operation in _operations(document):
        _complete(operation, path, method, state.serving.require_keys)
    return document


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def _complete(operation: Json, path: str, method: str, keyed: bool) -> None:
    """Add what the operation does not say of itself."""
    scope = needed_scope(operation.get("tags", ()), method.upper())
    said: Json = operation["responses"]
    said.pop("422", None)
    for name, answer in list(said.items()):
        if name.startswith("2"):
            answer["headers"] = _headers(answer, {**answer.get("headers", {})})
        elif "content" not in answer:
            answer["content"] = IS_PROBLEM
    for status, reason in PROBLEMS.items():
        if str(status) not in said and _may_answer(reason[0], operation, path, scope, method):
            said[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    if scope:
        operation["security"] = [{"bearer": []}, {"key": []}] + ([] if keyed else [{}])
    body = next((row for begin, row in EXAMPLES.items() if path.startswith(begin)), None)
    if body and method == "post" and "application/json" in operation.get("requestBody", {}).get("content", {}):
        operation["requestBody"]["content"]["application/json"].setdefault("example", body)


def _may_answer(when: str, operation: Json, path: str, scope: str, method: str) -> bool:
    with_body = "requestBody" in operation
    formats = len(operation["responses"].get("200", {}).get("content", {})) > 1
    named = "{" in path or any(row.get("in") == "path" for row in operation.get("parameters", ()))
    return {
        ALWAYS: True,
        KEYED: bool(scope),
        BODY: with_body or method == "post" or bool(operation.get("parameters")),
        PLACE: named or with_body,
        FORMAT: formats,
        MAKING: with_body or method == "post",
    }[when]


def _headers(answer: Json, said: Json) -> Json:
    rows = {**HEADERS, **(MADE if "audio/midi" in answer.get("content", {}) else {})}
    return {name: {"description": text, "schema": {"type": "string"}} for name, text in rows.items()} | said


def _problem(status: int) -> Json:
    headers = {"X-Request-Id": {"description": HEADERS["X-Request-Id"], "schema": {"type": "string"}}}
    if status in (429, 503):
        headers["Retry-After"] = {"description": "Seconds to wait.", "schema": {"type": "string"}}
    if status == 401:
        headers["WWW-Authenticate"] = {"description": "How to show a key.", "schema": {"type": "string"}}
    return {"description": PROBLEMS[status][1], "headers": headers, "content": IS_PROBLEM}
