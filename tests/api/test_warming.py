"""A service that is asked a first thing has its small local model loaded, so that the first piece need not wait for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from app.api.serving import serving_of
from app.main import create_app
from app.settings import settings
from app.testing.servers.loopback import Loopback, Stage
from app.testing.servers.models import ollama, saying
from tests.api.serving import listening

SAYS = saying("C")


def loaded_at_start(folder: Path, strategy: str, there: tuple[str, ...] = ()) -> list[str]:
    """The models that a service with two local ones has loaded when it has answered, and looked at what is loaded."""

    async def work() -> list[str]:
        serve, looked = ollama({"phi3.5": SAYS, "llama3.3:70b": SAYS}, there), asyncio.Event()

        async def act(stage: Stage) -> None:
            await serve(stage)
            looked.set()

        async with Loopback([act]) as server:
            chosen = settings({"OCTET_DATA_DIR": str(folder), "OCTET_OLLAMA_URL": server.url, "OCTET_STRATEGY": strategy})
            app = create_app(chosen, serving=serving_of(chosen)._replace(processes=0))
            with listening(app) as url:
                await asyncio.sleep(0.2)
                assert not server.asked, "a start asks nothing of the network"
                async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as client, asyncio.timeout(20):
                    assert (await client.get("/healthz")).status_code == 200
                    if strategy != "rules_only":
                        await looked.wait()
                    await asyncio.sleep(0.2)  # for what should not come
            return [row.json["model"] for row in server.asked if row.path == "/api/generate"]

    return asyncio.run(work())


def test_the_small_local_model_is_loaded_when_the_service_begins(tmp_path: Path) -> None:
    """The large one waits until somebody needs it: not every machine has room for both."""
    assert loaded_at_start(tmp_path, "hybrid") == ["phi3.5"]


def test_what_is_in_memory_is_not_loaded_again(tmp_path: Path) -> None:
    """Asking what is there is enough."""
    assert loaded_at_start(tmp_path, "hybrid", ("phi3.5",)) == []


def test_by_rule_alone_nothing_is_loaded(tmp_path: Path) -> None:
    """No model will be asked."""
    assert loaded_at_start(tmp_path, "rules_only") == []
