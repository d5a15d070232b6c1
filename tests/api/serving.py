"""Real servers on loopback for the tests of the service: an application on a thread, with the connections of `octet serve`."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from app.api.caller import SCOPES
from app.api.guard import web_options
from app.settings import Settings
from app.settings.keeping import keeping_settings
from app.store.durable import TOGETHER, Durable
from app.store.keys import Keys, Terms
from app.store.place import place_of


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """The address of a running server."""
    options = web_options(app.state.octet.serving)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=5, **options))
    with socket.create_server(("127.0.0.1", 0)) as opened:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{opened.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
    assert not thread.is_alive()


def key_for(chosen: Settings, owner: str, scopes: Iterable[str] = SCOPES, **bounds: float) -> str:
    """A new key, made as `octet keys create` makes one."""
    with keys_of(chosen) as keys:
        return asyncio.run(keys.create(owner, Terms(scopes)._replace(**bounds)))[1]  # type: ignore[arg-type]


def revoke(chosen: Settings, owner: str) -> None:
    """Revoke an owner's keys."""

    async def each(keys: Keys) -> None:
        for key in await keys.known():
            if key.owner == owner:
                await keys.revoke(key.id)

    with keys_of(chosen) as keys:
        asyncio.run(each(keys))


@contextmanager
def keys_of(chosen: Settings) -> Iterator[Keys]:
    """The keys of a service, as another process has them."""
    database = Durable(place_of(keeping_settings(chosen).keys_url), journal=TOGETHER)
    try:
        yield Keys(database)
    finally:
        database.close()
