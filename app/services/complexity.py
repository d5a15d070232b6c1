"""How hard a request is for whoever finds the harmony: 1-10, with the factors that sum to it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from app.services.scale import USUAL, Scale, own_words
from app.services.words_reading import Reading, read
from app.services.words_text import clean
from app.theory.brief import LIMITS, Ask, Brief
from app.theory.techniques import PLAIN

LOW, HIGH = LIMITS["complexity"]


class Complexity(NamedTuple):
    """A score, and (factor, weight) pairs that sum to it."""

    score: int
    factors: tuple[tuple[str, int], ...]


@lru_cache(maxsize=256)  # one request asks several times
def estimate(description: str, num_bars: int | None = None, scale: Scale = USUAL) -> Complexity:
    """The complexity of a description. `num_bars` of None or 0: nobody asked for a number of bars, so none counts."""
    reading = read(clean(description[: LIMITS["description"][1]]), own_words(scale))
    factors = [("base", scale.weight("base"))]
    factors += _of_words(reading, scale)
    factors += _of_size(description, num_bars or 0, scale)
    total = sum(weight for _, weight in factors)
    score = min(max(total, LOW), HIGH)
    if score != total:
        factors.append((f"no {'less than' if score > total else 'more than'} {score}", score - total))
    return Complexity(score, tuple(factors))


def complexity_of(ask: Ask, brief: Brief, scale: Scale = USUAL) -> Complexity:
    """The complexity of a request as understood: the one asked for, else the estimate."""
    if ask.complexity is not None:
        return Complexity(brief.complexity, (("asked", brief.complexity),))
    return estimate(brief.description, brief.num_bars if brief.bars_asked else 0, scale)


def _of_words(reading: Reading, scale: Scale) -> list[tuple[str, int]]:
    """One factor for each different word of a kind, one for all techniques."""
    factors: dict[str, int] = {}
    techniques = []
    for finding in reading.findings:
        if finding.kind == "complexity" and scale.counts(finding, reading.tokens):
            weight = scale.weight(finding.value)
            name = f'{finding.value} word "{reading.words(finding).lower()}"'
            if finding.mark == "not":
                weight = scale.weight("negated simple" if weight < 0 else "negated")
            factors.setdefault(name, weight)
        elif finding.kind == "technique" and finding.mark != "not" and finding.value not in PLAIN:
            techniques.append(finding.value)
    if techniques:
        factors[f"techniques: {', '.join(dict.fromkeys(techniques))}"] = scale.weight("techniques")
    return list(factors.items())


def _of_size(description: str, num_bars: int, scale: Scale) -> list[tuple[str, int]]:
    factors = []
    over = "bars over 32" if num_bars > 32 else "bars over 16" if num_bars > 16 else ""
    if over:
        factors.append((f"{num_bars} bars", scale.weight(over)))
    if len(description) > 100:
        factors.append(("more than 100 characters", scale.weight("characters over 100")))
    return factors
