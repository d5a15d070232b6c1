"""A service whose one model is a server of the test, which answers when it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from fastapi import FastAPI

from app.api.serving import Patience, serving_of
from app.main import create_app
from app.settings import settings
from app.testing.servers.dialects import DIALECTS, Said, speak
from app.testing.servers.loopback import Loopback, Stage
from tests.api.serving import listening
from tests.services.answers import by_rule, said

MODEL, LABEL = "phi3.5", "phi-3.5-mini"
FILE = """
[providers.here]
kind = "{kind}"
url = "{url}"
[[tiers]]
label = "{label}"
provider = "here"
model = "{model}"
up_to = 10
"""
PIECE = {"num_bars": 8, "key": "C", "description": "simple", "seed": 7}
GOOD = said(by_rule("jazz", **{**PIECE, "seed": 99})[0])
PATIENCE = Patience(dropped_s=0.3, replay_s=30.0, beat_s=0.2)


class Modelled(NamedTuple):
    """The model's server, the service, a client of it, and what lets the model answer."""

    model: Loopback
    app: FastAPI
    client: httpx.AsyncClient
    go: asyncio.Event

    def asked(self) -> int:
        """How often the model was asked."""
        return sum(row.method == "POST" for row in self.model.asked)


@asynccontextmanager
async def modelled(
    folder: Path, text: str = GOOD, kind: str = "ollama", beside: str = "", **more: Any
) -> AsyncIterator[Modelled]:
    """All of it, running; `beside` is where it finds others at the same address."""
    go = asyncio.Event()

    async def act(stage: Stage) -> None:
        if stage.asked.path == "/api/ps":
            await stage.whole(200, {"models": [{"name": MODEL, "model": MODEL}]})
            return
        await go.wait()
        await speak(stage, DIALECTS[kind], Said([text], model=MODEL))

    async with Loopback([act]) as model:
        file = folder / "octet.toml"
        file.write_text(FILE.format(kind=kind, url=model.url, label=LABEL, model=MODEL), encoding="utf-8")
        chosen = settings({"OCTET_DATA_DIR": str(folder), "OCTET_CONFIG": str(file)})
        serving = serving_of(chosen)._replace(**{"patience": PATIENCE, "processes": 1, **more})
        app = create_app(chosen, serving=serving, beside=beside)
        with listening(app) as url:
            async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as client:
                yield Modelled(model, app, client, go)
                go.set()
