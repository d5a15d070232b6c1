"""Keys: nothing is reached without one, each does what its scopes say, and no text shown as a key breaks anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from starlette.routing import BaseRoute

from app.api.caller import SCOPES
from app.api.serving import Serving
from app.main import create_app
from app.services.runtime import Runtime
from app.settings import settings
from tests.api.serving import key_for, listening, revoke

OPEN = {"/healthz", "/readyz"}
PIECE = {"num_bars": 4, "seed": 1}


class House(NamedTuple):
    """A service that wants keys: its address, its routes, and a key for each scope; `all` has every scope."""

    url: str
    routes: list[BaseRoute]
    keys: dict[str, str]

    def ask(self, method: str, path: str, key: str = "", **options: object) -> httpx.Response:
        """The answer to one request."""
        headers = {"Authorization": f"Bearer {self.keys[key]}"} if key else {}
        return httpx.request(method, self.url + path, headers=headers, trust_env=False, timeout=30, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Running."""
    chosen = settings({"OCTET_DATA_DIR": str(tmp_path_factory.mktemp("data"))})
    app = create_app(chosen, Runtime("rules_only"), Serving(require_keys=True, burst=10_000))
    keys = {scope: key_for(chosen, scope, [scope]) for scope in SCOPES} | {"all": key_for(chosen, "all")}
    with listening(app) as url:
        yield House(url, app.routes, keys)


def doors(routes: list[BaseRoute]) -> set[tuple[str, str]]:
    """Every method and path that the application answers, those of routers and mounts inside it too."""
    found: set[tuple[str, str]] = set()
    for route in routes:
        inner = getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", None)
        if inner:
            found |= doors(inner)
        for method in getattr(route, "methods", None) or ():
            found.add((method, re.sub(r"\{[^}]*\}", "x", getattr(route, "path", "/"))))
    return found


def test_nothing_is_reached_without_a_key(house: House) -> None:
    """Every route there is, the document, what there is not, and paths written to look like open ones: 401 but for two."""
    asked = doors(house.routes) | {
        ("GET", "/nothing"),
        ("GET", "/healthz/../openapi.json"),
        ("GET", "//healthz"),
        ("GET", "/healthz/"),
    }
    assert len(asked) > 30

    for method, path in asked:
        answer = house.ask(method, path)
        if path in OPEN:
            assert answer.status_code in (200, 405)
        else:
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "shown",
    [
        [("Authorization", "Bearer é".encode())],
        [("Authorization", b"Bearer " + b"x" * 8192)],
        [("Authorization", b"Bearer ' OR 1=1--")],
        [("Authorization", b"Bearer")],
        [("Authorization", b"")],
        [("Authorization", b"Basic dXNlcjpwYXNz")],
        [("Authorization", b"Bearer octet_x"), ("Authorization", b"Bearer octet_y")],
        [("X-API-Key", b"octet_x"), ("X-API-Key", b"octet_y")],
        [("X-API-Key", b"%00")],
        [("X-API-Key", b"\xff\xfe")],
        [("X-API-Key", b"")],
    ],
)
def test_what_is_no_key_opens_nothing(house: House, shown: list[tuple[str, bytes]]) -> None:
    """401 in a small problem that repeats nothing; never an error of the service's own."""
    refused = httpx.get(f"{house.url}/v1/genres", headers=shown, trust_env=False)

    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert len(refused.content) < 500


def test_a_second_key_beside_a_good_one_is_refused(house: House) -> None:
    """Whoever shows two leaves open whose request it is."""
    good = house.keys["all"]
    both = {"Authorization": f"Bearer {good}", "X-API-Key": good}

    assert httpx.get(f"{house.url}/v1/genres", headers={"X-API-Key": good}, trust_env=False).status_code == 200
    assert httpx.get(f"{house.url}/v1/genres", headers=both, trust_env=False).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("POST", "/v1/generate/jazz", "generate"),
        ("GET", "/v1/genres", "read"),
        ("GET", "/v1/generations", "read"),
        ("GET", "/v1/stats", "read"),
        ("POST", "/v1/stats/reset", "admin"),
        ("GET", "/metrics", "admin"),
    ],
)
def test_a_key_does_what_its_scopes_say(house: House, method: str, path: str, scope: str) -> None:
    """403 names the scope that is missing."""
    body = {"json": PIECE} if method == "POST" else {}
    for key in SCOPES:
        answer = house.ask(method, path, key, **body)

        assert answer.status_code == (200 if key == scope else 403), key
        assert key == scope or scope in answer.json()["detail"]


def test_a_revoked_key_opens_nothing_within_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is asked again once a second; here at once. A key that has expired opens nothing either."""
    monkeypatch.setattr("app.store.keys.REMEMBERED_S", 0.0)
    chosen = settings({"OCTET_DATA_DIR": str(tmp_path)})
    key, old = key_for(chosen, "one"), key_for(chosen, "other", expires=1)
    with listening(create_app(chosen, Runtime("rules_only"), Serving(require_keys=True))) as url:
        before = httpx.get(f"{url}/v1/genres", headers={"X-API-Key": key}, trust_env=False)
        revoke(chosen, "one")
        after = httpx.get(f"{url}/v1/genres", headers={"X-API-Key": key}, trust_env=False)
        expired = httpx.get(f"{url}/v1/genres", headers={"X-API-Key": old}, trust_env=False)

    assert (before.status_code, after.status_code, expired.status_code) == (200, 401, 401)


def test_on_loopback_nobody_needs_a_key_but_a_wrong_one_is_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A key that is shown is looked at."""
    chosen = settings({"OCTET_DATA_DIR": str(tmp_path_factory.mktemp("data"))})
    with listening(create_app(chosen, Runtime("rules_only"))) as url:
        assert httpx.get(f"{url}/v1/genres", trust_env=False).status_code == 200
        assert httpx.get(f"{url}/v1/genres", headers={"X-API-Key": "octet_x"}, trust_env=False).status_code == 401
