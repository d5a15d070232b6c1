"""Rules of chromatic colour: diminished passing chords, modal interchange, mediants, planing, predominants, walking basses."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from app.harmony.change import Change, Scene, degree, home_of, interval, is_minor, made, named, parts
from app.harmony.step import Step

RELATIVES: Final = (
    MappingProxyType(  # where a chord stands and its family → (fifths above the tonic, triad, seventh chord, reason)
        {
            (0, "maj"): ((3, "m", "m7", "vi for I"), (4, "m", "m7", "iii for I")),
            (5, "maj"): ((2, "m", "m7", "ii for IV"),),
            (2, "min"): ((-1, "", "maj7", "IV for ii"),),
            (9, "min"): ((0, "", "maj7", "I for vi"), (-1, "", "maj7", "IV for vi")),
            (4, "min"): ((0, "", "maj7", "I for iii"), (3, "m", "m7", "vi for iii")),
        }
    )
)
ADDED: Final = MappingProxyType(  # what a chord is and where it stands → what its second half becomes on the same root
    {
        ("", 0): ("7", "maj7", "6"), ("", 7): ("7",), ("", 5): ("maj7", "6", "m"), ("", 2): ("7",), ("", 10): ("7",),
        ("m", 0): ("m7", "mM7", "m6"), ("m", 2): ("m7",), ("m", 9): ("m7",), ("m", 5): ("m7", "m6"),
        ("maj7", 0): ("6", "6", "7"), ("maj7", 5): ("6", "7", "m6"), ("m7", 0): ("m6", "7"), ("m7", 2): ("7",),
        ("m7", 4): ("7",), ("m7", 9): ("7",),
    }
)  # fmt: skip
ADDED_FIGURED: Final = MappingProxyType(  # the same in four parts, as passing tones make it
    {
        ("", 0): ("7", "7", "7", "maj7", "maj7", "aug"), ("", 7): ("7",), ("", 5): ("maj7", "m"), ("", 2): ("7",),
        ("", 10): ("7",), ("m", 0): ("m7", "m7", "", "mM7"), ("m", 2): ("m7", "m7", "7"), ("m", 9): ("m7", "7"),
        ("m", 5): ("m7",), ("m", 4): ("m7",), ("", 8): ("maj7",), ("", 3): ("maj7", "7"),
    }
)  # fmt: skip
GOES_ON: Final = MappingProxyType({"7": (5, 11), "aug": (5, 9), "": (5, 0)})  # an added colour → where it wants to go
ANYWHERE: Final = tuple(range(12))
RELATIVES_MINOR: Final = MappingProxyType(
    {
        (0, "min"): ((-4, "", "maj7", "VI for i"), (-3, "", "maj7", "III for i")),
        (5, "min"): ((-4, "", "maj7", "VI for iv"), (2, "dim", "m7b5", "ii for iv")),
        (8, "maj"): ((-1, "m", "m7", "iv for VI"),), (3, "maj"): ((0, "m", "m7", "i for III"),),
    }
)  # fmt: skip

FOUR_PARTS: Final = (  # in four parts, major and minor: the same with a bass, in fifths above the root, None for the root itself
    MappingProxyType(
        {
            (0, "maj"): ((3, "m", "m7", None, "vi for I"),), (5, "maj"): ((2, "m", "m7", -3, "ii for IV"),),
            (2, "min"): ((-1, "", "", None, "IV for ii"),), (9, "min"): ((-1, "", "", None, "IV for vi"),),
            (7, "dom"): ((5, "dim", "dim", -3, "vii° for V"), (5, "m7b5", "m7b5", None, "viiø for V")),
            (7, "maj"): ((5, "dim", "dim", -3, "vii° for V"),),
        }
    ),
    MappingProxyType(
        {
            (0, "min"): ((-4, "", "maj7", None, "VI for i"),), (5, "min"): ((2, "dim", "m7b5", -3, "ii° for iv"),),
            (8, "maj"): ((-1, "m", "m7", None, "iv for VI"),),
            (7, "dom"): ((5, "dim", "dim", -3, "vii° for V"), (5, "dim7", "dim7", None, "vii° for V")),
            (7, "maj"): ((5, "dim", "dim", -3, "vii° for V"),),
        }
    ),
)  # fmt: skip


def passing_diminished(scene: Scene, at: int) -> Change | None:
    """A diminished seventh fills the whole step between two roots, upward, or down into a minor chord."""
    here, then = scene.steps[at], scene.after(at)
    if then is None or not scene.divisible(at) or here.family in ("dim", "hdim"):
        return None
    step = interval(here, then)
    up = step == 2 and here.family != "hdim"
    down = step == 10 and then.family == "min" and here.family == "min"
    over_root = then.bass is None or then.bass == then.root
    to_fifth = degree(here) == 5 and degree(then) == 0 and then.bass == home_of(then) + 1
    if not (((up or down) and over_root) or to_fifth):
        return None
    first, second = parts(here)
    root = then.root - 5 if down else (home_of(here) + 6 if to_fifth else then.root + 5)
    passing = made(here, root, "dim7", second)
    return Change(1, (here.lasting(first), passing.marked("passing diminished", f"leads to {named(then)}")))


def common_tone_diminished(scene: Scene, at: int) -> Change | None:
    """A long tonic is coloured by the diminished seventh on its own root."""
    here, then = scene.steps[at], scene.after(at)
    if here.family != "maj" or degree(here) != 0 or here.bass is not None or here.rule or then is None:
        return None
    if not scene.divisible(at) or not (here.same(then) or (scene.insist and here.units == 4)):
        return None
    first, second = parts(here)
    if not here.same(then):
        passing = made(here, here.root, "dim7", 1).marked("common-tone diminished", "I°7 returns to I")
        return Change(1, (here.lasting(2), passing, here.lasting(1)))
    passing = made(here, here.root, "dim7", second)
    return Change(1, (here.lasting(first), passing.marked("common-tone diminished", "I°7 returns to I")))


def modal_interchange(scene: Scene, at: int) -> Change | None:
    """Chords of the parallel minor: iv after IV, iiø for ii, bVI for vi; in minor the major IV of dorian."""
    here, then = scene.steps[at], scene.after(at)
    if here.rule or here.bass is not None or then is None:
        return None
    if is_minor(scene, here):
        if degree(here) == 5 and here.family == "min" and degree(then) == 0:
            return Change(1, (here._replace(suffix=here.suffix[1:]).marked("modal interchange", "IV of the dorian mode"),))
        return None
    return _borrowed(scene, at, here, then)


def _borrowed(scene: Scene, at: int, here: Step, then: Step) -> Change | None:
    where = degree(here)
    seventh = "7" in here.suffix or "9" in here.suffix
    if where == 5 and here.family == "maj" and degree(then) in (0, 4):
        minor = here._replace(suffix="m6" if seventh else "m").marked("modal interchange", "iv of the parallel minor")
        if not scene.divisible(at):
            return Change(1, (minor,))
        first, second = parts(here)
        return Change(1, (here.lasting(first), minor.lasting(second)))
    if where == 2 and here.suffix.startswith("m7") and degree(then) == 7:
        return Change(1, (here._replace(suffix="m7b5").marked("modal interchange", "iiø of the parallel minor"),))
    if where == 9 and here.family == "min" and interval(here, then) != 5:
        borrowed = here._replace(root=here.root - 7, suffix="maj7" if seventh else "")
        return Change(1, (borrowed.marked("modal interchange", "bVI of the parallel minor"),))
    return None


def chromatic_mediant(scene: Scene, at: int) -> Change | None:
    """A tonic moves by third to a major chord outside the key before it goes on."""
    here, then = scene.steps[at], scene.after(at)
    if degree(here) != 0 or here.family != "maj" or not scene.divisible(at) or then is None or here.rule:
        return None
    distance, name = scene.chance.choice(((-4, "bVI"), (-3, "bIII"), (4, "III")))
    first, second = parts(here)
    suffix = "maj7" if "7" in here.suffix or "9" in here.suffix else ""
    mediant = made(here, here.root + distance, suffix, second)
    return Change(1, (here.lasting(first), mediant.marked("chromatic mediant", f"{name} beside I")))


def side_slip(scene: Scene, at: int) -> Change | None:
    """The chord to come is heard a half step away first, in the same shape."""
    here, then = scene.steps[at], scene.after(at)
    if then is None or not scene.divisible(at) or then.family in ("dim", "hdim", "sus", "aug") or then.bass is not None:
        return None
    if interval(here, then) in (0, 1, 11) or here.rule:
        return None
    first, second = parts(here)
    above = scene.chance.random() < 0.75
    slid = made(here, then.root + (-5 if above else 5), then.suffix, second)
    why = f"{named(then)} a half step {'above' if above else 'below'}"
    return Change(1, (here.lasting(first), slid.marked("side-slip", why)))


def neapolitan(scene: Scene, at: int) -> Change | None:
    """The predominant before V is the major chord on the lowered second degree, its third in the bass."""
    here, then = scene.steps[at], scene.after(at)
    if then is None or degree(then) != 7 or then.family not in ("dom", "maj") or degree(here) not in (2, 5) or here.rule:
        return None
    home = home_of(here)
    chord = here._replace(root=home - 5, suffix="" if scene.figures else "maj7", bass=home - 1 if scene.figures else None)
    return Change(1, (chord.marked("Neapolitan", "bII before V"),))


def augmented_sixth(scene: Scene, at: int) -> Change | None:
    """The predominant before V is the German sixth, Ger65, written as bVI7."""
    here, then = scene.steps[at], scene.after(at)
    if then is None or degree(then) != 7 or then.family not in ("dom", "maj") or degree(here) not in (2, 5, 8) or here.rule:
        return None
    chord = here._replace(root=home_of(here) - 4, suffix="7", bass=None, settled=True)
    return Change(1, (chord.marked("augmented sixth", "Ger65 opens to V"),))


def walk_up(scene: Scene, at: int) -> Change | None:
    """The bass walks into the next chord: I - I/3 - IV, or I - V/7 - vi."""
    here, then = scene.steps[at], scene.after(at)
    if then is None or degree(here) != 0 or here.family not in ("maj", "dom") or not scene.divisible(at) or here.bass is not None:
        return None
    first, second = parts(here)
    home = home_of(here)
    if degree(then) == 5:
        return Change(1, (here.lasting(first), _walking(here, home, here.suffix, home + 4, second, "I/3 leads to IV")))
    if degree(then) == 2 and scene.insist:
        return Change(1, (here.lasting(first), _walking(here, home, here.suffix, home + 4, second, "I/3 leads to ii")))
    if degree(then) == 9:
        return Change(1, (here.lasting(first), _walking(here, home + 1, "", home + 5, second, "V/7 leads to vi")))
    return None


def _walking(here: Step, root: int, suffix: str, bass: int, units: int, why: str) -> Step:
    return made(here, root, suffix, units)._replace(bass=bass, settled=True).marked("walk-up", why)


def plagal(scene: Scene, at: int) -> Change | None:
    """The last dominant gives way to IV and iv."""
    here, then = scene.steps[at], scene.after(at)
    if then is None or degree(then) != 0 or degree(here) not in (5, 7) or at + 2 < len(scene.steps):
        return None
    if degree(here) == 5:
        return None if here.rule else Change(1, (here.marked("plagal cadence", "IV to I"),))
    minor = is_minor(scene, here)
    home = home_of(here)
    if minor or not scene.divisible(at):
        chord = made(here, home - 1, "m" if minor else "", here.units)
        return Change(1, (chord.marked("plagal cadence", "iv to i" if minor else "IV to I"),))
    first, second = parts(here)
    four = made(here, home - 1, "", first).marked("plagal cadence", "IV - iv - I")
    return Change(1, (four, made(here, home - 1, "m6", second).marked("plagal cadence", "IV - iv - I")))


def planing(scene: Scene, at: int) -> Change | None:
    """A chord moves in its own shape by a minor third or a whole step before the harmony goes on."""
    here, then = scene.steps[at], scene.after(at)
    if (
        then is None
        or not scene.divisible(at)
        or here.family not in ("min", "maj", "dom", "sus")
        or here.bass is not None
        or here.rule
    ):
        return None
    distance, why = scene.chance.choice(((-3, "a minor third up"), (2, "a whole step up"), (-2, "a whole step down")))
    first, second = parts(here)
    moved = made(here, here.root + distance, here.suffix, second)
    if moved.pc == then.pc:
        return None
    return Change(1, (here.lasting(first), moved.marked("planing", f"the same shape {why}")))


def inversion(scene: Scene, at: int) -> Change | None:
    """A chord between two others stands on its third, so that the bass goes by step."""
    here, then = scene.steps[at], scene.after(at)
    if then is None or here.family not in ("maj", "dom") or here.bass is not None or here.rule or not at:
        return None
    before = scene.steps[at - 1]
    bass = here.root + 4
    steps = {(bass * 7 - before.root * 7) % 12, (then.root * 7 - bass * 7) % 12}
    if not steps & {1, 2, 10, 11}:
        return None
    return Change(1, (here._replace(bass=bass).marked("slash chord", "the bass moves by step"),))


def relative(scene: Scene, at: int) -> Change | None:
    """A chord gives way to one a third away with the same function: vi or iii for I, ii for IV, IV for ii, VI for i."""
    here = scene.steps[at]
    if here.rule or here.bass is not None or not at or at + 1 >= len(scene.steps):
        return None
    choices = _relatives(scene, at)
    if not choices or (degree(here) != 0 and interval(scene.steps[at - 1], here) == 5 and _leads(scene.steps[at - 1])):
        return None
    root, triad, seventh, low, name = scene.chance.choice(choices)
    suffix = seventh if any(letter.isdigit() for letter in here.suffix) else triad
    if (root + home_of(here)) in (scene.steps[at + 1].root, scene.steps[at - 1].root):
        return None
    changed = made(here, home_of(here) + root, suffix, here.units)
    bass = None if low is None else changed.root + low
    return Change(1, (changed._replace(bass=bass).marked("relative substitution", f"{name} in its function"),))


def _relatives(scene: Scene, at: int) -> tuple[tuple[int, str, str, int | None, str], ...]:
    """What may stand for a chord: root, triad, seventh chord, bass and reason; the dominant of a section's cadence stays."""
    here = scene.steps[at]
    place, minor = (degree(here), here.family), is_minor(scene, here)
    if not scene.figures:
        found = (RELATIVES_MINOR if minor else RELATIVES).get(place, ())
        return tuple((root, triad, seventh, None, name) for root, triad, seventh, name in found)
    if place[0] == 7 and (degree(scene.steps[at + 1]) != 0 or at + 3 > len(scene.steps)):
        return ()
    return FOUR_PARTS[minor].get(place, ())


def _leads(step: Step) -> bool:
    return step.family == "dom" or (step.family == "maj" and degree(step) not in (0, 5))


def prolongation(scene: Scene, at: int) -> Change | None:
    """A chord goes on with another colour on its root: V to V7, I to I6 or I7, ii7 to II7."""
    here = scene.steps[at]
    choices = (ADDED_FIGURED if scene.figures else ADDED).get((here.suffix, degree(here)))
    if choices is None or here.rule or here.bass is not None or at + 1 >= len(scene.steps):
        return None
    suffix = scene.chance.choice(choices)
    if interval(here, scene.steps[at + 1]) not in GOES_ON.get(suffix if degree(here) != 7 else "any", ANYWHERE):
        return None
    other = here._replace(suffix=suffix, settled=True).marked("prolongation", "another colour on the same root")
    before = scene.before(at)
    if before is not None and before.same(here):
        return Change(1, (other,))
    if not scene.divisible(at):
        return None
    first, second = parts(here)
    return Change(1, (here._replace(units=first, settled=True), other.lasting(second)))
