"""One module for each kind of model server. `KINDS` names Octet's own; others register under `octet.providers`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ollama": "app.llm.providers.ollama:Ollama",
        "openai": "app.llm.providers.openai_compatible:OpenAICompatible",
        "gemini": "app.llm.providers.gemini:Gemini",
        "gemini-legacy": "app.llm.providers.gemini_legacy:GeminiLegacy",
        "anthropic": "app.llm.providers.anthropic:Anthropic",
        "embedded": "app.llm.providers.embedded:Embedded",
        "scripted": "app.llm.providers.scripted:from_settings",
    }
)
