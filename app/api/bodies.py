"""The bodies of requests that are not a genre's, and the check that all bodies pass."""

from __future__ import annotations

from typing import Final, Literal

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, StrictBool
from starlette.exceptions import HTTPException

from app.errors import RequestError
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.reharmonizing import MOST, Wanted
from app.services.understand_fields import checked_application
from app.theory.brief import LIMITS
from schemas.base import GenerateRequest, Seed, Strategy, Whole

MIDI: Final = ("audio/midi", "audio/x-midi", "application/octet-stream")


class Body(BaseModel):
    """What all bodies here are: no unknown fields, no numbers that are none."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ProgressionsRequest(GenerateRequest):
    """Chord progressions alone: the i-th is that of seed + i, as generating would make it."""

    genre: str = Field(max_length=40)
    count: Whole = Field(1, ge=1, le=50)


class ArrangeRequest(GenerateRequest):
    """A chart to play in a genre."""

    genre: str = Field(max_length=40)
    chords: str = Field(min_length=1, max_length=20_000, description='"Dm7 G7 | Cmaj7", Roman numerals, ChordPro or iReal Pro.')


class ReharmonizeRequest(Body):
    """Alternatives for every bar of a chart in a genre's harmony."""

    chords: str = Field(min_length=1, max_length=20_000)
    genre: str = Field(max_length=40)
    application: str = Field("", max_length=40)
    key: str = Field("", max_length=40)
    complexity: Whole = Field(5, ge=LIMITS["complexity"][0], le=LIMITS["complexity"][1])
    melody: str = Field("", max_length=20_000, description='Notes that the chords respect: "E5 | D5 C5 | C5".')
    each: Whole = Field(5, ge=1, le=MOST, description="Alternatives a bar.")
    seed: Seed = 0
    strategy: Strategy | None = Field(None, description="Which models may be asked; rules_only for none.")
    model: str | None = Field(None, max_length=200, description='A model by its label, or "rules" for none.')
    allow_paid: StrictBool | Literal["ask"] | None = Field(None, description="Whether a model may cost money.")
    deadline_ms: Whole | None = Field(None, ge=1, le=3_600_000, description="Answer by rule when no model has by then.")

    def wanted(self) -> Wanted:
        """The same for the generator."""
        given = self.model_dump(exclude_none=True)
        return Wanted(**given | ({"allow_paid": str(self.allow_paid).lower()} if self.allow_paid is not None else {}))


class ExplainRequest(Body):
    """A chart to explain."""

    chords: str = Field(min_length=1, max_length=20_000)
    key: str = Field("", max_length=40)


class ComplexityRequest(Body):
    """Words whose harmony is to be weighed, and how they would be routed."""

    description: str = Field("", max_length=LIMITS["description"][1])
    num_bars: Whole | None = Field(None, ge=LIMITS["num_bars"][0], le=LIMITS["num_bars"][1])
    strategy: Strategy | None = None


def request_of(service: BaseGenreGenerator) -> type[GenerateRequest]:
    """The request of a genre, which takes every word for an application that the genre knows; the document lists the names."""
    plain: type[GenerateRequest] = service.request_class()

    def application_named(text: str) -> str:
        try:
            return checked_application(text[:100], service.genre.vocabulary)
        except RequestError:
            return text

    own = {"application_named": staticmethod(application_named), "__module__": plain.__module__, "__doc__": plain.__doc__}
    return type(plain.__name__, (plain,), own)


async def midi_body(request: Request) -> bytes:
    """The bytes of a MIDI file. Raises HTTPException 415 for a body that says it is something else."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in MIDI:
        raise HTTPException(415, f"send a MIDI file with Content-Type {MIDI[0]}")
    return await request.body()
