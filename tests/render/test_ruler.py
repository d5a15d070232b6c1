"""Ticks as bars and beats."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.render.ruler import Ruler

WALTZ_THEN_TWELVE = Ruler(480, [(0, 3, 4), (2 * 1440, 12, 8)])


@pytest.mark.parametrize(
    ("tick", "bar", "beat"), [(0, 1, 1.0), (1439, 1, 3.998), (1440, 2, 1.0), (2880, 3, 1.0), (2880 + 360, 3, 2.5), (5760, 4, 1.0)]
)
def test_a_beat_is_the_metres_lower_number(tick: int, bar: int, beat: float) -> None:
    """Quarters in 3/4, eighths in 12/8; both count from 1."""
    assert WALTZ_THEN_TWELVE.place(tick) == (bar, beat)


def test_a_metre_within_a_bar_begins_a_new_bar() -> None:
    """The bar it cuts off still counts as one."""
    ruler = Ruler(480, [(0, 4, 4), (960, 3, 4)])
    assert ruler.place(960) == (2, 1.0)
    assert not ruler.began_on_bar_line(960)
    assert ruler.began_on_bar_line(0)


def test_without_a_metre_bars_are_of_four_quarters() -> None:
    """As the format has it; a metre that comes later changes only what follows."""
    assert Ruler(96, []).place(4 * 96 * 5) == (6, 1.0)
    assert Ruler(96, [(4 * 96, 2, 4)]).place(6 * 96) == (3, 1.0)


METRES = st.tuples(st.integers(0, 9000), st.integers(1, 255), st.sampled_from([1, 2, 4, 8, 16, 32, 64]))


@given(
    st.integers(1, 32767),
    st.lists(METRES, max_size=5).map(sorted),
    st.lists(st.integers(0, 99_999), min_size=2, max_size=9).map(sorted),
)
def test_later_ticks_are_never_earlier_places(ticks: int, metres: list[tuple[int, int, int]], times: list[int]) -> None:
    """Whatever the metres, places go on as ticks do, and a bar line is beat 1."""
    ruler = Ruler(ticks, metres)
    places = [ruler.place(tick) for tick in times]
    assert places == sorted(places)
    assert all(place.beat == 1 for place, tick in zip(places, times, strict=True) if ruler.is_bar_line(tick))
