"""Is everything there? `python verify_integration.py` uses every registered genre, outside plugins too, and says what holds.

The models it asks are small servers of its own on loopback that speak Ollama's and Gemini's wire formats: nothing is
configured, nothing leaves the machine, nothing costs money. `--live` asks the models that are really configured instead.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
import warnings
from collections.abc import Sequence

from app.errors import OctetError
from app.services.registry import Registry, discover
from app.services.runtime import Runtime
from app.testing.verification.cells import CHECKS, Report, as_json, as_text

DONE, FINDINGS, WRONG_REQUEST = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify and print. Returns 0 when every genre holds (skipped checks do not count), 1 for findings, 2 if it was not done."""
    asked = _parser().parse_args(arguments)
    registry = discover()
    try:
        genres = tuple(dict.fromkeys(_named(registry, name) for name in asked.genre))
        report = _live(registry, genres, sure=asked.yes) if asked.live else _loopback(registry, genres)
    except OctetError as error:
        print(f"verify: {error}", file=sys.stderr)
        return WRONG_REQUEST
    if report is None:
        return WRONG_REQUEST
    _print(report, as_an_object=asked.json, live=asked.live)
    return DONE if report.passed else FINDINGS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="verify_integration.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--genre", action="append", default=[], metavar="NAME", help="only this one (may be given several times)")
    parser.add_argument("--json", action="store_true", help="the report as one JSON object")
    parser.add_argument("--live", action="store_true", help="ask the models that are configured; what it may cost is said first")
    parser.add_argument("--yes", action="store_true", help="with --live: do not ask before it costs money")
    return parser


def _named(registry: Registry, name: str) -> str:
    """The genre of this name, broken or not. Raises UnknownGenre with the nearest."""
    if name not in registry.points:
        registry.service(name)
    return name


def _loopback(registry: Registry, genres: tuple[str, ...]) -> Report:
    from app.main import create_app
    from app.settings import settings
    from app.testing.servers.web import serving
    from app.testing.verification.running import verify

    warnings.simplefilter("ignore")  # of the providers' libraries
    logging.disable()  # what a broken genre does to the service is in the report
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings({"OCTET_DATA_DIR": folder}), Runtime("rules_only"))
        with serving(app) as rest:
            return verify(registry, genres, rest)


def _live(registry: Registry, genres: tuple[str, ...], *, sure: bool) -> Report | None:
    """The report, None when the person does not want to pay."""
    from app.settings import settings
    from app.testing.verification.live import plan, verify_live
    from app.wiring import runtime

    own = runtime(settings(), everywhere=True)
    llm = own.models() if own.models is not None else None
    if llm is not None:
        planned = plan(llm, genres or registry.names)
        said = ", ".join(f"{how}: {label}" for how, label in planned.requests)
        price = "at a price that is not known" if planned.usd is None else f"about {planned.usd:.4f} USD in all"
        print(f"{len(genres or registry.names)} genres; {said}; {price}", file=sys.stderr)
        if planned.usd != 0 and not sure and not _agreed():
            return None
    return verify_live(registry, own, genres)


def _agreed() -> bool:
    if not sys.stdin.isatty():
        print("verify: it costs money: say --yes", file=sys.stderr)
        return False
    print("Ask them? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _print(report: Report, *, as_an_object: bool, live: bool) -> None:
    if as_an_object:
        print(json.dumps(as_json(report), indent=1))
        return
    columns = tuple(cell.check for cell in report.rows[0].cells) if live and report.rows else tuple(CHECKS)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    print(as_text(report, columns))


if __name__ == "__main__":
    raise SystemExit(main())
