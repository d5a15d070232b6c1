"""What a process runs with: how requests are routed, and the models there are. Made by the application, handed to services."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from app.services.scale import USUAL, Scale

if TYPE_CHECKING:
    from app.llm.ask import LLM
    from app.llm.types import Event, Offer
    from app.theory.brief import Ask

STRATEGIES: Final = ("hybrid", "local_only", "cloud_only", "local_fallback", "rules_only")
BY_RULE_ALONE: Final = "rules_only"
NO_MODEL: Final = "no model is configured"

Result = TypeVar("Result")


class Runtime(NamedTuple):
    """The default is a process without models: everything goes by rule."""

    strategy: str = "hybrid"  # one of STRATEGIES, for requests that name none
    cache_folder: str = ""  # where what can be made anew is remembered, "" for nowhere
    models: Callable[[], LLM | None] | None = None  # the models, made when they are first asked for
    watch: Callable[[Event], None] | None = None  # is told what happens while models are asked
    confirm: Callable[[Offer], Awaitable[bool]] | None = None  # is asked about costs under allow_paid="ask"
    scale: Scale = USUAL  # what words weigh
    hands: Callable[..., Awaitable[Any]] | None = None  # calls a function with arguments where it keeps nobody waiting

    def wants_models(self, ask: Ask) -> bool:
        """Whether a model is to find this request's harmony: it has none of its own, and more than the rules may be asked."""
        own = ask.chords or ask.made
        return not own and (ask.strategy or self.strategy) != BY_RULE_ALONE and ask.model != "rules"

    def llm_for(self, ask: Ask) -> LLM | None:
        """The models that this request may ask; None for none."""
        return self.models() if self.models is not None and self.wants_models(ask) else None

    async def done(self, step: Callable[..., Any], *arguments: Any) -> Any:  # Any: what the step takes and gives
        """What a step that costs time returns: done by the `hands` there are, else here and now."""
        return step(*arguments) if self.hands is None else await self.hands(step, *arguments)


def process_runtime() -> Runtime:
    """What the installed application registers under `octet.runtime`; without one, the default."""
    from app.services.installed import installed

    for point in installed("octet.runtime"):
        made = point.load()()
        if isinstance(made, Runtime):
            return made
    return Runtime()


def run(steps: Coroutine[Any, Any, Result], llm: LLM | None) -> Result:
    """The result of a generation: in an event loop where models may be asked, else without one."""
    if llm is None:
        return run_straight(steps)
    import asyncio

    async def whole() -> Result:
        try:
            return await steps
        finally:
            await llm.aclose()

    return asyncio.run(whole())


def run_straight(steps: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine that waits for nothing, as every generation by rule is, without an event loop to start."""
    try:
        steps.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]  # a StopIteration's value is untyped
    steps.close()
    raise RuntimeError("a generation by rule waited for something")
