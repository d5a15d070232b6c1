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


def test_a_part_may_wait_for_the_second_time() -> None:
    """The kit leaves the first verse to the others, leads out of nothing there, and joins when a verse comes back."""
    planned = plan(bars=24, playing=style({"sections": {"verse": {"later": ["drums"]}}}), parts=PARTS)

    assert ["drums" in planned.bars[bar].only for bar in (0, 8, 16)] == [False, True, True]
    assert not any(bar.lead for bar in planned.bars[:8])


def test_a_section_may_rise() -> None:
    """Each four bars are louder than those before."""
    planned = plan(bars=16, playing=style({"sections": {"chorus": {"rise": 6}}}), parts=PARTS)

    assert planned.bars[12].level - planned.bars[8].level == 6


def test_a_piece_that_is_to_build_begins_small_and_ends_loud() -> None:
    """Three parts begin, the fourth joins after the first third; every bar is as loud as the one before or louder."""
    flat, built = plan(bars=32, parts=PARTS), plan(bars=32, parts=PARTS, asked=("build",))

    assert [("horns" in built.bars[bar].only) for bar in (0, 8, 16, 24)] == [False, False, True, True]
    rises = [one.level - other.level for one, other in zip(built.bars, flat.bars, strict=True)]
    assert rises == sorted(rises)
    assert rises[-1] - rises[0] >= 20


def test_a_piece_that_dies_away_ends_softly_and_one_that_fades_does_so_at_last() -> None:
    """The first falls all the way, the other from eight bars before its end."""
    flat, died, faded = (plan(bars=32, parts=PARTS, asked=asked) for asked in ((), ("die away",), ("fade out",)))

    falls = [one.level - other.level for one, other in zip(died.bars, flat.bars, strict=True)]
    assert falls == sorted(falls, reverse=True)
    assert falls[0] > 0 > falls[-1]
    assert [bar.level for bar in faded.bars[:24]] == [bar.level for bar in flat.bars[:24]]
    assert faded.bars[-1].level <= flat.bars[-1].level - 30
