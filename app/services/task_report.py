"""What the task log says in sum: how often each model answered well, what went up and what it cost, what is for review."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

Task = dict[str, Any]  # Any: a row of the task log, as plain values
BY_RULE: Final = "rule-based"
ANSWERED: Final = ("accepted", "remembered")
TEST: Final = "test"  # a task of the doctor's
NO_CALLS: Final = ("skipped", "judged")


class Line(NamedTuple):
    """One model, complexity or genre: requests, how many a model answered, how many went up, what they cost."""

    name: str
    requests: int
    answered: int
    escalated: int
    cost_usd: float
    latency_ms: float  # the median

    @property
    def share(self) -> float:
        """Answered by a model, of all."""
        return self.answered / self.requests if self.requests else 0.0


class Report(NamedTuple):
    """All of it."""

    total: Line
    models: tuple[Line, ...]  # calls in the place of requests, accepted answers in the place of answered
    complexities: tuple[Line, ...]
    subjects: tuple[Line, ...]
    tasks: tuple[Line, ...]  # progression, variation, ...; the doctor's tests are here and among models alone
    by_label: tuple[tuple[str, int], ...]  # who made the harmony, and how often
    review: tuple[Task, ...]


def report_of(tasks: Sequence[Task]) -> Report:
    """The report of these tasks."""
    labels = [task["label"] or BY_RULE for task in tasks]
    asked = [task for task in tasks if task["task"] != TEST]
    return Report(
        _line("all", tasks),
        tuple(_model(name, tasks) for name in _names(row["label"] for task in tasks for row in task["attempts"])),
        _grouped(asked, lambda task: f"complexity {task['complexity']:>2}"),
        _grouped(asked, lambda task: task["subject"] or "other"),
        _grouped(tasks, lambda task: task["task"]),
        tuple((name, labels.count(name)) for name in _names(labels)),
        tuple(task for task in tasks if task["outcome"] == "review"),
    )


def _names(found: Iterable[str]) -> list[str]:
    return sorted({name for name in found if name})


def _grouped(tasks: Sequence[Task], name_of: Callable[[Task], str]) -> tuple[Line, ...]:
    return tuple(_line(name, [task for task in tasks if name_of(task) == name]) for name in _names(map(name_of, tasks)))


def _line(name: str, tasks: Sequence[Task]) -> Line:
    return Line(
        name,
        len(tasks),
        sum(task["outcome"] in ANSWERED for task in tasks),
        sum(bool(task["escalations"]) for task in tasks),
        sum(task["cost_usd"] or 0.0 for task in tasks),
        _median([task["latency_ms"] for task in tasks]),
    )


def _model(name: str, tasks: Sequence[Task]) -> Line:
    calls = [row for task in tasks for row in task["attempts"] if row["label"] == name and row["outcome"] not in NO_CALLS]
    left = sum(any(pair[0] == name for pair in task["escalations"]) for task in tasks)
    accepted = sum(row["outcome"] == "accepted" for row in calls)
    cost = sum(row["cost_usd"] or 0.0 for row in calls)
    return Line(name, len(calls), accepted, left, cost, _median([row["latency_ms"] for row in calls]))


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else 0.0
