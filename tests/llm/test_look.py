"""The quick look at one's own machine: servers are told apart by what they answer."""

from __future__ import annotations

import asyncio

import pytest

from app.llm.look import Found, look
from app.testing.servers.loopback import Act, Loopback, Stage

TAGS = {"models": [{"name": "phi3.5:latest", "model": "phi3.5:latest"}]}
UNEXPECTED = {"error": "Unexpected endpoint or method. (GET /api/version)"}


def pages(**known: object) -> Act:
    """A server with these pages; others are its 404, LM Studio's being a 200."""

    async def play(stage: Stage) -> None:
        name = stage.asked.path.rpartition("/")[2]
        await stage.whole(200 if name in known else 404, known.get(name, {}))

    return play


@pytest.mark.parametrize(
    ("act", "kind", "server", "models"),
    [
        (pages(version={"version": "0.32.9"}, tags=TAGS), "ollama", "Ollama", ("phi3.5:latest",)),
        (pages(version=UNEXPECTED, models={"data": [{"id": "gemma-4"}]}), "openai", "LM Studio", ("gemma-4",)),
        (pages(models={"data": [{"id": "m", "owned_by": "llamacpp"}]}), "openai", "llama.cpp", ("m",)),
        (pages(models={"data": []}), "openai", "a server", ()),
    ],
)
def test_a_server_is_known_by_what_it_says(act: Act, kind: str, server: str, models: tuple[str, ...]) -> None:
    """Ollama has a version, LM Studio answers an unknown path with an error inside a 200, others name themselves."""

    async def work() -> tuple[tuple[Found, ...], str]:
        async with Loopback([act]) as listening:
            port = int(listening.url.rpartition(":")[2])
            return await asyncio.to_thread(look, (port,), 5.0), listening.url

    found, url = asyncio.run(work())

    assert found == (Found(kind, url, server, models),)


async def _page(stage: Stage) -> None:
    await stage.whole(200, b"<html>a router's page</html>", "text/html")


async def _silent(_: Stage) -> None:
    await asyncio.sleep(60)


async def _drip(stage: Stage) -> None:
    for _ in range(1000):
        await stage.send(b"H")
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("act", [_page, _silent, _drip, pages()])
def test_what_is_no_server_of_models_is_passed_over(act: Act) -> None:
    """A web page, a silent or dripping socket, and a server of something else are nobody, within the time given."""

    async def work() -> tuple[Found, ...]:
        async with Loopback([act]) as listening:
            port = int(listening.url.rpartition(":")[2])
            async with asyncio.timeout(5):
                return await asyncio.to_thread(look, (port,), 0.1)

    assert asyncio.run(work()) == ()
