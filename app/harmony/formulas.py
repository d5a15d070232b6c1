"""Rules that put in a known formula: lament bass, Andalusian cadence, quick change, half cadence, cadential six-four."""

from __future__ import annotations

from typing import Final

from app.harmony.change import Change, Scene, degree, home_of, is_minor, made, parts, whole_bars
from app.harmony.step import Step, Steps, read_row

LAMENT_MINOR: Final = "i | v/b7 | bVImaj7 | V7"
LAMENT_MAJOR: Final = "I | V/7 | I7/b7 | IV/6"
ANDALUSIAN: Final = "i | bVII | bVI | V"


def lament(scene: Scene, at: int) -> Change | None:
    """Four bars from the tonic over a bass that falls to the fifth."""
    count = whole_bars(scene.steps, at, 4)
    if not count or degree(scene.steps[at]) != 0:
        return None
    row = LAMENT_MINOR if is_minor(scene, scene.steps[at]) else LAMENT_MAJOR
    return Change(count, _formula(scene.steps[at], row, "lament bass", "the bass falls by step from the tonic"))


def andalusian(scene: Scene, at: int) -> Change | None:
    """Four bars of i - bVII - bVI - V, where the tonic is minor."""
    count = whole_bars(scene.steps, at, 4)
    here = scene.steps[at]
    if not count or degree(here) != 0 or not (is_minor(scene, here) or here.family == "min"):
        return None
    return Change(count, _formula(here, ANDALUSIAN, "andalusian cadence", "i - bVII - bVI - V"))


def _formula(like: Step, row: str, rule: str, why: str) -> Steps:
    home = home_of(like)
    return tuple(
        step._replace(
            root=step.root + home,
            bass=None if step.bass is None else step.bass + home,
            home=like.home,
            minor=like.minor,
            rule=rule,
            why=why,
        )
        for bar in read_row(row)
        for step in bar
    )


def quick_change(scene: Scene, at: int) -> Change | None:
    """The second bar of a blues goes to IV."""
    here, first = scene.steps[at], scene.steps[0]
    count = whole_bars(scene.steps, at, 1)
    if (
        sum(step.units for step in scene.steps[:at]) != 4
        or at + 1 >= len(scene.steps)
        or not count
        or degree(first) != 0
        or first.family not in ("dom", "min", "maj")
    ):
        return None
    if not scene.insist and (degree(here) != 0 or count > 1 or here.rule):
        return None
    four = made(first, home_of(first) - 1, first.suffix, 4)
    return Change(count, (four.marked("quick change", "IV in the second bar"),))


def half_cadence(scene: Scene, at: int) -> Change | None:
    """A phrase of four bars inside the section ends on the dominant."""
    here = scene.steps[at]
    end = sum(step.units for step in scene.steps[: at + 1])
    if end % 16 or at + 1 >= len(scene.steps) or degree(here) == 7 or here.rule or here.units < 2:
        return None
    suffix = "7" if len(here.suffix) > 1 else ""
    return Change(1, (made(here, home_of(here) + 1, suffix, here.units).marked("half cadence", "the phrase ends on V"),))


def cadential(scene: Scene, at: int) -> Change | None:
    """The dominant of a cadence begins as the tonic's six-four."""
    here, then = scene.steps[at], scene.after(at)
    if then is None or degree(here) != 7 or here.family not in ("dom", "maj") or degree(then) != 0 or not scene.divisible(at):
        return None
    if here.bass is not None or here.rule:
        return None
    first, second = parts(here)
    home = home_of(here)
    six_four = made(here, home, "m" if is_minor(scene, here) else "", first)._replace(bass=home + 1, settled=True)
    return Change(1, (six_four.marked("cadential six-four", "6/4 to 5/3 over V"), here.lasting(second)))
