"""Streams of chance: one for each name, and the cheaper ways to the same draws."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.theory.chance import Chance, weighted

WEIGHTS = st.lists(st.integers(0, 5) | st.floats(0.0, 9.0), min_size=1, max_size=8).filter(lambda weights: sum(weights) > 0)


@given(st.integers(0, 2**31 - 1), WEIGHTS)
def test_a_weighted_draw_is_that_of_the_library(seed: int, weights: list[float]) -> None:
    """Whatever the weights: the same option as `Random.choices` takes."""
    options = range(len(weights))
    assert weighted(Random(seed).random, options, weights) == Random(seed).choices(options, weights)[0]


def test_options_that_weigh_nothing_are_no_choice() -> None:
    """As with the library, that is an error."""
    with pytest.raises(ValueError, match="greater than zero"):
        weighted(Random(1).random, "ab", (0.0, 0.0))


@given(st.integers(0, 2**31 - 1))
def test_a_stream_begun_later_is_the_same(seed: int) -> None:
    """Numbers, whole numbers, choices, bytes and bells alike, whichever comes first."""
    draws = (
        lambda one: one.random(),
        lambda one: one.randrange(10),
        lambda one: one.choice("abc"),
        lambda one: one.gauss(0.0, 1.0),
    )
    for first in draws:
        now, later = Chance(seed).of("bass"), Chance(seed).later("bass")
        assert [draw(later) for draw in (first, *draws)] == [draw(now) for draw in (first, *draws)]
        assert later.randbytes(9) == now.randbytes(9)


def test_a_part_made_anew_has_other_streams_and_no_other_part_has() -> None:
    """A seed of its own for `bass` is one for all that the bass does."""
    plain, other = Chance(1), Chance(1, {"bass": 2})

    assert other.of("bass.feel").random() == Chance(2).of("bass.feel").random() != plain.of("bass.feel").random()
    assert other.of("drums").random() == plain.of("drums").random()
