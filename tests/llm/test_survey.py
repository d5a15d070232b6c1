"""Many addresses at once: who serves models there is told by what they answer, within the time given, whatever they do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import pytest

from app.llm.known import known_as, needed_gb, seconds_of, table, up_to_of
from app.llm.look import Found
from app.llm.machine import Machine, machine, recommended, sizes
from app.llm.pulling import Step, pulled
from app.llm.secret import Secret
from app.llm.survey import KEY_ASKED, LATE, NO_SERVER, NOBODY, Place, Sighting, survey
from app.testing.servers.loopback import Act, Loopback, Stage, refused_url
from app.testing.servers.models import lm_studio, ollama, openai_like, saying

SAYS = saying("C")
WORDS = {"phi3.5:latest": SAYS, "nomic-embed-text:latest": SAYS}


async def page(stage: Stage) -> None:
    """A web page on every path."""
    await stage.whole(200, b"<html>a router's page</html>", "text/html")


async def silent(_: Stage) -> None:
    """Nothing, for a minute."""
    await asyncio.sleep(60)


async def drip(stage: Stage) -> None:
    """A byte now and then."""
    for _ in range(2000):
        await stage.send(b"H")
        await asyncio.sleep(0.02)


def seen(acts: Sequence[Act], seconds: float = 5.0, key: str = "", path: str = "") -> list[Sighting]:
    """What is seen at these servers; the last place is one where nobody listens."""

    async def work() -> list[Sighting]:
        servers = [Loopback([act]) for act in acts]
        for server in servers:
            await server.__aenter__()
        places = [Place(server.url + path, key=Secret(key)) for server in servers] + [Place(await refused_url())]
        try:
            return list(await asyncio.to_thread(survey, places, seconds))
        finally:
            for server in servers:
                await server.__aexit__()

    return asyncio.run(work())


@pytest.mark.parametrize(
    ("act", "kind", "server", "models", "loaded"),
    [
        (ollama(WORDS, loaded=("phi3.5:latest",)), "ollama", "Ollama", ("phi3.5:latest",), ("phi3.5:latest",)),
        (ollama(WORDS, loaded=()), "ollama", "Ollama", ("phi3.5:latest",), ()),
        (ollama({}), "ollama", "Ollama", (), ()),
        (
            lm_studio({"phi-3.5-mini-instruct": SAYS, "qwen3.5-9b": SAYS, "text-embedding-nomic": SAYS}, ("qwen3.5-9b",)),
            "openai", "LM Studio", ("phi-3.5-mini-instruct", "qwen3.5-9b"), ("qwen3.5-9b",),
        ),
        (openai_like({"phi-q4.gguf": SAYS}), "openai", "llama.cpp", ("phi-q4.gguf",), ("phi-q4.gguf",)),
        (openai_like({"org/llama": SAYS}, "vllm"), "openai", "vLLM", ("org/llama",), ("org/llama",)),
        (openai_like({"m": SAYS}, "somebody"), "openai", "a server", ("m",), ()),
    ],
)  # fmt: skip
def test_a_server_is_known_by_what_it_says(
    act: Act, kind: str, server: str, models: tuple[str, ...], loaded: tuple[str, ...]
) -> None:
    """Its kind, its own name, the models that write text, and which of them are in memory; on any port, with /v1 or without."""
    for path in ("", "/v1"):
        (one, _) = seen([act], path=path)
        assert one.found is not None
        assert one.found == Found(kind, one.place.url.removesuffix("/v1"), server, models, loaded)
        assert one.why == ""


def test_a_server_that_wants_a_key_says_so_until_it_has_it() -> None:
    """Its models are known with the key only."""
    act = openai_like({"m": SAYS}, key="sk-1")

    assert _first(seen([act])) == (KEY_ASKED, ())
    assert _first(seen([act], key="sk-1")) == ("", ("m",))


def _first(found: list[Sighting]) -> tuple[str, tuple[str, ...]]:
    return found[0].why, found[0].found.models if found[0].found is not None else ()


def test_what_is_no_server_of_models_is_told_apart_from_nobody() -> None:
    """A web page is no server; where nobody listens, that is said."""
    assert [one.why for one in seen([page])] == [NO_SERVER, NOBODY]


def test_those_that_hang_keep_nobody_waiting() -> None:
    """Six that are silent or drip take no longer than one, and who answers is found beside them."""
    began = time.monotonic()
    found = seen([silent, drip, silent, drip, silent, drip, ollama(WORDS)], seconds=0.5)

    assert [one.why for one in found[:6]] == [LATE] * 6
    assert found[6].found is not None
    assert time.monotonic() - began < 30  # a bound on hanging, not a measure


@pytest.mark.parametrize(
    ("name", "tag", "up_to"),
    [
        ("phi3.5:latest", "phi3.5", 4),
        ("phi3.5", "phi3.5", 4),
        ("phi-3.5-mini-instruct-q4", "phi3.5", 4),
        ("lmstudio-community/Phi-3.5-mini-instruct-GGUF", "phi3.5", 4),
        ("llama3.3", "llama3.3:70b", 7),
        ("Meta-Llama-3.3-70B-Instruct-Q4_K_M.gguf", "llama3.3:70b", 7),
        ("Qwen3.5-9B", "qwen3.5:9b", 7),
        ("qwen3.5:2b", "qwen3.5:2b", 4),
        ("qwen3.5:27b", "qwen3.5:27b", 7),
        ("gemma4:12b", "gemma4:12b", 7),
        ("gemma4:latest", "gemma4", 7),
        ("tinyllama:1.1b", "", 4),
        ("mistral-small:24b", "", 7),
        ("somebodys-own", "", 7),
    ],
)
def test_names_are_matched_loosely(name: str, tag: str, up_to: int) -> None:
    """Tags, folders, quantisations and spelling aside; a stranger goes by the size in its name."""
    known = known_as(name)

    assert (known.tag if known is not None else "", up_to_of(name)) == (tag, up_to)


def test_memory_counts_quantisation_and_context() -> None:
    """Phi-3.5 shares no keys among its heads: 8192 tokens take 3.1 GB beside its 2.2; twice the bits, twice the weights."""
    phi = next(model for model in table().models if model.tag == "phi3.5")

    assert needed_gb(phi, 8192) - needed_gb(phi, 0) == pytest.approx(3.1, abs=0.1)
    assert needed_gb(phi, 0, "F16") > 3 * needed_gb(phi, 0)
    assert seconds_of(phi, "nvidia") < seconds_of(phi, "apple") < seconds_of(phi, "cpu")


@pytest.mark.parametrize(
    ("own", "small", "large"),
    [
        (Machine(4, 3, 2), "", ""),
        (Machine(6, 5, 4), "phi4-mini", ""),
        (Machine(8, 6, 4), "phi3.5", ""),
        (Machine(16, 12, 8), "phi3.5", ""),
        (Machine(32, 28, 8), "phi3.5", "gemma4:26b"),
        (Machine(16, 12, 8, "nvidia", "card", 8.6), "phi3.5", "qwen3.5:9b"),
        (Machine(32, 28, 8, "nvidia", "card", 24.2), "phi3.5", "qwen3.5:27b"),
        (Machine(64, 60, 16, "nvidia", "card", 51.5), "phi3.5", "llama3.3:70b"),
        (Machine(8, 6, 8, "apple", "M", 8), "phi3.5", ""),
        (Machine(16, 12, 8, "apple", "M", 17.2), "phi3.5", "qwen3:14b"),
        (Machine(64, 60, 12, "apple", "M", 64), "phi3.5", "qwen3.5:27b"),
    ],
    ids=lambda value: f"{value.memory_gb:g} GB {value.device}" if isinstance(value, Machine) else value,
)
def test_a_setup_suits_the_machine(own: Machine, small: str, large: str) -> None:
    """What fits and is quick enough, the commands in their order; too little memory is told, and what to do then."""
    setup = recommended(own)

    assert (setup.small.tag if setup.small else "", setup.large.tag if setup.large else "") == (small, large)
    assert [command for command in setup.commands if command.startswith("ollama pull")] == [
        f"ollama pull {tag}" for tag in (small, large) if tag
    ]
    for fit in (setup.small, setup.large):
        assert fit is None or (fit.fits and fit.needed_gb <= own.models_gb)
    if not small:
        assert "by rule" in setup.why


def test_every_quantisation_and_context_is_weighed() -> None:
    """Finer quantisations and longer contexts need more, and what fits is told by what models may take."""
    own = Machine(16, 12, 8)
    rows = {(size.quantisation, size.context): size for size in sizes(own) if size.tag == "phi3.5"}

    assert (
        rows["Q4_0", 4096].needed_gb < rows["Q4_0", 8192].needed_gb < rows["Q8_0", 8192].needed_gb < rows["F16", 8192].needed_gb
    )
    assert all(size.fits == (size.needed_gb <= own.models_gb) for size in sizes(own))
    assert (rows["Q8_0", 8192].fits, rows["F16", 8192].fits) == (True, False)


def test_the_machine_is_asked_for_its_graphics() -> None:
    """Two cards of NVIDIA as its tool prints them; no tool, no card; junk, no card."""
    two = machine(lambda command: "NVIDIA L4, 23034\nNVIDIA L4, 23034\n" if command[0] == "nvidia-smi" else "Apple M3")

    assert two.memory_gb > 0
    assert two.device == "apple" or (two.graphics, two.graphics_gb) == ("2 × NVIDIA L4", 48.3)
    assert machine(lambda _: "").device in ("cpu", "apple")
    assert machine(lambda _: "NVIDIA-SMI has failed").device in ("cpu", "apple")


def test_ollama_downloads_a_model_and_tells_how_far_it_is() -> None:
    """By its own API; afterwards the model is there."""

    async def work() -> tuple[list[Step], Sighting]:
        async with Loopback([ollama({}, pulled=SAYS)]) as server:
            steps = await asyncio.to_thread(lambda: list(pulled(server.url, "phi3.5")))
            return steps, (await asyncio.to_thread(survey, [Place(server.url)], 5.0))[0]

    steps, after = asyncio.run(work())

    assert [(step.completed, step.total) for step in steps if step.total] == [(0, 1000), (400, 1000), (1000, 1000)]
    assert steps[-1].status == "success"
    assert after.found is not None
    assert after.found.models == ("phi3.5:latest",)


@pytest.mark.parametrize(
    ("act", "reason"), [(ollama({}), "file does not exist"), (page, "no Ollama"), (openai_like({}), "answered 404")]
)
def test_a_download_that_fails_says_why(act: Act, reason: str) -> None:
    """An unknown model, somebody else's server, a server without the path."""
    from app.errors import ProviderError

    async def work() -> None:
        async with Loopback([act]) as server:
            await asyncio.to_thread(lambda: list(pulled(server.url, "phi9")))

    with pytest.raises(ProviderError, match=reason):
        asyncio.run(work())
