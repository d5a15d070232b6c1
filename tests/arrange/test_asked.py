"""Ways of playing that words ask for are heard, or said not to be."""

from __future__ import annotations

from typing import Any

import pytest

from app.arrange.arranger import arrange
from app.arrange.asked import DRUM_ROWS, EDITS, asked_of
from app.arrange.style import Style
from app.theory.chance import Chance
from app.theory.notes import Arrangement
from app.theory.techniques import PLAYING
from tests.arrange.pieces import brief, progression, style

PLAIN = style(
    parts={
        "bass": {"engine": "pattern", "range": ["E1", "G3"], "a": "1 - - -"},
        "keys": {"engine": "comp", "range": ["C3", "C5"], "a": ["c . c .", ". c . c"], "voicing": "power"},
        "horns": {"engine": "line", "range": ["A3", "E5"], "a": "1 3 5 .", "rest": 0.2},
    }
)
IN_THE_PLAN = ("comping", "syncopation", "build", "die away", "fade out")  # every style plays so, or it goes bar by bar


def _arranged(groove: Style | None = None, **fields: Any) -> Arrangement:
    return arrange(brief(**fields), progression(), groove or PLAIN, Chance(1))


def _pitches(arrangement: Arrangement, role: str) -> list[int]:
    return [note.pitch for part in arrangement.parts if part.role == role for note in part.notes]


@pytest.mark.parametrize("name", PLAYING)
def test_a_way_of_playing_is_played_or_told(name: str) -> None:
    """It changes what is heard, belongs to another step, or a note says that nobody here plays it."""
    asked, notes = asked_of(PLAIN, brief(playing=(name,)))

    assert asked != PLAIN or any(name in note for note in notes) or name in IN_THE_PLAN


@pytest.mark.parametrize("name", [*EDITS, *DRUM_ROWS])
def test_the_tables_speak_of_known_ways(name: str) -> None:
    """No row of them is out of reach of words."""
    assert name in PLAYING


def test_what_is_refused_is_played_otherwise_or_told() -> None:
    """A style of walking bass and brushes without them walks no more and takes sticks; what it cannot be without stays, told."""
    own = PLAIN._replace(plays=("walking bass", "brushes", "montuno"))

    other, notes = asked_of(own, brief(avoid=("walking bass", "brushes", "montuno", "slide")))

    assert other.parts["bass"].engine == "two_feel"
    assert other.drums is not None
    assert other.drums.program == 0
    assert notes == ("montuno: test is played with it, so it stays",)


def test_brushes_change_the_kit() -> None:
    """Program 40 is the brush kit."""
    drums = next(part for part in _arranged(playing=("brushes",)).parts if part.role == "drums")

    assert (drums.program, drums.instrument) == (40, "brush kit")


def test_a_walking_bass_plays_every_beat() -> None:
    """Asked to walk, the bass leaves its rows."""
    assert len(_pitches(_arranged(playing=("walking bass",)), "bass")) > 3 * len(_pitches(_arranged(), "bass"))


def test_what_the_rows_have_already_is_left_to_them() -> None:
    """A groove that says `plays` keeps its own rows."""
    own = style({"plays": ["skank"]})

    assert asked_of(own, brief(playing=("skank",))) == (own, ())


def test_an_instrument_asked_for_is_taken() -> None:
    """`with Rhodes` is program 4 on keys."""
    keys = next(part for part in _arranged(programs=(("keys", 4),)).parts if part.role == "keys")

    assert (keys.program, keys.instrument) == (4, "electric piano 1")


def test_sparse_leaves_room_and_busy_fills_it() -> None:
    """Density moves how often comping rests."""
    sparse, busy = (len(_pitches(_arranged(density=density), "keys")) for density in (0.0, 1.0))

    assert sparse < busy


def test_the_clave_is_turned_with_all_that_follows_it() -> None:
    """A style written in 2-3 plays 3-2 when asked: the bars of clave and montuno change places, one-bar rows do not."""
    kit = {"clave": "2-3", "a": {"clave": ".. x. x. .. | x. .x .. x.", "maracas": "xx xx xx xx"}, "timelines": ["clave"]}
    keys = {"engine": "comp", "range": ["C3", "C5"], "a": "c . . c | . c . c", "clave": True}
    turned, notes = asked_of(style({"drums": kit}, parts={"keys": keys}), brief(playing=("clave 3-2",)))
    written = style({"drums": kit | {"clave": "3-2", "a": {"clave": "x. .x .. x. | .. x. x. ..", "maracas": "xx xx xx xx"}}},
                    parts={"keys": keys | {"a": ". c . c | c . . c"}})  # fmt: skip

    assert (turned.drums, turned.parts["keys"]) == (written.drums, written.parts["keys"])
    assert not notes
