"""A real server on a loopback port, one a module."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from app.api.serving import Serving
from app.main import create_app
from app.services.runtime import Runtime
from app.settings import settings


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a service that answers by rule."""
    folder = str(tmp_path_factory.mktemp("data"))
    app = create_app(settings({"OCTET_DATA_DIR": folder}), Runtime("rules_only"), Serving(body_s=1.0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, ws="none", timeout_graceful_shutdown=5))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        with httpx.Client(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=30, trust_env=False) as made:
            yield made
        server.should_exit = True
        thread.join(10)
    assert not thread.is_alive()
