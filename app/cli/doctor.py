"""`octet doctor`: which models there are, what would be asked, whether it works, and what to do next."""

from __future__ import annotations

import os
import sys
from typing import Any, Final

from app.cli.arguments import Command, Option, clean, read
from app.errors import RequestError
from app.settings import settings

COMMAND: Final = Command(
    "doctor [--paid] [--no-test] [--json]",
    "Look for models, ask each a tiny question, and say what to do next. Nothing is changed.",
    (
        Option("--paid", "ask those that cost money too (a fraction of a cent)"),
        Option("--no-test", "ask none of them", field="no_test"),
        Option("--json", "one JSON object"),
    ),
    "  octet doctor\n  octet doctor --paid --json",
)


def run(arguments: list[str]) -> int:
    """Report. Returns 0, or 1 when something does not work."""
    given = read(COMMAND, arguments)
    if given.words:
        raise RequestError(f'what is "{clean(given.words[0])[:40]}"? octet doctor takes options alone')
    from app.checkup.findings import findings
    from app.checkup.report import TROUBLE, lines_of, object_of, status_of
    from app.checkup.trial import Trial, tried
    from app.settings.nearby import forget

    chosen = settings()
    forget(chosen.cache_folder)
    found = findings(chosen, os.environ)
    trials: tuple[Trial, ...] = ()
    if found.llm is not None and "no_test" not in given.values:
        print("octet: asking each model a tiny question; one that is not in memory is loaded first", file=sys.stderr)
        trials = tried(found.llm, paid="paid" in given.values)
    if "json" in given.values:
        _print_object(object_of(found, trials))
    else:
        for line in lines_of(found, trials):
            print(line)
    return 1 if status_of(found, trials) == TROUBLE else 0


def _print_object(report: dict[str, Any]) -> None:
    import json

    print(json.dumps(report, indent=1))
