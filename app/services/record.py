"""A piece as the service keeps it and answers it: the result with an id, links and its lineage, ready to be written."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from app.render import FORMATS
from app.render.midi import ORIGIN
from app.render.smf import MidiFile, read_midi
from app.services.again import ask_of_file
from app.services.answer import answer_of, number
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.piece import Piece, asked_of
from app.services.runtime import BY_RULE_ALONE, Runtime, run_straight
from app.store.record import Record, microseconds, packed
from app.theory.brief import Ask
from app.theory.progression import Progression

EMPTY: Final = '"midi_base64": ""}'  # how a record's result ends
ACTIONS: Final = ("events", "regenerate", "vary", "feedback")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Lineage(NamedTuple):
    """How a piece came to be, what it was made from, and what was made anew in it as JSON values."""

    how: str = "generate"  # generate | arrange | regenerate | vary
    parent: str = ""
    changed: Mapping[str, Any] = NOTHING  # Any: names of parts, sections, numbers


GENERATED: Final = Lineage()


def links_of(id: str) -> dict[str, str]:
    """Where a kept piece is found, in every format that there is, and what can be done with it."""
    self = f"/v1/generations/{id}"
    files = {name: f"{self}.{row.extension}" for name, row in FORMATS.items()}
    return {"self": self, **files, **{action: f"{self}/{action}" for action in ACTIONS}}


def record_of(piece: Piece, ask: Ask, id: str, lineage: Lineage = GENERATED) -> Record:
    """The piece whole. Its result is as it is answered, but for the file in it (`body_of`)."""
    created, brief = microseconds(), piece.brief
    answer = answer_of(piece, with_midi=False) | {
        "id": id,
        "created": moment(created),
        "lineage": {"how": lineage.how, "parent": lineage.parent, "changed": dict(lineage.changed)},
        "links": links_of(id),
    }
    del answer["midi_base64"]
    return Record(
        id=id,
        created=created,
        genre=brief.genre,
        application=brief.application,
        seed=brief.seed,
        method=piece.method.label,
        version=piece.version,
        key=answer["key"],
        tempo=brief.tempo,
        time_signature=answer["time_signature"],
        num_bars=answer["num_bars"],
        how=lineage.how,
        parent=lineage.parent,
        changed=json.dumps(dict(lineage.changed)),
        request=json.dumps(asked_of(ask._replace(made=piece.method.made)) | {"seed": brief.seed}),
        result=packed(f"{json.dumps(answer)[:-1]}, {EMPTY}".encode()),
        progression=json.dumps({"genre": brief.genre, "key": answer["key"], "bars": _bars(piece.progression)}),
        cost_usd=piece.method.cost_usd,
        file=packed(piece.midi),
    )


def record_again(service: BaseGenreGenerator, ask: Ask, id: str, lineage: Lineage, notes: tuple[str, ...]) -> Record:
    """The record of `made_again`, with notes of what a person should know besides."""
    piece = made_again(service, ask)
    return record_of(piece._replace(method=piece.method._replace(notes=(*piece.method.notes, *notes))), ask, id, lineage)


def made_again(service: BaseGenreGenerator, ask: Ask) -> Piece:
    """A piece whose harmony is settled: kept with it, given, or by rule. No model is asked."""
    return run_straight(
        service.within(Runtime(BY_RULE_ALONE, service.runtime.cache_folder, scale=service.runtime.scale)).make(ask)
    )


def rendered_again(service: BaseGenreGenerator, midi: bytes, form: str) -> bytes | None:
    """A kept file in another of FORMATS, made from the same piece; None where this version plays its request otherwise."""
    ask, _ = ask_of_file(midi)
    piece = made_again(service, ask)
    return FORMATS[form].render(piece) if _played(piece.midi) == _played(midi) else None


def _played(midi: bytes) -> MidiFile:
    """All that a file says but how it was made, as every version writes its own name there."""
    read = read_midi(midi)
    texts = tuple(text for text in read.texts if not text.text.startswith(ORIGIN))
    return read._replace(tracks=read.tracks[1:], texts=texts)


def body_of(record: Record, notes: tuple[str, ...] = ()) -> bytes:
    """The result with the file in it, as it is answered. With `notes` of why it was not kept there is nothing to link to."""
    text = record.result_text
    if notes:
        answer = json.loads(text)
        answer.update(notes=[*answer["notes"], *notes], links={}, created="")
        text = json.dumps(answer)
    return b'%s%s"}' % (text.removesuffix('"}').encode(), b64encode(record.midi))


def moment(created: int) -> str:
    """Microseconds since 1970 as a person and a program read them."""
    return (EPOCH + timedelta(microseconds=created)).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _bars(progression: Progression) -> list[list[tuple[str, int | float]]]:
    return [[(span.chord.symbol, number(span.beats)) for span in spans] for spans in progression.bars]
