"""Where models are looked for, what is made of what is found, and that a process that stays looks again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.errors import RequestError
from app.llm.look import Found
from app.settings import place_of_file, settings
from app.settings.holdings import keys, lacking, model_files
from app.settings.models import llm_settings
from app.settings.nearby import forget, nearby
from app.settings.places import places, quick_ports
from app.testing.servers.loopback import Loopback, refused_url
from app.testing.servers.models import lm_studio, ollama, saying
from app.wiring import AGAIN_S, Models

SAYS = saying("C")
URL = "http://127.0.0.1:11434"


@pytest.mark.parametrize(
    ("said", "everywhere", "quick"),
    [
        ("", [f"http://127.0.0.1:{port}" for port in (11434, 1234, 8080, 8000)], (11434, 1234)),
        ("none", [], ()),
        ("1234, 8080", ["http://127.0.0.1:1234", "http://127.0.0.1:8080"], (1234, 8080)),
        ("http://192.168.1.7:11434,1234", ["http://192.168.1.7:11434", "http://127.0.0.1:1234"], (1234,)),
    ],
)
def test_where_is_looked_is_a_setting(said: str, everywhere: list[str], quick: tuple[int, ...]) -> None:
    """Ports of this machine or addresses; the quick look stays on this machine."""
    chosen = settings({"OCTET_LOOK": said})

    assert [place.url for place in places(chosen)] == everywhere
    assert tuple(quick_ports(chosen)) == quick


def test_configured_servers_come_first_and_once() -> None:
    """By their own names, with their keys; a usual address that is configured is not asked twice."""
    chosen = settings({"OCTET_OLLAMA_URL": URL, "OCTET_OPENAI_URL": "http://127.0.0.1:1234/v1", "OCTET_OPENAI_API_KEY": "sk"})
    found = places(chosen)

    assert [(place.name, place.url) for place in found[:2]] == [("ollama", URL), ("openai", "http://127.0.0.1:1234/v1")]
    assert len(found) == 4
    assert "sk" not in repr(found).replace("'ask'", "")


def test_a_key_goes_nowhere_in_clear() -> None:
    """A server that is asked by plain http beyond the house is not asked at all, nor with a key that would be more than a key."""
    far = settings({"OCTET_OPENAI_URL": "http://8.8.8.8:8000", "OCTET_OPENAI_API_KEY": "sk", "OCTET_LOOK": "none"})
    odd = settings({"OCTET_OPENAI_URL": "http://127.0.0.1:8000", "OCTET_OPENAI_API_KEY": "sk\r\nX: y", "OCTET_LOOK": "none"})

    assert places(far) == places(odd) == ()


def test_nonsense_is_no_place() -> None:
    """One line says what may stand there."""
    with pytest.raises(RequestError, match="ports or addresses between commas, or none"):
        places(settings({"OCTET_LOOK": "the attic"}))


@pytest.mark.parametrize(
    ("found", "tiers"),
    [
        (
            (Found("ollama", URL, "Ollama", ("phi3.5:latest", "llama3.3:latest", "tinyllama:1.1b")),),
            [("phi-3.5-mini", "phi3.5", 4), ("llama-3.3-70b", "llama3.3", 7)],
        ),
        (
            (Found("ollama", URL, "Ollama", ("qwen3.5:4b", "qwen3.5:9b", "gemma4:12b")),),
            [("qwen3.5:4b", "qwen3.5:4b", 4), ("gemma4:12b", "gemma4:12b", 7)],
        ),
        ((Found("ollama", URL, "Ollama", ("gpt-oss:120b-cloud", "qwen3.5:9b")),), [("qwen3.5:9b", "qwen3.5:9b", 7)]),
        (
            (
                Found("openai", "http://127.0.0.1:1234", "LM Studio", ("a-7b",)),
                Found("openai", "http://127.0.0.1:8000", "vLLM", ("org/b-32b",)),
            ),
            [("a-7b", "a-7b", 4), ("b-32b", "org/b-32b", 7)],
        ),
        (
            (Found("openai", "http://127.0.0.1:1234", "LM Studio", ("x-13b", "y-13b"), ("y-13b",)),),
            [("y-13b", "y-13b", 7)],
        ),
    ],
)  # fmt: skip
def test_the_chain_is_built_of_what_is_there(found: tuple[Found, ...], tiers: list[tuple[str, str, int]]) -> None:
    """The models that callers know by name, else the best of each size by its own; what is in memory before what is not."""
    made = llm_settings(settings({}), found)

    assert [(tier.label, tier.model, tier.up_to) for tier in made.tiers] == tiers
    assert {tier.provider for tier in made.tiers} <= {provider.name for provider in made.providers}


def test_local_models_come_before_a_cloud_model_with_a_key() -> None:
    """A key alone does not send everything to whoever is paid."""
    found = (Found("ollama", URL, "Ollama", ("phi3.5:latest",)),)
    made = llm_settings(settings({"OCTET_GEMINI_API_KEY": "k"}), found)

    assert [(tier.label, tier.up_to) for tier in made.tiers] == [("phi-3.5-mini", 4), ("gemini-pro", 10)]


def test_a_process_that_stays_looks_again() -> None:
    """Nothing listens; a server starts; after a while, not at once, its models are there, and then they are kept."""
    clock = [100.0]

    async def work() -> tuple[object, ...]:
        act = lm_studio({"qwen3.5-9b": SAYS})
        async with Loopback([act]) as server:
            nobody = await refused_url()
            models = Models(settings({"OCTET_LOOK": nobody}), everywhere=True, now=lambda: clock[0])
            first = await asyncio.to_thread(models)
            models._chosen = settings({"OCTET_LOOK": server.url})  # what listens there from now on
            soon = await asyncio.to_thread(models)
            clock[0] += AGAIN_S + 1
            later = await asyncio.to_thread(models)
            asked = len(server.asked)
            clock[0] += AGAIN_S + 1
            assert await asyncio.to_thread(models) is later
            assert len(server.asked) == asked
            return first, soon, [rung.label for rung in later.rungs] if later is not None else None

    assert asyncio.run(work()) == (None, None, ["qwen3.5-9b"])


def test_a_server_that_gets_its_first_model_is_seen_soon(tmp_path: Path) -> None:
    """A look that found no model is not remembered; one that did can be forgotten."""

    async def work() -> None:
        empty, full = Loopback([ollama({})]), Loopback([ollama({"phi3.5:latest": SAYS})])
        async with empty, full:
            ports = [int(server.url.rpartition(":")[2]) for server in (empty, full)]
            await asyncio.to_thread(nearby, str(tmp_path), ports[:1])
            assert not (tmp_path / "servers.json").exists()
            await asyncio.to_thread(nearby, str(tmp_path), ports[1:])
            assert (tmp_path / "servers.json").exists()

    asyncio.run(work())
    forget(str(tmp_path))

    assert not (tmp_path / "servers.json").exists()
    forget(str(tmp_path))


def test_the_settings_file_has_a_usual_place(tmp_path: Path) -> None:
    """Read where nobody names another; `OCTET_CONFIG` set to nothing reads none."""
    home = {"XDG_CONFIG_HOME": str(tmp_path)}
    path = Path(place_of_file(home))
    path.parent.mkdir()
    path.write_text('strategy = "local_only"\n')

    assert (settings(home).strategy, settings(home).path) == ("local_only", str(path))
    assert settings({**home, "OCTET_CONFIG": ""}).strategy == "hybrid"
    assert settings({}).strategy == "hybrid"


def test_keys_are_told_by_name_and_whether_they_are_used() -> None:
    """Octet's own are used; those of other programs are only there, with the variable that would hand them over."""
    variables = {"OCTET_GEMINI_API_KEY": "a", "ANTHROPIC_API_KEY": "b", "GOOGLE_API_KEY": "c"}
    own = keys(settings(variables), variables)
    foreign = keys(settings({"GOOGLE_API_KEY": "c"}), {"GOOGLE_API_KEY": "c"})

    assert [(key.name, key.used) for key in own] == [
        ("OCTET_GEMINI_API_KEY", True), ("GOOGLE_API_KEY", True), ("ANTHROPIC_API_KEY", False),
    ]  # fmt: skip
    assert [(key.name, key.used, key.own_name) for key in foreign] == [("GOOGLE_API_KEY", False, "OCTET_GEMINI_API_KEY")]


def test_model_files_are_known_by_what_they_hold(tmp_path: Path) -> None:
    """In the folders where programs keep them; a file that only has the name is none; the configured one is used."""
    folder = tmp_path / ".lmstudio" / "models" / "publisher" / "model"
    folder.mkdir(parents=True)
    (folder / "good.gguf").write_bytes(b"GGUF" + bytes(100))
    (folder / "bad.gguf").write_bytes(b"<html>")
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUF")
    variables = {"HOME": str(tmp_path), "OCTET_GGUF": str(own)}
    found = model_files(settings(variables), variables)

    assert [(Path(file.path).name, file.used) for file in found] == [("own.gguf", True), ("good.gguf", False)]
    assert model_files(settings({"OCTET_GGUF": "/nowhere.gguf"}), {}) == ()


def test_what_is_not_installed_is_told_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """By kind of provider; a kind that needs nothing lacks nothing."""
    monkeypatch.setattr("app.settings.holdings.find_spec", lambda _: None)

    assert lacking("openai") == "pip install 'octet-music[openai]'"
    assert lacking("scripted") == ""


def test_two_servers_of_one_kind_have_names_of_their_own() -> None:
    """The second is called what it is."""
    found = (
        Found("ollama", URL, "Ollama", ("phi3.5:latest",)),
        Found("openai", "http://127.0.0.1:1234", "LM Studio", ("a-7b",)),
        Found("openai", "http://127.0.0.1:8080", "llama.cpp", ("b-7b",)),
        Found("ollama", "http://127.0.0.1:11435", "Ollama", ("c-7b",)),
    )

    assert [one.name for one in llm_settings(settings({}), found).providers] == ["ollama", "openai", "llama-cpp", "ollama-11435"]
