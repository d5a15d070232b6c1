"""What a model must answer: one description makes the schema it is asked with and checks what it says.

The JSON Schema keeps to what every engine honours: closed objects, enums of texts and integers, minItems and maxItems, $ref,
and anyOf with null. A `plan` comes first, so that a model thinks before it is bound to a chord.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from app.theory.techniques import TECHNIQUES

ROOTS: Final = ("C", "C#", "Db", "D", "D#", "Eb", "E", "F", "F#", "Gb", "G", "G#", "Ab", "A", "A#", "Bb", "B")
QUALITIES: Final[Mapping[str, str]] = MappingProxyType(  # what a model says → what a chart writes
    {
        "maj": "", "m": "m", "7": "7", "maj7": "maj7", "m7": "m7", "6": "6", "m6": "m6", "69": "69", "9": "9", "maj9": "maj9",
        "m9": "m9", "m11": "m11", "13": "13", "add9": "add9", "sus2": "sus2", "sus4": "sus4", "7sus4": "7sus4",
        "9sus4": "9sus4", "13sus4": "13sus4", "m7b5": "m7b5", "dim": "dim", "dim7": "dim7", "aug": "aug", "mM7": "mM7",
        "7b9": "7b9", "7#9": "7#9", "7#5": "7#5", "7#11": "7#11", "7alt": "7#9#5", "maj7#11": "maj7#11", "5": "5",
    }
)  # fmt: skip
LETTERS: Final = ("A", "B", "C", "D")
GOALS: Final = ("to I", "to ii", "to iii", "to IV", "to V", "to vi")
PLAN: Final = (*LETTERS, *GOALS, *TECHNIQUES)
PLAN_WORDS: Final = 6
EXACT_BARS: Final = 64  # up to here every bar is asked for; a longer piece is asked for by form and sections
SECTION_BARS: Final = (4, 32)
MOST_PLAYED: Final = 64  # sections in a row
Fault = Literal["key", "cadence", "idiom", "voice leading", "monotony", "too busy", "not as asked"]
CLOSED: Final = ConfigDict(extra="forbid", strict=True)


class Verdict(BaseModel):
    """What a judge says of a progression."""

    model_config = CLOSED

    faults: list[Fault] = Field(max_length=3)
    verdict: Literal["good", "fair", "poor"]
    confidence: Literal[1, 2, 3, 4, 5]


class Frame(NamedTuple):
    """What an answer must fill: bars, beats of a bar (the metre's upper number), and most chords of a bar."""

    bars: int
    beats: int
    most: int = 4

    @property
    def by_sections(self) -> bool:
        """Whether it is too long to be asked for bar by bar."""
        return self.bars > EXACT_BARS


@lru_cache(maxsize=64)
def answer_model(frame: Frame) -> type[BaseModel]:
    """The answer that fills this frame."""
    note, quality, beats = _one_of(ROOTS), _one_of(tuple(QUALITIES)), _one_of(tuple(range(1, frame.beats + 1)))
    chord: Any = create_model(
        "Chord", __config__=CLOSED, root=(note, ...), quality=(quality, ...), bass=(note | None, ...), beats=(beats, ...)
    )
    bar: Any = Annotated[list[chord], Field(min_length=1, max_length=frame.most)]
    plan: Any = Annotated[list[_one_of(PLAN)], Field(min_length=1, max_length=PLAN_WORDS)]  # type: ignore[misc]
    if not frame.by_sections:
        bars: Any = Annotated[list[bar], Field(min_length=frame.bars, max_length=frame.bars)]
        return create_model("Progression", __config__=CLOSED, plan=(plan, ...), bars=(bars, ...))
    low, high = SECTION_BARS
    letter: Any = _one_of(LETTERS)
    part: Any = create_model(
        "Section",
        __config__=CLOSED,
        name=(letter, ...),
        bars=(Annotated[list[bar], Field(min_length=low, max_length=high)], ...),
    )
    sections: Any = Annotated[list[part], Field(min_length=1, max_length=len(LETTERS))]
    played: Any = Annotated[list[_one_of(LETTERS)], Field(min_length=1, max_length=MOST_PLAYED)]  # type: ignore[misc]
    return create_model("Piece", __config__=CLOSED, plan=(plan, ...), sections=(sections, ...), form=(played, ...))


def _one_of(choices: tuple[object, ...]) -> Any:  # a Literal that is known only now
    return Literal[choices]


@lru_cache(maxsize=64)
def schema_of(frame: Frame) -> Mapping[str, Any]:
    """The JSON Schema of the answer, in the small dialect."""
    return plain_schema(answer_model(frame))


NUMBERED: Final = {"": "chord", "bars": "bar", "sections": "section"}  # what stands in a list, by its name


def unlike(frame: Frame, value: object) -> str:
    """Where a value is not as the schema has it, the first place in words; "" where it is."""
    try:
        answer_model(frame).model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        return f"{_place(first['loc'])}: {first['msg']}"[:200]
    return ""


def _place(steps: tuple[int | str, ...]) -> str:
    """A place in an answer as a person says it: `bar 4, chord 2, quality`."""
    said, inside = [], ""
    for step in steps:
        if isinstance(step, int):
            said.append(f"{NUMBERED.get(inside, inside)} {step + 1}")
            inside = ""
        else:
            said += [inside] if inside else []
            inside = step
    return ", ".join([*said, *([inside] if inside else [])]) or "the answer"


@lru_cache(maxsize=1)
def verdict_schema() -> Mapping[str, Any]:
    """The JSON Schema of a judge's answer."""
    return plain_schema(Verdict)


def plain_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of an answer without what only people read."""
    schema: dict[str, Any] = _plain(model.model_json_schema())
    return schema


def _plain(node: Any) -> Any:
    """Without what only people read; a name of a property stays, whatever it is."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {name: _plain(value) for name, value in item.items()} if key in ("properties", "$defs") else _plain(item)
        for key, item in node.items()
        if key not in ("title", "description")
    }
