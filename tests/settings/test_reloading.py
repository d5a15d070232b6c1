"""A changed settings file is taken while the process runs: by new requests, with all that was known before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.errors import ProviderError
from app.llm.ask import LLM
from app.llm.build import build
from app.llm.config import LLMSettings, ProviderSettings, TierSettings
from app.llm.types import Prompt, Reply
from app.reloading import Reloading
from app.settings import Settings, settings
from app.theory.brief import Ask
from app.wiring import runtime

FILE = """
strategy = "{strategy}"
[providers.here]
kind = "scripted"
options = {{ lines = ["ok"] }}
[[tiers]]
label = "{label}"
provider = "here"
model = "{model}"
up_to = {up_to}
[budget]
day_usd = 1
"""
PROMPT = Prompt("?", seed=1)


def written(folder: Path, text: str = "", **values: Any) -> Path:
    """A settings file of these values, or of any text."""
    path = folder / "octet.toml"
    path.write_text(text or FILE.format(**{"strategy": "hybrid", "label": "a", "model": "m", "up_to": 10, **values}))
    return path


def begun(folder: Path, **values: Any) -> tuple[Reloading, Callable[[], Settings]]:
    """A process that runs with the settings of a file."""
    path = written(folder, **values)

    def read() -> Settings:
        return settings({"HOME": "/nowhere", "OCTET_CONFIG": str(path), "OCTET_DATA_DIR": str(folder)})

    chosen = read()
    return Reloading(chosen, runtime(chosen), read), read


def models(reloading: Reloading) -> LLM:
    found = reloading.runtime.llm_for(Ask("jazz"))
    assert found is not None
    return found


def test_new_requests_go_by_the_new_file(tmp_path: Path) -> None:
    """Tiers, strategy and budget; counts, keeping and what is known of a model that stays go on. The change is noticed."""
    reloading, _ = begun(tmp_path)
    old = models(reloading)
    old.rungs[0].breaker.failed("quota")
    before = reloading.runtime
    assert not reloading.changed()

    written(tmp_path, label="b", up_to=7, strategy="local_only")
    assert reloading.changed()
    line = asyncio.run(reloading.reload())
    new = models(reloading)

    assert line == "settings read again: 1 model (b), strategy local_only"
    assert not reloading.changed()
    assert (new.rungs[0].label, new.rungs[0].up_to, new.settings.strategy) == ("b", 7, "local_only")
    assert (new.stats, new.keeping) == (old.stats, old.keeping)
    assert new.rungs[0].breaker.why == "quota"
    assert new.rungs[0].provider is old.rungs[0].provider
    assert before.models is not None
    assert before.models() is old


def test_another_model_begins_unknown(tmp_path: Path) -> None:
    """What was wrong with the one before says nothing of it."""
    reloading, _ = begun(tmp_path)
    models(reloading).rungs[0].breaker.failed("quota")
    written(tmp_path, model="other")
    asyncio.run(reloading.reload())

    assert models(reloading).rungs[0].breaker.wait_s() == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("strategy = ", "settings not changed: OCTET_CONFIG"),
        ('strategy = "fast"', "choose one of hybrid"),
        ('[[tiers]]\nlabel = "a"\nprovider = "gone"\nmodel = "m"\n[providers.x]\nkind = "ollama"', 'no provider "gone"'),
    ],
)
def test_a_broken_file_leaves_all_as_it_was(text: str, message: str, tmp_path: Path) -> None:
    """One line says what is wrong with it, and it is not read again until it changes."""
    reloading, _ = begun(tmp_path)
    old, before = models(reloading), reloading.runtime
    written(tmp_path, text)
    line = asyncio.run(reloading.reload())

    assert message in line
    assert "\n" not in line
    assert (reloading.runtime, models(reloading)) == (before, old)
    assert not reloading.changed()

    written(tmp_path, label="mended")
    assert reloading.changed()
    assert "1 model (mended)" in asyncio.run(reloading.reload())


def test_models_may_go_and_come_back(tmp_path: Path) -> None:
    """Without a tier everything goes by rule; the counts outlive that."""
    reloading, _ = begun(tmp_path)
    old = models(reloading)
    written(tmp_path, 'strategy = "rules_only"')
    line = asyncio.run(reloading.reload())
    assert line == "settings read again: no models, strategy rules_only"
    assert reloading.runtime.llm_for(Ask("jazz")) is None

    written(tmp_path, strategy="hybrid")
    asyncio.run(reloading.reload())
    assert models(reloading).stats is old.stats


class Slow:
    """A model that answers when it is let, and counts how often it was closed."""

    closed = 0

    def __init__(self, *_: object) -> None:
        self.asked, self.go = asyncio.Event(), asyncio.Event()
        self.open = True

    async def complete(self, *_: object) -> Reply:
        self.asked.set()
        await self.go.wait()
        if not self.open:
            raise ProviderError("closed while it was asked")
        return Reply("ok")

    async def aclose(self) -> None:
        self.open = False
        Slow.closed += 1


def slow(model: str, before: LLM | None = None) -> LLM:
    return build(
        LLMSettings((ProviderSettings("s", "slow", local=True, url="http://127.0.0.1:9"),), (TierSettings("a", "s", model),)),
        kinds={"slow": lambda: Slow},
        before=before,
    )


def test_what_is_under_way_ends_by_the_old_models() -> None:
    """They are closed when the last request that asked them ends, not before."""

    async def work() -> tuple[str, int, int]:
        Slow.closed = 0
        old = slow("m")
        provider = await old.rungs[0].provider._provider()  # type: ignore[attr-defined]
        asking = asyncio.create_task(old.ask(PROMPT, 3, str))
        await provider.asked.wait()
        new = slow("n", old)
        await old.retire(new.rungs)
        while_asked = Slow.closed
        provider.go.set()
        return (await asking).text, while_asked, Slow.closed

    assert asyncio.run(work()) == ("ok", 0, 1)


def test_an_engine_that_both_use_stays_open() -> None:
    """The old models go without closing what the new ones have taken over."""

    async def work() -> int:
        Slow.closed = 0
        old = slow("m")
        new = slow("m", old)
        await old.retire(new.rungs)
        old_closed = Slow.closed
        assert new.rungs[0].provider is old.rungs[0].provider
        return old_closed

    assert asyncio.run(work()) == 0
