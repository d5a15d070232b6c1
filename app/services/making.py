"""The way from an Ask to what is made of it; where time is short or someone watches, a piece by rule is there first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

from app.errors import NoModelAnswered
from app.services.complexity import Complexity, complexity_of
from app.services.piece import Method, Piece, finished
from app.theory.brief import Ask, Brief
from app.theory.progression import Progression

if TYPE_CHECKING:
    from app.services.base_genre_generator import BaseGenreGenerator

T = TypeVar("T")
TOO_LATE: Final = "the model's answer came too late to be played"
NO_TIME: Final = "no time was left to ask a model"
Finish = Callable[["BaseGenreGenerator", Ask, Brief, Progression, Method], T]
Tell = Callable[[str, Any], None]  # Any: of "understood" a Brief, of "routed" a Routed, of "preview" what is made


class Routed(NamedTuple):
    """How hard the harmony is, and the label of the model that is asked first, "" for none."""

    complexity: Complexity
    tier: str


class Craft(NamedTuple, Generic[T]):
    """What is made of a progression. Both are functions that a process elsewhere could import."""

    finish: Finish[T]
    amend: Callable[[T, Method], T]  # the same, but for how its harmony came to be


async def made(
    service: BaseGenreGenerator, ask: Ask, craft: Craft[T], tell: Tell | None = None, within_s: float | None = None
) -> T:
    """What the craft makes of a request. With a deadline, the request's or `within_s`, or someone to `tell`, it is made by rule
    first; a model's replaces it when it is there in time.

    Raises RequestError for what cannot be. It waits for nothing when no model may be asked and the runtime has no `hands`.
    """
    runtime = service.runtime
    late = _clock(ask, within_s)
    brief: Brief = await runtime.done(service.understand, ask)
    _tell_of(service, ask, brief, tell)
    if (late is not None or tell is not None) and runtime.llm_for(ask) is not None:
        return await _replaced(service, (ask, brief), craft, tell, late)
    ask, brief = await service.said_otherwise(ask, brief)
    progression, method = await service.progression_for(ask, brief)
    whole: T = await runtime.done(craft.finish, service, ask, brief, progression, method)
    return whole


def _tell_of(service: BaseGenreGenerator, ask: Ask, brief: Brief, tell: Tell | None) -> None:
    if tell is not None:
        tell("understood", brief)
        tell("routed", Routed(complexity_of(ask, brief, service.runtime.scale), service.tier_of(ask, brief)))


async def _replaced(
    service: BaseGenreGenerator, asked: tuple[Ask, Brief], craft: Craft[T], tell: Tell | None, late: float | None
) -> T:
    """The piece of the model that answers in time, else the one by rule that was ready before any was asked."""
    from asyncio import timeout

    ask, brief = asked
    done = service.runtime.done
    ready: T = await done(by_rule, service, ask, brief, craft.finish)
    if tell is not None:
        tell("preview", ready)
    ask, again = await service.said_otherwise(ask, brief)
    if again is not brief:  # a model read more in the words than we did
        brief = again
        _tell_of(service, ask, brief, tell)
        ready = await done(by_rule, service, ask, brief, craft.finish)
    progression, method = await _by_models(service, ask, brief, late)
    if progression is not None:
        try:
            async with timeout(None if late is None else late - _now()):
                return await done(craft.finish, service, ask, brief, progression, method)  # type: ignore[no-any-return]
        except TimeoutError:
            method = method._replace(label=Method().label, made="", fallback_reason=TOO_LATE)
    service.counted(ask)
    amended: T = await done(craft.amend, ready, method)
    return amended


async def _by_models(
    service: BaseGenreGenerator, ask: Ask, brief: Brief, late: float | None
) -> tuple[Progression | None, Method]:
    """What models find by then, less what they leave for playing it (`Limits.reserve_s`); None and why when they do not."""
    if late is not None:
        left = round((late - _now()) * 1000)
        if left < 1:
            return None, Method.refused(NoModelAnswered(NO_TIME))._replace(tier=service.tier_of(ask, brief))
        ask = ask._replace(deadline_ms=left)
    return await service.by_models(ask, brief)


def by_rule(
    service: BaseGenreGenerator,
    ask: Ask,
    brief: Brief,
    finish: Callable[[BaseGenreGenerator, Ask, Brief, Progression, Method], T],
) -> T:
    """What is made of the rules' progression."""
    progression, method = service.composed(ask, brief)
    return finish(service, ask, brief, progression, method)


def _clock(ask: Ask, within_s: float | None) -> float | None:
    """When the answer must be there, on the monotonic clock; None when nothing is said."""
    bounds = [seconds for seconds in (ask.deadline_ms and ask.deadline_ms / 1000, within_s) if seconds]
    return _now() + min(bounds) if bounds else None


def _now() -> float:
    from time import monotonic

    return monotonic()


def _piece(service: BaseGenreGenerator, ask: Ask, brief: Brief, progression: Progression, method: Method) -> Piece:
    return finished(ask, brief, progression, service.genre, method, service.runtime.scale)


def _amended(piece: Piece, method: Method) -> Piece:
    return piece._replace(method=method)


PIECES: Final = Craft(_piece, _amended)
