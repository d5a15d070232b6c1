"""Controllers: the sustain pedal, an organ's swell and rotor, slides into notes; what each does and that all come to rest."""

from __future__ import annotations

from typing import Any

from app.arrange.controls import EXPRESSION, FAST, MODULATION, SUSTAIN, bend_range, controls
from app.theory.chance import Chance
from app.theory.notes import BEND, Control, Note
from tests.arrange.charts import part
from tests.arrange.pieces import plan, style

BAR = 1920


def _moves(notes: list[Note] | None = None, **fields: Any) -> tuple[Control, ...]:
    """The controllers of an organ over verses played as `a` and choruses played as `b`, eight bars each."""
    planned = plan(bars=32, playing=style({"sections": {"chorus": {"play": "b"}}}), parts=("drums", "bass", "organ"))
    return controls(planned, part("organ", "pad", **fields), notes or [], Chance(1))


def test_everything_is_at_rest_at_the_end() -> None:
    """Pedal up, expression full, rotor slow, bend in the middle."""
    found = _moves([Note(0, 960, 48, 90), Note(960, 960, 60, 90)], pedal=True, swell=True, rotor=True, glide=1.0)
    last = {control.number: control.value for control in found}

    assert last == {SUSTAIN: 0, EXPRESSION: 127, MODULATION: 0, BEND: 0}


def test_the_rotor_turns_fast_from_the_last_bar_before_a_chorus() -> None:
    """It speeds up within about a second and is slow again in the next verse."""
    found = [control for control in _moves(rotor=True) if control.number == MODULATION]
    fast = next(control.tick for control in found if control.value == FAST)

    assert max(control.value for control in found if control.tick < 7 * BAR) == 0
    assert 7 * BAR < fast < 8 * BAR
    assert [control.value for control in found if control.tick >= 16 * BAR + 960][:1] == [0]


def test_a_glide_begins_on_the_pitch_before() -> None:
    """A bass that rises an octave is struck bent down by it, in a range that reaches so far; a third is just struck."""
    gliding = part("bass", "pattern", glide=1.0)
    octave = _moves([Note(0, 960, 36, 90), Note(960, 960, 48, 90)], glide=1.0)
    third = _moves([Note(0, 960, 36, 90), Note(960, 960, 40, 90)], glide=1.0)

    assert bend_range(gliding) == 12
    assert octave[0] == Control(960, BEND, -8192)
    assert third == ()


def test_a_slide_comes_from_a_half_step_below() -> None:
    """With the usual range of two semitones, a quarter of the wheel."""
    found = _moves([Note(960, 960, 60, 90)], slide=1.0)

    assert bend_range(part("guitar", "line", slide=1.0)) == 2
    assert found[0] == Control(960, BEND, -4096)
