"""The doctor over HTTP: what it found, what it advises, and whether models answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.main import create_app
from app.settings import settings
from app.testing.servers.loopback import Loopback
from app.testing.servers.models import ollama, saying
from schemas.doctor import DoctorAnswer, ModelTests
from tests.api.serving import listening

CHORDS = json.dumps({"chords": ["C", "Am", "F", "G", "C", "F", "G", "C"]})
Asks = Callable[[httpx.Client], Any]


def served(folder: Path, model: str, say: str, ask: Asks) -> Any:
    """What is asked of a service beside whose machine an Ollama runs."""

    async def work() -> Any:
        async with Loopback([ollama({model: saying(say)})]) as server:
            variables = {"OCTET_DATA_DIR": str(folder), "OCTET_LOOK": server.url}
            return await asyncio.to_thread(_asked, variables, ask)

    return asyncio.run(work())


def _asked(variables: dict[str, str], ask: Asks) -> Any:
    with listening(create_app(settings(variables))) as url, httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
        return ask(client)


def test_the_doctor_says_what_is_there_and_where_requests_go(tmp_path: Path) -> None:
    """By the models of the service itself; no model is asked."""
    answer = served(tmp_path, "phi3.5:latest", CHORDS, lambda client: client.get("/v1/llm/doctor"))
    found = DoctorAnswer.model_validate(answer.json())

    assert answer.status_code == 200
    assert [(one.server, [model.name for model in one.models]) for one in found.servers] == [("Ollama", ["phi3.5:latest"])]
    assert [way.route[0] for way in found.routes] == ["phi-3.5-mini"] * 3
    assert (found.status, found.tests, found.next_steps) == ("ready", (), ())


@pytest.mark.parametrize(("say", "outcome", "status"), [(CHORDS, "answered", "ready"), ("I am a teapot.", "rejected", "trouble")])
def test_models_are_tried_when_that_is_asked(tmp_path: Path, say: str, outcome: str, status: str) -> None:
    """Each with its outcome, how long it took and what it cost."""
    answer = served(tmp_path, "phi3.5:latest", say, lambda client: client.post("/v1/llm/test", json={}))
    found = ModelTests.model_validate(answer.json())

    assert answer.status_code == 200
    assert [(one.label, one.outcome, one.cost_usd) for one in found.tests] == [("phi-3.5-mini", outcome, 0.0)]
    assert found.status == status


def test_an_unknown_model_cannot_be_tried(tmp_path: Path) -> None:
    """A problem that says which there are."""
    answer = served(tmp_path, "phi3.5:latest", CHORDS, lambda client: client.post("/v1/llm/test", json={"models": ["gpt-9"]}))

    assert answer.status_code == 422
    assert "choose one of phi-3.5-mini" in answer.json()["detail"]


def test_without_models_everything_goes_by_rule(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing to try, and that is no trouble."""
    monkeypatch.setenv("OCTET_LOOK", "none")
    found = client.get("/v1/llm/doctor").json()

    assert client.post("/v1/llm/test", json={}).json() == {"status": "rules", "tests": []}
    assert found["status"] == "rules"
    assert all(way["route"] == ["rule-based"] for way in found["routes"])
