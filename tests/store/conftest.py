"""Every test of the store runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.durable import Durable
from app.store.place import Place, place_of
from tests.postgres import Postgres, postgres

__all__ = ["postgres"]  # a fixture


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty database."""
    if request.param == "sqlite":
        return Place(path=str(tmp_path / "generations.sqlite3"))
    server: Postgres = request.getfixturevalue("postgres")
    return place_of(server.url(f"t{time.time_ns()}"))


@pytest.fixture
def database(place: Place) -> Iterator[Durable]:
    """The same, open when it is first used."""
    made = Durable(place)
    yield made
    made.close()
