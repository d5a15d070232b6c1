"""`octet genres`: what is installed, one genre in detail, and the check of a genre's files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.cli.arguments import Command, Option, clean, read
from app.cli.groove_rows import groove_lines
from app.errors import RequestError
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.describing import description
from app.services.registry import Registry, discover
from app.services.runtime import Runtime
from app.settings import settings
from app.wiring import runtime

COMMAND: Final = Command(
    "genres [NAME] [--grooves] [--json] | octet genres check [NAME | FOLDER | FILE.toml]",
    "List the genres with their applications; describe one; or check a genre's files and print every problem.",
    (
        Option("--json", "print JSON"),
        Option("--grooves", "how each application is played: its rows, and the files they stand in"),
    ),
)


def run(arguments: list[str]) -> int:
    """List, describe or check. Returns 1 when a check finds problems."""
    words, values = read(COMMAND, arguments)
    chosen = settings()
    registry, made = discover(chosen.cache_folder), runtime(chosen)
    if words[:1] == ["check"]:
        return _check(words[1:], registry)
    if len(words) > 1:
        raise RequestError(f'one genre at a time: "{clean(words[1])[:40]}" is one too many', "genre")
    if words:
        return _describe(registry.service(clean(words[0]), made), as_json="json" in values, grooves="grooves" in values)
    return _list(registry, made, as_json="json" in values)


def _list(registry: Registry, running: Runtime, *, as_json: bool) -> int:
    services, broken = registry.usable(running)
    if as_json:
        _print_json({"genres": [description(service) for service in services], "broken": dict(broken)})
    else:
        for service in services:
            facts = service.genre.facts
            names = [f"{name}*" if name == facts["default"] else name for name in facts["applications"]]
            print(f"{service.name:10}{', '.join(names)}")
    for name, reason in broken.items():
        print(f"octet: skipped {name}: {reason}", file=sys.stderr)
    return 0


def _describe(service: BaseGenreGenerator, *, as_json: bool, grooves: bool) -> int:
    if as_json:
        _print_json(description(service))
    else:
        for line in _grooves(service) if grooves else _description(service):
            print(line)
    return 0


def _description(service: BaseGenreGenerator) -> Iterator[str]:
    facts = service.genre.facts
    yield f"{facts['title']}: {facts['about']}"
    for name, row in facts["applications"].items():
        low, high = row["range"]
        yield ""
        yield f"{name}{'*' if name == facts['default'] else ''}: {row['about']}"
        yield f"  {row['tempo']} bpm ({low}-{high}), {row['metre']}, {row['bars']} bars, form {row.get('form') or 'free'}"
        yield f"  keys {', '.join(row['keys'])}"
        yield f"  parts {', '.join(service.genre.ensemble(name))}"
    yield ""
    yield f"all parts: {', '.join(service.genre.vocabulary.roles)}   (* is the default)"


def _grooves(service: BaseGenreGenerator) -> Iterator[str]:
    for file, groove in service.genre.grooves():
        parts = ", ".join(f"{role} {_engine(groove, service.genre.facts, role)}".strip() for role in groove["ensemble"])
        yield f"{os.path.join(service.genre.folder, file)}: {parts}"
        yield from groove_lines(groove, service.genre.facts["parts"])


def _engine(groove: Mapping[str, Any], facts: Mapping[str, Any], role: str) -> str:
    engine = {**facts["parts"].get(role, {}), **groove.get("parts", {}).get(role, {})}.get("engine", "")
    return f"({engine})" if engine else ""


def _check(names: list[str], registry: Registry) -> int:
    """Every problem of the named genres, folders or files, of all genres when none is named."""
    from app.services.genre_check import problems_of, problems_of_file

    found = 0
    for name in names or registry.names:
        if name.endswith(".toml"):
            folder, problems = os.path.dirname(name), problems_of_file(name)
        elif os.path.isdir(name) and (os.sep in name or name not in registry.names):
            folder, problems = name, problems_of(name)
        else:
            folder = os.path.relpath(registry.service(name).folder())
            problems = problems_of(folder)
        found += len(problems)
        for problem in problems:
            print(os.path.join(folder, problem))
    if not found:
        print("no problems", file=sys.stderr)
    return 1 if found else 0


def _print_json(value: object) -> None:
    import json

    print(json.dumps(value, indent=2))
