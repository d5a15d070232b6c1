"""A vamp does not stay as it began: parts come in, others rest in turn, all grow louder."""

from __future__ import annotations

from typing import Any

from tests.arrange.pieces import plan, style

PARTS = ("drums", "bass", "keys", "horns")


def _heard(**chorus: Any) -> list[frozenset[str]]:
    """Who plays in each four bars of the second section, a chorus of eight."""
    planned = plan(bars=24, playing=style({"sections": {"chorus": {"play": "b", **chorus}}}), parts=PARTS)
    return [planned.bars[bar].only for bar in (8, 12)]


def test_layers_come_in_after_four_bars() -> None:
    """The horns wait for the second pass."""
    first, second = _heard(layers=["horns"])
    assert (first, second) == (frozenset(PARTS) - {"horns"}, frozenset(PARTS))


def test_parts_rest_in_turn() -> None:
    """The keys are away in the second pass."""
    first, second = _heard(away=["keys", "horns"])
    assert (first, second) == (frozenset(PARTS), frozenset(PARTS) - {"keys"})


def test_the_kit_is_never_left_alone() -> None:
    """Where everybody waits, nobody does."""
    assert _heard(layers=["bass", "keys", "horns"])[0] == frozenset(PARTS)
