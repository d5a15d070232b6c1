"""The drummer: rows, chances, fills, crashes, the ending."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from app.arrange import drums
from app.theory.rhythm import METRES
from tests.arrange.charts import Stroke
from tests.arrange.pieces import DRUMS, plan, style


def _strokes(metre: str = "4/4", bars: int = 16, seed: int = 1, **groove: object) -> list[Stroke]:
    playing = style({"drums": {**DRUMS, **groove}})
    assert playing.drums
    struck = drums.play(plan(metre, bars, playing), playing.drums, Random(seed), playing.ending)
    return [Stroke(*stroke) for stroke in struck]


def _in_bar(strokes: list[Stroke], bar: int, drum: str) -> list[int]:
    return [stroke.tick - bar * 1920 for stroke in strokes if stroke.drum == drum and stroke.tick // 1920 == bar]


def test_accents_are_always_struck() -> None:
    """The backbeat is there in every bar that is no fill and no ending."""
    strokes = _strokes()

    assert all({480, 1440} == set(_in_bar(strokes, bar, "snare")) for bar in range(6))


def test_a_digit_is_a_probability() -> None:
    """A kick of `3` is struck in about three bars of ten."""
    strokes = _strokes(bars=400, a={"kick": "3 . . .", "hat": "x x x x"}, fill=[])
    struck = sum(bool(_in_bar(strokes, bar, "kick")) for bar in range(399))

    assert 60 <= struck <= 190


def test_an_improvised_stroke_is_mostly_soft_and_seldom_loud() -> None:
    """Digits to 6 lie between ghost and accent, most of them in the lower half; from 7 they are plain strokes."""
    levels = {"snare": [20, 60, 100], "kick": [20, 60, 100]}
    strokes = _strokes(bars=400, a={"snare": "4 . 4 .", "kick": "8 . . ."}, fill=[], velocity=levels)
    heard = [stroke.velocity for stroke in strokes if stroke.drum == "snare"]

    assert 20 <= min(heard) < 30
    assert 85 < max(heard) <= 118  # a louder section lifts all
    assert sum(velocity < 60 for velocity in heard) > 0.6 * len(heard)
    assert all(60 <= stroke.velocity < 75 for stroke in strokes if stroke.drum == "kick" and stroke.tick < 399 * 1920)


def test_no_fill_comes_twice_running() -> None:
    """Where the groove has two fills, they take turns."""
    rows = [{"beats": 1, "tom1": "xxxx"}, {"beats": 1, "tom3": "xxxx"}]
    strokes = _strokes(bars=64, fill=rows, phrase_fill=0.0)
    toms = [{stroke.drum for stroke in strokes if stroke.tick // 1920 == bar} & {"tom1", "tom3"} for bar in range(63)]
    fills = [tom for tom in toms if tom]

    assert len(fills) > 4
    assert all(one != other for one, other in pairwise(fills))


def test_a_fill_leads_into_the_next_section_and_a_crash_opens_it() -> None:
    """The bar before a section ends with the fill's toms; the section begins with a cymbal and kick."""
    strokes = _strokes(crash=1.0)

    assert _in_bar(strokes, 7, "tom2")
    assert _in_bar(strokes, 8, "crash") == [0]
    assert 0 in _in_bar(strokes, 8, "kick")


def test_a_mute_leads_by_silence() -> None:
    """Where the groove says mute, the second half of the bar is empty."""
    strokes = _strokes(lead="mute", fill=[])

    assert not [stroke for stroke in strokes if 7 * 1920 + 960 <= stroke.tick < 8 * 1920]


def test_nothing_leads_where_the_groove_says_none() -> None:
    """No toms, no crash."""
    strokes = _strokes(lead="none", phrase_fill=0.0)

    assert not {"tom2", "crash"} & {stroke.drum for stroke in strokes if stroke.tick < 15 * 1920}


def test_a_timeline_never_varies() -> None:
    """A clave plays every stroke of every bar, whatever the chances."""
    strokes = _strokes(a={"clave": ".. o. o. .. | o. .o .. o."}, timelines=["clave"], fill=[], lead="none")

    assert all(_in_bar(strokes, bar, "clave") == ([480, 960] if bar % 2 == 0 else [0, 720, 1440]) for bar in range(15))


@pytest.mark.parametrize("token", ["f", "r", "t"])
def test_flams_and_rolls_stay_in_the_piece(token: str) -> None:
    """Even on the first beat nothing comes before tick 0."""
    strokes = _strokes(a={"snare": f"{token} . . ."}, fill=[])

    assert min(stroke.tick for stroke in strokes) == 0


@pytest.mark.parametrize("metre", METRES)
def test_the_last_bar_ends_with_one_hit(metre: str) -> None:
    """It does not just stop: kick and crash on its first beat, and nothing after."""
    playing = style()
    assert playing.drums
    planned = plan(metre, 8, playing)
    strokes = drums.play(planned, playing.drums, Random(1), playing.ending)
    last = [stroke for stroke in strokes if stroke[0] >= planned.bars[-1].start]

    assert {(tick, drum) for tick, drum, _ in last} == {
        (planned.bars[-1].start, "crash"),
        (planned.bars[-1].start, "kick"),
    }
