"""Everything that can be found out without asking a model: servers, keys, files, the machine, and where requests would go."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from app.errors import RequestError
from app.llm.ask import LLM
from app.llm.known import known_as, up_to_of
from app.llm.machine import Fit, Machine, Setup, fits, machine, recommended, sizes
from app.llm.survey import Sighting, survey
from app.llm.types import Terms
from app.settings import Settings
from app.settings.holdings import Key, ModelFile, keys, lacking, model_files
from app.settings.places import places, usable
from app.wiring import made

LEVELS: Final = (2, 6, 9)  # complexities that stand for simple, sophisticated and experimental requests
BY_RULE: Final = "rule-based"


class Configured(NamedTuple):
    """What the settings say."""

    path: str  # the settings file, "" for none
    strategy: str
    allow_paid: bool | str
    problem: str = ""  # why no models can be made of them


class Way(NamedTuple):
    """Who would be asked for a complexity, in order; the rules come last."""

    complexity: int
    route: tuple[str, ...]


class Findings(NamedTuple):
    """All of it. `llm` are the models as a request would get them, None for none."""

    seen: tuple[Sighting, ...]
    keys: tuple[Key, ...]
    files: tuple[ModelFile, ...]
    machine: Machine
    fits: tuple[Fit, ...]
    setup: Setup
    configured: Configured
    ways: tuple[Way, ...]
    lacking: Mapping[str, str]  # kind of provider that would be asked → how to install what it needs
    llm: LLM | None


def findings(chosen: Settings, variables: Mapping[str, str], own: Machine | None = None, llm: LLM | None = None) -> Findings:
    """What there is now. `variables` are looked through for keys, whose names alone are kept.

    `own` is the machine, else this one is asked; `llm` the models of a service that runs, else they are made.
    """
    found: list[Machine] = [own] if own is not None else []
    asking = threading.Thread(target=lambda: found.append(machine()), daemon=True)  # a driver may take its time
    if own is None:
        asking.start()
    seen = survey(places(chosen))
    problem = ""
    if llm is None:
        try:
            llm = made(chosen, usable(chosen, seen))
        except RequestError as error:
            problem = str(error)
    if own is None:
        asking.join()
    kinds = {rung.kind for rung in llm.rungs} if llm is not None else set()
    kinds |= {one.found.kind for one in seen if one.found is not None and one.found.models}
    return Findings(
        seen,
        keys(chosen, variables),
        model_files(chosen, variables),
        found[0],
        fits(found[0]),
        recommended(found[0]),
        Configured(chosen.path, chosen.strategy, chosen.allow_paid, problem),
        ways_of(llm),
        {kind: how for kind in sorted(kinds) if (how := lacking(kind))},
        llm,
    )


def ways_of(llm: LLM | None) -> tuple[Way, ...]:
    """Where requests of each level would go."""
    return tuple(Way(level, (*_asked(llm, level), BY_RULE)) for level in LEVELS)


def _asked(llm: LLM | None, level: int) -> list[str]:
    if llm is None:
        return []
    paid = llm.settings.allow_paid is not False
    return [rung.label for rung in llm.ladder(level, Terms()) if paid or not rung.paid]


def as_json(found: Findings) -> dict[str, Any]:
    """The findings for programs."""
    return {
        "servers": [_server(one) for one in found.seen],
        "keys": [one._asdict() for one in found.keys],
        "files": [one._asdict() for one in found.files],
        "machine": {**found.machine._asdict(), "models_gb": found.machine.models_gb},
        "fits": [one._asdict() for one in found.fits if one.fits],
        "sizes": [one._asdict() for one in sizes(found.machine)],
        "recommended": _setup(found.setup),
        "configured": found.configured._asdict(),
        "models": _models(found.llm),
        "routes": [{"complexity": way.complexity, "route": list(way.route)} for way in found.ways],
        "lacking": dict(found.lacking),
    }


def _server(one: Sighting) -> dict[str, Any]:
    server = one.found
    models: Sequence[str] = server.models if server is not None else ()
    rows = [
        {"name": name, "up_to": up_to_of(name), "known": known_as(name) is not None, "loaded": _loaded(one, name)}
        for name in models
    ]
    return {
        "url": one.place.url,
        "provider": one.place.name,
        "server": server.server if server is not None else "",
        "kind": server.kind if server is not None else "",
        "models": rows,
        "why": one.why,
    }


def _loaded(one: Sighting, name: str) -> bool:
    return one.found is not None and name in one.found.loaded


def _setup(setup: Setup) -> dict[str, Any]:
    return {
        "server": setup.server,
        "small": setup.small and setup.small._asdict(),
        "large": setup.large and setup.large._asdict(),
        "commands": list(setup.commands),
        "why": setup.why,
    }


def _models(llm: LLM | None) -> list[dict[str, Any]]:
    return [row._asdict() for row in llm.state()] if llm is not None else []
