"""What all requests share: the fields of an Ask, checked, with what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, create_model, field_validator
from pydantic_core import PydanticCustomError

from app.theory.brief import LIMITS, Ask


def _a_number(value: object) -> object:
    """Refuse what pydantic would make a number of: true is not 1, and "8" is a text."""
    if isinstance(value, (bool, str)):
        raise PydanticCustomError("number", "Input should be a number")
    return value


Name = TypeVar("Name")
ApplicationName = Annotated[
    Name | None, Field(description="The genre's sub-style; its default when neither this nor the words say one.")
]
Whole = Annotated[int, BeforeValidator(_a_number)]
Real = Annotated[float, BeforeValidator(_a_number)]
Seed = Annotated[Whole, Field(ge=LIMITS["seed"][0], le=LIMITS["seed"][1])]
Share = Annotated[Real, Field(ge=0, le=1)]
Strategy = Literal["hybrid", "local_only", "cloud_only", "local_fallback", "rules_only"]


class GenerateRequest(BaseModel):
    """A request for a piece. Fields win over the words of the description, words over the application's defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    description: str = Field("", max_length=LIMITS["description"][1], description="What it should sound like, in words.")
    key: str | None = Field(None, max_length=40, description='"Eb", "F# minor", "D dorian".')
    tempo: Real | None = Field(
        None,
        ge=LIMITS["tempo"][0],
        le=LIMITS["tempo"][1],
        description="The metre's beats a minute: dotted quarters in 6/8, 9/8, 12/8.",
    )
    num_bars: Whole | None = Field(None, ge=LIMITS["num_bars"][0], le=LIMITS["num_bars"][1], description="Bars of the file.")
    application: ApplicationName[str] = None
    time_signature: str | None = Field(None, max_length=20, description="4/4, 3/4, 2/4, 6/8, 9/8, 12/8, 5/4 or 7/8.")
    seed: Seed | None = Field(None, description="The same request and seed give the same bytes; one is drawn when none is given.")
    chords: str | None = Field(None, max_length=20_000, description='A chart to obey exactly: "Dm7 G7 | Cmaj7".')
    parts: tuple[str, ...] = Field((), max_length=20, description="Only these parts.")
    with_parts: tuple[str, ...] = Field((), max_length=20, description="These parts too.")
    without_parts: tuple[str, ...] = Field((), max_length=20, description="Not these parts.")
    form: str | None = Field(None, max_length=200, description='"AABA"; "intro, verse, chorus"; "intro 8, verse 16, chorus 8".')
    complexity: Whole | None = Field(
        None,
        ge=LIMITS["complexity"][0],
        le=LIMITS["complexity"][1],
        description="Of the harmony, 1-10; else estimated from the words.",
    )
    humanize: Share | None = Field(None, description="0 is on the grid.")
    swing: Share | None = Field(None, description="0 straight, 1 hard; else as the style has it.")
    intensity: Share | None = Field(None, description="How much is going on.")
    reseed: Mapping[str, Seed] = Field(default_factory=dict, description="A seed of its own for a part: it alone is made anew.")
    strategy: Strategy | None = Field(None, description="Which models may be asked; rules_only for none.")
    model: str | None = Field(None, max_length=200, description='A model by its label, or "rules" for none.')
    allow_paid: StrictBool | Literal["ask"] | None = Field(None, description="Whether a model may cost money.")
    deadline_ms: Whole | None = Field(None, ge=1, le=3_600_000, description="Answer by rule when no model has by then.")

    @field_validator("application", mode="before")
    @classmethod
    def _application(cls, value: object) -> object:
        return cls.application_named(value) if isinstance(value, str) else value

    @classmethod
    def application_named(cls, text: str) -> str:
        """The application that a text names: `Be-Bop` is `bebop`; else the text. A genre's own words its service knows."""
        choices: list[str] = [name for part in get_args(cls.model_fields["application"].annotation) for name in get_args(part)]
        return {_squeezed(name): name for name in choices}.get(_squeezed(text), text)

    def ask(self, genre: str) -> Ask:
        """This request as the value that understanding reads."""
        given = self.model_dump(exclude_none=True, exclude={"reseed", "allow_paid"})
        if given.get("model") == "rules":
            del given["model"]
            given["strategy"] = "rules_only"
        paid = None if self.allow_paid is None else str(self.allow_paid).lower()
        return Ask(genre=genre, reseed=tuple(self.reseed.items()), allow_paid=paid, **given)


def _squeezed(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


def narrowed(genre: str, applications: tuple[str, ...]) -> type[GenerateRequest]:
    """The request of a genre that has none of its own: the common one with its applications."""
    application: Any = ApplicationName[Literal[applications]]  # type: ignore[misc,valid-type]  # known when the file is read
    return create_model(
        f"Generate{genre.title().replace('_', '')}Request", __base__=GenerateRequest, application=(application, None)
    )
