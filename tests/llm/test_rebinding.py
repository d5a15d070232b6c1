"""A name that was at home when the settings were read is looked up again to connect, and only what was checked is called."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from app.errors import NoModelAnswered, RequestError
from app.llm.address import at_home
from app.llm.build import build
from app.llm.config import Limits, LLMSettings, ProviderSettings, TierSettings
from app.llm.types import Answer, Prompt
from app.testing.servers.dialects import DIALECTS, MODEL
from app.testing.servers.faults import healthy
from app.testing.servers.loopback import Loopback
from tests.llm.needing import need

NAME = "models.test"


class Names:
    """A resolver that is asked for one name, and answers differently each time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: Iterator[str] = iter(())
        self.asked: list[str] = []
        self._real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self)

    def __call__(self, host: Any, port: Any, *more: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        self.asked.append(name)
        return self._real(next(self.answers) if name == NAME else host, port, *more, **options)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    return Names(monkeypatch)


def asked(dialect: str, names: Names, *answers: str) -> tuple[Answer[str] | NoModelAnswered, list[str], str]:
    """What comes of a request to a server by name, which addresses were looked up, and the Host that the server was called by."""
    need(dialect)

    async def work() -> tuple[Answer[str] | NoModelAnswered, list[str], str]:
        async with Loopback([healthy(DIALECTS[dialect])]) as server:
            url = server.url.replace("127.0.0.1", NAME)
            port = url.rpartition(":")[2]
            names.answers = iter(answers)
            servers, tiers = (ProviderSettings("s", DIALECTS[dialect].kind, url),), (TierSettings("a", "s", MODEL),)
            llm = build(LLMSettings(servers, tiers, limits=Limits(retry_reserve=0)))
            names.asked.clear()
            try:
                ended: Answer[str] | NoModelAnswered = await llm.ask(Prompt("?", schema={"type": "object"}, seed=1), 3, str)
            except NoModelAnswered as refusal:
                ended = refusal
            finally:
                await llm.aclose()
            calls = [call for call in server.asked if call.path != "/api/ps"]
            host = calls[-1].headers.get("host", "") if calls else ""
            return ended, names.asked, host.replace(port, "PORT")

    return asyncio.run(work())


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_address_that_was_checked_is_the_one_that_is_called(dialect: str, names: Names) -> None:
    """Looked up when the settings are read and again to connect; the server is still called by its name."""
    ended, _, host = asked(dialect, names, *["127.0.0.1"] * 9)

    assert isinstance(ended, Answer), ended
    assert host == f"{NAME}:PORT"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("elsewhere", ["8.8.8.8", "169.254.169.254"])
def test_a_name_that_leads_elsewhere_by_now_is_not_called(dialect: str, elsewhere: str, names: Names) -> None:
    """Nothing is sent; the model is left alone."""
    ended, _, host = asked(dialect, names, "127.0.0.1", *[elsewhere] * 9)

    assert isinstance(ended, NoModelAnswered)
    assert {row.outcome for row in ended.attempts if row.outcome != "skipped"} == {"policy"}
    assert host == ""


def test_only_names_behind_plain_http_are_looked_up() -> None:
    """Addresses need it not, and TLS vouches for the others."""
    for url in ("http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1", "https://models.test"):
        assert at_home(url, lambda _: ("8.8.8.8",)) == ()
    with pytest.raises(RequestError, match="no address"):
        at_home("http://models.test", lambda _: ())
    assert at_home("http://models.test", lambda _: ("10.0.0.1", "fd00::1")) == ("10.0.0.1", "fd00::1")
