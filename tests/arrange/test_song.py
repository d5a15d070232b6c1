"""What a style's file says of its melodies is what is sung."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

import pytest

from app.arrange import melody
from app.arrange.style import PartStyle
from app.arrange.style_reader import read_style
from app.errors import NotationError
from app.theory.notes import Note
from tests.arrange.pieces import plan, style

ROWS = ["1 1 11 1", "11 1 1 1", "1- 1 1 11"]


def _part(rows: list[str] | None = None, **song: Any) -> PartStyle:
    table = {"melody": {"engine": "melody", "range": ["A3", "E5"], "a": rows or ROWS, "song": song}}
    return read_style({"ensemble": ["melody"], "metre": "4/4"}, {"parts": table}, "test").parts["melody"]


def _sung(seed: int = 1, bars: int = 16, **song: Any) -> list[Note]:
    return sorted(melody.play(plan("4/4", bars, style(parts={"melody": {"engine": "melody"}})), _part(**song), Random(seed)))


def test_bars_left_to_others_are_silent() -> None:
    """`a.az`: nothing begins in the second bar of each phrase."""
    starts = {note.start // 1920 % 4 for note in _sung(phrases=["a.az"]) if note.start < 15 * 1920}
    assert starts == {0, 2, 3}


def test_a_literal_motif_keeps_its_shape() -> None:
    """The more literal, the more of a motif's intervals come back two bars later."""

    def kept(literal: float) -> int:
        count = 0
        for seed in range(10):
            notes = _sung(seed, phrases=["abaz"], literal=literal)
            shapes = [[n.pitch for n in notes if n.start // 1920 == bar] for bar in (0, 2)]
            steps = [[b - a for a, b in pairwise(shape)] for shape in shapes]
            count += sum(a == b for a, b in zip(*steps, strict=True))
        return count

    assert kept(1.0) > kept(0.0) + 5


def test_phrases_end_on_the_degrees_that_are_named() -> None:
    """Asking phrases on the ninth, answering ones on the fifth of the chord."""
    ends = []
    for seed in range(6):
        notes = _sung(seed, half="9", full="5", ends="1 - - .")
        ends += [next(n.pitch % 12 for n in notes if n.start // 1920 == bar) for bar in (3, 11)]
        assert next(n.pitch % 12 for n in notes if n.start // 1920 == 7) == 2  # the fifth of G7
    assert ends.count(9) >= 10  # the ninth of G7


def test_chromatic_approaches_lead_to_strong_notes() -> None:
    """With them there are more half steps into strong beats than without."""

    def half_steps(**song: Any) -> int:
        notes = [_sung(seed, rows=["11 11 11 11"], **song) for seed in range(8)]
        return sum(abs(b.pitch - a.pitch) == 1 and b.start % 960 == 0 for line in notes for a, b in pairwise(line))

    assert half_steps(approach=0.9) > half_steps() + 10


@pytest.mark.parametrize("name", ["turn", "sigh", "grace", "mordent", "run", "roulade"])
def test_an_ornament_adds_notes_within_the_range(name: str) -> None:
    """Each ornament is heard, and no note overlaps the next."""
    part = _part(ornaments={name: 1.0})._replace(rows={}, density=0.2)  # type: ignore[arg-type]
    planned = plan(bars=16)
    plain = melody.play(planned, part._replace(song=_part().song), Random(2))
    adorned = sorted(melody.play(planned, part, Random(2)))

    assert len(adorned) > len(plain)
    assert all(part.low <= note.pitch <= part.high for note in adorned)


def test_a_trill_prepares_an_answering_close() -> None:
    """The note before the last of the eighth bar shakes."""
    notes = _sung(phrases=["abaz"], ends="1 1 - .", ornaments={"trill": 1.0})
    assert sum(note.start // 1920 == 7 for note in notes) >= 7


@pytest.mark.parametrize(
    ("song", "told"),
    [
        ({"phrases": ["abx"]}, '"abx" is no phrase'),
        ({"half": "0 5"}, '"0 5" holds no degrees'),
        ({"ornaments": {"wobble": 1}}, 'no ornament "wobble"'),
        ({"tempo": 3}, '"tempo" is not a field'),
    ],
)
def test_what_is_wrong_in_a_song_is_told(song: dict[str, Any], told: str) -> None:
    """With the part it stands in."""
    with pytest.raises(NotationError, match=f"parts.melody.song: {told}"):
        _part(**song)
