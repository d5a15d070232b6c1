"""What each provider sends, and how it takes what its servers are known to do differently."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.errors import ProviderError
from app.llm.build import _built_in, build
from app.llm.config import Limits, LLMSettings, ProviderSettings, TierSettings
from app.llm.providers import KINDS
from app.llm.providers.mapping import same_model
from app.llm.providers.ollama import Ollama
from app.llm.secret import Secret
from app.llm.types import Call, Prompt, Reply, Terms, Turn
from app.testing.servers.dialects import ANSWER, DIALECTS, MODEL, Said, speak
from app.testing.servers.faults import CANARY, Fault, act, hang, healthy, said, status
from app.testing.servers.loopback import Act, Asked, Loopback, Stage
from tests.llm.needing import need

SCHEMA = {
    "type": "object",
    "properties": {
        "n": {"type": "integer", "enum": [1, 2]},
        "bars": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"$ref": "#/$defs/bar"}},
        "bass": {"anyOf": [{"type": "string", "enum": ["C", "G"]}, {"type": "null"}]},
    },
    "required": ["n", "bars", "bass"],
    "additionalProperties": False,
    "$defs": {"bar": {"type": "string", "enum": ["C", "G7"]}},
}
PROMPT = Prompt("Two bars.", "You write chords.", SCHEMA, 123, 7, turns=(Turn("assistant", "no"), Turn("user", "Again.")))
CALL = Call(2, 5, 5)
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _hostile_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Proxies, hosts and keys of the environment, none of which may be used."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("OLLAMA_API_KEY", "OPENAI_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(name, "sk-of-the-environment")
    for name in ("OLLAMA_HOST", "OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "GOOGLE_GEMINI_BASE_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    return iter(())


def provider(kind: str, url: str, model: str = MODEL, key: str = CANARY, **options: Any) -> Any:
    server = ProviderSettings("server", kind, url, Secret(key), options=options)
    return _built_in(server)()(server, TierSettings("m", "server", model, num_ctx=4096, keep_alive="7m"), Limits())


def ask(
    kind: str, *acts: Act, prompt: Prompt = PROMPT, times: int = 1, **how: Any
) -> tuple[list[Reply | ProviderError], list[Asked]]:
    """The replies of a provider that asks a server of these acts, and what it asked."""
    need(kind)

    async def work() -> tuple[list[Reply | ProviderError], list[Asked]]:
        async with Loopback(acts) as server:
            asking = provider(kind, server.url, **how)
            told: list[Reply | ProviderError] = []
            for _ in range(times):
                try:
                    told.append(await asking.complete(prompt, CALL))
                except ProviderError as fault:
                    told.append(fault)
            return told, server.asked

    return asyncio.run(work())


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_answer_and_its_tokens_are_read(dialect: str) -> None:
    """Text in pieces, the tokens that the server counted, and the time to the first piece where it streams."""
    (reply,), _ = ask(DIALECTS[dialect].kind, healthy(DIALECTS[dialect]))

    assert isinstance(reply, Reply)
    assert (reply.text, reply.tokens_in, reply.tokens_out) == (ANSWER, 40, 20)
    assert (reply.first_token_ms is not None) is DIALECTS[dialect].stream


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_request_has_its_bounds_and_only_its_own_key(dialect: str) -> None:
    """A token cap, plain encoding, the configured key in a header (never in the address), nothing of the environment."""
    _, (asked,) = ask(DIALECTS[dialect].kind, healthy(DIALECTS[dialect]))

    body = json.dumps(asked.json)
    assert "123" in body
    assert asked.headers["accept-encoding"] == "identity"
    assert CANARY in " ".join(asked.headers.values())
    assert "canary" not in asked.path
    assert "sk-of-the-environment" not in body + asked.path + " ".join(asked.headers.values())
    assert all(text in body for text in ("Two bars.", "You write chords.", '"no"', "Again."))


@pytest.mark.parametrize("dialect", ["ollama", "openai"])
def test_a_local_server_without_a_key_gets_none(dialect: str) -> None:
    """Not even one that the library found in the environment."""
    _, (asked,) = ask(DIALECTS[dialect].kind, healthy(DIALECTS[dialect]), key="")

    assert "authorization" not in asked.headers


def test_what_ollama_is_asked() -> None:
    """Its own API: the schema written out in `format`, context and cap explicit, the seed, no thinking, kept in memory."""
    _, (asked,) = ask("ollama", healthy(DIALECTS["ollama"]))

    assert asked.path == "/api/chat"
    assert asked.json["format"]["properties"]["bars"]["items"] == {"type": "string", "enum": ["C", "G7"]}
    assert "$defs" not in asked.json["format"]
    assert asked.json["options"] == {"num_ctx": 4096, "num_predict": 123, "seed": 7}
    assert (asked.json["keep_alive"], asked.json["think"], asked.json["stream"]) == ("7m", False, True)


def test_what_gemini_is_asked() -> None:
    """Raw JSON Schema, no temperature, and as little thinking as models of the third family allow."""
    _, (asked,) = ask("gemini", act(Fault("", said(model="gemini-3.8-flash")), DIALECTS["gemini"]), model="gemini-3.8-flash")

    config = asked.json["generationConfig"]
    assert asked.path == "/v1/models/gemini-3.8-flash:streamGenerateContent?alt=sse"
    assert config["responseJsonSchema"]["properties"]["n"] == {"type": "integer", "enum": [1, 2]}
    assert "temperature" not in config
    assert (config["maxOutputTokens"], config["seed"], config["thinkingConfig"]) == (123, 7, {"thinking_level": "MINIMAL"})


def test_what_the_first_gemini_library_is_asked() -> None:
    """Its schema knows no integer enums and no anyOf: they are said in its own way."""
    _, (asked,) = ask("gemini-legacy", healthy(DIALECTS["gemini-legacy"]))

    properties = asked.json["generationConfig"]["responseSchema"]["properties"]
    assert "enum" not in properties["n"]
    assert (properties["bars"]["minItems"], properties["bars"]["maxItems"]) == ("2", "2")
    assert properties["bass"]["nullable"] is True


def test_what_claude_is_asked() -> None:
    """A schema without the bounds that its server refuses."""
    _, (asked,) = ask("anthropic", healthy(DIALECTS["anthropic"]))

    shape = asked.json["output_config"]["format"]["schema"]
    assert asked.path == "/v1/messages"
    assert set(shape["properties"]["bars"]) == {"type", "items"}
    assert shape["additionalProperties"] is False


def test_a_model_that_refuses_the_format_is_told_the_schema_in_words() -> None:
    """Once; afterwards at once."""
    refused = act(Fault("", status(400, "output_config.format is not supported by this model")), DIALECTS["anthropic"])

    told, asked = ask("anthropic", refused, healthy(DIALECTS["anthropic"]), times=2)

    assert all(isinstance(one, Reply) for one in told)
    assert ["output_config" in one.json for one in asked] == [True, False, False]
    assert "JSON Schema" in asked[1].json["system"]


def wants(*forms: str) -> Act:
    """A chat server that understands only these response formats."""

    async def play(stage: Stage) -> None:
        form = stage.asked.json.get("response_format", {"type": "none"})
        name = f"{form['type']}{'+schema' if 'schema' in form else ''}"
        if name in forms:
            await speak(stage, DIALECTS["openai"], Said())
        else:
            await stage.whole(400, {"error": f"'response_format.type' must be one of {forms}"})

    return play


@pytest.mark.parametrize(
    ("forms", "calls"),
    [
        (("json_schema",), 1),  # LM Studio, vLLM, llama.cpp
        (("json_object+schema",), 2),  # llama_cpp.server
        (("json_object",), 3),
        (("none",), 4),
    ],
)
def test_how_a_server_likes_to_be_asked_for_json_is_found_out_once(forms: tuple[str, ...], calls: int) -> None:
    """From json_schema down to words alone; the second request asks rightly at once."""
    told, asked = ask("openai", wants(*forms), times=2)

    assert all(isinstance(one, Reply) for one in told)
    assert len(asked) == calls + 1
    assert ("JSON Schema" in asked[-1].json["messages"][0]["content"]) is (calls > 1)


@pytest.mark.parametrize("code", [400, 422, 500])
def test_a_refused_format_is_no_fault_of_the_server(code: int) -> None:
    """Whatever status it is refused with."""
    refused = act(Fault("", status(code, "body.response_format.json_schema: literal_error")), DIALECTS["openai"])

    told, asked = ask("openai", refused, healthy(DIALECTS["openai"]))

    assert isinstance(told[0], Reply)
    assert len(asked) == 2


def test_a_server_that_does_not_stream_is_read_too() -> None:
    """One whole object, even as text/plain."""

    async def whole(stage: Stage) -> None:
        message = {"index": 0, "message": {"role": "assistant", "content": ANSWER}, "finish_reason": "stop"}
        usage = {"prompt_tokens": 40, "completion_tokens": 20, "cost": 0.0123}
        await stage.whole(200, {"model": MODEL, "choices": [message], "usage": usage}, "text/plain")

    (reply,), _ = ask("openai", whole)

    assert isinstance(reply, Reply)
    assert (reply.text, reply.cost_usd) == (ANSWER, 0.0123)


def test_lm_studio_answers_an_unknown_path_with_an_error_inside_a_200() -> None:
    """It is a fault, not an answer."""

    async def unexpected(stage: Stage) -> None:
        await stage.whole(200, {"error": "Unexpected endpoint or method. (POST /v1/chat/completions)"})

    (fault,), _ = ask("openai", unexpected)

    assert isinstance(fault, ProviderError)
    assert fault.kind == "server"


@pytest.mark.parametrize(
    ("given", "path"),
    [("", "/v1"), ("/", "/v1"), ("/v1", "/v1"), ("/api/v1/", "/api/v1")],
)
def test_an_address_is_taken_with_v1_and_without(given: str, path: str) -> None:
    """People give both."""
    need("openai")

    async def work() -> str:
        async with Loopback([healthy(DIALECTS["openai"])]) as server:
            await provider("openai", server.url + given).complete(PROMPT, CALL)
            return server.asked[0].path

    assert asyncio.run(work()) == f"{path}/chat/completions"


@pytest.mark.parametrize(
    ("asked", "answered", "same"),
    [
        ("phi3.5", "phi3.5:latest", True), ("phi3.5", "phi3.5:3.8b", True), ("gpt-4o", "gpt-4o-2026-08-06", True),
        ("gemma", "/models/Gemma-4.gguf", True), ("m", "", True), ("phi3.5", "llama3.3:70b", False), ("a/b", "a/c", False),
    ],
)  # fmt: skip
def test_the_model_that_answered_is_the_one_asked(asked: str, answered: str, same: bool) -> None:
    """Tags, dates and folders aside: servers with one model loaded answer with that, whatever is asked."""
    assert same_model(asked, answered) is same


def test_a_missing_model_comes_with_the_command_that_gets_it() -> None:
    """Ollama's 404 is advice."""
    (fault,), _ = ask("ollama", act(Fault("", status(404, "model 'phi3.5' not found")), DIALECTS["ollama"]), model="phi3.5")

    assert str(fault) == "phi3.5 is not on this Ollama: ollama pull phi3.5 (404)"


def test_a_question_that_does_not_fit_is_not_cut_silently() -> None:
    """It is refused before it is sent: the server would keep its beginning and forget the rest."""
    (fault,), asked = ask("ollama", healthy(DIALECTS["ollama"]), prompt=PROMPT._replace(text="x" * 20_000))

    assert isinstance(fault, ProviderError)
    assert (fault.kind, str(fault)) == ("request", "the question does not fit into 4096 tokens of context")
    assert asked == []


def test_an_old_server_that_answers_in_its_thinking_is_asked_otherwise() -> None:
    """The content was empty: the repair asks without saying anything of thinking."""
    silent = act(Fault("", said(pieces=("",), thinking='{"bars": []}')), DIALECTS["ollama"])

    told, asked = ask("ollama", silent, healthy(DIALECTS["ollama"]), times=2)

    assert isinstance(told[0], ProviderError)
    assert told[0].kind == "content"
    assert isinstance(told[1], Reply)
    assert ["think" in one.json for one in asked] == [True, False]


def test_ollama_says_what_is_loaded_and_loads_with_the_same_context() -> None:
    """Another context size than the questions' would load the model a second time."""

    async def serve(stage: Stage) -> None:
        if stage.asked.path == "/api/ps":
            await stage.whole(200, {"models": [{"name": "phi3.5:latest", "model": "phi3.5:latest"}]})
        else:
            at = "2026-11-20T10:00:00Z"
            await stage.whole(200, {"model": "x", "created_at": at, "response": "", "done": True, "done_reason": "load"})

    async def work() -> tuple[list[bool], Asked]:
        async with Loopback([serve]) as server:
            models: list[Ollama] = [provider("ollama", server.url, model) for model in ("phi3.5", "llama3.3:70b")]
            loaded = [await model.loaded() for model in models]
            await models[1].warm()
            return loaded, server.asked[-1]

    loaded, asked = asyncio.run(work())

    assert loaded == [True, False]
    assert asked.path == "/api/generate"
    assert (asked.json["options"], asked.json["keep_alive"]) == ({"num_ctx": 4096}, "7m")


@pytest.mark.parametrize("dialect", [name for name, dialect in DIALECTS.items() if dialect.stream])
def test_when_nobody_waits_any_more_the_server_learns_it(dialect: str) -> None:
    """The caller goes away: the connection is dropped, the place in the line is free."""
    need(dialect)

    async def work() -> tuple[int, int]:
        speech = DIALECTS[dialect]
        async with Loopback([act(Fault("", hang), speech)]) as server:
            servers = (ProviderSettings("s", speech.kind, server.url, Secret("k"), local=True),)
            llm = build(LLMSettings(servers, (TierSettings("m", "s", MODEL),)))
            asking = asyncio.ensure_future(llm.ask(PROMPT, 3, str, Terms(deadline_s=30)))
            async with asyncio.timeout(10):
                await server.arrived.wait()
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)
                await server.abandoned.wait()
            return server.left, llm.rungs[0].line.inside

    assert asyncio.run(work()) == (1, 0)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_logs_hold_no_key(dialect: str, caplog: pytest.LogCaptureFixture) -> None:
    """At the most talkative level of every library, for a good answer and for a server that tells the key back."""
    caplog.set_level(logging.DEBUG)
    speech = DIALECTS[dialect]
    tell = act(Fault("", status(401, f"bad key {CANARY}")), speech)

    told, _ = ask(speech.kind, healthy(speech), tell, times=2)

    assert CANARY not in caplog.text
    assert CANARY not in str(told[1])


def test_a_library_that_is_not_installed_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ladder goes on; the reason says what to install."""
    monkeypatch.setitem(sys.modules, "anthropic", None)

    with pytest.raises(ProviderError, match=r"anthropic is not installed: pip install 'octet-music\[anthropic\]'") as caught:
        asyncio.run(provider("anthropic", "http://127.0.0.1:9").complete(PROMPT, CALL))

    assert caught.value.kind == "missing"


def test_our_own_kinds_are_registered_as_outsiders_register_theirs() -> None:
    """The entry points and the table of kinds name the same makers."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert project["project"]["entry-points"]["octet.providers"] == dict(KINDS)


def test_values_are_there_before_any_library() -> None:
    """Importing what callers need imports no asyncio, no SDK, nothing heavy."""
    code = (
        "import sys, app.llm.types, app.llm.config, app.llm.stats, app.llm.look\n"
        "print(sorted({'asyncio', 'dataclasses', 'inspect', 'pydantic', 'httpx', 'ollama', 'logging'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert done.stdout.strip() == "[]"
