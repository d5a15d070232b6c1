"""Generations with a model behind them: told as they are made, read again from where the line broke, given up in time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from schemas.result import GenerationResult
from tests.api.modelled import LABEL, PIECE, Modelled, modelled

LIVE = {"Accept": "text/event-stream"}
PATH = "/v1/generate/jazz"


class Event(NamedTuple):
    """One event as it is read."""

    number: int
    name: str
    data: Any


async def events(response: httpx.Response) -> AsyncIterator[Event]:
    """What a stream says, heartbeats left out."""
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value
        elif not line and "data" in fields:
            yield Event(int(fields["id"]), fields["event"], json.loads(fields["data"]))
            fields = {}


async def begun(service: Modelled) -> list[Event]:
    """What is told until the model is asked; then the reader goes away."""
    seen = []
    async with service.client.stream("POST", PATH, json=PIECE, headers=LIVE) as response:
        async for event in events(response):
            seen.append(event)
            if event.data.get("state") == "asking":
                break
    return seen


async def rest(service: Modelled, id: str, seen: int | None = None) -> list[Event]:
    """What is told to a reader who comes again."""
    headers = {} if seen is None else {"Last-Event-ID": str(seen)}
    async with service.client.stream("GET", f"/v1/generations/{id}/events", headers=headers) as response:
        assert response.status_code == 200
        return [event async for event in events(response)]


def test_events_come_in_order_and_the_preview_before_the_model_answers(tmp_path: Path) -> None:
    """The piece by rule can be played while the model still thinks; in the end the model's is there, and kept."""

    async def watched() -> None:
        async with modelled(tmp_path) as service:
            seen: list[Event] = []
            async with service.client.stream("POST", PATH, json=PIECE, headers=LIVE | {"Accept-Encoding": "br"}) as response:
                assert response.headers["content-type"].startswith("text/event-stream")
                assert response.headers["x-accel-buffering"] == "no"
                assert "content-encoding" not in response.headers
                async for event in events(response):
                    seen.append(event)
                    if event.name == "preview":
                        assert not service.go.is_set()
                        service.go.set()
            names = [event.name for event in seen if event.name != "model"]
            preview, final = (GenerationResult.model_validate(e.data) for e in seen if e.name in ("preview", "final"))

            assert names == ["understood", "routed", "preview", "attempt", "checked", "final"]
            assert [event.number for event in seen] == list(range(1, len(seen) + 1))
            assert seen[0].data["id"] == final.id == response.headers["x-octet-id"]
            assert (preview.generation_method, final.generation_method) == ("rule-based", LABEL)
            assert preview.midi[:4] == final.midi[:4] == b"MThd"
            assert next(e.data for e in seen if e.name == "routed") == final.model_dump(mode="json")["complexity"]
            assert (await service.client.get(f"/v1/generations/{final.id}")).json()["id"] == final.id

    asyncio.run(watched())


def test_a_preview_waits_for_no_model_that_is_asked_what_words_mean(tmp_path: Path) -> None:
    """It is there before the model says anything; what that makes of the words is told then, and the piece has it."""
    words = PIECE | {"description": "Hiatus Kaiyote meets Frank Ocean"}

    async def watched() -> None:
        async with modelled(tmp_path, json.dumps({"words": ["minor", "slow"]})) as service:
            seen: list[Event] = []
            async with service.client.stream("POST", PATH, json=words, headers=LIVE) as response:
                async for event in events(response):
                    seen.append(event)
                    if event.name == "preview":
                        assert not service.go.is_set()
                        service.go.set()
            told = [event for event in seen if event.name == "understood"]

            assert [event.data["id"] for event in told] == [response.headers["x-octet-id"]] * 2
            assert any("Hiatus" in note and "minor, slow" in note for note in told[1].data["notes"])
            assert seen[-1].data["tempo"] == told[1].data["tempo"] != told[0].data["tempo"]

    asyncio.run(watched())


def test_a_reader_who_comes_again_gets_the_rest_exactly_once(tmp_path: Path) -> None:
    """From the number it says, beside another who reads all from the beginning; after the end there is nothing more."""

    async def again() -> None:
        async with modelled(tmp_path) as service:
            first = await begun(service)
            id, last = first[0].data["id"], first[-1].number
            later, whole = asyncio.create_task(rest(service, id, last)), asyncio.create_task(rest(service, id))
            await asyncio.sleep(0.5)  # longer than a stream is kept without a reader
            service.go.set()

            assert [event.number for event in await later] == list(range(last + 1, len(await whole) + 1))
            assert [*first, *await later] == await whole
            assert (await whole)[-1].name == "final"
            assert await rest(service, id, len(await whole) - 1) == (await whole)[-1:]
            ended = await service.client.get(f"/v1/generations/{id}/events", headers={"Last-Event-ID": str(len(await whole))})
            assert ended.status_code == 204
            assert service.asked() == 1

    asyncio.run(again())


def test_a_stream_that_nobody_reads_is_given_up_after_a_while(tmp_path: Path) -> None:
    """Its model call is cancelled; whoever comes later reads that it was."""

    async def dropped() -> None:
        async with modelled(tmp_path) as service:
            id = (await begun(service))[0].data["id"]
            assert not service.model.abandoned.is_set()
            await asyncio.wait_for(service.model.abandoned.wait(), 10)

            assert (await rest(service, id))[-1].name == "error"

    asyncio.run(dropped())


def test_a_generation_is_cancelled_on_demand(tmp_path: Path) -> None:
    """While somebody reads: the model is let go, and the reader is told."""

    async def cancelled() -> None:
        async with modelled(tmp_path) as service:
            async with service.client.stream("POST", PATH, json=PIECE, headers=LIVE) as response:
                seen = []
                async for event in events(response):
                    seen.append(event)
                    if event.data.get("state") == "asking":
                        gone = await service.client.delete(f"/v1/generations/{seen[0].data['id']}/events")
                        assert gone.status_code == 204
            await asyncio.wait_for(service.model.abandoned.wait(), 10)

            assert (seen[-1].name, seen[-1].data["status"]) == ("error", 409)

    asyncio.run(cancelled())


def test_what_is_not_there_or_anothers_is_not_found(tmp_path: Path) -> None:
    """For reading and for cancelling."""

    async def unknown() -> None:
        async with modelled(tmp_path) as service:
            service.go.set()
            async with service.client.stream("POST", PATH, json=PIECE, headers=LIVE) as response:
                id = response.headers["x-octet-id"]
                assert [event.name async for event in events(response)][-1] == "final"
            service.app.state.octet.live.find(id, "").owner = "somebody else"
            for place in (id, "0190a000-0000-7000-8000-000000000000", "x"):
                assert (await service.client.get(f"/v1/generations/{place}/events")).status_code == 404
                assert (await service.client.delete(f"/v1/generations/{place}/events")).status_code == 404

    asyncio.run(unknown())


def test_what_cannot_be_obeyed_is_a_problem_and_no_stream(tmp_path: Path) -> None:
    """With its status and its field, as without events."""

    async def refused() -> None:
        async with modelled(tmp_path) as service:
            answer = await service.client.post(PATH, json={"key": "H sharp"}, headers=LIVE)

            assert answer.status_code == 422
            assert answer.json()["errors"][0]["field"] == "key"
            assert len(service.app.state.octet.live) == 0

    asyncio.run(refused())


def test_without_a_model_there_is_no_preview(tmp_path: Path) -> None:
    """What is final is there at once; a chart is arranged in the same way."""

    async def by_rule() -> None:
        async with modelled(tmp_path) as service:
            body = {"genre": "jazz", "chords": "Dm7 | G7 | Cmaj7"}
            async with service.client.stream("POST", "/v1/arrange", json=body, headers=LIVE) as response:
                seen = [event async for event in events(response)]

            assert [event.name for event in seen] == ["understood", "routed", "final"]
            assert seen[-1].data["lineage"]["how"] == "arrange"
            assert service.asked() == 0

    asyncio.run(by_rule())


def test_a_quiet_stream_shows_that_it_lives(tmp_path: Path) -> None:
    """A comment now and then."""

    async def quiet() -> str:
        async with (
            modelled(tmp_path) as service,
            service.client.stream("POST", PATH, json=PIECE, headers=LIVE) as response,
        ):
            async for line in response.aiter_lines():
                if line.startswith(":"):
                    return line
        return ""

    assert asyncio.run(quiet())


@pytest.mark.parametrize("kind", ["ollama", "openai"])
def test_an_answer_says_which_model_made_it(tmp_path: Path, kind: str) -> None:
    """With its attempts; the counts know it."""

    async def asked() -> None:
        async with modelled(tmp_path, kind=kind) as service:
            service.go.set()
            answer = await service.client.post(PATH, json=PIECE)
            result = GenerationResult.model_validate(answer.json())

            assert answer.headers["x-octet-method"] == result.generation_method == LABEL
            assert [(row.tier, row.outcome) for row in result.attempts] == [(LABEL, "accepted")]
            assert (await service.client.get("/v1/stats")).json()["by_label"][LABEL]["accepted"] == 1

    asyncio.run(asked())


def test_the_rules_answer_at_the_deadline_and_say_why(tmp_path: Path) -> None:
    """A model that does not answer costs no more than the request allows."""

    async def late() -> None:
        async with modelled(tmp_path) as service:
            await service.client.post(PATH, json=PIECE | {"strategy": "rules_only"})  # its workers are there
            await service.client.post("/v1/stats/reset")
            answer = await service.client.post(PATH, json=PIECE | {"deadline_ms": 2500})
            result = GenerationResult.model_validate(answer.json())

            assert answer.status_code == 200
            assert result.generation_method == "rule-based"
            assert (
                "deadline" in result.fallback_reason or "timeout" in result.fallback_reason or "within" in result.fallback_reason
            )
            assert service.asked() == 1
            assert (await service.client.get("/v1/stats")).json()["rule_based_generations"] == 1

    asyncio.run(late())


def test_a_model_is_let_go_when_the_caller_goes_away(tmp_path: Path) -> None:
    """Nothing is done for those who do not wait."""

    async def left() -> None:
        async with modelled(tmp_path) as service:
            asking = asyncio.create_task(service.client.post(PATH, json=PIECE))
            await asyncio.wait_for(service.model.arrived.wait(), 10)
            asking.cancel()
            await asyncio.wait_for(service.model.abandoned.wait(), 10)

            assert service.asked() == 1

    asyncio.run(left())
