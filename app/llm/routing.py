"""Which models a request may ask, in which order: rungs by tier, strategy and the escalation matrix."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from app.errors import RequestError
from app.llm.breaker import Breaker
from app.llm.config import MatrixRow, Price
from app.llm.line import Line
from app.llm.money import FREE
from app.llm.types import STRATEGIES, Provider


class Rung(NamedTuple):
    """One model with all that stands around it. `level` counts tiers from 1; several rungs may share one."""

    label: str
    provider: Provider
    provider_name: str
    kind: str
    model: str
    up_to: int
    level: int
    local: bool
    pricing: Callable[[], Price | None]  # looked up when first needed: the tables are slow to load
    judge: bool
    line: Line
    breaker: Breaker

    @property
    def price(self) -> Price | None:
        """Its price; None when nobody knows it."""
        return self.pricing()

    @property
    def paid(self) -> bool:
        """A model elsewhere costs money unless its price is known to be nothing."""
        return not self.local and self.price != FREE


def band(complexity: int, bands: Mapping[str, int]) -> str:
    """The band of a complexity: the first whose upper bound reaches it, else the last."""
    for name, up_to in sorted(bands.items(), key=lambda item: item[1]):
        if complexity <= up_to:
            return name
    return max(bands, key=lambda name: bands[name], default="standard")


def row_for(matrix: Sequence[MatrixRow], task: str, band_name: str) -> MatrixRow:
    """The row of the matrix; a task that has none goes by the defaults of a row."""
    for row in matrix:
        if (row.task, row.band) == (task, band_name):
            return row
    return MatrixRow(task, band_name)


def ladder(rungs: Sequence[Rung], complexity: int, strategy: str, chain: Sequence[str] = (), model: str = "") -> tuple[Rung, ...]:
    """The rungs to ask in order. Raises RequestError for a strategy or model that there is not.

    The strategy removes rungs. The climb starts at the highest remaining one not above the complexity's own tier, else at
    the lowest remaining, and goes up; `local_fallback` climbs the local ones first. A `chain` of labels is taken as it is.
    """
    if strategy not in STRATEGIES:
        raise RequestError(f'strategy "{strategy[:40]}": choose one of {", ".join(STRATEGIES)}', "strategy")
    workers = [rung for rung in rungs if not rung.judge]
    left = [rung for rung in workers if _remains(rung, strategy)]
    if model and strategy != "rules_only":
        return _named(workers, left, model)
    if chain:
        return tuple(rung for label in chain for rung in left if rung.label == label)
    own = next((rung.level for rung in workers if complexity <= rung.up_to), len(workers))
    if strategy == "local_fallback":
        return (*_up([rung for rung in left if rung.local], own), *_up([rung for rung in left if not rung.local], own))
    return _up(left, own)


def checker_for(row: MatrixRow, worker: Rung, rungs: Sequence[Rung], strategy: str) -> Rung | None:
    """Who judges this worker's answers: nobody, the judge of its tier, the next tier that remains (its judge where it has one;
    above the highest tier its own judge), or a label."""
    left = [rung for rung in rungs if _remains(rung, strategy)]
    own = [rung for rung in left if rung.judge and rung.level == worker.level]
    if row.checker == "same":
        found = own
    elif row.checker == "next":
        above = sorted((rung for rung in left if rung.level > worker.level), key=lambda rung: (rung.level, not rung.judge))
        found = above or own
    else:
        found = [rung for rung in left if row.checker and rung.label == row.checker]
    return found[0] if found else None


def _remains(rung: Rung, strategy: str) -> bool:
    if strategy == "rules_only":
        return False
    return {"local_only": rung.local, "cloud_only": not rung.local}.get(strategy, True)


def _up(rungs: Sequence[Rung], own: int) -> tuple[Rung, ...]:
    below = [rung.level for rung in rungs if rung.level <= own]
    start = max(below) if below else 0
    return tuple(rung for rung in rungs if rung.level >= start)


def _named(workers: Sequence[Rung], left: Sequence[Rung], model: str) -> tuple[Rung, ...]:
    def is_it(rung: Rung) -> bool:
        return model.lower() in (rung.label.lower(), rung.model.lower(), rung.model.lower().removesuffix(":latest"))

    if not any(is_it(rung) for rung in workers):
        labels = ", ".join(rung.label for rung in workers) or "none is configured"
        raise RequestError(f'model "{model[:40]}": choose one of {labels}; or rules', "model")
    return tuple(rung for rung in left if is_it(rung))
