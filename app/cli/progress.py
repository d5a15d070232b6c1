"""What a person sees while models are asked: a line for each thing that happens, and whether one may cost money."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from app.services.runtime import Runtime

if TYPE_CHECKING:
    from app.llm.types import Event, Offer

SAID: Final = {"waiting": "waiting for {0}", "loading": "{0} is being loaded", "asking": "asking {0}"}
LONGEST: Final = 160


def spoken(models: Runtime, *, quiet: bool = False) -> Runtime:
    """The same runtime with a person at the terminal who watches and is asked."""
    return models._replace(watch=None if quiet else tell, confirm=consent)


def tell(event: Event) -> None:
    """One line on standard error; answers that were accepted say it in the summary."""
    if event.kind in SAID:
        _print(SAID[event.kind].format(event.label))
    elif event.kind == "routed":
        _print(event.text)
    elif event.attempt is not None and event.attempt.outcome not in ("accepted", "judged"):
        _print(f"{event.label}: {event.attempt.outcome}: {event.attempt.reason}")


async def consent(offer: Offer) -> bool:
    """Whether the person agrees to the cost; nobody at a terminal agrees to nothing."""
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    import asyncio

    most = "an unknown amount" if offer.usd is None else f"{offer.usd:.4f} USD at most"
    said = await asyncio.to_thread(_asked, f"octet: ask {offer.model}? It costs {most}. [y/N] ")
    return said.strip().lower() in ("y", "yes")


def _asked(question: str) -> str:
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline()


def _print(text: str) -> None:
    plain = " ".join(text.split())
    print(f"octet: {plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + '…'}", file=sys.stderr, flush=True)
