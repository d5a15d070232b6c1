"""The composition root: makes what a process runs with from its settings."""

from __future__ import annotations

from app.services.runtime import Runtime
from app.settings import Settings, settings


def runtime(chosen: Settings | None = None) -> Runtime:
    """What services run with: the entry point `octet.runtime`."""
    chosen = chosen or settings()
    return Runtime(chosen.strategy, chosen.cache_folder)
