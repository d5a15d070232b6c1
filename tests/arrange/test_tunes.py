"""Rhythms of melodies in styles that write their own."""

from __future__ import annotations

from random import Random

import pytest

from app.arrange import melody
from app.arrange.style_reader import read_style
from tests.arrange.pieces import plan

OWN = {"2/4": "1-1- 11-1", "6/8": "1-1 1--", "4/4": "1- -1 1- 1-", "3/4": "1 - 11", "12/8": "1-- 1-1 1-- 1--"}


@pytest.mark.parametrize("metre", OWN)
def test_every_phrase_of_a_style_with_rows_of_its_own_is_closed(metre: str) -> None:
    """The fourth bar of each phrase has a note, whatever the number of beats in the style's bar."""
    table = {"melody": {"engine": "melody", "range": ["A3", "E5"], "a": OWN[metre]}}
    playing = read_style({"ensemble": ["melody"], "metre": metre}, {"parts": table}, "test")
    planned = plan(metre, 16, playing)
    starts = [note.start for note in melody.play(planned, playing.parts["melody"], Random(1))]

    for bar in (3, 7, 11):
        assert any(bar * planned.metre.bar <= start < (bar + 1) * planned.metre.bar for start in starts)
