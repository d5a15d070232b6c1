"""Generations as routes ask for them: by rule in a worker process, with models awaited here, told as events to who watches."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from app.api.crafting import Draft, Order, amended, by_rule, drafted, progression_by_rule, progression_row, reharmonized
from app.api.live import Stream
from app.api.state import State
from app.services.answer import attempt_row, complexity_row, number
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.making import Craft, Routed, Tell, made
from app.services.piece import BY_RULE
from app.services.record import body_of, links_of
from app.services.reharmonizing import Wanted, reharmonization_json
from app.theory.brief import Ask, Brief

if TYPE_CHECKING:
    from app.llm.types import Event

MARGIN: Final = 0.9  # of a request's time, after which the rules answer rather than nobody
PREVIEW: Final = ("a preview by rule, while models are asked",)
STATES: Final = ("waiting", "loading", "asking")  # of a model, between two attempts
Json = dict[str, Any]


async def draft_of(state: State, order: Order, tell: Tell | None = None, watch: Any = None) -> Draft:
    """The piece that is ordered, counted. Raises RequestError, Overloaded, TimeoutError."""
    service, llm = state.service(order.ask.genre), await state.llm_for(order.ask)
    if llm is None and tell is None:
        draft: Draft = await state.work(by_rule, service, order)
        if draft.record.method == BY_RULE:
            service.counted(order.ask)
    else:
        own = service.within(state.runtime._replace(hands=state.hands, watch=watch))
        craft = Craft(partial(drafted, order=order), partial(amended, order=order))
        async with state.admitted(models=llm is not None):
            draft = await made(own, order.ask, craft, tell, MARGIN * state.serving.deadline_s)
    state.metrics.generated(draft.record.genre, draft.record.method)
    return draft


async def progressions_of(state: State, service: BaseGenreGenerator, asks: list[Ask]) -> list[Json]:
    """The harmony alone of each request, whose seeds are given; all of them in one place of the line."""
    llm = await state.llm_for(asks[0])
    own = service.within(state.runtime._replace(hands=state.hands))
    rows: list[Json] = []
    async with state.admitted(models=llm is not None):
        for ask in asks:
            if llm is None:
                rows.append(await state.hands(progression_by_rule, service, ask))
                service.counted(ask)
            else:
                found, _ = await own.progression_for(*await own.understood(ask))
                rows.append(await state.hands(progression_row, service.name, ask.seed, found))
    return rows


async def reharmonization_of(state: State, service: BaseGenreGenerator, wanted: Wanted) -> Json:
    """Alternatives for every bar of a chart."""
    if await state.llm_for(wanted.ask) is None:
        found: Json = await state.work(reharmonized, service, wanted)
        return found
    async with state.admitted(models=True):
        return reharmonization_json(await service.within(state.runtime._replace(hands=state.hands)).reharmonize(wanted))


async def told(state: State, order: Order, stream: Stream) -> None:
    """Make the piece, keep it, and tell it as events: understood, routed, preview, attempt, checked, final."""
    draft = await draft_of(state, order, partial(_tell, order, stream), partial(_watch, stream))
    notes = await state.keeping.keep(draft.record, stream.owner)
    stream.tell("final", body_of(draft.record, notes))


def _tell(order: Order, stream: Stream, kind: str, value: Brief | Routed | Draft) -> None:
    """A step of the making as an event."""
    if isinstance(value, Brief):
        stream.tell(kind, _understood(order.id, value))
    elif isinstance(value, Routed):
        stream.tell(kind, complexity_row(value.complexity, value.tier))
    else:
        stream.tell(kind, body_of(value.record, PREVIEW))


def _watch(stream: Stream, event: Event) -> None:
    """What happens with models as events."""
    if event.kind in STATES:
        stream.tell("model", {"model": event.label, "state": event.kind})
    elif event.attempt is not None:
        row = attempt_row(event.attempt)
        stream.tell("attempt", row)
        if row["checks"]:
            passed = all(check["passed"] for check in row["checks"])
            stream.tell("checked", {"model": event.label, "passed": passed, "checks": row["checks"]})


def _understood(id: str, brief: Brief) -> Json:
    return {
        "id": id,
        "genre": brief.genre,
        "application": brief.application,
        "seed": brief.seed,
        "key": str(brief.key),
        "tempo": number(brief.tempo),
        "time_signature": str(brief.metre),
        "num_bars": brief.num_bars,
        "understood": [item._asdict() for item in brief.understood],
        "not_understood": list(brief.not_understood),
        "notes": list(brief.notes),
        "links": {name: link for name, link in links_of(id).items() if name in ("self", "events")},
    }
