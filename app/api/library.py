"""Kept generations as their owner has them: found, in every format, and made again otherwise."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Final

from fastapi import Request
from starlette.exceptions import HTTPException

from app.api.caller import caller_of
from app.api.keeping import file_name
from app.api.state import State, state_of
from app.errors import RequestError, StoreError, UnknownGeneration
from app.render import FORMATS
from app.services.again import ask_of_file, regenerated, varied
from app.services.base_genre_generator import drawn_seed
from app.services.nearest import did_you_mean
from app.services.record import Lineage, record_again, rendered_again
from app.store.generations import File
from app.store.record import Record, is_id, new_id
from app.theory.brief import Ask

LOG: Final = logging.getLogger("octet.store")
NONE: Final = "no generation of this id is kept"
OLD: Final = "this version of Octet plays the piece otherwise than the one that made it: there is its MIDI file alone"


async def generation_of(request: Request, id: str) -> Record:
    """The caller's generation. Raises UnknownGeneration."""
    found = await state_of(request).keeping.generations.find(id, caller_of(request).owner) if is_id(id) else None
    if found is None:
        raise UnknownGeneration(NONE)
    return found


async def file_of(request: Request, id: str, form: str) -> tuple[File, bytes]:
    """What is known of the caller's file, and its bytes in a format: as kept, else made from the kept piece now.

    Raises UnknownGeneration, HTTPException 409 for a piece that cannot be made again, and what the format raises.
    """
    state = state_of(request)
    found = await state.keeping.generations.file(id, caller_of(request).owner) if is_id(id) else None
    if found is None:
        raise UnknownGeneration(NONE)
    if form == "midi":
        return found, found.midi
    name = file_name(id, FORMATS[form].extension)
    content = await _file(state, name)
    if content is None:
        content = await rendered(state, found.genre, found.midi, form)
        await _keep_file(state, name, content)
    return found, content


async def rendered(state: State, genre: str, midi: bytes, form: str) -> bytes:
    """A piece's file in a format. Raises HTTPException 409 for a piece that cannot be made again, and what the format raises."""
    content: bytes | None = midi if form == "midi" else await state.work(rendered_again, state.service(genre), midi, form)
    if content is None:
        raise HTTPException(409, OLD)
    return content


async def _file(state: State, name: str) -> bytes | None:
    """A file that is kept; None where there is none, or none can be reached: it can be made again."""
    try:
        return await asyncio.to_thread(state.keeping.files.read, name)
    except StoreError as error:
        LOG.warning("a file cannot be read: %s", error)
        return None


async def _keep_file(state: State, name: str, content: bytes) -> None:
    try:
        await asyncio.to_thread(state.keeping.files.write, name, content)
    except StoreError as error:
        LOG.warning("a file is not kept: %s", error)


async def made_anew(state: State, record: Record, parts: Sequence[str], sections: Sequence[str], seed: int | None) -> Record:
    """The generation with these parts made anew, in these sections or everywhere, and all else as it was. Raises RequestError."""
    seed = drawn_seed() if seed is None else seed
    ask, notes = ask_of_file(record.midi)
    for part in parts:
        checked_part(part, record)
    for section in sections or ("",):
        ask = regenerated(ask, parts, section, seed)
    changed = {"parts": list(parts), "sections": list(sections), "seed": seed}
    return await _again(state, ask, Lineage("regenerate", record.id, changed), notes)


async def variations(state: State, record: Record, numbers: Sequence[int], locked: Sequence[str]) -> list[Record]:
    """Variations of the generation by their numbers: the same harmony and form, every part that is not locked played anew."""
    ask, notes = ask_of_file(record.midi)
    for part in locked:
        checked_part(part, record)
    roles = parts_of(record)
    made = []
    for number in numbers:
        lineage = Lineage("vary", record.id, {"number": number, "locked": list(locked)})
        made.append(await _again(state, varied(ask, roles, locked, number), lineage, notes))
    return made


async def _again(state: State, ask: Ask, lineage: Lineage, notes: tuple[str, ...]) -> Record:
    made: Record = await state.work(record_again, state.service(ask.genre), ask, new_id(), lineage, notes)
    state.metrics.generated(made.genre, made.method)
    return made


def parts_of(record: Record) -> tuple[str, ...]:
    """The names of its parts."""
    return tuple(row["name"] for row in json.loads(record.result_text)["parts"])


def checked_part(part: str, record: Record) -> str:
    """The part. Raises RequestError where the generation has none of this name."""
    known = parts_of(record)
    if part not in known:
        raise RequestError(f'unknown part "{part[:40]}": {did_you_mean(part, known)}', "part")
    return part
