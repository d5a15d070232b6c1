"""Rows of groove notation and how they fall in each metre."""

from __future__ import annotations

import pytest

from app.arrange.fit import bars_for, fit, fit_tail, fit_timeline
from app.arrange.notation import read_row
from app.errors import NotationError
from app.theory.rhythm import METRES, Metre

FOUR = Metre.of("4/4")


def test_each_word_is_a_beat_that_its_tokens_divide_evenly() -> None:
    """A quarter, two eighths, three triplets, four sixteenths."""
    placed = fit(read_row("x xx xxx xxxx"), FOUR, FOUR, 0)

    assert [stroke.tick for stroke in placed] == [0, 480, 720, 960, 1120, 1280, 1440, 1560, 1680, 1800]


def test_a_hold_lengthens_the_note_before_it() -> None:
    """`1 - 5 .` is a half note and a quarter."""
    assert [(stroke.tick, stroke.length, stroke.token) for stroke in fit(read_row("1 - 5 ."), FOUR, FOUR, 0)] == [
        (0, 960, "1"),
        (960, 480, "5"),
    ]


def test_marks_stay_with_their_token() -> None:
    """Accidentals come before the digit, octaves and accents after it."""
    assert read_row("b3' 5,! a n?") == ((("b3'",), ("5,!",), ("a",), ("n?",)),)


@pytest.mark.parametrize(
    ("row", "beats", "what"), [("x x x", 4, "3 beats"), ("x x | x", 2, "bar 2"), ("x §", 2, "§"), ("", 0, "0 beats")]
)
def test_a_row_that_cannot_be_read_says_where(row: str, beats: int, what: str) -> None:
    """The message names the bar or the word."""
    with pytest.raises(NotationError, match=what):
        read_row(row, beats)


@pytest.mark.parametrize("name", METRES)
@pytest.mark.parametrize("row", ["X x X x", "x... ..x. X... ...x", "x.. X.x x.. X.x | ... ..x ... x..", "1 - - 5"])
def test_a_row_fits_every_metre(row: str, name: str) -> None:
    """In any metre strokes lie on its own grid of eighths, sixteenths and triplets, inside the bar, in order."""
    metre = Metre.of(name)
    for bar in range(bars_for(read_row(row), FOUR, metre)):
        placed = fit(read_row(row), FOUR, metre, bar)
        ticks = [stroke.tick for stroke in placed]

        assert placed
        assert ticks == sorted(set(ticks))
        assert all(stroke.tick >= 0 and stroke.tick + stroke.length <= metre.bar for stroke in placed)


@pytest.mark.parametrize(("name", "beat"), [("3/4", 960), ("5/4", 1440), ("7/8", 960), ("9/8", 1440), ("6/8", 720), ("2/4", 480)])
def test_the_backbeat_opens_the_last_group(name: str, beat: int) -> None:
    """The stroke of beat four falls on the last group of beats: the last beat, or the two of three and two."""
    metre = Metre.of(name)
    bars = bars_for(read_row(". . . X"), FOUR, metre)
    struck = {stroke.tick for bar in range(bars) for stroke in fit(read_row(". . . X"), FOUR, metre, bar) if stroke.token == "X"}

    assert struck == {beat}


def test_triplets_become_eighths_of_a_compound_beat() -> None:
    """Swung rows need no triplets in 12/8: their thirds are its eighths."""
    metre = Metre.of("12/8")

    assert [stroke.tick for stroke in fit(read_row("x.x x.x x.x x.x"), FOUR, metre, 0)] == [
        0,
        480,
        720,
        1200,
        1440,
        1920,
        2160,
        2640,
    ]


def test_a_clave_keeps_all_its_strokes_in_another_metre() -> None:
    """A time-line moves to the nearest eighths; it loses no stroke to the shorter bar."""
    clave = read_row(".. x. x. .. | x. .x .. x.")
    bars = fit_timeline(clave, FOUR, Metre.of("3/4"))

    assert [len(bar) for bar in bars] == [2, 3]
    assert all(stroke.tick % 240 == 0 for bar in bars for stroke in bar)


def test_a_fill_ends_with_the_bar() -> None:
    """A fill of two beats lies on the last two, in a shorter bar too."""
    assert [stroke.tick for stroke in fit_tail(read_row("xx xX"), FOUR, FOUR)] == [960, 1200, 1440, 1680]
    assert [stroke.tick for stroke in fit_tail(read_row("x x x x"), FOUR, Metre.of("2/4"))] == [0, 480]
