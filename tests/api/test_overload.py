"""More than can be made: some are told at once to come again, the others get what they asked for, and nothing is left behind."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from app.api.admission import Admission
from app.api.serving import Serving
from app.errors import Overloaded
from app.main import create_app
from app.services.runtime import Runtime
from app.settings import settings
from tests.api.modelled import PIECE, modelled
from tests.api.serving import listening

LONG = {"num_bars": 256}
PATH = "/v1/generate/jazz"


def test_whoever_comes_beyond_the_line_is_told_when_to_come_again() -> None:
    """Those before are served in their order; a place that is given up is the next one's."""

    async def crowd() -> list[int]:
        line, go, served = Admission(1, 2), asyncio.Event(), []

        async def one(number: int) -> None:
            async with line.place():
                await go.wait()
                served.append(number)

        tasks = [asyncio.create_task(one(number)) for number in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded, match="ask again in 1 s") as refused:
            await one(3)
        tasks[1].cancel()
        await asyncio.sleep(0)
        tasks.append(asyncio.create_task(one(4)))
        await asyncio.sleep(0)
        go.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (refused.value.retry_after, line.inside, line.waiting) == (1, 0, 0)
        return served

    assert asyncio.run(crowd()) == [0, 2, 4]


def test_a_crowd_is_served_within_bounds(tmp_path: Path) -> None:
    """Every answer is whole or a refusal with Retry-After; others are answered meanwhile; afterwards all is as before."""

    async def crowd(url: str) -> None:
        async with httpx.AsyncClient(
            base_url=url, timeout=30, trust_env=False, limits=httpx.Limits(max_connections=40)
        ) as client:
            await client.post(PATH, json={"num_bars": 4})
            asking = [asyncio.create_task(client.post(PATH, json=LONG | {"seed": seed})) for seed in range(20)]
            cheap = await client.get("/v1/genres")
            answers = await asyncio.gather(*asking)
            refused = [answer for answer in answers if answer.status_code == 503]

            assert cheap.status_code == 200
            assert {answer.status_code for answer in answers} == {200, 503}
            assert 4 <= len(answers) - len(refused) < 20
            assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
            assert all(answer.json()["status"] == 503 for answer in refused)
            assert (await client.post(PATH, json=LONG)).status_code == 200

    serving = Serving(processes=1, waiting=2)
    with listening(create_app(settings({"OCTET_DATA_DIR": str(tmp_path)}), Runtime("rules_only"), serving)) as url:
        asyncio.run(crowd(url))


def test_nothing_is_made_for_those_who_left_the_line(tmp_path: Path) -> None:
    """Only what was begun when they went away is finished."""

    async def left(url: str) -> int:
        async with httpx.AsyncClient(
            base_url=url, timeout=30, trust_env=False, limits=httpx.Limits(max_connections=40)
        ) as client:
            await client.post(PATH, json={"num_bars": 4, "seed": 1})
            asking = [asyncio.create_task(client.post(PATH, json=LONG | {"seed": seed})) for seed in range(12)]
            await asyncio.sleep(0.1)
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
            await client.post(PATH, json={"num_bars": 4, "seed": 2})
            counted = (await client.get("/metrics")).text
            made = next(line for line in counted.splitlines() if line.startswith("octet_generations_total{"))
            return int(made.rpartition(" ")[2])

    serving = Serving(processes=1)
    with listening(create_app(settings({"OCTET_DATA_DIR": str(tmp_path)}), Runtime("rules_only"), serving)) as url:
        assert asyncio.run(left(url)) < 8


def test_those_who_wait_for_models_are_counted_apart(tmp_path: Path) -> None:
    """A model that does not answer keeps nobody from music by rule."""

    async def apart() -> None:
        async with modelled(tmp_path, asking=1) as service:
            first = asyncio.create_task(service.client.post(PATH, json=PIECE))
            await asyncio.wait_for(service.model.arrived.wait(), 20)

            assert (await service.client.post(PATH, json=PIECE)).status_code == 503
            by_rule = await service.client.post(PATH, json=PIECE | {"strategy": "rules_only"})
            assert by_rule.status_code == 200
            service.go.set()
            assert (await first).status_code == 200

    asyncio.run(apart())
