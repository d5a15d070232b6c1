"""Generations that are kept: listed, had whole or as files, made anew in part, varied, spoken of, deleted."""

from __future__ import annotations

import asyncio
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, Field
from starlette.exceptions import HTTPException

from app.api.bodies import Body
from app.api.caller import caller_of
from app.api.crafting import Draft
from app.api.library import NONE, checked_part, file_of, generation_of, made_anew, rendered, variations
from app.api.negotiation import JSON, wanted_format
from app.api.ranges import file_response
from app.api.routes.generate import FILES, marks, response_of
from app.api.state import state_of
from app.errors import RequestError, UnknownGeneration
from app.render import FORMATS
from app.services.answer import number
from app.services.record import EPOCH, body_of, links_of, moment
from app.store.generations import Feedback, Wanted
from app.store.record import Summary, is_id
from schemas.base import Seed, Whole
from schemas.kept import Action, FeedbackList, FeedbackResult, GenerationPage, GenerationSummary, VariationsResult
from schemas.result import GenerationResult

router = APIRouter(prefix="/v1/generations", tags=["generations"])
FORMS: Final = {row.extension: name for name, row in FORMATS.items()}
PAGE: Final = 100  # the most that a page may have
MOST: Final = 20  # variations at once
PLAIN: Final = r"^[^\x00-\x1f\x7f]*$"
Filter = Annotated[str, Field(max_length=100, pattern=PLAIN)]
PartName = Annotated[str, Field(min_length=1, max_length=40)]


class ListQuery(Body):
    """Which generations a list is to have."""

    genre: Filter = ""
    application: Filter = ""
    method: Filter = Field("", description='A model\'s label, or "rule-based".')
    parent: Filter = Field("", description="The id of the generation that they were made from.")
    since: AwareDatetime | None = Field(None, description="Made then or later: 2026-11-21T14:58:01Z.")
    until: AwareDatetime | None = Field(None, description="Made before.")
    limit: int = Field(20, ge=1, le=PAGE)
    cursor: Filter = Field("", description="Where to go on, as the page before says in `next`.")


class RegenerateRequest(Body):
    """What to make anew of a generation; all else stays as it is, note for note."""

    parts: tuple[PartName, ...] = Field(min_length=1, max_length=20)
    sections: tuple[Annotated[str, Field(min_length=1, max_length=60)], ...] = Field(
        (), max_length=40, description='Only there: "Chorus 1", as the form names it; everywhere when none is named.'
    )
    seed: Seed | None = Field(None, description="Of what is made anew; else one is drawn.")


class VaryRequest(Body):
    """How many variations of a generation to make: the same harmony and form, every part that is not locked played anew."""

    count: Whole = Field(4, ge=1, le=MOST)
    first: Whole = Field(1, ge=1, le=1_000_000, description="The number of the first: the same number is the same variation.")
    locked: tuple[PartName, ...] = Field((), max_length=20, description="Parts that stay as they are.")


class FeedbackRequest(Body):
    """What is said of a generation; a rating, 1-5, goes with `rate` alone."""

    action: Action
    rating: Whole | None = Field(None, ge=1, le=5)
    part: str = Field("", max_length=40, description="Of which part; else of the whole.")


@router.get("", response_model=GenerationPage)
async def list_generations(request: Request, query: Annotated[ListQuery, Query()]) -> GenerationPage:
    """The caller's generations, the newest first, a page at a time."""
    times = (_microseconds(query.since), _microseconds(query.until))
    wanted = Wanted(query.genre, query.application, query.method, query.parent, *times)
    after = _place(query.cursor) if query.cursor else None
    library, owner = state_of(request).keeping.generations, caller_of(request).owner
    rows = await library.page(owner, wanted, query.limit + 1, after)
    shown = rows[: query.limit]
    return GenerationPage(
        generations=tuple(_summary(row) for row in shown),
        next=_next(query, shown[-1]) if len(rows) > query.limit else "",
    )


@router.get("/{id}.{extension}", response_class=Response, responses={200: {"content": FILES}, 304: {}, 416: {}})
async def generation_file(request: Request, id: str, extension: str) -> Response:
    """The piece as a file, in every format that there is: whole, or a range of its bytes."""
    form = FORMS.get(extension)
    if form is None:
        raise HTTPException(404, f"no such format: a piece is had as {', '.join(f'.{known}' for known in FORMS)}")
    known, content = await file_of(request, id, form)
    name = f"{known.genre}-{known.seed}.{extension}"
    return file_response(content, FORMATS[form].media_type, name, request.headers, marks(id, known.seed, known.method))


@router.get("/{id}", response_model=GenerationResult)
async def whole_generation(request: Request, id: str) -> Response:
    """The whole result, as it was answered when it was made."""
    return response_of(Draft(await generation_of(request, id)))


@router.delete("/{id}", status_code=204)
async def delete_generation(request: Request, id: str) -> Response:
    """Delete a generation with its files and all that was said of it."""
    if not is_id(id) or not await state_of(request).keeping.delete(id, caller_of(request).owner):
        raise UnknownGeneration(NONE)
    return Response(status_code=204)


@router.post("/{id}/regenerate", response_model=GenerationResult, responses={200: {"content": FILES}})
async def regenerate_parts(request: Request, id: str, body: RegenerateRequest) -> Response:
    """The piece with some parts made anew, kept as a generation of its own whose lineage says what it was made from."""
    form, state = wanted_format(request.headers.get("accept", "")), state_of(request)

    async def make() -> Response:
        record = await generation_of(request, id)
        anew = await made_anew(state, record, body.parts, body.sections, body.seed)
        file = b"" if form == JSON else await rendered(state, anew.genre, anew.midi, form)
        notes = await state.keeping.keep(anew, caller_of(request).owner)
        return response_of(Draft(anew, file), notes, form)

    return await state_of(request).keeping.once(request, make)


@router.post("/{id}/vary", response_model=VariationsResult)
async def vary_generation(request: Request, id: str, body: VaryRequest) -> Response:
    """Variations of the piece, each kept as a generation of its own."""

    async def make() -> Response:
        record = await generation_of(request, id)
        numbers = range(body.first, body.first + body.count)
        made = await variations(state_of(request), record, numbers, body.locked)
        keep, owner = state_of(request).keeping.keep, caller_of(request).owner
        notes = await asyncio.gather(*(keep(one, owner) for one in made))
        bodies = [body_of(one, said) for one, said in zip(made, notes, strict=True)]
        headers = {"X-Octet-Id": ", ".join(one.id for one in made)}
        return Response(b'{"variations": [%s]}' % b", ".join(bodies), headers=headers, media_type=JSON)

    return await state_of(request).keeping.once(request, make)


@router.get("/{id}/feedback", response_model=FeedbackList)
async def list_feedback(request: Request, id: str) -> FeedbackList:
    """What was said of a piece, in order."""
    generations = state_of(request).keeping.generations
    await generation_of(request, id)
    return FeedbackList(feedback=tuple(_said(row) for row in await generations.said(id)))


@router.post("/{id}/feedback", status_code=201, response_model=FeedbackResult)
async def say_feedback(request: Request, id: str, body: FeedbackRequest) -> Response:
    """Say that a piece is kept, was made anew, was edited, or how good it is: 1-5."""
    if (body.rating is None) == (body.action == "rate"):
        raise RequestError("a rating from 1 to 5 goes with the action rate, and with no other", "rating")

    async def make() -> Response:
        record = await generation_of(request, id)
        part = checked_part(body.part, record) if body.part else ""
        said = await state_of(request).keeping.generations.say(id, caller_of(request).owner, body.action, body.rating, part)
        if said is None:
            raise UnknownGeneration(NONE)  # it was deleted just now
        return Response(_said(said).model_dump_json(), 201, media_type=JSON)

    return await state_of(request).keeping.once(request, make)


def _said(row: Feedback) -> FeedbackResult:
    return FeedbackResult.model_validate(row._asdict() | {"created": moment(row.created)})


def _microseconds(time: datetime | None) -> int | None:
    return None if time is None else (time - EPOCH) // timedelta(microseconds=1)


def _summary(row: Summary) -> GenerationSummary:
    shown = row._asdict() | {"created": moment(row.created), "tempo": number(row.tempo), "links": links_of(row.id)}
    shown["generation_method"] = shown.pop("method")
    return GenerationSummary.model_validate(shown)


def _next(query: ListQuery, last: Summary) -> str:
    """Where the page after one that ends so is found."""
    cursor = urlsafe_b64encode(f"{last.created}.{last.id}".encode()).decode().rstrip("=")
    said = query.model_dump(mode="json", exclude_defaults=True) | {"cursor": cursor}
    return f"{router.prefix}?{urlencode(said)}"


def _place(cursor: str) -> tuple[int, str]:
    """Raises RequestError for a cursor that no page gave."""
    try:
        created, _, id = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(".")
        return int(created[:18]), id
    except ValueError:
        raise RequestError("cursor: take it from the page before", "cursor") from None
