"""A real engine in a child process, with a real (if ignorant) model: it obeys a schema, and its death harms nobody."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path

import pytest

from app.errors import ProviderError
from app.llm.build import _built_in, build
from app.llm.config import Limits, LLMSettings, ProviderSettings, TierSettings
from app.llm.providers.embedded import Embedded
from app.llm.secret import Secret
from app.llm.types import Call, Prompt, Reply
from app.testing.servers.loopback import Loopback
from tests.llm import tiny_gguf
from tests.llm.facade import over
from tests.llm.needing import need

SCHEMA = {
    "type": "object",
    "properties": {
        "plan": {"type": "array", "items": {"type": "string", "enum": ["A", "B", "cadence"]}, "minItems": 1, "maxItems": 3},
        "bars": {"type": "array", "items": {"$ref": "#/$defs/bar"}, "minItems": 2, "maxItems": 2},
    },
    "required": ["plan", "bars"],
    "additionalProperties": False,
    "$defs": {"bar": {"type": "array", "items": {"enum": ["C", "Dm7", "G7"], "type": "string"}, "minItems": 1, "maxItems": 2}},
}
PROMPT = Prompt("Two bars.", "You write chords.", SCHEMA, 200, 7, temperature=1.5)
CALL = Call(5, 30, 10)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_gguf.write(tmp_path_factory.mktemp("models") / "tiny.gguf")


def embedded(model: Path, sha256: str = "") -> Embedded:
    server = ProviderSettings("own", "embedded", path=str(model), sha256=sha256, options={"threads": 1})
    return Embedded(server, TierSettings("tiny", "own", "tiny", num_ctx=2048), Limits())


def test_a_constrained_model_of_random_weights_answers_in_the_schema(model: Path) -> None:
    """At a high temperature, with any seed; the same seed says the same."""

    digest = hashlib.sha256(model.read_bytes()).hexdigest()

    async def work() -> list[Reply]:
        provider = embedded(model, digest)
        try:
            return [await provider.complete(PROMPT._replace(seed=seed), CALL) for seed in (1, 2, 3, 1)]
        finally:
            await provider.aclose()

    replies = asyncio.run(work())

    for reply in replies:
        answer = json.loads(reply.text)
        assert list(answer) == ["plan", "bars"]
        assert len(answer["bars"]) == 2
        assert {chord for bar in answer["bars"] for chord in bar} <= {"C", "Dm7", "G7"}
        assert reply.tokens_out
    assert replies[0].text == replies[3].text


def test_an_engine_that_is_killed_is_started_anew(model: Path) -> None:
    """The request that meets the crash is a fault; the next one is answered."""

    async def work() -> Reply:
        provider = embedded(model)
        try:
            await provider.warm()
            assert provider._child is not None
            provider._child.kill()
            provider._child.wait()
            assert not await provider.loaded()
            return await provider.complete(PROMPT, CALL)
        finally:
            await provider.aclose()

    assert json.loads(asyncio.run(work()).text)["bars"]


def test_on_the_ladder_it_is_a_local_model_that_costs_nothing(model: Path) -> None:
    """`OCTET_GGUF` needs no server: the tier's first request loads it."""
    tiers = (TierSettings("tiny", "own", "tiny", num_ctx=2048),)
    settings = LLMSettings((ProviderSettings("own", "embedded", path=str(model), options={"threads": 1}),), tiers)

    async def work() -> tuple[str, str, float | None]:
        llm = build(settings)
        try:
            answer = await llm.ask(PROMPT, 3, json.loads)
            return answer.label, answer.attempts[0].outcome, answer.cost_usd
        finally:
            await llm.aclose()

    assert asyncio.run(work()) == ("tiny", "accepted", 0.0)


def test_a_model_file_is_the_configured_one_or_not_loaded(model: Path, tmp_path: Path) -> None:
    """Another checksum, no file, or a file that is no model: one line each, and no child is left."""
    (tmp_path / "junk.gguf").write_bytes(b"GGUF" + b"\xff" * 200)
    cases = [(model, "0" * 64, "policy"), (tmp_path / "none.gguf", "", "model"), (tmp_path / "junk.gguf", "", "model")]

    async def work(path: Path, digest: str) -> ProviderError:
        provider = embedded(path, digest)
        with pytest.raises(ProviderError) as caught:
            await provider.warm()
        assert not await provider.loaded()
        await provider.aclose()
        return caught.value

    for path, digest, kind in cases:
        assert asyncio.run(work(path, digest)).kind == kind


@pytest.mark.parametrize("kind", ["ollama", "openai"])
@pytest.mark.parametrize("temperature", [0.0, 0.8, 2.0])
def test_the_same_engine_behind_each_local_api_obeys_the_schema(model: Path, kind: str, temperature: float) -> None:
    """By Ollama's own client and by OpenAI's: every seed, any temperature."""
    need(kind)

    async def work() -> list[Reply]:
        engine = embedded(model)
        try:
            await engine.warm()
            async with Loopback([over(engine._url, engine._key)]) as facade:
                url = facade.url if kind == "ollama" else engine._url
                server = ProviderSettings("s", kind, url, Secret(engine._key))
                provider = _built_in(server)()(server, TierSettings("t", "s", "tiny", num_ctx=2048), Limits())
                prompts = [PROMPT._replace(seed=seed, temperature=temperature) for seed in range(4)]
                return [await provider.complete(prompt, CALL) for prompt in prompts]
        finally:
            await engine.aclose()

    for reply in asyncio.run(work()):
        answer = json.loads(reply.text)
        assert set(answer) == {"plan", "bars"}
        assert len(answer["bars"]) == 2
        assert reply.tokens_in
        assert reply.tokens_out


def test_an_answer_that_does_not_fit_its_cap_is_no_answer(model: Path) -> None:
    """The engine stops in the middle of the JSON: that is said, not mended."""

    async def work() -> ProviderError:
        provider = embedded(model)
        try:
            with pytest.raises(ProviderError) as caught:
                await provider.complete(PROMPT._replace(max_tokens=5), CALL)
            return caught.value
        finally:
            await provider.aclose()

    assert asyncio.run(work()).kind == "content"
