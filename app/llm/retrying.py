"""How often faults may be tried again, over all requests: so that a sick server is not asked twice by everybody."""

from __future__ import annotations

from app.llm.config import Limits


class RetryBudget:
    """Each request earns a share of one retry; a reserve is there from the start."""

    def __init__(self, limits: Limits) -> None:
        self._share = limits.retry_share
        self._most = limits.retry_reserve
        self._left = limits.retry_reserve

    def earn(self) -> None:
        """A request came."""
        self._left = min(self._most, self._left + self._share)

    def take(self) -> bool:
        """Whether one retry is left; it is then taken."""
        if self._left < 1:
            return False
        self._left -= 1
        return True
