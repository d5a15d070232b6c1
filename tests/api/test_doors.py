"""The other routes against a real server."""

from __future__ import annotations

import base64

import httpx
import pytest

from app.services.registry import discover
from schemas.result import GenerationResult

POSTS = {
    "/v1/progressions": {"genre": "jazz"},
    "/v1/arrange": {"genre": "jazz", "chords": "Dm7 G7 | Cmaj7"},
    "/v1/reharmonize": {"genre": "gospel", "chords": "Dm7 | G7 | Cmaj7"},
    "/v1/explain": {"chords": "Dm7 | G7 | Cmaj7"},
    "/v1/complexity": {"description": "a blues"},
}


def test_every_genre_is_listed_and_described(client: httpx.Client) -> None:
    """With applications, one of them the default, and the schema of its request."""
    listed = client.get("/v1/genres").json()

    assert [genre["name"] for genre in listed["genres"]] == list(discover().names)
    for genre in listed["genres"]:
        whole = client.get(f"/v1/genres/{genre['name']}").json()
        assert sum(application["default"] for application in whole["applications"]) == 1
        assert "description" in whole["schema"]["properties"]
        assert whole["instruments"]
    assert client.get("/v1/genres/jaz").status_code == 404


def test_progressions_are_those_of_their_seeds(client: httpx.Client) -> None:
    """The second of seed 7 is what generating makes of seed 8."""
    rows = client.post("/v1/progressions", json={"genre": "blues", "seed": 7, "count": 2}).json()["progressions"]
    piece = client.post("/v1/generate/blues", json={"seed": 8}).json()

    assert [row["seed"] for row in rows] == [7, 8]
    assert rows[1]["chords"] == piece["chords"]


def test_a_chart_is_played_as_it_stands(client: httpx.Client) -> None:
    """Every bar has its chord."""
    answer = client.post("/v1/arrange", json={"genre": "gospel", "chords": "Dm7 | G7 | Cmaj7 | Cmaj7"})
    result = GenerationResult.model_validate(answer.json())

    assert [chord.symbol for chord in result.chords] == ["Dm7", "G7", "Cmaj7", "Cmaj7"]
    file = client.post("/v1/arrange", json={"genre": "gospel", "chords": "Dm7"}, headers={"Accept": "audio/midi"})
    assert file.content[:4] == b"MThd"


def test_a_chart_is_reharmonized_and_explained(client: httpx.Client) -> None:
    """Alternatives for every bar; a numeral for every chord."""
    offered = client.post("/v1/reharmonize", json=POSTS["/v1/reharmonize"]).json()
    explained = client.post("/v1/explain", json=POSTS["/v1/explain"]).json()

    assert len(offered["bars"]) == 3
    assert [chord["numeral"] for chord in explained["chords"]] == ["ii7", "V7", "Imaj7"]


def test_files_are_linted_whatever_they_are(client: httpx.Client) -> None:
    """Our own is clean, bytes that are no MIDI are a finding, and a page's form cannot send one unasked."""
    midi = base64.b64decode(client.post("/v1/generate/jazz", json={"num_bars": 4}).json()["midi_base64"])
    kind = {"Content-Type": "audio/midi"}

    assert client.post("/v1/lint", content=midi, headers=kind).json() == {"findings": []}
    assert client.post("/v1/lint", content=b"\xff" * 1000, headers=kind).json()["findings"][0]["rule"] == "readable"
    assert client.post("/v1/lint", content=midi, headers={"Content-Type": "text/plain"}).status_code == 415


def test_complexity_says_the_route(client: httpx.Client) -> None:
    """Factors sum to the score; without models the rules are the route."""
    weighed = client.post("/v1/complexity", json={"description": "sophisticated jazz with altered dominants"}).json()

    assert sum(factor["weight"] for factor in weighed["factors"]) == weighed["score"]
    assert weighed["route"] == ["rule-based"]


def test_what_was_made_is_counted_until_the_reset(client: httpx.Client) -> None:
    """In all and by genre, and for Prometheus."""
    client.post("/v1/stats/reset")
    client.post("/v1/generate/reggae", json={"num_bars": 4})
    counted = client.get("/v1/stats").json()

    assert counted["rule_based_generations"] == counted["by_genre"]["reggae"]["rule_based_generations"] == 1
    assert client.post("/v1/stats/reset").json()["rule_based_generations"] == 0
    lines = client.get("/metrics").text.splitlines()
    assert all(line.startswith(("octet_", "# HELP octet_", "# TYPE octet_")) for line in lines)
    assert 'octet_generations_total{genre="reggae",method="rule-based"} 1' in lines
    assert any('route="/v1/generate/reggae",status="200"' in line for line in lines)


def test_it_lives_is_ready_and_says_its_models(client: httpx.Client) -> None:
    """Nothing is broken here, and there are no models."""
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "genres": len(discover().names), "broken": 0, "keeping": "ok"}
    assert client.get("/v1/llm").json() == {"strategy": "rules_only", "models": [], "budgets": []}


@pytest.mark.parametrize("path", POSTS)
def test_every_route_refuses_unknown_fields(client: httpx.Client, path: str) -> None:
    """Beside those of its own body, which it takes."""
    assert client.post(path, json=POSTS[path]).status_code == 200
    assert client.post(path, json=POSTS[path] | {"url": "http://x"}).status_code == 422


def test_every_route_is_on_the_page(client: httpx.Client) -> None:
    """docs/rest.md names each route of the document."""
    from pathlib import Path

    page = (Path(__file__).parents[2] / "docs" / "rest.md").read_text(encoding="utf-8")
    paths = client.get("/openapi.json").json()["paths"]
    missing = [path for path in paths if not path.startswith("/v1/generate/") and f"{path}`" not in page]

    assert not missing


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/v1/genres", "/openapi.json"])
def test_head_is_answered_as_get_without_the_body(client: httpx.Client, path: str) -> None:
    """As those want it who only look whether a service is there."""
    head = client.head(path)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == client.get(path).headers["content-type"]


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [("GET", "/v2/genres", 404, "/openapi.json"), ("GET", "/v1/explain", 405, "POST"), ("PUT", "/v1/genres", 405, "GET")],
)
def test_a_path_or_method_that_there_is_not_is_told_with_what_there_is(
    client: httpx.Client, method: str, path: str, status: int, said: str
) -> None:
    """A problem as all others are."""
    refused = client.request(method, path)

    assert refused.status_code == status
    assert said in refused.json()["detail"]
    assert refused.json()["errors"] == [{"field": "", "message": refused.json()["detail"]}]
