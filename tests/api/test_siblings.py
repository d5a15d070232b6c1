"""Several workers at one address: whichever a caller comes to, it is as if there were one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.api.modelled import Modelled, modelled
from tests.api.test_live import begun, rest

NOBODY = "0190a000-0000-7000-8000-000000000000"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a folder for each of two services, and one where they find each other, and what a third left that was killed."""
    for name in ("one", "two", "beside"):
        (tmp_path / name).mkdir()
    (tmp_path / "beside" / "killed").touch()
    return tmp_path


@asynccontextmanager
async def two(folder: Path) -> AsyncIterator[tuple[Modelled, Modelled]]:
    """Two services that find each other, each with a model of its own."""
    beside = str(folder / "beside")
    async with modelled(folder / "one", beside=beside) as one, modelled(folder / "two", beside=beside) as other:
        yield one, other


def test_a_stream_goes_on_at_another_worker(folder: Path) -> None:
    """Exactly once, kept alive by whoever reads it there; nothing more after the end."""

    async def elsewhere() -> None:
        async with two(folder) as (one, other):
            first = await begun(one)
            id, last = first[0].data["id"], first[-1].number
            later = asyncio.create_task(rest(other, id, last))
            await asyncio.sleep(0.5)  # longer than a stream is kept without a reader
            one.go.set()

            assert [event.number for event in await later] == list(range(last + 1, last + 1 + len(await later)))
            assert (await later)[-1].name == "final"
            assert [*first, *await later] == await rest(other, id)
            ended = {"Last-Event-ID": str((await later)[-1].number)}
            assert (await other.client.get(f"/v1/generations/{id}/events", headers=ended)).status_code == 204
            assert (one.asked(), other.asked()) == (1, 0)

    asyncio.run(elsewhere())


def test_a_reader_who_leaves_another_worker_is_missed(folder: Path) -> None:
    """When it was the last one, the model is let go after a while."""

    async def left() -> None:
        async with two(folder) as (one, other):
            id = (await begun(one))[0].data["id"]
            async with other.client.stream("GET", f"/v1/generations/{id}/events") as response:
                async for line in response.aiter_lines():
                    if line.startswith(":"):
                        break
            await asyncio.wait_for(one.model.abandoned.wait(), 10)

            assert (await rest(other, id))[-1].name == "error"

    asyncio.run(left())


def test_a_generation_is_cancelled_at_another_worker(folder: Path) -> None:
    """And one that nobody makes, or that is another owner's, is not found anywhere."""

    async def cancelled() -> None:
        async with two(folder) as (one, other):
            id = (await begun(one))[0].data["id"]
            stream = one.app.state.octet.live.find(id, "")
            stream.owner = "somebody else"
            for place in (id, NOBODY):
                assert (await other.client.get(f"/v1/generations/{place}/events")).status_code == 404
                assert (await other.client.delete(f"/v1/generations/{place}/events")).status_code == 404
            stream.owner = ""

            assert (await other.client.delete(f"/v1/generations/{id}/events")).status_code == 204
            await asyncio.wait_for(one.model.abandoned.wait(), 10)

    asyncio.run(cancelled())


def test_counts_are_of_all_workers(folder: Path) -> None:
    """Whichever is scraped."""

    async def counted() -> None:
        async with two(folder) as (one, other):
            for service, count in ((one, 1), (other, 2)):
                for _ in range(count):
                    body = {"num_bars": 4, "strategy": "rules_only"}
                    assert (await service.client.post("/v1/generate/blues", json=body)).status_code == 200
            for service in (one, other):
                lines = (await service.client.get("/metrics")).text.splitlines()
                assert 'octet_generations_total{genre="blues",method="rule-based"} 3' in lines
                assert 'octet_requests_total{method="POST",route="/v1/generate/blues",status="200"} 3' in lines

    asyncio.run(counted())


def test_nothing_is_left_behind(folder: Path) -> None:
    """The folder goes with the last one that ends as it should."""

    async def two_gone() -> None:
        async with two(folder):
            pass

    async def gone() -> None:
        async with modelled(folder / "one", beside=str(folder / "beside")):
            assert len(os.listdir(folder / "beside")) == 2

    asyncio.run(gone())
    assert os.listdir(folder / "beside") == ["killed"]
    os.unlink(folder / "beside" / "killed")
    asyncio.run(two_gone())
    assert not (folder / "beside").exists()
