"""`octet keys`: made, listed and revoked beside a service that runs."""

from __future__ import annotations

import asyncio
import json

import pytest

from app.settings import settings
from app.settings.keeping import keeping_settings
from app.store.keys import Keys
from app.wiring import databases
from tests.cli.conftest import Octet, Ran


@pytest.fixture
def keys(octet: Octet, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Octet:
    """Run `octet keys` on an empty database."""
    monkeypatch.setenv("OCTET_DATA_DIR", str(tmp_path_factory.mktemp("data")))

    def run(*arguments: str) -> Ran:
        return octet("keys", *arguments)

    return run


def test_a_key_is_shown_once_and_alone(keys: Octet) -> None:
    """Standard output is the key; the list says of it what it begins with, whose it is and what it may do."""
    made = keys("create", "studio", "--scope", "read", "--scope", "generate", "--expires-days", "30")
    secret = made.out.strip()
    listed = keys("list")

    assert (made.status, made.out.count("\n")) == (0, 1)
    assert "shown this once" in made.err
    assert "studio  generate read" in listed.out
    assert "expires" in listed.out
    assert secret not in listed.out
    assert secret[:12] in listed.out


def test_keys_are_made_and_revoked_while_the_service_has_its_files_open(keys: Octet) -> None:
    """It finds a new key at once; the other process waits for nothing."""
    kept, of_keys = databases(keeping_settings(settings()))
    kept.open()
    service = Keys(of_keys)

    async def known(secret: str) -> bool:
        return await service.find(secret) is not None

    assert not asyncio.run(known("octet_x"))
    made = json.loads(keys("create", "studio", "--rate", "10", "--burst", "3", "--json").out)
    assert asyncio.run(known(made["key"]))
    assert keys("revoke", made["id"]).status == 0
    row = json.loads(keys("list", "--json").out)["keys"][0]
    assert (row["id"], row["rate_per_minute"], row["burst"]) == (made["id"], 10.0, 3)
    assert row["revoked"]
    of_keys.close()
    kept.close()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "create"),
        (("creat", "x"), "did you mean create"),
        (("create",), "one NAME"),
        (("create", "a", "b"), "one NAME"),
        (("create", "a b"), "letters, digits"),
        (("create", "a", "--scope", "reed"), "did you mean read"),
        (("create", "a", "--rate", "fast"), "a number"),
        (("list", "all"), "no name"),
        (("revoke", "01a1feb4-e518"), "octet keys list"),
        (("revoke", ""), "octet keys list"),
    ],
)
def test_a_wrong_request_is_one_line(keys: Octet, arguments: tuple[str, ...], says: str) -> None:
    """Status 2, and what may be."""
    ran = keys(*arguments)

    assert (ran.status, ran.err.count("\n"), ran.out) == (2, 1, "")
    assert says in ran.err


def test_no_keys_are_told_as_none(keys: Octet) -> None:
    """With how one is made."""
    assert "octet keys create" in keys("list").out


def test_a_database_that_cannot_be_reached_is_one_line(keys: Octet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status 1."""
    monkeypatch.setenv("OCTET_DATABASE_URL", "postgresql://octet@127.0.0.1:1/none")
    ran = keys("list")

    assert (ran.status, ran.err.count("\n")) == (1, 1)
