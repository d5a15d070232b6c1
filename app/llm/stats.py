"""Counts of how answers came to be, exact under concurrency: by label and outcome, and what they cost and saved."""

from __future__ import annotations

import threading
from typing import Any

from app.llm.types import Attempt


class Stats:
    """Since the last reset, in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clear()

    def _clear(self) -> None:
        self._by_label: dict[str, dict[str, int]] = {}
        self._local = self._gemini = self._rules = self._remembered = 0
        self._cost = self._saved = 0.0

    def attempt(self, row: Attempt) -> None:
        """One attempt ended. Its cost counts whatever its outcome."""
        with self._lock:
            self._count(row.label, row.outcome)
            self._cost += row.cost_usd or 0.0

    def accepted(self, label: str, *, local: bool, gemini: bool, saved_usd: float, remembered: bool = False) -> None:
        """A request was answered by this model (or by what it once answered)."""
        with self._lock:
            self._local += local
            self._gemini += gemini
            self._saved += saved_usd
            if remembered:
                self._remembered += 1
                self._count(label, "remembered")

    def by_rule(self, label: str = "rule-based") -> None:
        """A request was answered by the rules."""
        with self._lock:
            self._rules += 1
            self._count(label, "accepted")

    def snapshot(self) -> dict[str, Any]:  # the shape callers know, as JSON
        """The counts now, as a value of one's own."""
        with self._lock:
            return {
                "local_generations": self._local,
                "gemini_generations": self._gemini,
                "rule_based_generations": self._rules,
                "remembered_generations": self._remembered,
                "cost_usd": round(self._cost, 6),
                "estimated_cost_saved_usd": round(self._saved, 6),
                "by_label": {label: dict(counts) for label, counts in sorted(self._by_label.items())},
            }

    def reset(self) -> None:
        """Count from zero."""
        with self._lock:
            self._clear()

    def _count(self, label: str, outcome: str) -> None:
        counts = self._by_label.setdefault(label, {})
        counts[outcome] = counts.get(outcome, 0) + 1
