"""What worker processes do for the routes: functions of plain values that return what the service keeps and answers."""

from __future__ import annotations

import pickle
from typing import Any, Final, NamedTuple

from app import studio
from app.render import FORMATS
from app.services.answer import chord_rows
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.explaining import explanation_json
from app.services.piece import Method, Piece, finished
from app.services.record import GENERATED, Lineage, record_of
from app.services.registry import Registry
from app.services.reharmonizing import Wanted, reharmonization_json
from app.services.runtime import Runtime, run_straight
from app.store.record import Record
from app.theory.brief import Ask, Brief
from app.theory.progression import Progression

PROTOCOL: Final = 5
Json = dict[str, Any]


class Order(NamedTuple):
    """A piece that is to be made: what is asked, what it will be called, how it comes to be, and as which of FORMATS."""

    ask: Ask
    id: str
    lineage: Lineage = GENERATED
    form: str = ""  # "" for none beside the MIDI file that its record has


class Draft(NamedTuple):
    """A piece that is made. `held` is all of it, packed: only a worker that amends it unpacks it."""

    record: Record
    file: bytes = b""  # in the order's format
    held: bytes = b""


def by_rule(service: BaseGenreGenerator, order: Order) -> Draft:
    """The whole piece, where no model is asked."""
    return _draft(run_straight(service.make(order.ask)), order)


def drafted(
    service: BaseGenreGenerator, ask: Ask, brief: Brief, progression: Progression, method: Method, *, order: Order
) -> Draft:
    """The piece with this harmony."""
    piece = finished(ask, brief, progression, service.genre, method, service.runtime.scale)
    return _draft(piece, order)._replace(held=pickle.dumps(piece, PROTOCOL))


def amended(draft: Draft, method: Method, *, order: Order) -> Draft:
    """The same piece, but for how its harmony came to be."""
    piece: Piece = pickle.loads(draft.held)  # noqa: S301, RUF100 - from `drafted`
    return _draft(piece._replace(method=method), order)


def _draft(piece: Piece, order: Order) -> Draft:
    file = FORMATS[order.form].render(piece) if order.form else b""
    return Draft(record_of(piece, order.ask, order.id, order.lineage), file)


def progression_by_rule(service: BaseGenreGenerator, ask: Ask) -> Json:
    """The harmony alone, as a row of the answer."""

    async def harmony() -> Progression:
        found, _ = await service.progression_for(*await service.understood(ask))
        return found

    return progression_row(service.name, ask.seed or 0, run_straight(harmony()))


def progression_row(genre: str, seed: int, found: Progression) -> Json:
    """A progression in plain JSON values."""
    about = {"genre": genre, "seed": seed, "key": str(found.key), "time_signature": str(found.metre)}
    return {**about, "num_bars": len(found.bars), "chords": chord_rows(found)}


def explained(source: bytes, key: str, registry: Registry) -> Json:
    """The explanation of a chart or a file."""
    return explanation_json(studio.explain(source, "", key, registry, Runtime()))


def reharmonized(service: BaseGenreGenerator, wanted: Wanted) -> Json:
    """Alternatives for a chart, where no model is asked."""
    return reharmonization_json(run_straight(service.reharmonize(wanted)))
