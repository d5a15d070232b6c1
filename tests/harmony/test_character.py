"""Pieces of one style differ, and differ more from the plain to the intricate."""

from __future__ import annotations

import pytest

from app.harmony.character import character_of
from app.theory.chance import Chance
from app.theory.chord import Chord
from tests.harmony.makers import TABLES, composed, symbols

STYLES = [(genre, name) for genre, raw in TABLES.items() if genre != "classical" for name in list(raw["applications"])[:1]]


def tension_share(genre: str, name: str, complexity: int) -> float:
    """The share of chords with more than four notes, over twelve pieces."""
    chords = [
        Chord.parse(symbol)
        for seed in range(12)
        for bar in symbols(composed(genre, name, "C", 16, seed, complexity=complexity))
        for symbol in bar
    ]
    return sum(len(chord.pitch_classes) > 4 for chord in chords) / len(chords)


@pytest.mark.parametrize(("genre", "name"), STYLES)
def test_complex_pieces_are_extended_and_leave_the_key(genre: str, name: str) -> None:
    """At complexity 9 every style has ninths and more, and some pieces go to another key; at 2 none does either."""
    assert tension_share(genre, name, 2) == 0
    assert tension_share(genre, name, 9) > 0.2
    away = [
        any(span.analysis.key for bar in composed(genre, name, "C", 32, seed, complexity=9).bars for span in bar)
        for seed in range(12)
    ]
    assert any(away)


def test_simple_words_keep_a_rich_style_unaltered() -> None:
    """Neo-soul at complexity 3 has ninths, and no altered dominant."""
    for seed in range(8):
        spans = [span for bar in composed("neosoul", "smooth", "Db", 16, seed, complexity=3).bars for span in bar]
        assert not any(mark in str(span.chord)[len(span.chord.root) :] for span in spans for mark in ("#9", "b9", "#5"))


def test_characters_are_drawn_once_and_bounded() -> None:
    """A third of pieces return strictly; pace and colour lean by less than two doublings either way."""
    characters = [character_of(Chance(seed).of("character")) for seed in range(300)]
    assert 60 < sum(one.free == 0 for one in characters) < 150
    assert all(abs(one.rhythm) < 2 and abs(one.chroma) < 2 for one in characters)


def test_a_section_has_a_first_and_a_second_ending() -> None:
    """In many AABA songs the second A is the first up to its last two bars."""
    alike = 0
    for seed in range(20):
        bars = symbols(composed("jazz", "swing", "F", 32, seed, form="AABA"))
        alike += bars[:6] == bars[8:14]
    assert alike >= 7
