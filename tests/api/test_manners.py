"""What the application does for every route: compression, other origins, broken packages, a deadline, a log without words."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from io import StringIO
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message

from app.api.logs import set_up
from app.api.serving import Serving
from app.errors import RequestError
from app.main import create_app
from app.services.installed import EntryPoint
from app.services.registry import Registry, discover
from app.services.runtime import Runtime
from app.settings import settings
from app.settings.service import service_settings

PAGE = "https://app.example"


def made(folder: Path, serving: Serving | None = None, **variables: str) -> FastAPI:
    """The application by rule, with variables."""
    return create_app(settings({"OCTET_DATA_DIR": str(folder), **variables}), Runtime("rules_only"), serving)


def asked(app: FastAPI, method: str, path: str, **options: object) -> httpx.Response:
    """The answer of an application without a server around it."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, **options)  # type: ignore[arg-type]  # options of httpx

    return asyncio.run(ask())


def test_other_origins_read_nothing_unless_they_are_named(tmp_path: Path) -> None:
    """Neither asking first nor at once; a named page may, and no other with it."""
    preflight = {"Origin": PAGE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    closed, opened = made(tmp_path), made(tmp_path, OCTET_CORS_ORIGINS=f"{PAGE}/, http://localhost:3000")

    assert "access-control-allow-origin" not in asked(closed, "OPTIONS", "/v1/generate/jazz", headers=preflight).headers
    assert asked(opened, "OPTIONS", "/v1/generate/jazz", headers=preflight).headers["access-control-allow-origin"] == PAGE
    assert asked(opened, "GET", "/healthz", headers={"Origin": PAGE}).headers["access-control-allow-origin"] == PAGE
    assert (
        "access-control-allow-origin" not in asked(opened, "GET", "/healthz", headers={"Origin": "https://evil.example"}).headers
    )


@pytest.mark.parametrize("text", ["*", "app.example", "ftp://app.example", "https://app.example/page", "https://*.example"])
def test_an_origin_that_is_none_is_refused(text: str) -> None:
    """With how they are written."""
    with pytest.raises(RequestError, match=r"https://app\.example, between commas"):
        settings({"OCTET_CORS_ORIGINS": text})


EVIL: tuple[dict[str, str], ...] = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:1"},
    {"Origin": "file://"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
)
OWN: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
)


def test_pages_of_other_origins_change_nothing(tmp_path: Path) -> None:
    """Not even by a request that a browser sends without asking first; a page that the settings name may."""
    app, opened = made(tmp_path), made(tmp_path, OCTET_CORS_ORIGINS=PAGE)
    for path in ("/v1/generate/jazz", "/v1/lint", "/v1/stats/reset", "/nothing"):
        for headers in EVIL:
            refused = asked(app, "POST", path, json={}, headers=headers)
            assert refused.status_code == 403, (path, headers)
            assert "access-control-allow-origin" not in refused.headers
    for headers in OWN:
        assert asked(app, "POST", "/v1/stats/reset", headers=headers).status_code == 200
    assert asked(opened, "POST", "/v1/stats/reset", headers={"Origin": PAGE, "Sec-Fetch-Site": "cross-site"}).status_code == 200


HOSTS = (
    "evil.example",
    "evil.example:8765",
    "localhost.evil.example",
    "user@localhost",
    "localhost:x",
    "[::1",
    "",
    "localhost/..",
)


def test_other_names_reach_no_route(tmp_path: Path) -> None:
    """Whatever the path: 421. Names that the settings give are answered; with * any that is well formed."""
    app, named, any_name = made(tmp_path), made(tmp_path, OCTET_HOSTS="octet.example"), made(tmp_path, OCTET_HOSTS="*")
    for path in ("/healthz", "/openapi.json", "/v1/genres", "/nothing"):
        for host in HOSTS:
            assert asked(app, "GET", path, headers={"Host": host}).status_code == 421, (path, host)
    assert asked(named, "GET", "/healthz", headers={"Host": "Octet.example:80"}).status_code == 200
    assert asked(any_name, "GET", "/healthz", headers={"Host": "evil.example"}).status_code == 200
    assert asked(any_name, "GET", "/healthz", headers={"Host": "user@localhost"}).status_code == 421


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity", ""),
        ("", ""),
        ("brrr, xgzip", ""),
    ],
)
def test_long_answers_are_compressed_for_those_who_accept_it(tmp_path: Path, accepted: str, coding: str) -> None:
    """JSON and MIDI, and they are the same when unpacked."""
    app, plain = made(tmp_path), {"Accept-Encoding": "identity"}
    for kind, path in (("application/json", "/openapi.json"), ("audio/midi", "/v1/generate/jazz")):
        method, body = ("POST", {"json": {"seed": 1}}) if path.startswith("/v1") else ("GET", {})
        packed = asked(app, method, path, headers={"Accept": kind, "Accept-Encoding": accepted}, **body)
        whole = asked(app, method, path, headers={"Accept": kind} | plain, **body)

        assert packed.headers.get("content-encoding", "") == coding
        assert packed.content == whole.content
        assert not coding or "Accept-Encoding" in packed.headers["vary"]
    assert "content-encoding" not in asked(app, "GET", "/healthz", headers={"Accept-Encoding": accepted}).headers


def test_answers_are_no_pages_and_nobody_may_frame_them(tmp_path: Path) -> None:
    """Good ones and bad ones."""
    app = made(tmp_path)
    for path in ("/healthz", "/openapi.json", "/nothing"):
        headers = asked(app, "GET", path).headers

        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"


def test_a_broken_genre_breaks_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is listed with why, asking for it says why, and the rest plays."""
    point = EntryPoint("octet.genres", "waltz", "no_such_module_at_all:Waltz", "broken-genre")
    found = discover()
    monkeypatch.setattr("app.main.discover", lambda _: Registry({**found.points, "waltz": point}, found.broken))
    app = made(tmp_path)
    refused = asked(app, "POST", "/v1/generate/waltz", json={})

    assert "no_such_module_at_all" in asked(app, "GET", "/v1/genres").json()["broken"]["waltz (broken-genre)"]
    assert refused.status_code == 404
    assert "no_such_module_at_all" in refused.json()["detail"]
    assert asked(app, "POST", "/v1/generate/jazz", json={"num_bars": 4}).status_code == 200


def test_an_answer_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A problem with status 504, at the deadline."""
    app = made(tmp_path, Serving(deadline_s=0.05))
    monkeypatch.setattr(app.state.octet.services["jazz"], "make", lambda _: time.sleep(0.5))
    late = asked(app, "POST", "/v1/generate/jazz", json={})

    assert late.status_code == 504
    assert late.headers["content-type"] == "application/problem+json"


def test_what_is_cut_off_at_the_end_of_the_service_is_told_to_come_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server ends what is under way when its time to drain is over: 503 and when to ask again, no error of ours."""
    begun = asyncio.Event()

    async def forever(*_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    app = made(tmp_path)
    monkeypatch.setattr(app.state.octet, "work", forever)
    sent: list[Message] = []

    async def cut_off() -> None:
        async with app.router.lifespan_context(app):
            body = [{"type": "http.request", "body": b"{}"}]
            scope = {
                "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/v1/generate/jazz",
                "raw_path": b"/v1/generate/jazz", "query_string": b"", "scheme": "http", "root_path": "",
                "headers": [(b"host", b"localhost"), (b"content-type", b"application/json"), (b"content-length", b"2")],
                "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
            }  # fmt: skip

            async def receive() -> Message:
                return body.pop() if body else await asyncio.Event().wait()  # type: ignore[return-value]  # it waits

            async def send(message: Message) -> None:
                sent.append(message)

            under_way = asyncio.create_task(app(scope, receive, send))
            await begun.wait()
            under_way.cancel()
            await under_way

    asyncio.run(cut_off())
    headers = dict(sent[0]["headers"])

    assert (sent[0]["status"], headers[b"retry-after"], headers[b"content-type"]) == (503, b"5", b"application/problem+json")


def test_an_error_of_ours_tells_nothing_but_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer has the number under which the log has the error."""
    app = made(tmp_path)
    monkeypatch.setattr(app.state.octet.services["jazz"], "make", lambda _: 1 / 0)
    failed = asked(app, "POST", "/v1/generate/jazz", json={})

    assert failed.status_code == 500
    assert "division" not in failed.text
    assert failed.headers["x-request-id"] in caplog.text


WORDS = "secretwords"
SAID: tuple[dict[str, object], ...] = (
    {"description": WORDS, "num_bars": 4},
    {"key": WORDS},
    {"chords": f"{WORDS} | C"},
    {WORDS: 1},
    {"application": WORDS},
    {"with_parts": [WORDS]},
)


def logged(folder: Path, how: str, **variables: str) -> list[str]:
    """The log's lines after requests with secret words in all places."""
    stream = StringIO()
    set_up(how, stream)
    try:
        app = made(folder / how, **variables)
        for body in SAID:
            asked(app, "POST", f"/v1/generate/jazz?q={WORDS}", json=body, headers={"User-Agent": WORDS, "X-Secret": WORDS})
        asked(app, "GET", f"/{WORDS}", headers={"Authorization": f"Bearer {WORDS}"})
    finally:
        set_up("off")
        logging.getLogger("octet").propagate = True
    return stream.getvalue().splitlines()


def test_the_log_has_a_line_a_request_and_no_word_of_it(tmp_path: Path) -> None:
    """As JSON or as text: which route, how it ended, how long it took, who asked, how it was made."""
    lines = [json.loads(line) for line in logged(tmp_path, "json")]

    assert len(lines) == len(SAID) + 1
    first = lines[0]
    assert first.keys() == {"time", "level", "logger", "id", "method", "route", "status", "ms", "key", "made"}
    assert (first["route"], first["status"], first["made"]) == ("/v1/generate/jazz", 200, "rule-based")
    assert WORDS not in json.dumps(lines)
    text = logged(tmp_path, "text")
    assert len(text) == len(SAID) + 1
    assert WORDS not in "".join(text)
    assert logged(tmp_path, "off") == []


def test_the_log_has_what_was_asked_where_the_settings_say_so(tmp_path: Path) -> None:
    """The description alone."""
    first, second, *_ = (json.loads(line) for line in logged(tmp_path, "json", OCTET_LOG_PROMPTS="true"))

    assert first["description"] == WORDS
    assert second["description"] == ""


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("OCTET_LOG", "jsn", "did you mean json"),
        ("OCTET_REQUIRE_KEYS", "maybe", "true or false"),
        ("OCTET_PER_MINUTE", "many", "a number from 1 on"),
        ("OCTET_BURST", "0", "a number from 1 on"),
        ("OCTET_KEY_DAY_USD", "-1", "a number from 0 on"),
        ("OCTET_CONNECTIONS", "nan", "a number from 1 on"),
    ],
)
def test_a_setting_that_is_none_is_refused(name: str, value: str, hint: str) -> None:
    """With what may be."""
    with pytest.raises(RequestError, match=f"{name} .*{hint}"):
        service_settings(settings({name: value}))
