"""`octet setup`: a few questions, then a settings file for the models that are there; it is tried, and can be undone."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Final

from app.cli.arguments import Command, Option, clean, read
from app.errors import ProviderError, RequestError
from app.settings import Settings, place_of_file, settings

if TYPE_CHECKING:
    from app.checkup.findings import Findings
    from app.checkup.plan import Plan, Wishes
    from app.checkup.trial import Trial
    from app.llm.machine import Fit

COMMAND: Final = Command(
    "setup [--yes] [--pull] [--undo] [--json]",
    "Write a settings file for the models that are there, try it, and say what to do next. It holds no key.",
    (
        Option("--yes", "ask nothing: local models; cloud ones where a key was given to Octet itself"),
        Option("--pull", "have Ollama download the model that is missing"),
        Option("--undo", "bring back the settings file that was before"),
        Option("--json", "one JSON object"),
    ),
    "  octet setup\n  octet setup --yes --pull\n  octet setup --undo",
)
YES: Final = ("y", "yes")
NO: Final = ("n", "no")


def run(arguments: list[str]) -> int:
    """Set up, or undo it. Returns 0, or 1 when what was set up does not work."""
    given = read(COMMAND, arguments)
    if given.words:
        raise RequestError(f'what is "{clean(given.words[0])[:40]}"? octet setup takes options alone')
    path = os.environ.get("OCTET_CONFIG") or place_of_file(os.environ)
    if not path:
        raise RequestError("there is no home folder for a settings file: name one in OCTET_CONFIG", "config")
    as_json = "json" in given.values
    if "undo" in given.values:
        return _undo(path, as_json)
    return _set_up(path, sure="yes" in given.values or as_json, pull="pull" in given.values, as_json=as_json)


def _undo(path: str, as_json: bool) -> int:
    from app.settings.writing import undone

    there = undone(path)
    if as_json:
        _print_object({"path": path, "restored": there})
    else:
        print(f"{path}: {'as it was before' if there else 'removed, as there was none before'}")
    return 0


def _set_up(path: str, *, sure: bool, pull: bool, as_json: bool) -> int:
    from app.checkup.findings import findings
    from app.checkup.plan import missing_model, plan_of, usual_wishes
    from app.checkup.report import TROUBLE, status_of
    from app.checkup.trial import tried
    from app.settings.nearby import forget
    from app.settings.writing import written

    chosen = _chosen(path)
    forget(chosen.cache_folder)
    found = findings(chosen, os.environ)
    lacks = missing_model(found)
    if lacks is not None and (
        pull or (not sure and _agreed(f"Have Ollama download {lacks[1].tag} ({lacks[1].needed_gb:g} GB)?", False))
    ):
        _pull(*lacks)
        found = findings(chosen, os.environ, found.machine)
    plan = plan_of(chosen, found, usual_wishes(chosen) if sure else _wishes(found))
    written(path, plan.text)
    now = findings(settings({**os.environ, "OCTET_CONFIG": path}), os.environ, found.machine)
    trials = tried(now.llm) if now.llm is not None else ()
    _report(path, plan, now, trials, as_json)
    return 1 if status_of(now, trials) == TROUBLE else 0


def _chosen(path: str) -> Settings:
    """The settings as they are, of a file that may not be there yet."""
    return settings({**os.environ, "OCTET_CONFIG": path if os.path.isfile(path) else ""})


def _wishes(found: Findings) -> Wishes:
    """What the person wants. Raises RequestError when nobody answers."""
    from app.checkup.plan import DAY_USD, Wishes

    servers = [one.found for one in found.seen if one.found is not None and one.found.models]
    named = "; ".join(f"{server.server}: {', '.join(server.models[:6])}" for server in servers)
    local = bool(servers) and _agreed(f"Use the local models? ({named})", True)
    keys = [key.name for key in found.keys if key.used or key.own_name.startswith("OCTET_GEMINI")]
    if not keys:
        return Wishes(local)
    answer = _answer(f"May Octet spend money with the key in {keys[0]}, for hard requests? yes, no, or ask each time", "no")
    paid: bool | str = "ask" if answer == "ask" else answer in YES
    return Wishes(local, paid, _amount(f"Most US dollars a day [{DAY_USD:g}]", DAY_USD) if paid else None)


def _agreed(question: str, usual: bool) -> bool:
    answer = _answer(f"{question} [{'Y/n' if usual else 'y/N'}]", "yes" if usual else "no")
    if answer not in (*YES, *NO):
        raise RequestError(f'"{clean(answer)[:20]}": answer yes or no')
    return answer in YES


def _amount(question: str, usual: float) -> float:
    answer = _answer(question, str(usual))
    try:
        amount = float(answer)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < 1e6:
        raise RequestError(f'"{clean(answer)[:20]}": an amount of US dollars, such as 1.50')
    return amount


def _answer(question: str, usual: str) -> str:
    """What a person types; the usual answer for an empty line. Raises RequestError when there is nobody."""
    print(f"{question} ", end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line:
        raise RequestError("nobody answers: octet setup --yes takes the usual answers")
    return line.strip().lower() or usual


def _pull(url: str, fit: Fit) -> None:
    """Have it downloaded, with its progress. Raises ProviderError."""
    from app.llm.pulling import pulled

    said = -1
    try:
        for step in pulled(url, fit.tag):
            share = step.completed * 100 // step.total if step.total else -1
            if share != said or share < 0:
                said = share
                print(f"octet: {fit.tag}: {step.status}{f' {share}%' if share >= 0 else ''}", file=sys.stderr)
    except ProviderError as error:
        raise RequestError(str(error)) from error


def _report(path: str, plan: Plan, found: Findings, trials: tuple[Trial, ...], as_json: bool) -> None:
    from app.checkup.report import lines_of, object_of

    if as_json:
        _print_object({"path": path, "settings": plan.text, **object_of(found, trials)})
        return
    print(f"wrote {path}; octet setup --undo brings back what was before\n")
    print("\n".join(lines_of(found, trials)))


def _print_object(answer: dict[str, Any]) -> None:
    import json

    print(json.dumps(answer, indent=1))
