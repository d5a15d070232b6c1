"""A real server on a loopback port, one a module."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from app.api.serving import Serving
from app.main import create_app
from app.services.runtime import Runtime
from app.settings import settings
from tests.api.serving import listening


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a service that answers by rule."""
    folder = str(tmp_path_factory.mktemp("data"))
    app = create_app(settings({"OCTET_DATA_DIR": folder}), Runtime("rules_only"), Serving(body_s=1.0))
    with listening(app) as url, httpx.Client(base_url=url, timeout=30, trust_env=False) as made:
        yield made
