"""What each application must sound like, heard in a few pieces of it; `python -m benchmarks music` measures it all over many."""

from __future__ import annotations

from functools import cache
from statistics import fmean

import pytest

from benchmarks._music_common import TIGHT, foreign, holes, idle, in_range, leads, recovered, spread
from benchmarks._music_hearing import Wrong
from benchmarks._music_mistakes import mistakes
from benchmarks._music_rows import row_checks
from benchmarks._music_score import Score
from benchmarks.music import applications, score

SEEDS = range(4)
ALL = sorted(applications())
BY_GROOVE = {  # mistakes that the groove's rows, not the chords of a piece, decide
    "straight eighths",
    "onsets off the triplets",
    "bass repeats notes",
    "quantised, or random",
    "snare offsets re-rolled",
    "one swing for all parts",
    "crashes",
    "a bass in straight eighths",
    "no ghosts on the snare",
    "chords on the beat",
    "bass over ten onsets",
    "kick missing on 1 or 3",
    "kick eighths missing",
    "kick louder on 1",
    "bass does not walk",
    "full snare backbeats",
    "bass and drums alone in under .25 of the bars",
    "ride keeps time",
    "no tambourine",
    "soft snare",
    "snare on 2 and 4",
    "hats without rolls, or all rolls",
    "808 overlaps itself",
    "a second bass below C3",
    "ghosts as if live",
    "bass in constant eighths",
    "mutes off the grid of two bars",
    "no echo that falls",
    "an echo that does not fall",
    "two echoes at once",
    "vamp passes do not rise",
    "a thumb that walks",
    "bends of slow blues, or distortion",
    "ride straight at 140",
    "ride with no spread",
    "foot absent on 2 and 4",
    "sticks at full level",
    "walks from bar 1",
    "no ritard",
    "oom-pah-pah",
    "foot on 1",
    "snare of fewer than three levels",
    "weak backbeat",
    "straight ghosts",
    "kit or bass",
    "bass on 1",
    "timbales or kit",
    "kick on four or backbeat",
    "surdo on 1",
    "even sixteenths",
    "no bell or guiro",
    "harmony",
    "kit or timbales",
    "son clave: 4 for the & of 4",
    "clave absent",
    "a sustained piano in the montuno",
    "a busy bell or cascara under the verse",
    "busy fills",
    "chords as long or as loud as the bass",
    "a part that never rests",
    "parallels",
    "bass on 2 or 3",
    "no pedal",
}
MISTAKEN = [
    pytest.param(name, wrong, id=f"{'/'.join(name)}: {wrong.name}")
    for name in ALL
    for wrong in mistakes(*name)
    if wrong.name in BY_GROOVE
]


@cache
def _pieces(genre: str, application: str) -> list[Score]:
    return [score(genre, application, seed) for seed in SEEDS]


def _mean(values: list[float | None]) -> float | None:
    found = [value for value in values if value is not None]
    return fmean(found) if found else None


@pytest.mark.parametrize("name", ALL, ids="/".join)
def test_nobody_is_silent_or_out_of_range(name: tuple[str, str]) -> None:
    """Every part plays, within its range or an octave doubling, and no bar but a rumba's is without a pitch."""
    pieces = _pieces(*name)

    assert not any(idle(piece) for piece in pieces)
    assert all(in_range(piece) > 0.99 for piece in pieces)
    assert name == ("latin", "rumba") or not any(holes(piece) for piece in pieces)


@pytest.mark.parametrize("name", ALL, ids="/".join)
def test_the_chords_are_heard_and_little_else(name: tuple[str, str]) -> None:
    """Bass, third and seventh of nearly every chord sound; notes foreign to its scale are rare."""
    pieces = _pieces(*name)
    strange = _mean([foreign(piece) for piece in pieces])

    assert strange is not None
    assert strange <= 0.05
    if name[1] != "rumba":
        heard = _mean([recovered(piece) for piece in pieces])
        assert heard is not None
        assert heard >= 0.92


@pytest.mark.parametrize("name", ALL, ids="/".join)
def test_sections_are_led_out_of_as_the_groove_says(name: tuple[str, str]) -> None:
    """A fill, a set-up or a mute stands at the end of every section of eight bars."""
    assert all(found == 1 for piece in _pieces(*name) if (found := leads(piece)) is not None)


@pytest.mark.parametrize("name", ALL, ids="/".join)
def test_drummers_scatter_as_people_and_machines_do_not(name: tuple[str, str]) -> None:
    """6 to 20 ms around a drummer's habit, less than 10 where a machine plays."""
    found = _mean([spread(piece) for piece in _pieces(*name)])
    least, most = (0, 10) if name[1] in TIGHT else (6, 20)

    assert found is None or least <= found <= most


@pytest.mark.parametrize("name", [name for name in ALL if row_checks(*name)], ids="/".join)
def test_kick_and_backbeat_stand_where_the_style_has_them(name: tuple[str, str]) -> None:
    """The rows of the recorded players: what must be struck, and what must not."""
    for check in row_checks(*name):
        if " on " in check.name:
            found = _mean([check.value(piece) for piece in _pieces(*name)])
            assert found is None or check.least - 0.08 <= found <= check.most + 0.08, check.name


@pytest.mark.parametrize(("name", "wrong"), MISTAKEN)
def test_no_mistake_of_the_style_is_heard(name: tuple[str, str], wrong: Wrong) -> None:
    """What makes a player of the style shake the head does not happen."""
    assert not [seed for seed, piece in enumerate(_pieces(*name)) if wrong.heard(piece)]


def test_two_seeds_are_two_pieces() -> None:
    """No two of an application's pieces have the same notes."""
    for name in ALL:
        assert len({tuple(part.notes for part in piece.arrangement.parts) for piece in _pieces(*name)}) == len(SEEDS)
