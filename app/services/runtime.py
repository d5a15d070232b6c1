"""What a process runs with: how requests are routed, and the models there are. Made by the application, handed to services."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Final, NamedTuple, TypeVar

STRATEGIES: Final = ("hybrid", "local_only", "cloud_only", "local_fallback", "rules_only")
NO_MODEL: Final = "no model is configured"

Result = TypeVar("Result")


class Runtime(NamedTuple):
    """The default is a process without models: everything goes by rule."""

    strategy: str = "hybrid"  # one of STRATEGIES, for requests that name none
    cache_folder: str = ""  # where what can be made anew is remembered, "" for nowhere


def process_runtime() -> Runtime:
    """What the installed application registers under `octet.runtime`; without one, the default."""
    from app.services.installed import installed

    for point in installed("octet.runtime"):
        made = point.load()()
        if isinstance(made, Runtime):
            return made
    return Runtime()


def run_straight(steps: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine that waits for nothing, as every generation by rule is, without an event loop to start."""
    try:
        steps.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]  # a StopIteration's value is untyped
    steps.close()
    raise RuntimeError("a generation by rule waited for something")
