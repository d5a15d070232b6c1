"""The OpenAPI document is true and whole: the service is held to it, and a client is made from it."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.api.serving import Serving
from app.main import create_app
from app.services.registry import discover
from app.services.runtime import Runtime
from app.settings import settings
from tests.api.serving import key_for, listening

Json = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
TOOLS = Path(sys.executable).parent
MUSIC = "positive_data_acceptance"  # keys, chords and forms are texts with a grammar of their own


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a service that wants keys, and a key that may do everything, as often as it likes."""
    chosen = settings({"OCTET_DATA_DIR": str(tmp_path_factory.mktemp("data"))})
    app = create_app(chosen, Runtime("rules_only"), Serving(require_keys=True, per_minute=1e6, burst=10**6))
    key = key_for(chosen, "tester")
    with listening(app) as url:
        yield url, key


@pytest.fixture(scope="module")
def document(keyed: tuple[str, str]) -> Json:
    """As it is answered."""
    url, key = keyed
    found: Json = httpx.get(f"{url}/openapi.json", headers={"X-API-Key": key}, trust_env=False).json()
    return found


def operations(document: Json) -> list[tuple[str, str, Json]]:
    """Every path, method and operation."""
    return [(path, method, item[method]) for path, item in document["paths"].items() for method in METHODS if method in item]


def test_every_answer_has_a_type(document: Json) -> None:
    """Good answers in JSON name a schema; bad ones are problems; every route says who may call it."""
    for path, method, operation in operations(document):
        for status, answer in operation["responses"].items():
            whole = document["components"]["responses"][answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
            for kind, content in whole.get("content", {}).items():
                assert kind != "application/json" or "$ref" in content["schema"], (path, method, status)
            assert not status.startswith("4") or "application/problem+json" in whole.get("content", {}), (path, method, status)
        assert "422" in operation["responses"] or "requestBody" not in operation
        assert operation["responses"].keys() >= {"500", "503"}
        assert operation.get("security") or path in ("/healthz", "/readyz")


def test_every_genre_has_its_own_request_with_its_applications(document: Json) -> None:
    """An example of a body too."""
    for name in discover().names:
        body = document["paths"][f"/v1/generate/{name}"]["post"]["requestBody"]["content"]["application/json"]
        schema = document["components"]["schemas"][body["schema"]["$ref"].rpartition("/")[2]]
        choices = next(row["enum"] for row in schema["properties"]["application"]["anyOf"] if "enum" in row)

        assert set(choices) == set(discover().service(name).genre.vocabulary.applications)
        assert set(body["example"]) <= set(schema["properties"])


def test_the_service_keeps_to_its_document(keyed: tuple[str, str], tmp_path: Path) -> None:
    """Thousands of requests, right and wrong, with and without a key, alone and in sequence: no answer is a surprise."""
    url, key = keyed
    options = [
        "--header", f"Authorization: Bearer {key}", "--workers", "1", "--max-examples", "5", "--generation-deterministic",
        "--continue-on-failure", "--exclude-checks", MUSIC, "--no-color",
    ]  # fmt: skip
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "tests.api.midi_bodies", "PYTHONPATH": os.getcwd()}
    command = [str(TOOLS / "st"), "run", f"{url}/openapi.json", *options]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=300)

    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]


def test_a_client_made_from_the_document_works(
    keyed: tuple[str, str], document: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It makes a piece, reads the genres and is told in a type of its own what is wrong, without a warning when it is made."""
    url, key = keyed
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    (tmp_path / "config.json").write_text(json.dumps({"content_type_overrides": {"audio/midi": "application/octet-stream"}}))
    command = [str(TOOLS / "openapi-python-client"), "generate", "--path", "openapi.json", "--output-path", "octet_client"]
    options = ["--meta", "none", "--config", "config.json", "--fail-on-warning"]
    environment = os.environ | {"PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}"}  # it has its code formatted by ruff
    ran = subprocess.run([*command, *options], check=False, capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    monkeypatch.syspath_prepend(str(tmp_path))
    made = {
        name: importlib.import_module(f"octet_client.{name}")
        for name in ("client", "models", "api.generate.generate_jazz", "api.genres.list_genres")
    }
    client, models = made["client"].AuthenticatedClient(base_url=url, token=key), made["models"]
    generate, listed = made["api.generate.generate_jazz"].sync, made["api.genres.list_genres"].sync

    with client:
        piece = generate(client=client, body=models.GenerateJazzRequest(description="bebop in F", num_bars=8, seed=7))
        refused = generate(client=client, body=models.GenerateJazzRequest(num_bars=10_000))
        genres = listed(client=client).genres

    assert (piece.key, piece.num_bars, piece.generation_method) == ("F major", 8, "rule-based")
    assert [genre.name for genre in genres] == list(discover().names)
    assert isinstance(refused, models.Problem)
    assert [(row.field, refused.status) for row in refused.errors] == [("num_bars", 422)]
