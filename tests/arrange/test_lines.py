"""Riffs and long lines of single-note parts: degrees over the chords, a pedal over all of them."""

from __future__ import annotations

from random import Random

from app.arrange import lines
from tests.arrange.charts import part, plan_of


def _pitches(chart: str, row: str) -> list[int]:
    style = part("strings", "line", {"a": [row]}, low=70, high=82)
    bars = len(chart.split("|"))
    plan = plan_of(chart, "Eb")
    bars_of = tuple(bar._replace(only=frozenset({"strings"}), last=False) for bar in plan.bars)
    found = lines.play(plan._replace(bars=bars_of), style, Random(1))
    assert len(found) == bars
    return [note.pitch for note in found]


def test_a_pedal_is_the_fifth_of_the_key_over_every_chord_that_has_it() -> None:
    """High violins hold B flat over Eb, Ab and Bb7."""
    assert _pitches("Eb | Ab | Bb7", "p - - -") == [82, 82, 82]


def test_a_pedal_gives_way_where_the_chord_cannot_bear_it() -> None:
    """Over B7 the nearest note of its scale."""
    assert abs(_pitches("Eb | B7", "p - - -")[1] - 82) == 1


def test_a_degree_follows_the_chord() -> None:
    """The third of each chord in the part's register."""
    assert [pitch % 12 for pitch in _pitches("Eb | Ab | Bb7", "3 - - -")] == [7, 0, 2]
