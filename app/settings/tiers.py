"""The tiers of whoever configured none: built from the servers that are there, local ones first, then the cloud."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from app.llm.address import runs_elsewhere
from app.llm.config import ProviderSettings, TierSettings
from app.llm.known import LARGE_UP_TO, SMALL_UP_TO, rank, up_to_of
from app.llm.look import Found
from app.settings import Settings

SMALL, LARGE, CLOUD = "phi-3.5-mini", "llama-3.3-70b", "gemini-pro"  # labels that callers know
LOCAL_TIERS: Final = (TierSettings(SMALL, "ollama", "phi3.5", 4), TierSettings(LARGE, "ollama", "llama3.3:70b", 7))
CLOUD_TIERS: Final = MappingProxyType(
    {
        "gemini": TierSettings(CLOUD, "gemini", "gemini-3.8-flash", 10),
        "anthropic": TierSettings("claude-sonnet", "anthropic", "claude-sonnet-5", 10),
    }
)
FIRST: Final = MappingProxyType({"phi3.5": SMALL, "llama3.3:70b": LARGE, "llama3.3": LARGE})  # by Ollama's names


class There(NamedTuple):
    """A model that a server has."""

    provider: str
    model: str
    loaded: bool


def default_tiers(providers: Sequence[ProviderSettings], chosen: Settings, found: Sequence[Found]) -> tuple[TierSettings, ...]:
    """The tiers of the providers that there are: small and large on local servers, then the cloud."""
    names = {provider.name for provider in providers}
    there = [
        There(provider.name, model, model in server.loaded)
        for server in found
        for provider in providers
        if _same(provider.url, server.url)
        for model in server.models
        if not runs_elsewhere(server.kind, model)
    ]
    tiers = _of_those_there(there) if there else _of_those_named(names, chosen)
    if "embedded" in names:
        model = os.path.basename(chosen.variables.get("OCTET_GGUF", "")).removesuffix(".gguf")
        tiers.append(TierSettings(label_of(model), "embedded", model, SMALL_UP_TO if tiers else LARGE_UP_TO))
    return (*tiers, *(tier for name, tier in CLOUD_TIERS.items() if name in names))


def _of_those_named(names: set[str], chosen: Settings) -> list[TierSettings]:
    """Of servers that nobody has looked at: Ollama's default models, and the model that is named for the other kind."""
    if "ollama" in names:
        return list(LOCAL_TIERS)
    model = chosen.variables.get("OCTET_OPENAI_MODEL", "") if "openai" in names else ""
    return [TierSettings(label_of(model), "openai", model, LARGE_UP_TO)] if model else []


def _of_those_there(there: Sequence[There]) -> list[TierSettings]:
    """The best of each size: those that callers know by name, then as the table prefers, in memory before others."""
    tiers = []
    for up_to in (SMALL_UP_TO, LARGE_UP_TO):
        fitting = [one for one in there if up_to_of(one.model) == up_to]
        if fitting:
            best = min(fitting, key=lambda one: (rank(one.model), not one.loaded))
            known = FIRST.get(best.model.removesuffix(":latest")) if best.provider == "ollama" else None
            model = best.model.removesuffix(":latest") if known else best.model
            tiers.append(TierSettings(known or label_of(best.model), best.provider, model, up_to))
    return tiers


def label_of(model: str) -> str:
    """What a model is called in results: its own name without what is before it and `:latest`."""
    return model.rpartition("/")[2].removesuffix(":latest").removesuffix(".gguf")[:60]


def _same(one: str, other: str) -> bool:
    return one.rstrip("/").removesuffix("/v1") == other.rstrip("/").removesuffix("/v1")
