"""A format beside MIDI: made from the kept piece when it is first asked for, then kept as a file until the piece is deleted."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.api.serving import Serving
from app.main import create_app
from app.render import FORMATS, Finished, Format
from app.services.record import made_again
from app.services.registry import discover
from app.services.runtime import Runtime
from app.settings import settings
from tests.api.serving import listening

TIMES: list[int] = []  # that the format was made
ADDED = """
import json, sys
from types import MappingProxyType
import app.render as render
row = render.Format("caps", "application/x-capitals", lambda piece: b"CAPITALS")
render.FORMATS = MappingProxyType({**render.FORMATS, "capitals": row})
from starlette.testclient import TestClient
from app.api.serving import Serving
from app.main import create_app
from app.settings import settings
app = create_app(settings({"OCTET_DATA_DIR": sys.argv[1], "OCTET_STRATEGY": "rules_only"}), serving=Serving(processes=0))
with TestClient(app, base_url="http://localhost") as client:
    post = lambda accept: client.post("/v1/generate/jazz", json={"num_bars": 4}, headers={"Accept": accept})
    made, file, refused = post("application/json").json(), post("application/x-capitals"), post("image/png").json()
    again = client.post(made["links"]["regenerate"], json={"parts": ["bass"]}, headers={"Accept": "application/x-capitals"})
    print(json.dumps({
        "file": [file.text, file.headers["content-type"], file.headers["content-disposition"][-6:]],
        "again": again.text,
        "link": client.get(made["links"]["capitals"]).text,
        "refused": refused["detail"],
        "paths": [path for path, item in app.openapi()["paths"].items() if "application/x-capitals" in str(item)],
    }))
"""


def in_capitals(piece: Finished) -> bytes:
    """A format that nobody needs."""
    TIMES.append(len(piece.midi))
    return b"CAPITALS %d" % len(piece.midi)


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    """A client of a service that has the format."""
    formats = {**FORMATS, "capitals": Format("caps", "text/plain", in_capitals)}
    for module in ("keeping", "library", "routes.generations"):
        monkeypatch.setattr(f"app.api.{module}.FORMATS", formats)
    monkeypatch.setattr("app.services.record.FORMATS", formats)
    monkeypatch.setattr("app.api.routes.generations.FORMS", {row.extension: name for name, row in formats.items()})
    TIMES.clear()
    app = create_app(settings({"OCTET_DATA_DIR": str(tmp_path)}), Runtime("rules_only"), Serving(processes=0))
    with listening(app) as url, httpx.Client(base_url=url, timeout=30, trust_env=False) as made:
        yield made


def test_it_is_made_once_and_goes_with_the_piece(client: httpx.Client, tmp_path: Path) -> None:
    """The link is in the result by itself; the second time the file is read; deleting the piece deletes it."""
    result = client.post("/v1/generate/jazz", json={"num_bars": 4}).json()
    first, again = (client.get(result["links"]["capitals"]) for _ in range(2))
    (kept,) = tmp_path.glob("files/*/*")

    assert first.content == again.content == kept.read_bytes() == b"CAPITALS %d" % TIMES[0]
    assert len(TIMES) == 1
    assert kept.name == f"{result['id']}.caps"
    client.delete(result["links"]["self"])
    assert not kept.exists()


def test_a_piece_that_would_be_played_otherwise_now_has_its_midi_file_alone(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an upgrade that changes the playing: 409, and the file that was made is still there."""
    result = client.post("/v1/generate/jazz", json={"num_bars": 4}).json()
    monkeypatch.setattr(
        "app.services.record.made_again", lambda service, ask: made_again(service, ask._replace(seed=ask.seed + 1))
    )

    assert client.get(result["links"]["capitals"]).status_code == 409
    assert client.get(result["links"]["midi"]).status_code == 200


def test_a_newer_version_that_plays_alike_makes_it_too(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only its name is another."""
    result = client.post("/v1/generate/jazz", json={"num_bars": 4}).json()
    monkeypatch.setattr("app.services.piece.__version__", "99")

    assert client.get(result["links"]["capitals"]).status_code == 200


def test_a_file_that_cannot_be_kept_is_answered_all_the_same(client: httpx.Client, tmp_path: Path) -> None:
    """It is made anew each time."""
    result = client.post("/v1/generate/jazz", json={"num_bars": 4}).json()
    (tmp_path / "files").write_text("in the way of the folder")

    assert client.get(result["links"]["capitals"]).status_code == 200
    assert client.get(result["links"]["capitals"]).status_code == 200
    assert len(TIMES) == 2


def test_a_format_that_is_added_to_the_table_appears_everywhere(tmp_path: Path) -> None:
    """One row, and nothing else: it is had by Accept, listed where something else is asked for, linked, and in the document."""
    ran = subprocess.run([sys.executable, "-c", ADDED, str(tmp_path)], capture_output=True, text=True, check=True, timeout=60)
    found = json.loads(ran.stdout)

    assert found["file"] == ["CAPITALS", "application/x-capitals", '.caps"']
    assert found["again"] == found["link"] == "CAPITALS"
    assert "application/x-capitals" in found["refused"]
    others = {"/v1/arrange", "/v1/generations/{id}.{extension}", "/v1/generations/{id}/regenerate"}
    assert others < set(found["paths"])
    assert {f"/v1/generate/{name}" for name in discover().names} < set(found["paths"])
