"""New settings in the place of old ones: what is known of a model, and what it has in memory, goes over to its successor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.llm.breaker import Breaker
from app.llm.config import Limits, ProviderSettings, TierSettings
from app.llm.routing import Rung

Made = tuple[ProviderSettings, TierSettings, Limits]  # what a provider is made of


def taken_over(rungs: Sequence[Rung], before: Sequence[Rung], limits: Limits) -> tuple[Rung, ...]:
    """These rungs, each with the breaker, the line and the open provider of its predecessor, as far as they still fit.

    A model is the same when server, key and name are; whatever is new about its server is a reason to try it again.
    """
    return tuple(_taken_over(rung, [one for one in before if _same_model(rung, one)], limits) for rung in rungs)


def _taken_over(rung: Rung, found: Sequence[Rung], limits: Limits) -> Rung:
    if not found:
        return rung
    old = found[0]
    breaker: Breaker = old.breaker
    breaker.bound_by(limits)
    same_line = (old.line.at_once, old.line.longest) == (rung.line.at_once, rung.line.longest)
    return rung._replace(
        breaker=breaker,
        line=old.line if same_line else rung.line,
        provider=old.provider if _alike(rung, old) else rung.provider,
    )


def _same_model(rung: Rung, old: Rung) -> bool:
    one, other = _made(rung), _made(old)
    return one is not None and other is not None and (one[0], one[1].model) == (other[0], other[1].model)


def _alike(rung: Rung, old: Rung) -> bool:
    """Whether the provider itself would be made of the same; where a tier stands on the ladder is nothing to it."""
    one, other = _made(rung), _made(old)
    if one is None or other is None:
        return False
    apart = other[1]._replace(label=one[1].label, up_to=one[1].up_to, judge=one[1].judge, at_once=one[1].at_once)
    return (one[0], one[1], one[2]) == (other[0], apart, other[2])


def _made(rung: Rung) -> Made | None:
    """What a provider was made of, None for one that somebody handed in."""
    found: Any = getattr(rung.provider, "settings", None)  # Any: a stranger's provider
    return found if isinstance(found, tuple) and len(found) == 3 else None
