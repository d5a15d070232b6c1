"""What the service says of generations that it keeps: lists of them, variations, and what was said of one."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from schemas.result import GenerationResult, Number

Action = Literal["keep", "regenerate", "rate", "edit"]
How = Literal["generate", "arrange", "regenerate", "vary"]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GenerationSummary(_Shape):
    """A kept generation in a list; `links.self` has the whole of it."""

    id: str
    created: str
    genre: str
    application: str
    seed: int
    generation_method: str
    key: str
    tempo: Number
    time_signature: str
    num_bars: int
    how: How
    parent: str = ""
    links: dict[str, str]


class GenerationPage(_Shape):
    """Generations, the newest first. `next` is the relative URL of those before them, "" where there are none."""

    generations: tuple[GenerationSummary, ...]
    next: str = ""


class VariationsResult(_Shape):
    """Variations of a piece, each kept as a generation of its own."""

    variations: tuple[GenerationResult, ...]


class FeedbackResult(_Shape):
    """What was said of a generation, as it is kept."""

    id: str
    generation: str
    created: str
    action: Action
    rating: int | None = None
    part: str = ""


class FeedbackList(_Shape):
    """What was said of a generation, in order."""

    feedback: tuple[FeedbackResult, ...]
