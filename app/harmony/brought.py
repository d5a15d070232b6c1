"""Techniques that were asked for and that no rule finds a place for: how a player would bring each of them in all the same."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from app.harmony.change import Change, Rule, Scene, degree, home_of, interval, is_minor, made, named, parts
from app.harmony.step import Step

GOALS: Final = frozenset({"maj", "min", "dom"})  # families that something can lead to
MEDIANTS: Final = ((-4, "bVI"), (4, "III"), (-3, "bIII"))
DOMINANT_LINE: Final = ("", "aug", "6", "7")


def _way(scene: Scene, at: int) -> tuple[Step, Step] | None:
    """A chord and the one it goes to, another root that can be led to."""
    here, then = scene.steps[at], scene.after(at)
    if then is None or here.family in ("dim", "hdim") or then.family not in GOALS or here.root == then.root:
        return None
    return here, then


def _home(scene: Scene, at: int) -> tuple[Step, Step] | None:
    """A chord that is no tonic and the tonic after it."""
    way = _way(scene, at)
    return way if way is not None and degree(way[1]) == 0 and degree(way[0]) != 0 else None


def _shared(here: Step, new: Step) -> tuple[Step, ...]:
    """A chord that gives its second half to a new one; a short one gives way."""
    first, second = parts(here)
    return (here._replace(units=first), new._replace(units=second)) if second else (new._replace(units=here.units),)


def _plain(step: Step, triad: str, seventh: str) -> str:
    """A triad among triads, a seventh chord among sevenths."""
    return seventh if any(letter.isdigit() for letter in step.suffix) else triad


def _led(scene: Scene, at: int, fifths: int, suffix: str, name: str, why: str) -> Change | None:
    """A chord leads to the next with its second half, so many fifths above the goal's root."""
    way = _way(scene, at)
    if way is None or not scene.divisible(at):
        return None
    new = made(way[1], way[1].root + fifths, suffix, 1)._replace(settled=len(suffix) > 1)
    return Change(1, _shared(way[0], new.marked(name, f"{why} of {named(way[1])}")))


def backdoor(scene: Scene, at: int) -> Change | None:
    way = _home(scene, at)
    if way is None or way[1].family == "min":
        return None
    new = made(way[1], home_of(way[1]) - 2, "7", 1).marked("backdoor", "bVII7 to I in the place of V7")
    return Change(1, _shared(way[0], new))


def deceptive(scene: Scene, at: int) -> Change | None:
    way = _home(scene, at)
    if way is None or at + 2 >= len(scene.steps):
        return None
    here, then = way
    minor = is_minor(scene, then)
    five = made(then, home_of(then) + 1, "7", 1)
    suffix = _plain(then, "", "maj7") if minor else _plain(then, "m", "m7")
    six = made(then, home_of(then) + (-4 if minor else 3), suffix, then.units)
    led = (here,) if degree(here) == 7 else _shared(here, five)
    return Change(2, (*led, six.marked("deceptive cadence", "V to bVI" if minor else "V to vi")))


def common_tone(scene: Scene, at: int) -> Change | None:
    here, before, then = scene.steps[at], scene.before(at), scene.after(at)
    why = "I°7 returns to I"
    around = before is not None and then is not None and degree(before) == degree(then) == 0 and before.family == then.family
    if around and then is not None and then.family in ("maj", "dom") and degree(here) != 0:
        return Change(1, (made(then, then.root, "dim7", here.units).marked("common-tone diminished", why),))
    if here.family not in ("maj", "dom") or degree(here) != 0 or here.units != 4 or here.bass is not None:
        way = _home(scene, at)
        if way is None or way[1].family not in ("maj", "dom") or here.units != 2 or scene.shortest > 1:
            return None
        return Change(1, _shared(here, made(way[1], way[1].root, "dim7", 1).marked("common-tone diminished", why)))
    return Change(
        1,
        (here._replace(units=2), made(here, here.root, "dim7", 1).marked("common-tone diminished", why), here._replace(units=1)),
    )


def walk_up(scene: Scene, at: int) -> Change | None:
    way = _way(scene, at)
    if way is None or degree(way[0]) != 0 or not scene.divisible(at) or way[0].bass is not None:
        return None
    here, then = way
    home, minor = home_of(here), here.family == "min"
    if degree(then) == 5:
        low, why = (home - 3, "i/b3 leads to iv") if minor else (home + 4, "I/3 leads to IV")
        new = made(here, home, here.suffix, 1)._replace(bass=low)
    elif minor and degree(then) in (8, 10):
        low, why = (home - 2, "v/b7 leads down to bVI") if degree(then) == 8 else (home + 2, "v/2 leads down to bVII")
        new = made(here, home + 1, "m", 1)._replace(bass=low)
    else:
        low = then.root + 5
        why = f"a bass of half steps leads to {named(then)}"
        new = made(then, then.root + 1, "7", 1)._replace(bass=low)
    return Change(1, _shared(here, new._replace(settled=True).marked("walk-up", why)))


def chromatic_mediant(scene: Scene, at: int) -> Change | None:
    here, then = scene.steps[at], scene.after(at)
    if degree(here) != 0 or here.family not in GOALS or then is None or here.units < 2:
        return None
    distance, name = scene.chance.choice(MEDIANTS)
    suffix = {"min": _plain(here, "m", "m7"), "dom": "7", "maj": _plain(here, "", "maj7")}[here.family]
    name = name.lower() if here.family == "min" else name
    mediant = made(here, here.root + distance, suffix, 1)
    return Change(1, _shared(here, mediant.marked("chromatic mediant", f"{name} beside {named(here)}")))


def _predominant(scene: Scene, at: int, distance: int, suffix: str, name: str, why: str) -> Change | None:
    """A chord before V, or before a tonic that then gets its V."""
    way = _way(scene, at)
    if way is None:
        return None
    here, then = way
    new = made(here, home_of(here) + distance, suffix, 1)._replace(settled=suffix == "7").marked(name, why)
    if scene.figures and name == "Neapolitan":
        new = new._replace(bass=home_of(here) - 1)
    if degree(then) == 7 and then.family in ("maj", "dom") and (degree(here) != 0 or here.units > 1):
        return Change(1, _shared(here, new) if degree(here) == 0 else (new._replace(units=here.units),))
    if degree(then) != 0 or degree(here) == 0 or here.units < 2:
        return None
    first, second = parts(here)
    return Change(1, (new._replace(units=first), made(then, home_of(then) + 1, "7", second)))


def neapolitan(scene: Scene, at: int) -> Change | None:
    return _predominant(scene, at, -5, "" if scene.figures else "maj7", "Neapolitan", "bII before V")


def augmented_sixth(scene: Scene, at: int) -> Change | None:
    return _predominant(scene, at, -4, "7", "augmented sixth", "Ger65 opens to V")


def modal_interchange(scene: Scene, at: int) -> Change | None:
    here, then = scene.steps[at], scene.after(at)
    if then is None or here.units < 2 or here.bass is not None:
        return None
    if is_minor(scene, here):
        if degree(here) != 0 or here.family != "min":
            return None
        new = made(here, home_of(here) - 1, _plain(here, "", "7"), 1)
        return Change(1, _shared(here, new.marked("modal interchange", "IV of the dorian mode")))
    if _home(scene, at) is None:
        return None
    new = made(then, home_of(then) - 1, _plain(here, "m", "m6"), 1)
    return Change(1, _shared(here, new.marked("modal interchange", "iv of the parallel minor")))


def six_four(scene: Scene, at: int) -> Change | None:
    way = _home(scene, at)
    if way is None or not at or way[0].units < 2:
        return None
    home = home_of(way[1])
    first, second = parts(way[0])
    suffix = "m" if is_minor(scene, way[1]) else ""
    six = (
        made(way[1], home, suffix, first)._replace(bass=home + 1, settled=True).marked("cadential six-four", "6/4 to 5/3 over V")
    )
    return Change(1, (six, made(way[1], home + 1, "7", second)))


def passing_diminished(scene: Scene, at: int) -> Change | None:
    way = _way(scene, at)
    if way is None or way[0].units < 2:
        return None
    new = made(way[1], way[1].root + 5, "dim7", 1).marked("passing diminished", f"leads to {named(way[1])}")
    return Change(1, _shared(way[0], new))


def two_five(scene: Scene, at: int) -> Change | None:
    way = _home(scene, at)
    if way is None or not at or way[0].units < 2:
        return None
    then = way[1]
    first, second = parts(way[0])
    two = made(then, then.root + 2, "m7b5" if then.family == "min" else "m7", first).marked("ii-V", f"ii of {named(then)}")
    return Change(1, (two, made(then, then.root + 1, "7", second).marked("ii-V", f"V7 of {named(then)}")))


def secondary_two_five(scene: Scene, at: int) -> Change | None:
    """Two chords become the ii and V of a third."""
    if not at or at + 1 >= len(scene.steps):
        return None
    then, last = scene.after(at + 1), scene.steps[at + 1]
    if then is None or then.family not in GOALS or degree(then) == 0 or last.root == then.root:
        return None
    two = made(then, then.root + 2, "m7b5" if then.family == "min" else "m7", scene.steps[at].units)
    five = made(then, then.root + 1, "7", last.units)
    name = named(then)
    return Change(2, (two.marked("secondary ii-V", f"ii of {name}"), five.marked("secondary ii-V", f"V7 of {name}")))


def suspension(scene: Scene, at: int) -> Change | None:
    here = scene.steps[at]
    if here.family not in GOALS or here.bass is not None or here.units < 2 or not at:
        return None
    first, second = parts(here)
    held = here._replace(suffix="7sus4" if here.family == "dom" and not scene.figures else "sus4", units=first, settled=True)
    return Change(1, (held.marked("suspension", "the fourth before the third"), here._replace(units=second, settled=True)))


def half_cadence(scene: Scene, at: int) -> Change | None:
    here = scene.steps[at]
    end = sum(step.units for step in scene.steps[: at + 1])
    if end % 16 or (at + 1 >= len(scene.steps) and scene.following is None):
        return None
    if degree(here) == 7 and here.family in ("maj", "dom"):
        return Change(1, (here.marked("half cadence", "the phrase ends on V"),))
    five = made(here, home_of(here) + 1, _plain(here, "", "7"), 1).marked("half cadence", "the phrase ends on V")
    return Change(1, _shared(here, five))


def plagal(scene: Scene, at: int) -> Change | None:
    here, then = scene.steps[at], scene.after(at)
    if then is None or degree(then) != 0 or at + 2 < len(scene.steps):
        return None
    minor = then.family == "min"
    four = made(then, home_of(then) - 1, "m" if minor else "", 1).marked("plagal cadence", "iv to i" if minor else "IV to I")
    return Change(1, _shared(here, four) if degree(here) == 0 else (four._replace(units=here.units),))


def line_cliche(scene: Scene, at: int) -> Change | None:
    here = scene.steps[at]
    short = here.units == 2 and here.bass is None and scene.shortest == 1
    if short and (here.family == "min" or (here.family == "maj" and scene.figures and degree(here) == 0)):
        why = "a line falls inside the chord"
        falling = ("m", "mM7") if here.family == "min" else ("", "maj7")
        two = tuple(made(here, here.root, suffix, 1)._replace(settled=True) for suffix in falling)
        return Change(1, tuple(step.marked("line cliche", why) for step in two))
    if here.family != "dom" or degree(here) != 0 or here.units != 4 or here.bass is not None or scene.shortest > 1:
        return None
    why = "a line rises inside the chord"
    line = tuple(made(here, here.root, suffix, 1)._replace(settled=True).marked("line cliche", why) for suffix in DOMINANT_LINE)
    return Change(1, line)


def slash_chord(scene: Scene, at: int) -> Change | None:
    here = scene.steps[at]
    if not at or here.family not in GOALS or here.bass is not None:
        return None
    bass = here.root + (-3 if here.family == "min" else 4)
    return Change(1, (here._replace(bass=bass).marked("slash chord", "its third is the bass"),))


def _at_once(fifths: int, suffix: str, name: str, why: str) -> Rule:
    def rule(scene: Scene, at: int) -> Change | None:
        then = scene.after(at)
        stands = then is not None and interval(scene.steps[at], then) == -fifths * 7 % 12
        return None if stands else _led(scene, at, fifths, suffix, name, why)

    return rule


BROUGHT: Final = MappingProxyType[str, Rule](
    {
        "backdoor": backdoor, "deceptive cadence": deceptive, "common-tone diminished": common_tone, "walk-up": walk_up,
        "chromatic mediant": chromatic_mediant, "Neapolitan": neapolitan, "augmented sixth": augmented_sixth,
        "modal interchange": modal_interchange, "cadential six-four": six_four, "passing diminished": passing_diminished,
        "ii-V": two_five, "secondary ii-V": secondary_two_five, "suspension": suspension, "half cadence": half_cadence,
        "plagal cadence": plagal, "line cliche": line_cliche, "slash chord": slash_chord,
        "altered dominant": _at_once(1, "7#9", "altered dominant", "V7#9"),
        "tritone substitution": _at_once(-5, "7", "tritone substitution", "subV7"),
        "secondary dominant": _at_once(1, "7", "secondary dominant", "V7"),
    }
)  # fmt: skip
