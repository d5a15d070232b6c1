"""A real engine, a model that knows nothing: what our schema lets through is a progression, every time, at any heat."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.llm.build import _built_in
from app.llm.config import Limits, ProviderSettings, TierSettings
from app.llm.providers.embedded import Embedded
from app.llm.secret import Secret
from app.llm.types import Call, Prompt
from app.services.charted import progression_of
from app.services.model_form import form_of
from app.services.parsing import Parsed, parse
from app.testing.servers.loopback import Loopback
from app.theory.rhythm import Metre
from schemas.progression import Frame, schema_of
from tests.llm import tiny_gguf
from tests.llm.facade import over
from tests.llm.needing import need
from tests.services.answers import C_MAJOR, asked

CALL = Call(5, 60, 20)
TIER = TierSettings("t", "s", "tiny", num_ctx=4096)
TEMPERATURES = (0.0, 0.7, 2.0)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model file."""
    return tiny_gguf.write(tmp_path_factory.mktemp("models") / "tiny.gguf")


def question(frame: Frame, temperature: float, seed: int) -> Prompt:
    return Prompt("Chords, please.", "You write chords.", schema_of(frame), 3000, seed, temperature=temperature)


def own(model: Path) -> Embedded:
    return Embedded(ProviderSettings("s", "embedded", path=str(model), options={"threads": 1}), TIER, Limits())


def read(text: str, frame: Frame) -> Parsed:
    metre = Metre.of({3: "3/4", 4: "4/4", 12: "12/8"}[frame.beats])
    return parse(text, frame, C_MAJOR, metre)


def held_against(parsed: Parsed, frame: Frame) -> None:
    """Every check of the reading passes; only beats may have been mended, which no schema can sum."""
    assert [row.name for row in parsed.checks if row.passed] == ["syntax", "schema", "bars", "symbols", "beats"]
    assert [repair for repair in parsed.repairs if "beats" not in repair] == []
    assert [sum(length for length, _ in bar) for bar in parsed.bars] == [frame.beats] * frame.bars


@pytest.mark.parametrize("temperature", TEMPERATURES)
@pytest.mark.parametrize("frame", [Frame(4, 4, 2), Frame(2, 3, 3), Frame(2, 12, 4)], ids=str)
def test_embedded_it_writes_progressions(model: Path, frame: Frame, temperature: float) -> None:
    """Bars, metre and chords a bar as asked; and what it wrote can be analysed and played."""

    async def work() -> list[str]:
        provider = own(model)
        try:
            return [(await provider.complete(question(frame, temperature, seed), CALL)).text for seed in (1, 2)]
        finally:
            await provider.aclose()

    metre = {3: "3/4", 4: "4/4", 12: "12/8"}[frame.beats]
    brief, genre = asked("jazz", num_bars=frame.bars, time_signature=metre, key="C")
    for text in asyncio.run(work()):
        parsed = read(text, frame)
        held_against(parsed, frame)
        form = form_of(parsed, brief, genre.harmony(brief.application))
        assert len(progression_of(parsed.bars, form, brief).bars) == frame.bars


@pytest.mark.parametrize("kind", ["ollama", "openai"])
def test_behind_each_local_api_it_writes_progressions(model: Path, kind: str) -> None:
    """By Ollama's own client and by OpenAI's, at every temperature."""
    need(kind)
    frame = Frame(3, 4, 2)

    async def work() -> list[str]:
        engine = own(model)
        try:
            await engine.warm()
            async with Loopback([over(engine._url, engine._key)]) as facade:
                url = facade.url if kind == "ollama" else engine._url
                server = ProviderSettings("s", kind, url, Secret(engine._key))
                provider = _built_in(server)()(server, TIER, Limits())
                return [(await provider.complete(question(frame, heat, 5), CALL)).text for heat in TEMPERATURES]
        finally:
            await engine.aclose()

    for text in asyncio.run(work()):
        held_against(read(text, frame), frame)
