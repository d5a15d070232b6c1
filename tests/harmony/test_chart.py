"""A chart that is given is obeyed exactly."""

from __future__ import annotations

import pytest

from app.errors import ChordError
from app.harmony.chart import progression_of
from tests.harmony.makers import brief, symbols

CHART = "Dm7 G7 | Cmaj7 | A7 Dm7 G7 | C6"


def test_the_chart_is_played_as_it_is() -> None:
    """Without bars asked the piece has the chart's bars and chords."""
    progression = progression_of(brief("jazz", "swing", bars=32, chords=CHART, bars_asked=False))
    assert symbols(progression) == [["Dm7", "G7"], ["Cmaj7"], ["A7", "Dm7", "G7"], ["C6"]]
    assert progression.form.bars == 4
    assert not progression.notes


def test_it_is_repeated_and_cut() -> None:
    """More bars repeat it, fewer cut it, and the result says so."""
    longer = progression_of(brief("jazz", "swing", bars=10, chords=CHART))
    assert symbols(longer)[4:8] == symbols(longer)[:4]
    assert [section.bars for section in longer.form.sections] == [4, 4, 2]
    assert longer.notes == ("the chart has 4 bars; it is repeated to fill 10",)
    shorter = progression_of(brief("jazz", "swing", bars=3, chords=CHART))
    assert len(shorter.bars) == 3
    assert shorter.notes == ("the chart has 4 bars; its first 3 are played",)


def test_it_is_analysed() -> None:
    """Every chord has its numeral and function, and techniques are recognised."""
    progression = progression_of(
        brief("jazz", "swing", chords="Dm7 | Db7 | Cmaj7 C#dim7 | Dm7 | Fm7 | Bb7 | C6", bars_asked=False)
    )
    names = {found.name: found.bar for found in reversed(progression.techniques)}
    assert names["tritone substitution"] == 1
    assert names["passing diminished"] == 2
    assert names["modal interchange"] == 4
    assert names["backdoor"] == 5
    assert progression.bars[0][0].analysis.numeral == "ii7"
    assert progression.bars[0][0].analysis.function == "subdominant"


def test_what_cannot_be_read_is_an_error() -> None:
    """The error names the chord."""
    with pytest.raises(ChordError, match="Hm7"):
        progression_of(brief("jazz", "swing", chords="Dm7 | Hm7"))
