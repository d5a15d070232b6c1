"""What the application does for every route: compression, other origins, broken packages, a deadline, a log without words."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.api.serving import Serving
from app.errors import RequestError
from app.main import create_app
from app.services.installed import EntryPoint
from app.services.registry import Registry, discover
from app.services.runtime import Runtime
from app.settings import settings

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


def test_long_answers_are_compressed_for_those_who_accept_it(tmp_path: Path) -> None:
    """The document is; for others it is plain."""
    app = made(tmp_path)

    assert asked(app, "GET", "/openapi.json", headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in asked(app, "GET", "/openapi.json", headers={"Accept-Encoding": "identity"}).headers


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


def test_the_log_has_no_word_of_a_request(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Route, status and time alone, refused or not."""
    app = made(tmp_path)
    with caplog.at_level(logging.DEBUG, "octet.requests"):
        asked(app, "POST", "/v1/generate/jazz?q=secretwords", json={"description": "secretwords", "num_bars": 4})
        asked(app, "POST", "/v1/generate/jazz", json={"key": "secretwords"})
        asked(app, "GET", "/secretwords")

    assert "/v1/generate/jazz" in caplog.text
    assert all("secretwords" not in record.getMessage() for record in caplog.records if record.name.startswith("octet"))
