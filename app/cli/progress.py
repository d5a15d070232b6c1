"""What a person sees while models are asked: a line for each thing that happens, and whether one may cost money."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, TextIO

from app.services.runtime import Runtime

if TYPE_CHECKING:
    import threading

    from app.llm.types import Event, Offer

SAID: Final = {  # kinds of events that something else must follow
    "waiting": "waiting for {0}",
    "loading": "{0} is being loaded",
    "asking": "asking {0}",
    "meaning": "asking {0} what the words mean",
}
LONGEST: Final = 160


def spoken(models: Runtime, *, quiet: bool = False) -> Runtime:
    """The same runtime with a person at the terminal who watches and is asked."""
    at_terminal = sys.stderr is not None and sys.stderr.isatty()
    return models._replace(watch=None if quiet else Counting(sys.stderr) if at_terminal else tell, confirm=consent)


class Counting:
    """Tells events, and counts the seconds below the last line while it waits for the next event."""

    def __init__(self, terminal: TextIO, every_s: float = 1.0) -> None:
        self._terminal = terminal
        self._every_s = every_s
        self._over: threading.Event | None = None
        self._thread: threading.Thread | None = None

    def __call__(self, event: Event) -> None:
        """Tell it; what was counted is wiped away."""
        self._stop()
        tell(event)
        if event.kind in SAID:
            self._start()

    def _start(self) -> None:
        import threading

        self._over = threading.Event()
        self._thread = threading.Thread(target=self._count, args=(self._over,), daemon=True)
        self._thread.start()

    def _stop(self) -> None:
        if self._over is not None and self._thread is not None:
            self._over.set()
            self._thread.join()
            self._over = self._thread = None

    def _count(self, over: threading.Event) -> None:
        passed = 0
        while not over.wait(self._every_s):
            passed += 1
            self._write(f"\r       {passed} s")
        if passed:
            self._write(f"\r{' ' * 20}\r")

    def _write(self, text: str) -> None:
        self._terminal.write(text)
        self._terminal.flush()


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
