"""What a model must answer when it is asked what words mean: words of ours, from a closed list."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, Field, ValidationError, create_model

from schemas.progression import CLOSED, plain_schema

MOST: Final = 6


@lru_cache(maxsize=32)
def words_model(known: tuple[str, ...]) -> type[BaseModel]:
    """The answer with words of this list."""
    word: Any = Literal[known]
    return create_model("Meaning", __config__=CLOSED, words=(Annotated[list[word], Field(min_length=0, max_length=MOST)], ...))


@lru_cache(maxsize=32)
def words_schema(known: tuple[str, ...]) -> Mapping[str, Any]:
    """Its JSON Schema, in the small dialect."""
    return plain_schema(words_model(known))


def words_unlike(known: tuple[str, ...], value: object) -> str:
    """Where a value is not as the schema has it, in words; "" where it is."""
    try:
        words_model(known).model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        return f"{'.'.join(str(step) for step in first['loc']) or 'the answer'}: {first['msg']}"[:200]
    return ""
