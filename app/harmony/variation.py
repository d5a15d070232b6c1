"""A progression varied by rule: some bars take other chords that fit where they stand, all else stays."""

from __future__ import annotations

from typing import Final

from app.harmony.reharmonize import Alternative, Chart, reharmonize
from app.harmony.tables import HarmonyTables
from app.theory.chance import Chance
from app.theory.charts import Bars

CHANGED: Final = 0.6  # how likely a bar is changed whose neighbour before it was not
CHOICE: Final = 3  # of so many alternatives


def varied(chart: Chart, tables: HarmonyTables, complexity: int, seed: int) -> Bars:
    """The bars of the chart, one at least changed where any can be; no two neighbours, and neither the first nor the last.

    An alternative fits between the chords that were there, so its neighbours must stay.
    """
    offered = [one.alternatives for one in reharmonize(chart, tables, complexity, CHOICE, seed)]
    chance = Chance(seed).of("variation")
    places = [place for place in range(1, len(offered) - 1) if offered[place]]
    kept: dict[int, Alternative] = {}
    for place in places:
        wanted, which = chance.random(), chance.random()
        if wanted < CHANGED and place - 1 not in kept:
            kept[place] = _chosen(offered[place], which)
    if not kept and places:
        place = places[int(chance.random() * len(places))]
        kept = {place: _chosen(offered[place], chance.random())}
    return tuple(
        tuple((span.beats, span.chord) for span in kept[place].spans) if place in kept else bar
        for place, bar in enumerate(chart.bars)
    )


def _chosen(alternatives: tuple[Alternative, ...], at: float) -> Alternative:
    """One of them, the better ones more often."""
    left = at * sum(one.score for one in alternatives)
    for one in alternatives:
        left -= one.score
        if left <= 0:
            return one
    return alternatives[-1]
