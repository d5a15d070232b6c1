"""From plain settings to an LLM: each tier with its provider, price, line and breaker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

from app.errors import RequestError
from app.llm.address import Resolve, is_local, looked_up, runs_elsewhere
from app.llm.ask import LLM, Keeping
from app.llm.breaker import Breaker
from app.llm.config import Limits, LLMSettings, Price, ProviderSettings, TierSettings
from app.llm.line import Line
from app.llm.memory import RecentMemory
from app.llm.moment import Moment
from app.llm.money import FREE, MemoryLedger, price_of
from app.llm.providers import KINDS
from app.llm.routing import Rung
from app.llm.succession import taken_over
from app.llm.types import Call, Ledger, Memory, Prompt, Provider, Reply, TaskLog, TaskRecord

Maker = Callable[[ProviderSettings, TierSettings, Limits], Provider]
NO_KINDS: Final[Mapping[str, Callable[[], Maker]]] = MappingProxyType({})
HERE: Final = ("embedded", "scripted")  # kinds that need no address
AT_ONCE_ELSEWHERE: Final = 8


class Forgetful:
    """A task log that keeps nothing."""

    async def record(self, record: TaskRecord) -> None:
        """Drop it."""


def build(
    settings: LLMSettings,
    *,
    kinds: Mapping[str, Callable[[], Maker]] = NO_KINDS,
    memory: Memory | None = None,
    log: TaskLog | None = None,
    ledger: Ledger | None = None,
    moment: Moment | None = None,
    resolve: Resolve = looked_up,
    before: LLM | None = None,
) -> LLM:
    """An LLM of these settings. Raises RequestError for a tier whose provider is not configured or not allowed.

    `kinds` are loaders of outside providers by name (`octet.providers`); a provider's module is imported when it is first
    asked. What is not given is kept in this process alone. `before` is the LLM whose place this one takes: its counts, and what
    it knows of models that stay, go on.
    """
    moment = moment or Moment()
    rungs = tuple(_rungs(settings, kinds, moment, resolve))
    if before is not None:
        rungs = taken_over(rungs, before.rungs, settings.limits)
        keeping = Keeping(memory or before.keeping.memory, log or before.keeping.log, ledger or before.keeping.ledger)
        return LLM(rungs, settings, keeping, moment, before.stats)
    return LLM(rungs, settings, Keeping(memory or RecentMemory(), log or Forgetful(), ledger or MemoryLedger()), moment)


def of(rungs: Sequence[tuple[str, Provider, int]], settings: LLMSettings | None = None, moment: Moment | None = None) -> LLM:
    """An LLM of providers in hand, each (label, provider, up to which complexity), all local: for scripts and tests."""
    moment, settings = moment or Moment(), settings or LLMSettings()
    tiers = [TierSettings(label, label, label, up_to) for label, _, up_to in rungs]
    made = {label: provider for label, provider, _ in rungs}
    levels = _levels(tiers)
    return LLM(
        tuple(_rung(tier, made[tier.label], levels, settings, moment) for tier in tiers),
        settings, Keeping(RecentMemory(), Forgetful(), MemoryLedger()), moment,
    )  # fmt: skip


def _rungs(settings: LLMSettings, kinds: Mapping[str, Callable[[], Maker]], moment: Moment, resolve: Resolve) -> list[Rung]:
    servers = {server.name: server for server in settings.providers}
    tiers = sorted(settings.tiers, key=lambda tier: tier.up_to)
    levels = _levels(tiers)
    rungs = []
    for tier in tiers:
        server = servers.get(tier.provider)
        if server is None:
            known = ", ".join(servers) or "none is configured"
            raise RequestError(f'tier "{tier.label}": no provider "{tier.provider}"; there is: {known}', "tiers")
        load = kinds.get(server.kind) or _built_in(server)
        local = _is_here(server, tier, resolve)
        provider = Lazy(load, server, tier, settings.limits)
        rungs.append(_rung(tier, provider, levels, settings, moment)._replace(
            kind=server.kind, local=local, pricing=_free if local else cache(partial(price_of, tier.model, settings.prices)),
            line=_line(tier, local, settings.limits),
        ))  # fmt: skip
    return rungs


def _rung(tier: TierSettings, provider: Provider, levels: Mapping[int, int], settings: LLMSettings, moment: Moment) -> Rung:
    """A local rung of this tier."""
    return Rung(
        tier.label, provider, tier.provider, "", tier.model, tier.up_to, levels[tier.up_to], True, _free, tier.judge,
        _line(tier, True, settings.limits), Breaker(settings.limits, moment.now),
    )  # fmt: skip


def _free() -> Price | None:
    return FREE


def _levels(tiers: Sequence[TierSettings]) -> dict[int, int]:
    return {up_to: level for level, up_to in enumerate(sorted({tier.up_to for tier in tiers}), 1)}


def _line(tier: TierSettings, local: bool, limits: Limits) -> Line:
    return Line(tier.at_once or (1 if local else AT_ONCE_ELSEWHERE), limits.queue)


def _is_here(server: ProviderSettings, tier: TierSettings, resolve: Resolve) -> bool:
    if server.local is not None:
        near = server.local
        if server.url.startswith("http://"):
            is_local(server.url, resolve)  # plain http stays at home, whatever is said of the server
    elif server.kind in HERE:
        near = True
    else:
        near = bool(server.url) and is_local(server.url, resolve)
    return near and not runs_elsewhere(server.kind, tier.model)


def _built_in(server: ProviderSettings) -> Callable[[], Maker]:
    where = KINDS.get(server.kind)
    if where is None:
        raise RequestError(f'provider "{server.name}": no kind "{server.kind}"; there is: {", ".join(KINDS)}', "providers")

    def load() -> Maker:
        module, _, name = where.partition(":")
        maker: Maker = getattr(import_module(module), name)
        return maker

    return load


class Lazy:
    """A provider whose module is imported when it is first asked."""

    def __init__(self, load: Callable[[], Maker], server: ProviderSettings, tier: TierSettings, limits: Limits) -> None:
        self._load = load
        self.settings = (server, tier, limits)
        self._made: Any = None  # Any: a stranger's provider
        self._imported = False

    async def _provider(self) -> Any:
        """The provider. Its libraries are imported in a thread: that takes a second, and others are being served."""
        if self._made is None:
            self._made = self._load()(*self.settings)
        if not self._imported:
            for name in getattr(self._made, "LIBRARIES", ()):
                await asyncio.to_thread(_import, name)
            self._imported = True
        return self._made

    async def complete(self, prompt: Prompt, call: Call) -> Reply:
        """What the provider answers."""
        provider = await self._provider()
        reply: Reply = await provider.complete(prompt, call)
        return reply

    async def loaded(self) -> bool:
        """Whether the model is in memory, as far as the provider can tell."""
        provider = await self._provider()
        return bool(await provider.loaded()) if hasattr(provider, "loaded") else True

    async def warm(self) -> None:
        """Load the model, where the provider can."""
        provider = await self._provider()
        if hasattr(provider, "warm"):
            await provider.warm()

    async def aclose(self) -> None:
        """Close what it opened."""
        if hasattr(self._made, "aclose"):
            await self._made.aclose()


def _import(name: str) -> None:
    with suppress(ImportError):  # the provider says what is missing
        import_module(name)
