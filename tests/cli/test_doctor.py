"""`octet doctor` in the situations that people are in: what it finds and advises, and that a generation goes through in each."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.checkup.advice import advice
from app.checkup.findings import findings
from app.checkup.report import lines_of, status_of
from app.checkup.trial import Trial
from app.llm.build import of
from app.llm.machine import Machine
from app.llm.providers.scripted import Scripted
from app.settings import settings
from app.testing.servers.loopback import Loopback
from app.testing.servers.models import lm_studio, ollama, openai_like, saying
from tests.cli.conftest import Octet
from tests.cli.situations import ASKED, Runs, report, situation, within
from tests.llm.needing import need

__all__ = ["within"]
OWN = Machine(32, 28, 8)
CANARY = "sk-canary-0123456789"


@pytest.mark.parametrize(
    ("name", "servers", "labels", "route", "status", "method"),
    [
        ("fresh", ["Ollama"], [], ["rule-based"], "rules", "rule-based"),
        ("studio", ["LM Studio"], ["qwen3.5-9b"], ["qwen3.5-9b", "rule-based"], "ready", "qwen3.5-9b"),
        ("ollama", ["Ollama"], ["phi-3.5-mini", "llama-3.3-70b"], ["llama-3.3-70b", "rule-based"], "ready", "phi-3.5-mini"),
        ("both", ["Ollama", "LM Studio"], ["phi-3.5-mini", "qwen3.5-9b"], ["qwen3.5-9b", "rule-based"], "ready", "phi-3.5-mini"),
        ("cloud", [], ["gemini-pro"], ["gemini-pro", "rule-based"], "ready", "gemini-pro"),
        ("nothing", [], [], ["rule-based"], "rules", "rule-based"),
    ],
)  # fmt: skip
def test_each_situation_is_seen_advised_on_and_works(
    within: Runs, name: str, servers: list[str], labels: list[str], route: list[str], status: str, method: str
) -> None:
    """What is there, where a request of complexity 6 would go, whether models answer; guidance only where it is needed."""
    need("openai")
    need("gemini")
    doctor, _, made = within(situation(name), ("doctor", "--json", "--paid"), ("setup", "--yes"), ASKED)
    found = report(doctor)

    assert doctor.status == made.status == 0
    assert [one["server"] for one in found["servers"] if one["server"]] == servers
    assert [one["label"] for one in found["models"]] == labels
    assert next(way["route"] for way in found["routes"] if way["complexity"] == 6) == route
    assert found["status"] == status
    assert [(one["label"], one["outcome"]) for one in found["tests"]] == [(label, "answered") for label in labels]
    assert bool(found["next_steps"]) == (status == "rules")
    result = report(made)
    assert (result["generation_method"], result["num_bars"]) == (method, 8)


def test_a_fresh_ollama_is_told_which_model_to_pull(within: Runs) -> None:
    """The first step is the command that does it."""
    (ran,) = within(situation("fresh"), ("doctor",))

    assert "Ollama runs and has no model" in ran.out
    assert "     ollama pull " in ran.out
    assert "until then everything is made by rule" in ran.out


def test_with_nothing_it_says_how_to_get_a_model(within: Runs) -> None:
    """A local one that suits the machine, or a key; nothing that is not needed."""
    (ran,) = within(situation("nothing"), ("doctor",))

    assert "OCTET_GEMINI_API_KEY" in ran.out
    assert ran.status == 0


PAID = """
allow_paid = true
[providers.gemini]
url = "http://127.0.0.1:9"
local = false
key_env = "A_KEY"
[[tiers]]
label = "gemini-pro"
provider = "gemini"
model = "gemini-3.8-flash"
"""


def test_nobody_pays_unasked(octet: Octet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --paid a model that costs money is not asked, and that is no trouble; with it the one that is down is."""
    need("gemini")
    (tmp_path / "octet.toml").write_text(PAID)
    for name, value in {"OCTET_CONFIG": str(tmp_path / "octet.toml"), "OCTET_LOOK": "none", "A_KEY": "k"}.items():
        monkeypatch.setenv(name, value)
    unasked, asked = octet("doctor", "--json"), octet("doctor", "--json", "--paid")

    assert ([one["outcome"] for one in report(unasked)["tests"]], unasked.status) == (["not asked"], 0)
    assert "--paid" in report(unasked)["tests"][0]["reason"]
    assert ([one["outcome"] for one in report(asked)["tests"]], asked.status) == (["unreachable"], 1)
    assert "did not answer" in report(asked)["next_steps"][0]["text"]


def test_no_key_is_ever_shown(within: Runs) -> None:
    """Neither one that is used nor one that is there for other programs."""
    where = situation("cloud")
    keys = {"OCTET_GEMINI_API_KEY": CANARY, "OPENAI_API_KEY": CANARY}
    for ran in within(where._replace(variables=keys), ("doctor", "--paid"), ("doctor", "--json")):
        assert "OPENAI_API_KEY" in ran.out
        assert CANARY not in ran.out + ran.err


def examined(*acts: object, **variables: str) -> tuple[str, list[str], str]:
    """The status, the texts of the next steps, and all that would be printed, for servers and variables."""

    async def work() -> tuple[str, list[str], str]:
        servers = [Loopback([act]) for act in acts]  # type: ignore[list-item]  # acts
        for server in servers:
            await server.__aenter__()
        try:
            look = ",".join(server.url for server in servers) or "none"
            environment = {"OCTET_LOOK": look, **variables}
            found = await asyncio.to_thread(findings, settings(environment), environment, OWN)
            return status_of(found, ()), [step.text for step in advice(found)], "\n".join(lines_of(found))
        finally:
            for server in servers:
                await server.__aexit__()

    return asyncio.run(work())


def test_a_key_for_other_programs_is_pointed_out() -> None:
    """By name, with the line that gives it to Octet."""
    status, steps, printed = examined(GEMINI_API_KEY="x")

    assert status == "rules"
    assert any("GEMINI_API_KEY is there" in step for step in steps)
    assert 'export OCTET_GEMINI_API_KEY="$GEMINI_API_KEY"' in printed


def test_a_server_that_wants_a_key_gets_its_line() -> None:
    """Which variables to set."""
    status, _, printed = examined(openai_like({"m": saying("x")}, key="sk"))

    assert status == "rules"
    assert "it wants a key" in printed
    assert "export OCTET_OPENAI_API_KEY=..." in printed


def test_a_configured_server_that_is_down_is_told() -> None:
    """With what starts it."""
    _, steps, printed = examined(OCTET_OLLAMA_URL="http://127.0.0.1:9")

    assert any("nobody listens there" in step for step in steps)
    assert "ollama serve" in printed


def test_a_model_that_is_configured_and_not_there_is_told() -> None:
    """With the command that brings it."""

    async def work() -> str:
        async with Loopback([ollama({"phi3.5:latest": saying("x")})]) as server:
            environment = {"OCTET_LOOK": "none", "OCTET_OLLAMA_URL": server.url}
            found = await asyncio.to_thread(findings, settings(environment), environment, OWN)
            return "\n".join(lines_of(found))

    printed = asyncio.run(work())

    assert "llama3.3:70b is configured and not on this Ollama" in printed
    assert "ollama pull llama3.3:70b" in printed
    assert "phi3.5 is configured and not" not in printed


def test_a_server_whose_model_nobody_named_is_asked_for_it() -> None:
    """`OCTET_OPENAI_URL` alone is enough."""

    async def work() -> list[str]:
        async with Loopback([lm_studio({"qwen3.5-9b": saying("x")})]) as server:
            environment = {"OCTET_LOOK": "none", "OCTET_OPENAI_URL": f"{server.url}/v1"}
            found = await asyncio.to_thread(findings, settings(environment), environment, OWN)
            return [rung.label for rung in found.llm.rungs] if found.llm is not None else []

    assert asyncio.run(work()) == ["qwen3.5-9b"]


OWN_FILE = """
[providers.own]
kind = "scripted"
[[tiers]]
label = "m"
provider = "own"
model = "m"
"""


def test_a_key_that_the_settings_file_gives_to_nobody_is_told(within: Runs, tmp_path: Path) -> None:
    """After the setup that uses it nothing is left to do; a file that asks others is told of it."""
    need("gemini")
    (made,) = within(situation("cloud"), ("setup", "--json"))
    (tmp_path / "own.toml").write_text(
        '[providers.own]\nkind = "scripted"\n[[tiers]]\nlabel = "m"\nprovider = "own"\nmodel = "m"\n'
    )
    variables = {"OCTET_CONFIG": str(tmp_path / "own.toml"), "OCTET_GEMINI_API_KEY": "k"}

    assert report(made)["next_steps"] == []
    assert any("no tier of the settings file asks that service" in step for step in examined(**variables)[1])


@pytest.mark.parametrize(("rate", "words"), [(2.0, "about 300 s, and a request waits 60 s"), (20.0, ""), (None, "")])
def test_a_model_that_nobody_would_wait_for_is_told(rate: float | None, words: str) -> None:
    """At the rate of its test eight bars would take longer than a request waits: with what can be done."""
    llm = of([("slow", Scripted(["x"]), 10)])
    found = findings(settings({"OCTET_LOOK": "none"}), {}, OWN, llm)
    steps = [step.text for step in advice(found, [Trial("slow", "p", "m", True, "answered", tokens_a_second=rate)])]

    assert [words in step for step in steps] == ([True] if words else [])


def test_settings_that_cannot_be_are_trouble() -> None:
    """The report says which, instead of failing."""
    status, steps, _ = examined(OCTET_OLLAMA_URL="http://example.com:11434")

    assert status == "trouble"
    assert "plain http" in steps[0]


@pytest.mark.parametrize(("words", "message"), [(("x",), "takes options alone"), (("--jsn",), "did you mean --json")])
def test_what_is_wrong_is_told_in_one_line(octet: Octet, words: tuple[str, ...], message: str) -> None:
    """As everywhere."""
    ran = octet("doctor", *words)

    assert (ran.status, message in ran.err) == (2, True)
