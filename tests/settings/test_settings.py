"""Settings from variables and a TOML file: what models there are, who pays, and one helpful line for whatever is wrong."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from app.errors import RequestError
from app.llm.config import BANDS, MATRIX, LLMSettings, Price
from app.llm.look import Found
from app.services.runtime import Runtime
from app.settings import Settings, settings
from app.settings.models import llm_settings
from app.settings.nearby import REMEMBERED_S, nearby
from app.testing.servers.loopback import Loopback, Stage
from app.theory.brief import Ask
from app.wiring import Models, made, runtime

SMALL, LARGE, CLOUD = "phi-3.5-mini", "llama-3.3-70b", "gemini-pro"


def read(toml: str = "", folder: Path | None = None, **variables: str) -> LLMSettings:
    """The model settings of a file and variables."""
    return llm_settings(chosen(toml, folder, **variables))


def chosen(toml: str = "", folder: Path | None = None, **variables: str) -> Settings:
    if folder is not None:
        (folder / "octet.toml").write_text(toml, encoding="utf-8")
        variables["OCTET_CONFIG"] = str(folder / "octet.toml")
    return settings({"HOME": "/nowhere", **variables})


def tiers(found: LLMSettings) -> list[tuple[str, str, str, int]]:
    return [tier[:4] for tier in found.tiers]


def test_nothing_said_is_no_model() -> None:
    """Nothing is configured, nothing is paid."""
    nothing = chosen()

    assert not nothing.has_models
    assert nothing.allow_paid is False
    assert read() == LLMSettings(strategy="hybrid")


def test_the_defaults_are_the_three_tiers_that_callers_know() -> None:
    """One to four small, five to seven large, both local; eight and more in the cloud."""
    found = read(OCTET_OLLAMA_URL="http://127.0.0.1:11434", OCTET_GEMINI_API_KEY="k")

    assert tiers(found) == [
        (SMALL, "ollama", "phi3.5", 4), (LARGE, "ollama", "llama3.3:70b", 7), (CLOUD, "gemini", "gemini-3.8-flash", 10),
    ]  # fmt: skip
    assert found.matrix == MATRIX
    assert found.bands == BANDS
    assert made(chosen(OCTET_OLLAMA_URL="http://127.0.0.1:11434", OCTET_GEMINI_API_KEY="k")) is not None


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        (
            {"OCTET_OPENAI_URL": "http://127.0.0.1:1234", "OCTET_OPENAI_MODEL": "org/gemma-4"},
            [("gemma-4", "openai", "org/gemma-4", 7)],
        ),
        ({"OCTET_GGUF": "/models/tiny.gguf"}, [("tiny", "embedded", "tiny", 7)]),
        ({"OCTET_ANTHROPIC_API_KEY": "k"}, [("claude-sonnet", "anthropic", "claude-sonnet-5", 10)]),
        ({"OCTET_GEMINI_URL": "http://127.0.0.1:9"}, [(CLOUD, "gemini", "gemini-3.8-flash", 10)]),
        ({"OCTET_OPENAI_URL": "http://127.0.0.1:1234"}, []),
    ],
)  # fmt: skip
def test_each_provider_brings_its_tier(variables: dict[str, str], expected: list[Any]) -> None:
    """By the variable that names it; a server whose model nobody names brings none."""
    assert tiers(read(**variables)) == expected


@pytest.mark.parametrize(
    ("variables", "paid", "has"),
    [
        ({}, False, False),
        ({"OCTET_GEMINI_API_KEY": "k"}, True, True),
        ({"GEMINI_API_KEY": "k"}, False, False),
        ({"GOOGLE_API_KEY": "k", "OCTET_ALLOW_PAID": "ask"}, "ask", True),
        ({"GOOGLE_API_KEY": "k", "OCTET_ALLOW_PAID": "true"}, True, True),
        ({"OCTET_GEMINI_API_KEY": "k", "OCTET_ALLOW_PAID": "no"}, False, True),
        ({"OCTET_OLLAMA_URL": "http://127.0.0.1:1"}, False, True),
    ],
)
def test_only_a_key_given_to_octet_may_be_spent(variables: dict[str, str], paid: bool | str, has: bool) -> None:
    """A key that is there for other programs is read, and spent only where that is said."""
    found = chosen(**variables)

    assert (found.allow_paid, found.has_models) == (paid, has)
    assert llm_settings(found).allow_paid == paid


def test_keys_are_never_shown() -> None:
    """Neither by the settings nor by what is made of them."""
    found = chosen(OCTET_GEMINI_API_KEY="sk-canary", GEMINI_API_KEY="sk-canary2")

    assert "canary" not in repr(found) + str(found) + repr(llm_settings(found)) + repr(runtime(found))


def test_octets_own_key_wins() -> None:
    """Over those that are there for other programs."""
    keys = read(OCTET_GEMINI_API_KEY="own", GEMINI_API_KEY="other").providers[0].key

    assert keys.reveal() == "own"


FILE = """
strategy = "local_fallback"
allow_paid = "ask"

[providers.shed]
kind = "openai"
url = "http://192.168.1.7:8080/v1"
key_env = "SHED_KEY"
local = true
options = { extra = 1 }

[[tiers]]
label = "shed-model"
provider = "shed"
model = "gemma-4"
up_to = 10
num_ctx = 16384

[[matrix]]
task = "progression"
band = "complex"
chain = ["shed-model"]
checks = ["key", "cadence"]
attempts = 2
end = "review"

[limits]
deadline_s = 30
max_calls = 3

[budget]
day_usd = 1.5

[prices]
reference = "gemini-3.8-flash"
[prices."gemma-4"]
input_usd = 0.1
output_usd = 0.2
"""


def test_the_file_says_all_of_it(tmp_path: Path) -> None:
    """Providers with keys by the name of a variable, tiers, matrix, limits, budget and prices."""
    found = read(FILE, tmp_path, SHED_KEY="sk")
    provider, row = found.providers[0], found.matrix[0]

    assert (provider.kind, provider.url, provider.key.reveal(), provider.local) == (
        "openai",
        "http://192.168.1.7:8080/v1",
        "sk",
        True,
    )
    assert tiers(found) == [("shed-model", "shed", "gemma-4", 10)]
    assert (row.chain, row.checks, row.attempts, row.end) == (("shed-model",), ("key", "cadence"), 2, "review")
    assert len([one for one in found.matrix if (one.task, one.band) == ("progression", "complex")]) == 1
    assert (found.limits.deadline_s, found.limits.max_calls, found.budget.day_usd) == (30, 3, 1.5)
    assert found.prices.table == {"gemma-4": Price(0.1, 0.2)}
    assert (found.strategy, found.allow_paid) == ("local_fallback", "ask")


def test_variables_win_over_the_file(tmp_path: Path) -> None:
    """Strategy, consent, deadline and budget of the day."""
    found = read(
        FILE, tmp_path, OCTET_STRATEGY="cloud_only", OCTET_ALLOW_PAID="true", OCTET_DEADLINE_MS="2500", OCTET_BUDGET_DAY_USD="0"
    )

    assert (found.strategy, found.allow_paid, found.limits.deadline_s, found.budget.day_usd) == ("cloud_only", True, 2.5, 0.0)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("tier = 1", 'unknown setting "tier": did you mean tiers'),
        ("strategy = ", "octet.toml"),
        ('strategy = "fast"', "choose one of hybrid"),
        ('[providers.x]\nkey = "sk-1"', "keys do not belong in a file"),
        ('[providers.x]\nurls = "u"', 'unknown "urls": did you mean url'),
        ("[providers.x]\nurl = 7", "url: must be a text"),
        ("[providers]\nx = 1", "providers.NAME"),
        ('[[tiers]]\nlabel = "a"\nprovider = "b"', "model is missing"),
        ('[[tiers]]\nlabel = "a"\nprovider = "b"\nmodel = "c"\nup_to = "4"', "up_to: must be a whole number"),
        ("[tiers]\nx = 1", r"\[\[tiers\]\]"),
        ('[[matrix]]\ntask = "progression"\nband = "hard"', 'band "hard"'),
        ('[[matrix]]\ntask = "progression"\nband = "quick"\nend = "cry"', "rules or review"),
        ('[[matrix]]\ntask = "progression"\nband = "quick"\nchecks = ["keys"]', 'checks: "keys": did you mean key'),
        ('[[matrix]]\ntask = "progression"\nband = "quick"\nchain = ["gpt"]', 'chain: "gpt"'),
        ('[[matrix]]\ntask = "progression"\nband = "quick"\nchecker = "nex"', "did you mean next"),
        ("[limits]\ndeadline_s = true", "deadline_s: must be a number"),
        ("[limits]\ndeadlines = 1", "did you mean deadline_s"),
        ("limits = 3", r"\[limits\]"),
        ('[bands]\nquick = "a"', "bands"),
        ('[prices."m"]\ninput_usd = 1', "output_usd is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_file_is_told_in_one_line(toml: str, message: str, tmp_path: Path) -> None:
    """Where it is, and the nearest thing that may be."""
    with pytest.raises(RequestError, match=message) as wrong:
        read(toml, tmp_path)

    assert "\n" not in str(wrong.value).strip() or "octet.toml" in str(wrong.value)
    assert "sk-1" not in str(wrong.value)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"OCTET_ALLOW_PAID": "maybe"}, "true, false or ask"),
        ({"OCTET_DEADLINE_MS": "soon"}, "OCTET_DEADLINE_MS"),
        ({"OCTET_BUDGET_DAY_USD": "-1"}, "OCTET_BUDGET_DAY_USD"),
        ({"OCTET_BUDGET_DAY_USD": "nan"}, "OCTET_BUDGET_DAY_USD"),
        ({"OCTET_CONFIG": "/nowhere/octet.toml"}, "No such file"),
    ],
)
def test_what_is_wrong_in_a_variable_is_told(variables: dict[str, str], message: str) -> None:
    """By its name."""
    with pytest.raises(RequestError, match=message):
        read(**variables)


def test_a_server_that_was_found_is_asked_for_what_it_has() -> None:
    """The default models where it has them, else the first that it names; LM Studio's by its own name."""
    both = llm_settings(chosen(), (Found("ollama", "http://127.0.0.1:11434", "Ollama", ("phi3.5:latest", "llama3.3:70b")),))
    one = llm_settings(chosen(), (Found("ollama", "http://127.0.0.1:11434", "Ollama", ("llama3.3:70b",)),))
    other = llm_settings(chosen(), (Found("ollama", "http://127.0.0.1:11434", "Ollama", ("qwen3.5:9b", "x")),))
    studio = llm_settings(chosen(), (Found("openai", "http://127.0.0.1:1234", "LM Studio", ("gemma-4",)),))

    assert [tier.label for tier in both.tiers] == [SMALL, LARGE]
    assert [tier.label for tier in one.tiers] == [LARGE]
    assert [tier.model for tier in other.tiers] == ["qwen3.5:9b"]
    assert tiers(studio) == [("gemma-4", "openai", "gemma-4", 7)]


def test_models_are_made_when_they_are_first_asked_for() -> None:
    """Making a runtime reads no provider and imports no model layer; a request by rule makes none."""
    own = runtime(chosen(OCTET_OLLAMA_URL="http://127.0.0.1:9"))
    assert isinstance(own.models, Models)
    assert own.llm_for(Ask("jazz", strategy="rules_only")) is None
    assert own.llm_for(Ask("jazz", chords="C")) is None
    llm = own.llm_for(Ask("jazz"))

    assert llm is not None
    assert own.llm_for(Ask("jazz")) is llm
    assert Runtime().llm_for(Ask("jazz")) is None


async def _ollama(stage: Stage) -> None:
    pages = {"/api/version": {"version": "0.32.9"}, "/api/tags": {"models": [{"name": "phi3.5:latest"}]}}
    await stage.whole(200 if stage.asked.path in pages else 404, pages.get(stage.asked.path, {}))


def test_a_look_is_remembered_while_the_same_ports_are_open(tmp_path: Path) -> None:
    """Asked once in ten minutes; when nobody listens any more that is seen at once."""

    async def work() -> tuple[int, int, int]:
        async with Loopback([_ollama]) as server:
            port = int(server.url.rpartition(":")[2])
            first = await asyncio.to_thread(nearby, str(tmp_path), (port,))
            asked = len(server.asked)
            second = await asyncio.to_thread(nearby, str(tmp_path), (port,))
            assert first == second == (Found("ollama", server.url, "Ollama", ("phi3.5:latest",)),)
            between = len(server.asked)
            content = json.loads((tmp_path / "servers.json").read_text())
            (tmp_path / "servers.json").write_text(json.dumps({**content, "at": content["at"] - REMEMBERED_S - 1}))
            await asyncio.to_thread(nearby, str(tmp_path), (port,))
            after = len(server.asked)
        assert await asyncio.to_thread(nearby, str(tmp_path), (port,)) == ()
        return asked, between, after

    asked, between, after = asyncio.run(work())

    assert 0 < asked == between < after


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"at": "x", "ports": [1], "found": []}', '{"at": 1, "ports": 3, "found": [[1]]}']
)
def test_a_damaged_memory_of_a_look_is_no_harm(content: str, tmp_path: Path) -> None:
    """It is looked again."""
    (tmp_path / "servers.json").write_text(content)

    assert nearby(str(tmp_path), ()) == ()


def test_the_folders_follow_the_desktops_conventions(tmp_path: Path) -> None:
    """What is kept lies beside other programs' data, what can be made anew in the cache; OCTET_DATA_DIR takes both."""
    if sys.platform == "win32":
        pytest.skip("other conventions")
    own = settings({"XDG_DATA_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "c")})

    assert (own.data_folder, own.cache_folder) == (str(tmp_path / "octet"), str(tmp_path / "c" / "octet"))
    assert settings({"OCTET_DATA_DIR": str(tmp_path)}).data_folder == str(tmp_path)
