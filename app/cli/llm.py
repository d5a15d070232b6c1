"""`octet llm`: which models there are, what they were asked, and how they did."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final

from app.cli.arguments import Command, Option, clean, read
from app.errors import RequestError
from app.services.task_report import Line, report_of
from app.settings import settings
from app.wiring import runtime, task_log

DAY_S: Final = 86_400
OUTCOMES: Final = ("accepted", "remembered", "rules", "review", "cancelled")
MOST: Final = 50_000
GROUPS: Final = {"models": "models", "complexity": "complexities", "genre": "subjects", "task": "tasks"}  # title → of a report


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:6]) <= MOST:
        raise RequestError(f'"{clean(text)[:20]}": a whole number from 1 to {MOST}', "n")
    return int(text)


def _outcome(text: str) -> str:
    if text not in OUTCOMES:
        raise RequestError(f'outcome "{clean(text)[:20]}": choose one of {", ".join(OUTCOMES)}', "outcome")
    return text


COMMAND: Final = Command(
    "llm [models | log | report | stats] [options]",
    "The models that would be asked (models), what was asked of them (log), and how they did (report; stats in short).",
    (
        Option("--n", "so many rows of the log; else 20", "N", _count),
        Option("--outcome", f"only these: {', '.join(OUTCOMES)}", "NAME", _outcome),
        Option("--days", "only the last N days", "N", _count),
        Option("--json", "one JSON object (report, stats), or one a line (log)"),
    ),
    "  octet llm report --days 7\n  octet llm log --outcome review",
)


def run(arguments: list[str]) -> int:
    """Print what is asked for. Returns the exit status."""
    given = read(COMMAND, arguments)
    what = given.words[0] if given.words else "models"
    if what not in ABOUT or len(given.words) > 1:
        from app.services.nearest import did_you_mean

        raise RequestError(f'octet llm "{clean(what)[:40]}": {did_you_mean(what, tuple(ABOUT))}')
    for line in ABOUT[what](given.values):
        print(line)
    return 0


def _models(_: dict[str, Any]) -> Iterator[str]:
    """The ladder as it stands, lowest rung first."""
    models = runtime(settings()).models
    llm = models() if models is not None else None
    if llm is None:
        yield "no model is configured, and none was found on this machine: everything goes by rule; octet doctor says what to do"
        return
    below = 0
    for rung in llm.rungs:
        where = "local" if rung.local else "paid" if rung.paid else "free"
        role = "judge" if rung.judge else f"complexity {below + 1}-{rung.up_to}"
        below = below if rung.judge else min(rung.up_to, 9)
        yield f"{rung.label:20} {role:16} {where:6} {rung.model} on {rung.provider_name}"
    allowed = llm.settings.allow_paid
    yield f"strategy {llm.settings.strategy}; paid models: {'ask' if allowed == 'ask' else 'yes' if allowed else 'no'}"


def _rows(values: dict[str, Any], most: int) -> list[dict[str, Any]]:
    from time import time

    since = time() - values["days"] * DAY_S if "days" in values else 0.0
    return task_log(settings()).rows(values.get("n", most), since, values.get("outcome", ""))


def _log(values: dict[str, Any]) -> Iterator[str]:
    rows = _rows(values, 20)
    if "json" in values:
        import json

        yield from (json.dumps(row) for row in rows)
        return
    from time import localtime, strftime

    for row in rows:
        at = strftime("%Y-%m-%d %H:%M:%S", localtime(row["started"]))
        who = row["label"] or "rule-based"
        way = " > ".join([row["escalations"][0][0], *(pair[1] for pair in row["escalations"])]) if row["escalations"] else ""
        cost = "?" if row["cost_usd"] is None else f"{row['cost_usd']:.4f}"
        what = f"{row['task']:11} {row['subject']:10} {row['complexity']:2}  {row['outcome']:10} {who:16}"
        yield f"{at}  {what} {row['latency_ms']:8.0f} ms  {cost} USD  {way}"
        if row["reason"]:
            yield f"{'':21}{' '.join(row['reason'].split())[:200]}"
    if not rows:
        yield "nothing was asked of a model yet"


def _report(values: dict[str, Any]) -> Iterator[str]:
    report = report_of(_rows(values, MOST))
    if "json" in values:
        import json

        parts = {name: [line._asdict() for line in getattr(report, name)] for name in GROUPS.values()}
        review = [task["task_id"] for task in report.review]
        yield json.dumps({"total": report.total._asdict(), **parts, "by_label": dict(report.by_label), "review": review})
        return
    yield f"{'':20} {'asked':>7} {'answered':>9} {'share':>6} {'went up':>8} {'USD':>9} {'median ms':>10}"
    for title, name in GROUPS.items():
        yield title
        yield from (_shown(line) for line in getattr(report, name))
    yield _shown(report.total)
    for task in report.review:
        yield f"for review: {task['task_id']} {task['subject']} {' '.join(task['reason'].split())[:160]}"


def _shown(line: Line) -> str:
    counts = f"{line.requests:7} {line.answered:9} {line.share:6.0%} {line.escalated:8}"
    return f"  {line.name:18} {counts} {line.cost_usd:9.4f} {line.latency_ms:10.0f}"


def _stats(values: dict[str, Any]) -> Iterator[str]:
    report = report_of(_rows(values, MOST))
    if "json" in values:
        import json

        yield json.dumps({"by_label": dict(report.by_label), "cost_usd": round(report.total.cost_usd, 6)})
        return
    yield from (f"{name:20} {count:7}" for name, count in report.by_label)
    yield f"{'USD':20} {report.total.cost_usd:7.4f}"


ABOUT: Final = MappingProxyType({"models": _models, "log": _log, "report": _report, "stats": _stats})
