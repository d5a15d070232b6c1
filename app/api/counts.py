"""What several workers count of their generations, summed in the store that they share."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from app.services.local_llm_generator_mixin import LocalLLMGeneratorMixin
from app.store.usage import Usage

EPOCH: Final = "generations"  # the period that counts how often all was set to zero
MARK: Final = "\t"  # between the names on the way to a count
Json = dict[str, Any]
Flat = dict[str, float]


class Counts:
    """One worker's part in the sum. All methods raise StoreError where the store cannot be reached."""

    def __init__(self, usage: Usage, services: Iterable[LocalLLMGeneratorMixin]) -> None:
        self._usage, self._services = usage, {service.name: service for service in services}
        self._epoch: int | None = None
        self._told: Flat = {}  # what the store has from here
        self._busy = asyncio.Lock()

    async def tell(self) -> None:
        """Add what was counted here since the last time; after a reset, begin anew."""
        async with self._busy:
            await self._follow()
            now = dict(_flat({name: service.get_llm_stats() for name, service in self._services.items()}))
            for path, value in now.items():
                more = value - self._told.get(path, 0)
                if more:
                    whole = isinstance(value, int)
                    await self._usage.add(path, [self._period], int(more) if whole else 0, 0.0 if whole else more)
                    self._told[path] = value

    async def read(self) -> Json:
        """The counts of all workers by genre: what others have not told yet is missing for a moment."""
        await self.tell()
        found = await self._usage.of_period(self._period)
        zero = {name: service.get_llm_stats() for name, service in self._services.items()}
        summed: Flat = {path: 0 if isinstance(value, int) else 0.0 for path, value in _flat(zero)}
        for path, used in found.items():
            summed[path] = round(used.usd, 6) if used.usd else used.requests
        return _nested(summed)

    async def reset(self) -> None:
        """Count from zero, everywhere."""
        await self._usage.add("", [EPOCH], 1)
        await self.tell()

    @property
    def _period(self) -> str:
        return f"{EPOCH}/{self._epoch}"

    async def _follow(self) -> None:
        """Begin anew where somebody has set all to zero."""
        epoch = (await self._usage.used("", EPOCH)).requests
        if epoch != self._epoch:
            if self._epoch is not None:
                for service in self._services.values():
                    service.reset_llm_stats()
            self._epoch, self._told = epoch, {}


def _flat(rows: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, float]]:
    for name, value in rows.items():
        path = f"{before}{name}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{MARK}")
        else:
            yield path, value


def _nested(rows: Flat) -> Json:
    made: Json = {}
    for path, value in rows.items():
        *way, name = path.split(MARK)
        place = made
        for step in way:
            place = place.setdefault(step, {})
        place[name] = value
    return made
