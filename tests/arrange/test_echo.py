"""The echo of a mixing desk: what is struck comes back a dotted eighth apart, softer each time."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from app.arrange import comping, drums
from tests.arrange.charts import Stroke, part, plan_of
from tests.arrange.pieces import plan, style

DOTTED_EIGHTH = 360


def test_a_chop_is_echoed_over_the_bar_line() -> None:
    """The chord on the & of 2 comes back four times on its own notes, each time .6 of the level before."""
    chop = part("guitar", "comp", {"a": ["..e. .... .... .... | .... .... .... ...."]}, voicing="triad", voices=3)
    notes = comping.play(plan_of("Am | Am | Am | Am", ending=False), chop, Random(1))
    top = [note for note in notes if note.pitch == notes[0].pitch and note.start < 2 * 1920]

    assert [note.start - top[0].start for note in top] == [DOTTED_EIGHTH * count for count in range(5)]
    assert all(0.5 < then.velocity / now.velocity < 0.7 for now, then in pairwise(top))


def test_a_stroke_is_echoed_at_the_distance_that_the_kit_says() -> None:
    """At the double count a dotted eighth is a beat and a half; the plain strokes stay."""
    rows = {"a": {"stick": "e . . ."}, "phrase_fill": 0.0, "lead": "none", "echo": 1.5}
    playing = style({"drums": rows})
    assert playing.drums
    struck = drums.play(plan("4/4", 2, playing), playing.drums, Random(1), playing.ending)
    first = [Stroke(*stroke) for stroke in struck if stroke[1] == "stick"][:5]

    assert [stroke.tick for stroke in first] == [0, 720, 1440, 2160, 2880]
    assert all(now.velocity > then.velocity for now, then in pairwise(first))
