"""Reading an answer as it comes, and schemas as each server takes them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ProviderError
from app.llm.moment import Moment
from app.llm.reading import Reading, paced, runs_on
from app.llm.schema import as_proto, inlined, without
from app.llm.types import Call
from tests.llm.virtual import run

CALL = Call(first_s=30, idle_s=10, max_bytes=1000)


async def after(*pauses: float) -> AsyncIterator[int]:
    """Numbers, each after its pause."""
    for number, pause in enumerate(pauses):
        await asyncio.sleep(pause)
        yield number


@pytest.mark.parametrize(
    ("pauses", "read", "ended"),
    [((29, 9, 9, 9), [0, 1, 2, 3], 56), ((31,), [], 30), ((1, 2, 11), [0, 1], 13), ((), [], 0)],
)
def test_the_first_piece_may_take_longer_than_the_next(pauses: tuple[float, ...], read: list[int], ended: float) -> None:
    """A model thinks before it speaks; once it speaks it does not fall silent."""

    async def work(moment: Moment) -> tuple[list[int], float, str]:
        got = []
        try:
            async for number in paced(after(*pauses), CALL):
                got.append(number)
        except ProviderError as fault:
            return got, moment.now(), fault.kind
        return got, moment.now(), ""

    got, at, kind = run(work)

    assert (got, at) == (read, pytest.approx(ended, abs=0.01))
    assert kind == ("" if len(read) == len(pauses) else "timeout")


def test_the_cap_counts_bytes_of_text() -> None:
    """Compressed away or escaped in the wire format, it is what arrives that counts."""
    reading = Reading(CALL)
    reading.add("".join(chr(0xE0 + number % 30) for number in range(500)))

    with pytest.raises(ProviderError) as caught:
        reading.add("x")

    assert caught.value.kind == "too_large"


def test_a_lone_surrogate_is_text_too() -> None:
    """A model may say anything; whoever parses it decides."""
    reading = Reading(CALL)
    reading.add("\ud800{}")

    assert reading.text() == "\ud800{}"


def test_nothing_but_space_is_no_answer() -> None:
    """Nor is silence."""
    for pieces in ([], [""], ["  ", "\n"]):
        reading = Reading(CALL)
        for piece in pieces:
            reading.add(piece)
        with pytest.raises(ProviderError, match="empty"):
            reading.text()


@pytest.mark.parametrize("loop", ["\n" * 300, "x" + " \t" * 150, "]" * 300, "ab" * 150, "0, " * 100, "\\n  " * 80])
def test_an_answer_that_runs_on_is_given_up(loop: str) -> None:
    """Whitespace for ever, a bracket for ever, one short unit for ever: what grammars let small models do."""

    def read(reading: Reading) -> None:
        for character in loop:
            reading.add(character)

    with pytest.raises(ProviderError) as caught:
        read(Reading(Call()))

    assert caught.value.kind == "content"


CHORDS = st.sampled_from(["C", "Dm7", "G7", "C6/9"])


@given(st.lists(st.lists(CHORDS, min_size=1, max_size=4), min_size=1, max_size=64), st.sampled_from([None, 0, 2, 8]))
def test_no_music_is_taken_for_a_loop(bars: list[list[str]], indent: int | None) -> None:
    """A vamp of sixty-four equal bars is repetition too; so is pretty-printed JSON."""
    text = json.dumps({"bars": [[{"root": chord, "beats": 4} for chord in bar] for bar in bars]}, indent=indent)

    assert not any(runs_on(text[:end]) for end in range(len(text)))


def test_references_are_written_out() -> None:
    """Wherever they are, in references' own targets too."""
    schema = {
        "type": "array", "items": {"$ref": "#/$defs/bar"},
        "$defs": {"bar": {"type": "array", "items": {"$ref": "#/$defs/chord"}}, "chord": {"enum": ["C"]}},
    }  # fmt: skip

    assert inlined(schema) == {"type": "array", "items": {"type": "array", "items": {"enum": ["C"]}}}


def test_a_schema_that_refers_to_itself_is_refused() -> None:
    """It could not be written out."""
    with pytest.raises(ProviderError, match="refers to itself"):
        inlined({"$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}})


def test_keywords_are_taken_away_but_not_properties_of_that_name() -> None:
    """A property may be called minItems."""
    schema = {"minItems": 2, "properties": {"minItems": {"type": "array", "minItems": 3}}, "anyOf": [{"minItems": 1}]}

    assert without(schema, ("minItems",)) == {"properties": {"minItems": {"type": "array"}}, "anyOf": [{}]}


def test_the_proto_schema_keeps_order_and_bounds() -> None:
    """`required` in its order, which is the order of emission; null as `nullable`."""
    schema = {
        "type": "object", "required": ["b", "a"], "additionalProperties": False,
        "properties": {
            "a": {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "integer", "enum": [1, 2]}},
            "b": {"anyOf": [{"type": "string", "enum": ["x"]}, {"type": "null"}]},
        },
    }  # fmt: skip

    assert as_proto(schema) == {
        "type": "object", "required": ["b", "a"],
        "properties": {
            "a": {"type": "array", "min_items": 1, "max_items": 2, "items": {"type": "integer"}},
            "b": {"type": "string", "enum": ["x"], "format": "enum", "nullable": True},
        },
    }  # fmt: skip
