"""POST /v1/generate/{genre} against a real server."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import httpx
import pytest

from app.render import FORMATS
from app.render.lint import lint
from app.services.registry import discover
from schemas.result import GenerationResult

MARK = "zebracrossing"
HOSTILE = {
    "not JSON": b"{",
    "empty": b"",
    "a list": b"[]",
    "null": b"null",
    "a text": b'"x"',
    "no UTF-8": b'{"description": "\xff\xfe"}',
    "NaN": b'{"tempo": NaN}',
    "Infinity": b'{"tempo": Infinity}',
    "minus Infinity": b'{"swing": -Infinity}',
    "1e999": b'{"tempo": 1e999}',
    "NaN as text": b'{"tempo": "NaN"}',
    "a lone surrogate": b'{"description": "\\ud800"}',
    "a lone surrogate as name": b'{"\\ud800": 1}',
    "NUL": b'{"description": "a\\u0000b"}',
    "NUL after a backslash": b'{"description": "a\\\\\\u0000b"}',
    "deep lists": b'{"description": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "deeper lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "a huge integer": b'{"num_bars": ' + b"9" * 4301 + b"}",
    "10^18": b'{"seed": 1000000000000000000}',
    "too many bars": b'{"num_bars": 513}',
    "no bars": b'{"num_bars": 0}',
    "a list for a text": b'{"description": ["x"]}',
    "an object for a number": b'{"tempo": {}}',
    "a text for a list": b'{"parts": "bass"}',
    "unknown field": b'{"api_base": "http://zebracrossing"}',
    "many unknown fields": json.dumps({f"{MARK}{i}": MARK for i in range(5000)}).encode(),
    "a key that is none": b'{"key": "zebracrossing"}',
    "a chord that is none": b'{"chords": "zebracrossing | C"}',
    "a part that is none": b'{"with_parts": ["zebracrossing"]}',
    "an application that is none": b'{"application": "zebracrossing"}',
    "a form of quotes": b'{"time_signature": "\\"zebra\\": x"}',
    "too many words": json.dumps({"description": MARK * 1000}).encode(),
}


def post(client: httpx.Client, body: bytes, genre: str = "jazz", **headers: str) -> httpx.Response:
    """The answer to a JSON body."""
    return client.post(f"/v1/generate/{genre}", content=body, headers={"Content-Type": "application/json", **headers})


@pytest.mark.parametrize("genre", discover().names)
def test_every_genre_answers_with_the_whole_result(client: httpx.Client, genre: str) -> None:
    """The result is of CONTRACT's shape, and the file in it is clean."""
    answer = post(client, b'{"description": "in G minor, 8 bars", "seed": 7}', genre)
    result = GenerationResult.model_validate(answer.json())

    assert answer.status_code == 200
    assert (result.genre, result.seed, result.key, result.num_bars) == (genre, 7, "G minor", 8)
    assert lint(result.midi) == ()


def test_a_file_is_had_by_its_media_type(client: httpx.Client) -> None:
    """The same bytes as in the result, with seed and method in headers, and the id that it is kept under."""
    body = b'{"description": "bebop in F", "seed": 3}'
    whole = post(client, body).json()
    for row in FORMATS.values():
        file = post(client, body, Accept=row.media_type)

        assert file.headers["content-type"] == row.media_type
        assert client.get(f"/v1/generations/{file.headers['x-octet-id']}").json()["chords"] == whole["chords"]
        assert (file.headers["x-octet-seed"], file.headers["x-octet-method"]) == ("3", "rule-based")
    assert post(client, body, Accept="audio/midi").content == base64.b64decode(whole["midi_base64"])


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("audio/*", "audio/midi"),
        ("application/json;q=0.5, audio/midi", "audio/midi"),
        ("text/html, */*;q=0.1", "application/json"),
        ("audio/midi;q=0, application/json", "application/json"),
    ],
)
def test_the_most_wanted_format_is_given(client: httpx.Client, accept: str, kind: str) -> None:
    """Quality decides."""
    assert post(client, b'{"num_bars": 4}', Accept=accept).headers["content-type"] == kind


def test_a_format_that_there_is_not_gets_the_list(client: httpx.Client) -> None:
    """406 names every media type there is."""
    refused = post(client, b"{}", Accept="image/png")

    assert refused.status_code == 406
    assert all(row.media_type in refused.json()["detail"] for row in FORMATS.values())
    assert refused.json()["errors"] == [{"field": "Accept", "message": refused.json()["detail"]}]


@pytest.mark.parametrize("name", HOSTILE)
def test_bad_bodies_get_a_small_problem_that_repeats_nothing(client: httpx.Client, name: str) -> None:
    """A 4xx of at most 4 KB with what to do, and nothing of what was sent."""
    refused = post(client, HOSTILE[name])

    assert 400 <= refused.status_code < 500
    assert refused.headers["content-type"] == "application/problem+json"
    assert len(refused.content) <= 4096
    assert refused.json()["status"] == refused.status_code
    assert MARK not in refused.text.replace(f'"field": "{MARK}', "")


def test_the_field_at_fault_is_named(client: httpx.Client) -> None:
    """By pydantic's checks and by ours alike."""
    for body, field in ((b'{"tempo": 1}', "tempo"), (b'{"key": "H sharp"}', "key"), (b'{"api_base": ""}', "api_base")):
        assert [error["field"] for error in post(client, body).json()["errors"]] == [field]


def test_bodies_over_a_megabyte_are_refused(client: httpx.Client) -> None:
    """With a length and in chunks."""

    def chunks() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    assert post(client, b" " * 1_000_001).status_code == 413
    chunked = client.post("/v1/generate/jazz", content=chunks(), headers={"Content-Type": "application/json"})
    assert chunked.status_code == 413
    assert chunked.headers["content-type"] == "application/problem+json"


def test_an_unknown_genre_is_not_found(client: httpx.Client) -> None:
    """404 with the nearest name."""
    refused = post(client, b"{}", "jaz")

    assert refused.status_code == 404
    assert "jazz" in refused.json()["detail"]


def test_another_host_name_is_refused(client: httpx.Client) -> None:
    """A web page that lets its name point here gets nothing."""
    for host in ("evil.example", "evil.example:8765", "127.0.0.1.evil.example", "localhost@evil", "[::1]evil:80", ""):
        assert client.get("/openapi.json", headers={"Host": host}).status_code in (400, 421)
    for host in ("localhost", "LOCALHOST:1", "[::1]:8765", "127.0.0.1"):
        assert client.get("/openapi.json", headers={"Host": host}).status_code == 200


def test_the_document_has_each_genre_with_its_own_request(client: httpx.Client) -> None:
    """One typed route a genre, whose applications are the genre's."""
    document = client.get("/openapi.json").json()
    for genre in discover().names:
        route = document["paths"][f"/v1/generate/{genre}"]["post"]
        name = route["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]

        assert genre in name.lower()
        assert route["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("GenerationResult")
        assert "audio/midi" in route["responses"]["200"]["content"]


def test_answers_carry_a_number_and_keep_browsers_from_guessing(client: httpx.Client) -> None:
    """Good ones and bad ones."""
    for answer in (client.get("/openapi.json"), client.get("/nothing"), post(client, b"{")):
        assert len(answer.headers["x-request-id"]) == 32
        assert answer.headers["x-content-type-options"] == "nosniff"
