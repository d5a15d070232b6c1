"""Whatever is sent to whatever route: a small 4xx that repeats nothing of it, and never an error of the service's own."""

from __future__ import annotations

import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.errors import unsaid
from app.api.wellformed import what_is_wrong
from tests.api.test_generate import HOSTILE, MARK

WRONG: dict[str, bytes] = {  # beside HOSTILE: what only a close look at the bytes or the types finds
    "a name twice": b'{"seed": 1, "seed": 2}',
    "a name twice, further in": b'{"reseed": {"bass": 1, "bass": 2}}',
    "true for a number": b'{"num_bars": true, "count": true, "complexity": true, "each": true, "seed": true}',
    "a text for a number": b'{"num_bars": "8", "seed": "1", "count": "1", "each": "1", "complexity": "5"}',
    "a text for a truth": b'{"allow_paid": "true"}',
    "a 50-digit number": b'{"seed": ' + b"7" * 50 + b"}",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"description": "x"}'.encode("utf-16"),
    "two values": b"{} {}",
    "a comment": b"{} // zebracrossing",
    "single quotes": b"{'key': 'C'}",
    "a comma too many": b'{"key": "C",}',
    "100,000 unknown names": json.dumps(dict.fromkeys(map(str, range(60_000)), 0)).encode(),
    "a surrogate far in": json.dumps({"parts": ["bass", "x\ud800"]}).encode(),
    "chords of quotes": b'{"chords": "\\"zebracrossing\\" | \\"zebracrossing\\""}',
    "a genre that is none": b'{"genre": "zebracrossing", "chords": "C"}',
    "a melody that is none": b'{"genre": "jazz", "chords": "C", "melody": "zebracrossing"}',
    "a strategy that is none": b'{"genre": "jazz", "chords": "C", "strategy": "zebracrossing"}',
    "a section that is none": b'{"reseed": {"bass@zebracrossing": 1}}',
}
KINDS = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "",
    "é",
    "json",
    "/",
)


def doors(client: httpx.Client) -> list[str]:
    """Every path that takes a JSON body; names in it are filled in with ones that there are, or that could be."""
    paths = client.get("/openapi.json").json()["paths"]
    known = str(client.post("/v1/generate/jazz", json={"num_bars": 4}).json()["id"])
    found = [path for path, item in paths.items() if "application/json" in _body(item)]
    return [path.replace("{id}", known) for path in found]


def _body(item: dict[str, dict[str, dict[str, dict[str, object]]]]) -> dict[str, object]:
    return item.get("post", {}).get("requestBody", {}).get("content", {})


@pytest.mark.parametrize("named", [False, True], ids=["plain", "with an Idempotency-Key"])
def test_bad_bodies_get_a_small_problem_on_every_route(client: httpx.Client, named: bool) -> None:
    """What is asked for under a name of its own is checked before it is remembered."""
    paths = doors(client)
    assert len(paths) > 14
    for name, body in (HOSTILE | WRONG).items():
        for number, path in enumerate(paths):
            headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": f"{name} {number}"} if named else {})
            refused = client.post(path, content=body, headers=headers)

            assert 400 <= refused.status_code < 500, (name, path, refused.text)
            assert refused.headers["content-type"] == "application/problem+json"
            assert len(refused.content) <= 4096
            assert MARK not in refused.text.replace(f'"field": "{MARK}', ""), (name, path)


def test_bodies_of_another_type_are_refused(client: httpx.Client) -> None:
    """A page's form, or a body that says nothing of itself, is no request."""
    for path in doors(client):
        for kind in KINDS:
            refused = client.post(path, content=b'{"num_bars": 4}', headers={"Content-Type": kind.encode()})

            assert refused.status_code in (415, 422), (path, kind)
            assert len(refused.content) <= 4096


@pytest.mark.parametrize("key", ["", "x" * 5000, "é", "a b", "\x7f", "'; DROP TABLE answers; --"])
def test_whatever_names_a_request_breaks_nothing(client: httpx.Client, key: str) -> None:
    """It is a name, or it is refused."""
    answer = client.post("/v1/generate/jazz", json={"num_bars": 4, "seed": 1}, headers={"Idempotency-Key": key.encode()})

    assert answer.status_code in (200, 400, 422)


@pytest.mark.parametrize(
    "path", ["%00", "%ff%fe", "..%2f..%2fetc%2fpasswd", "x" * 5000, "%22%22%22", "{}", "a/b", "jazz%0d%0aX: y"]
)
def test_names_in_paths_are_names_or_not_found(client: httpx.Client, path: str) -> None:
    """Of genres, of generations, of files."""
    for before in ("/v1/genres/", "/v1/generations/", "/v1/generate/"):
        for method in ("GET", "POST", "DELETE"):
            answer = client.request(method, before + path, headers={"Content-Type": "application/json"}, content=b"{}")

            assert 400 <= answer.status_code < 500, (method, before)
            assert len(answer.content) <= 4096


def test_every_word_for_an_application_is_taken_as_the_command_line_takes_it(client: httpx.Client) -> None:
    """Spelt as people spell it; the result has its name."""
    for word in ("bebop", "Be-Bop", "BE BOP", "bop", "be_bop"):
        answer = client.post("/v1/generate/jazz", json={"application": word, "num_bars": 4})

        assert (answer.status_code, answer.json()["application"]) == (200, "bebop"), word
    refused = client.post("/v1/generate/jazz", json={"application": "polka"}).json()
    assert [error["field"] for error in refused["errors"]] == ["application"]
    assert "'bebop'" in refused["errors"][0]["message"]


@given(met=st.text(min_size=4, max_size=40), field=st.sampled_from(["key", "application", "part", "model"]))
def test_a_message_is_told_without_what_was_met(met: str, field: str) -> None:
    """Whatever that was, quotation marks included; what to write instead stays."""
    rest = ': cannot be read; write it like "Eb", "F# minor" or "D dorian"'
    message = unsaid(f'{field} "{met}"{rest}', f"words\n{met}")

    assert message.endswith('write it like "Eb", "F# minor" or "D dorian"')
    assert message.startswith((f"{field}: cannot be read", f'{field} "'))
    plain = " ".join("".join(char if char.isprintable() else " " for char in met).split())
    assert len(plain) < 4 or plain not in message or plain in f"{field}{rest}"


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text('aé\\"{}[]') | st.floats(-1e9, 1e9), st.lists, max_leaves=10)
)
def test_whatever_json_there_is_passes(value: object) -> None:
    """What is refused is only what readers would take in different ways."""
    assert what_is_wrong(json.dumps({"x": value}).encode()) == ""
