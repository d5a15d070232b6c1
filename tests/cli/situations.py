"""The situations that people are in, with real servers on loopback, and the command line run in them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest

from app.services.local_llm_generator_mixin import LocalLLMGeneratorMixin
from app.services.registry import discover
from app.testing.answers import good_answer
from app.testing.servers.loopback import Act, Loopback, refused_url
from app.testing.servers.models import Say, gemini, lm_studio, ollama
from app.theory.brief import Ask
from tests.cli.conftest import Octet, Ran

ASKED = ("generate", "jazz", "simple", "--bars", "8", "--key", "C", "--seed", "7", "--json", "--force")
CHORDS = json.dumps({"chords": ["C", "Am", "F", "G", "C", "F", "G", "C"]})


def answering() -> Say:
    """A model that answers the doctor's question, and that of `ASKED`."""
    service = discover().service("jazz")
    assert isinstance(service, LocalLLMGeneratorMixin)
    piece = good_answer(service, Ask("jazz", "simple", num_bars=8, key="C", seed=7))
    return lambda asked: CHORDS if "8 chords of a song" in json.dumps(asked) else piece


class Situation(NamedTuple):
    """The servers that run, by where Octet looks for them, and what the environment says of them."""

    servers: Mapping[str, Act] = {}
    cloud: Act | None = None
    variables: Mapping[str, str] = {}


def situation(name: str) -> Situation:
    """One of six: what people have."""
    say = answering()
    own = {"phi3.5:latest": say, "llama3.3:70b": say}
    studio = {"qwen3.5-9b": say, "text-embedding-nomic": say}
    return {
        "fresh": Situation({"ollama": ollama({}, pulled=say)}),
        "studio": Situation({"studio": lm_studio(studio, ("qwen3.5-9b",))}),
        "ollama": Situation({"ollama": ollama(own)}),
        "both": Situation({"ollama": ollama({"phi3.5:latest": say}), "studio": lm_studio(studio)}),
        "cloud": Situation(cloud=gemini(say, "a-key"), variables={"OCTET_GEMINI_API_KEY": "a-key"}),
        "nothing": Situation(),
    }[name]


Runs = Callable[..., list[Ran]]


@pytest.fixture
def within(octet: Octet, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Run commands, one after another, in a situation."""

    def run(where: Situation, *commands: tuple[str, ...]) -> list[Ran]:
        async def whole() -> list[Ran]:
            servers = [Loopback([act]) for act in where.servers.values()]
            cloud = Loopback([where.cloud]) if where.cloud is not None else None
            for server in [*servers, *([cloud] if cloud else [])]:
                await server.__aenter__()
            monkeypatch.setenv("OCTET_LOOK", ",".join([*(server.url for server in servers), await refused_url()]))
            for name, value in where.variables.items():
                monkeypatch.setenv(name, value)
            if cloud is not None:
                monkeypatch.setenv("OCTET_GEMINI_URL", cloud.url)
            try:
                return [await asyncio.to_thread(octet, *command) for command in commands]
            finally:
                for server in [*servers, *([cloud] if cloud else [])]:
                    await server.__aexit__()

        return asyncio.run(whole())

    return run


def report(ran: Ran) -> Any:
    """The object that a command printed."""
    return json.loads(ran.out)
