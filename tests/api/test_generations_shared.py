"""Two services that share a PostgreSQL: what one keeps the other has, and a repeated request is made by one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from app.api.serving import Serving
from app.main import create_app
from app.services.runtime import Runtime
from app.settings import settings
from tests.api.serving import listening
from tests.postgres import Postgres, postgres

__all__ = ["postgres"]  # a fixture
JAZZ = "/v1/generate/jazz"


@pytest.fixture(scope="module")
def addresses(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Of both."""
    variables = {"OCTET_DATABASE_URL": postgres.url("shared"), "OCTET_FILES_URL": "memory://shared"}
    folders: list[Path] = [tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other")]
    chosen = [settings({"OCTET_DATA_DIR": str(folder), **variables}) for folder in folders]
    first, second = (create_app(one, Runtime("rules_only"), Serving(processes=0)) for one in chosen)
    with listening(first) as one, listening(second) as other:
        yield [one, other]


def test_what_one_keeps_the_other_has(addresses: list[str]) -> None:
    """Whole, as a file, in the list; deleted by one it is gone from both."""
    with (
        httpx.Client(base_url=addresses[0], trust_env=False) as one,
        httpx.Client(base_url=addresses[1], trust_env=False) as other,
    ):
        made = one.post(JAZZ, json={"num_bars": 4, "description": "é"}).json()

        assert other.get(made["links"]["self"]).json() == made
        assert other.get(made["links"]["midi"]).content[:4] == b"MThd"
        anew = other.post(made["links"]["regenerate"], json={"parts": ["bass"]}).json()
        assert [row["id"] for row in one.get("/v1/generations?limit=2").json()["generations"]] == [anew["id"], made["id"]]
        assert one.post(anew["links"]["feedback"], json={"action": "rate", "rating": 1}).status_code == 201
        assert other.delete(anew["links"]["self"]).status_code == 204
        assert one.get(anew["links"]["self"]).status_code == 404


def test_a_request_repeated_at_both_is_made_by_one(addresses: list[str]) -> None:
    """The other waits for its answer and gives the same bytes."""
    headers = {"Idempotency-Key": str(uuid4())}

    async def both() -> list[httpx.Response]:
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            asked = (client.post(addresses[n % 2] + JAZZ, json={"num_bars": 4}, headers=headers) for n in range(20))
            return await asyncio.gather(*asked)

    answers = asyncio.run(both())

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
