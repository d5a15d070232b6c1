"""Every genre through every check; one that fails keeps no other from being made."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

from app.errors import UnknownGenre
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.registry import Registry
from app.services.runtime import Runtime
from app.testing.verification.bench import Broken, Spoil, load_libraries
from app.testing.verification.cells import CHECKS, FAILED, OK, SKIPPED, Cell, Report, Row
from app.testing.verification.checks import ALL, Skipped, Subject

NOT_REACHED = "the genre could not be used at all"


def verify(registry: Registry, genres: Sequence[str] = (), rest: str = "", spoil: Spoil = str) -> Report:
    """The report of these genres (of all that are registered, broken ones too); `rest` is where the REST service is.

    `spoil` is what becomes of the models' answers on their way, to see that this is noticed.
    """
    began = time.perf_counter()
    names = genres or registry.names
    load_libraries()
    rows = asyncio.run(_rows(registry, names, rest, spoil))
    broken = [Row(name, _unusable(why)) for name, why in registry.broken.items() if not genres]
    return Report((*rows, *broken), time.perf_counter() - began)


async def _rows(registry: Registry, names: Sequence[str], rest: str, spoil: Spoil) -> list[Row]:
    return await asyncio.gather(*(_row(registry, name, rest, spoil) for name in names))


async def _row(registry: Registry, name: str, rest: str, spoil: Spoil) -> Row:
    began = time.perf_counter()
    try:
        service = registry.service(name, Runtime("rules_only"))
    except UnknownGenre as error:
        return Row(name, _unusable(str(error), began))
    return Row(name, tuple(await _cells(service, rest, spoil)))


async def _cells(service: BaseGenreGenerator, rest: str, spoil: Spoil) -> list[Cell]:
    subject = Subject(service, rest, spoil)
    async with AsyncExitStack() as stack:
        if subject.bench is not None:
            await stack.enter_async_context(subject.bench)
        return [await _cell(check, subject) for check in CHECKS]


async def _cell(check: str, subject: Subject) -> Cell:
    began = time.perf_counter()
    status, why = OK, ""
    try:
        await ALL[check](subject)
    except Skipped as missing:
        status, why = SKIPPED, str(missing)
    except Broken as broken:
        status, why = FAILED, _line(str(broken))
    except Exception as error:  # noqa: BLE001 - a stranger's genre may raise anything; it is what is being found out
        status, why = FAILED, _line(f"{type(error).__name__}: {error}")
    return Cell(check, status, why, round((time.perf_counter() - began) * 1e3, 1))


def _unusable(why: str, began: float | None = None) -> tuple[Cell, ...]:
    first, *others = CHECKS
    ms = 0.0 if began is None else round((time.perf_counter() - began) * 1e3, 1)
    return (Cell(first, FAILED, _line(why), ms), *(Cell(check, SKIPPED, NOT_REACHED) for check in others))


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
