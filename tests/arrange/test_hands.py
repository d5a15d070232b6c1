"""Bell-shaped chance by the handful."""

from __future__ import annotations

from random import Random
from statistics import NormalDist, mean, stdev

import pytest

from app.arrange.hands import ONE, deviates


@pytest.mark.parametrize("deviation", [0.4, 1.0])
def test_deviates_are_normal(deviation: float) -> None:
    """Mean 0, the standard deviation asked for, and as much in the middle and at the ends as the curve has."""
    found = [value / ONE for value in deviates(Random(1), 20_000, deviation)]
    wanted = NormalDist(0.0, deviation)

    assert abs(mean(found)) < 0.03 * deviation
    assert stdev(found) == pytest.approx(deviation, rel=0.03)
    for share in (0.05, 0.25, 0.75, 0.95):
        assert mean(value < wanted.inv_cdf(share) for value in found) == pytest.approx(share, abs=0.015)


def test_equal_streams_give_equal_deviates() -> None:
    """What the seed decides stays decided."""
    assert list(deviates(Random(7), 50, 1.0)) == list(deviates(Random(7), 50, 1.0))
