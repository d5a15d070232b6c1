"""Counts of the service in Prometheus' text format; every name begins with `octet_`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, Self

BUCKETS: Final = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0)  # seconds
Json = dict[str, Any]  # Any: JSON


class Metrics:
    """Since the start; used from the event loop alone."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._slower: Counter[float] = Counter()
        self._seconds = 0.0
        self._made: Counter[tuple[str, str]] = Counter()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered; `route` is its pattern, so that names stay few."""
        self._requests[method, route, status] += 1
        self._seconds += seconds
        self._slower.update(bucket for bucket in BUCKETS if seconds <= bucket)

    def generated(self, genre: str, method: str) -> None:
        """A piece was made, by this method."""
        self._made[genre, method] += 1

    def rows(self) -> Json:
        """All counts as JSON values."""
        return {
            "requests": [[*labels, count] for labels, count in self._requests.items()],
            "slower": [[bucket, count] for bucket, count in self._slower.items()],
            "seconds": self._seconds,
            "made": [[*labels, count] for labels, count in self._made.items()],
        }

    @classmethod
    def summed(cls, all_rows: Iterable[Json]) -> Self:
        """The counts of several processes, each as `rows` has them, as those of one."""
        whole = cls()
        for rows in all_rows:
            whole._requests.update({(verb, route, status): count for verb, route, status, count in rows["requests"]})
            whole._slower.update(dict(rows["slower"]))
            whole._seconds += rows["seconds"]
            whole._made.update({(genre, method): count for genre, method, count in rows["made"]})
        return whole

    def text(self) -> str:
        """All counts, as Prometheus reads them."""
        total = self._requests.total()
        lines = ["# HELP octet_requests_total Requests answered.", "# TYPE octet_requests_total counter"]
        for (verb, route, status), count in sorted(self._requests.items()):
            lines.append(f'octet_requests_total{{method="{verb}",route="{_quoted(route)}",status="{status}"}} {count}')
        lines += ["# HELP octet_request_seconds Time to answer.", "# TYPE octet_request_seconds histogram"]
        lines += [f'octet_request_seconds_bucket{{le="{bucket}"}} {self._slower[bucket]}' for bucket in BUCKETS]
        lines.append(f'octet_request_seconds_bucket{{le="+Inf"}} {total}')
        lines += [f"octet_request_seconds_sum {self._seconds:.6f}", f"octet_request_seconds_count {total}"]
        lines += ["# HELP octet_generations_total Pieces made.", "# TYPE octet_generations_total counter"]
        for (genre, method), count in sorted(self._made.items()):
            lines.append(f'octet_generations_total{{genre="{_quoted(genre)}",method="{_quoted(method)}"}} {count}')
        return "\n".join([*lines, ""])


def _quoted(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
