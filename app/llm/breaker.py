"""A circuit breaker: a sick model is left alone for a while, then tried by one request."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from app.llm.config import Limits
from app.llm.faults import reaction


class Breaker:
    """Closed, open, or half open (one probe is under way). A wrong answer is not an outage: only faults that count do."""

    def __init__(self, limits: Limits, now: Callable[[], float]) -> None:
        self._limits = limits
        self._now = now
        self._recent: deque[tuple[float, bool]] = deque(maxlen=1000)
        self._in_a_row = 0
        self._opened = 0  # times in succession
        self._open_until = 0.0
        self._probing = False
        self.why = ""

    def bound_by(self, limits: Limits) -> None:
        """Go by other limits from now on; what is known stays."""
        self._limits = limits

    def wait_s(self) -> float:
        """Seconds until it may be asked; 0 when it may be asked now. While a probe is under way others wait for its end."""
        left = self._open_until - self._now()
        return max(left, 0.0) if left > 0 else 1.0 if self._probing else 0.0

    def admit(self) -> bool:
        """Whether this call may go out. When the window has just ended, the first one asked is the probe."""
        if self.wait_s() > 0:
            return False
        self._probing = self._opened > 0
        return True

    def passed(self) -> None:
        """The server answered (well or not)."""
        self._recent.append((self._now(), True))
        self._in_a_row = self._opened = 0
        self._probing = False
        self.why = ""

    def failed(self, kind: str, seconds: float | None = None) -> None:
        """A fault of this kind; `seconds` is what the server asks to be left alone for."""
        row = reaction(kind)
        if row.off_s:
            self._open(kind, row.off_s if seconds is None else seconds)
        elif row.counts:
            self._recent.append((self._now(), False))
            self._in_a_row += 1
            if self._probing or self._sick():
                longest = self._limits.breaker_open_max_s
                self._open(kind, max(seconds or 0.0, min(self._limits.breaker_open_s * 2**self._opened, longest)))
            elif seconds and kind == "overload":
                self._open(kind, seconds)
        self._probing = False

    def undecided(self) -> None:
        """The call was given up before it showed anything: the next one is the probe instead."""
        self._probing = False

    def _open(self, kind: str, seconds: float) -> None:
        self.why = kind
        self._opened = min(self._opened + 1, 20)
        self._open_until = self._now() + seconds
        self._in_a_row = 0
        self._recent.clear()

    def _sick(self) -> bool:
        limits, since = self._limits, self._now() - self._limits.breaker_window_s
        recent = [passed for at, passed in self._recent if at >= since]
        share = recent.count(False) / len(recent) if recent else 0.0
        return self._in_a_row >= limits.breaker_failures or (
            len(recent) >= limits.breaker_least and share >= limits.breaker_share
        )
