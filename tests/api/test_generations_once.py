"""A request that is repeated with its Idempotency-Key is made once; and what the service answers where nothing can be kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from app.api.serving import Serving
from app.errors import StoreTaken
from app.main import create_app
from app.services.runtime import Runtime
from app.settings import settings
from app.store.place import Lock
from tests.api.serving import key_for, listening

JAZZ = "/v1/generate/jazz"


@contextmanager
def serving(folder: Path, **variables: str) -> Iterator[httpx.Client]:
    """A client of a service that keeps things in a folder."""
    chosen = settings({"OCTET_DATA_DIR": str(folder), **variables})
    app = create_app(chosen, Runtime("rules_only"), Serving(processes=0))
    with listening(app) as url, httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
        yield client


def keyed(key: str = "") -> dict[str, str]:
    """A header with a key; a new one when none is given."""
    return {"Idempotency-Key": key or str(uuid4())}


def count(client: httpx.Client) -> int:
    """How many generations are kept."""
    return len(client.get("/v1/generations?limit=100").json()["generations"])


def test_fifty_at_once_are_one_generation_and_fifty_equal_answers(client: httpx.Client) -> None:
    """Whichever of them comes first."""
    before, headers = count(client), keyed()

    async def all_at_once() -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=client.base_url, timeout=30, trust_env=False) as many:
            return await asyncio.gather(*(many.post(JAZZ, json={"num_bars": 4}, headers=headers) for _ in range(50)))

    answers = asyncio.run(all_at_once())

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 49
    assert count(client) == before + 1


@pytest.mark.parametrize("accept", ["application/json", "audio/midi"])
def test_an_answer_is_repeated_after_a_restart(tmp_path: Path, accept: str) -> None:
    """With its headers, in the format that it was given in."""
    headers = keyed() | {"Accept": accept}
    with serving(tmp_path) as client:
        first = client.post(JAZZ, json={"num_bars": 4}, headers=headers)
    with serving(tmp_path) as client:
        again = client.post(JAZZ, json={"num_bars": 4}, headers=headers)
        assert count(client) == 1

    assert again.content == first.content
    assert (again.headers["x-octet-id"], again.headers["content-type"]) == (first.headers["x-octet-id"], accept)
    assert again.headers["idempotency-replayed"] == "true"


def test_everything_that_makes_something_is_made_once(client: httpx.Client) -> None:
    """Charts, regenerating, variations and feedback too."""
    links = client.post(JAZZ, json={"num_bars": 4}).json()["links"]
    posts = {
        "/v1/arrange": {"genre": "jazz", "chords": "Dm7 | G7"},
        links["regenerate"]: {"parts": ["bass"]},
        links["vary"]: {"count": 2},
        links["feedback"]: {"action": "rate", "rating": 5},
    }
    for path, body in posts.items():
        headers = keyed()
        first, again = (client.post(path, json=body, headers=headers) for _ in range(2))
        assert first.status_code in (200, 201), path
        assert (again.content, again.status_code) == (first.content, first.status_code), path


def test_a_key_of_another_request_is_refused(client: httpx.Client) -> None:
    """Another body, another route, another format: none of them gets the first one's answer."""
    headers = keyed('"quoted"')
    assert client.post(JAZZ, json={"seed": 1}, headers=headers).status_code == 200
    others = [
        client.post(JAZZ, json={"seed": 2}, headers=headers),
        client.post("/v1/generate/blues", json={"seed": 1}, headers=headers),
        client.post(JAZZ, json={"seed": 1}, headers=headers | {"Accept": "audio/midi"}),
    ]

    assert {answer.status_code for answer in others} == {422}
    assert client.post(JAZZ, json={"seed": 1}, headers=keyed("quoted")).headers["idempotency-replayed"] == "true"


def test_an_error_leaves_the_key_free(client: httpx.Client) -> None:
    """What could not be obeyed may be corrected under it."""
    headers = keyed()

    assert client.post(JAZZ, json={"key": "H sharp"}, headers=headers).status_code == 422
    assert client.post(JAZZ, json={"key": "F sharp"}, headers=headers).status_code == 200


@pytest.mark.parametrize("key", ["", '""', "x" * 256, b"\xe9"])
def test_a_key_that_is_none_is_refused(client: httpx.Client, key: str | bytes) -> None:
    """Before anything is made."""
    assert client.post(JAZZ, json={}, headers={b"Idempotency-Key": key}).status_code == 400
    assert client.post(JAZZ, json={}, headers=[("Idempotency-Key", "a"), ("Idempotency-Key", "b")]).status_code == 400


def test_what_is_deleted_is_in_no_repeated_answer(client: httpx.Client) -> None:
    """The request is made anew."""
    headers = keyed()
    first = client.post(JAZZ, json={"num_bars": 4}, headers=headers).json()
    client.delete(first["links"]["self"])
    again = client.post(JAZZ, json={"num_bars": 4}, headers=headers).json()

    assert again["id"] != first["id"]
    assert client.get(again["links"]["self"]).status_code == 200


def test_each_owner_has_generations_and_keys_of_their_own(tmp_path: Path) -> None:
    """Another's id is not found by any route, another's Idempotency-Key is free, two keys of one name share."""
    chosen = settings({"OCTET_DATA_DIR": str(tmp_path)})
    ann, bob, also_ann = ({"Authorization": f"Bearer {key_for(chosen, owner)}"} for owner in ("ann", "bob", "ann"))
    with serving(tmp_path) as client:
        key = keyed()
        mine = client.post(JAZZ, json={"num_bars": 4}, headers=ann | key).json()
        other = client.post(JAZZ, json={"num_bars": 4}, headers=bob | key).json()
        links = mine["links"]
        asked = [
            client.get(links["self"], headers=bob),
            client.get(links["midi"], headers=bob),
            client.post(links["regenerate"], json={"parts": ["bass"]}, headers=bob),
            client.post(links["vary"], json={}, headers=bob),
            client.post(links["feedback"], json={"action": "keep"}, headers=bob),
            client.delete(links["self"], headers=bob),
        ]

        assert mine["id"] != other["id"]
        assert {answer.status_code for answer in asked} == {404}
        assert [row["id"] for row in client.get("/v1/generations", headers=bob).json()["generations"]] == [other["id"]]
        assert client.get(links["self"], headers=also_ann).json() == mine
        assert client.get("/v1/generations").json()["generations"] == []


def test_where_nothing_can_be_kept_music_is_still_made(tmp_path: Path) -> None:
    """The result says so and links to nothing; what would be read is a problem that may pass."""
    with serving(tmp_path, OCTET_DATABASE_URL="postgresql://octet@127.0.0.1:1/none") as client:
        answer = client.post(JAZZ, json={"num_bars": 4}, headers=keyed())
        file = client.post(JAZZ, json={"num_bars": 4}, headers={"Accept": "audio/midi"})
        listed = client.get("/v1/generations")
        ready = client.get("/readyz")

    assert (ready.status_code, ready.json()["status"], ready.json()["keeping"] != "ok") == (200, "ready", True)
    assert answer.status_code == file.status_code == 200
    assert "not kept" in answer.json()["notes"][-1]
    assert (answer.json()["links"], answer.json()["created"]) == ({}, "")
    assert (listed.status_code, listed.headers["content-type"]) == (503, "application/problem+json")


def test_a_second_service_on_the_same_files_does_not_start(tmp_path: Path) -> None:
    """It would write what the first one writes."""
    lock = Lock(str(tmp_path / "generations.sqlite3"), shared=False)
    lock.take()
    app = create_app(settings({"OCTET_DATA_DIR": str(tmp_path)}), Runtime("rules_only"), Serving(processes=0))

    with pytest.raises(StoreTaken, match="OCTET_DATA_DIR"):
        asyncio.run(app.state.octet.keeping.open())
    lock.give_back()


def test_what_is_old_is_deleted(tmp_path: Path) -> None:
    """After the days that were set; what is not old stays."""
    with serving(tmp_path) as client:
        client.post(JAZZ, json={"num_bars": 4})
    chosen = settings({"OCTET_DATA_DIR": str(tmp_path), "OCTET_KEEP_DAYS": "1"})
    keeping = create_app(chosen, Runtime("rules_only"), Serving(processes=0)).state.octet.keeping

    async def swept(days: float) -> int:
        from app.store.generations import Wanted

        keeping._keep_days = days
        await keeping.sweep()
        return len(await keeping.generations.page("", Wanted(), 10))

    assert asyncio.run(swept(1.0)) == 1
    assert asyncio.run(swept(1e-9)) == 0
    asyncio.run(keeping.close())
