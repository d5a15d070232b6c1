"""What a verification found: a cell for each check of each genre, as a table for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

OK, FAILED, SKIPPED = "ok", "failed", "skipped"
SIGNS: Final = MappingProxyType({OK: "✓", FAILED: "✗", SKIPPED: "–"})
CHECKS: Final[Mapping[str, str]] = MappingProxyType(
    {  # a column of the table → what is found out in it
        "import": "its package imports, names itself as it is registered, and its files read",
        "class": "its class inherits the mixin, then the base, and the mixin's methods come first",
        "request": "its request makes a JSON schema, takes each application, and refuses what is none",
        "rules": "every application plays by rule, and lint finds nothing in the file",
        "small": "a simple request goes to the small local model, whose chords are played",
        "large": "a sophisticated request goes to the large local model",
        "cloud": "an experimental request goes to the cloud model",
        "local down": "with the local server down the cloud model answers",
        "all down": "with every server down the rules answer, with the reason",
        "counts": "statistics, costs and savings add up, and can be set to zero",
        "seed": "the same request and seed give the same bytes",
        "rest": "the REST service answers with the same file",
    }
)


class Cell(NamedTuple):
    """One check of one genre; `why` says what failed or why it was not made."""

    check: str
    status: str  # ok | failed | skipped
    why: str = ""
    ms: float = 0.0


class Row(NamedTuple):
    """One genre."""

    genre: str
    cells: tuple[Cell, ...]

    @property
    def verified(self) -> bool:
        """Whether nothing failed, and something was found out."""
        status = [cell.status for cell in self.cells]
        return FAILED not in status and OK in status


class Report(NamedTuple):
    """All of them."""

    rows: tuple[Row, ...]
    seconds: float

    @property
    def verified(self) -> int:
        """How many genres hold."""
        return sum(row.verified for row in self.rows)

    @property
    def passed(self) -> bool:
        """Whether all of them hold, and there are any."""
        return bool(self.rows) and self.verified == len(self.rows)


def result_line(report: Report) -> str:
    """`RESULT: 8/8 generators verified`, with what was skipped."""
    skipped = sum(cell.status == SKIPPED for row in report.rows for cell in row.cells)
    rest = f" ({skipped} checks skipped)" if skipped else ""
    return f"RESULT: {report.verified}/{len(report.rows)} generators verified{rest}"


def as_text(report: Report, checks: Sequence[str] = tuple(CHECKS)) -> str:
    """The table, the reasons below it, and the result."""
    width = max([len(row.genre) for row in report.rows] + [5]) + 2
    lines = [" " * width + "  ".join(checks)]
    for row in report.rows:
        signs = {cell.check: SIGNS[cell.status] for cell in row.cells}
        lines.append(f"{row.genre:{width}}" + "  ".join(f"{signs.get(check, ' '):^{len(check)}}" for check in checks).rstrip())
    return "\n".join([*lines, "", *_reasons(report), result_line(report)])


def _reasons(report: Report) -> list[str]:
    """One line for each reason of a genre's failures, the first check in front, and one for each reason to skip."""
    causes: dict[tuple[str, str], list[str]] = {}
    for row in report.rows:
        for cell in row.cells:
            if cell.status == FAILED:
                causes.setdefault((row.genre, cell.why), []).append(cell.check)
    failed = [f"✗ {genre}: {', '.join(checks)}: {why}" for (genre, why), checks in causes.items()]
    skipped: dict[str, list[str]] = {}
    for row in report.rows:
        for cell in row.cells:
            if cell.status == SKIPPED:
                skipped.setdefault(cell.why, []).append(cell.check)
    told = [f"– skipped {', '.join(dict.fromkeys(checks))}: {why}" for why, checks in skipped.items()]
    return [*failed, *told, *([""] if failed or told else [])]


def as_json(report: Report) -> dict[str, Any]:
    """The same for programs."""
    rows = [
        {"genre": row.genre, "verified": row.verified, "checks": [cell._asdict() for cell in row.cells]} for row in report.rows
    ]
    return {
        "passed": report.passed,
        "verified": report.verified,
        "genres": len(report.rows),
        "seconds": round(report.seconds, 1),
        "rows": rows,
    }
