"""Rules of dominants: secondary dominants, ii-V, tritone and backdoor substitutes, suspension, altered and extended dominants."""

from __future__ import annotations

from typing import Final

from app.harmony.change import Change, Scene, degree, home_of, interval, is_minor, made, named, parts, resolves, whole_bars
from app.harmony.step import Step

ALTERED: Final = ("7b9", "7#9", "7#9#5", "7b9", "7#5")
APPLIED: Final = (  # dominants of a chord in four parts: name, its root and bass in fifths above the chord's root
    ("V65", 1, "7", 5), ("V6", 1, "", 5), ("V43", 1, "7", 2), ("V7", 1, "7", None), ("V", 1, "", None),
    ("vii°7", 5, "dim7", None), ("vii°6", 5, "dim", 2), ("vii°65", 5, "dim7", 2), ("viiø7", 5, "m7b5", None),
)  # fmt: skip
APPLIED_WEIGHTS: Final = (4, 2, 1, 2, 1, 2, 2, 1, 1)


def secondary_dominant(scene: Scene, at: int) -> Change | None:
    """The chord before a target gives its second half to the target's dominant; ii, iii and vi may turn into dominants."""
    here, then = scene.steps[at], scene.after(at)
    if then is None or here.rule or then.family in ("dim", "hdim", "sus", "aug") or here.same(then) or degree(then) == 0:
        return None
    if here.family == "min" and interval(here, then) == 5 and (not scene.divisible(at) or scene.chance.random() < 0.5):
        return Change(1, (_applied(scene, here, then).lasting(here.units),))
    if not scene.divisible(at):
        return _raised(scene, here, then)
    if resolves(here, then) or interval(here, then) in (0, 5):
        return None
    first, second = parts(here)
    return Change(1, (here.lasting(first), _applied(scene, here, then).lasting(second)))


def _applied(scene: Scene, here: Step, then: Step) -> Step:
    """The dominant of a chord: its V7; in four parts V65, V6, V7 or vii°7, so that the bass goes by step where it can."""
    if not scene.figures:
        return made(then, then.root + 1, "7", 1).marked("secondary dominant", f"V7 of {named(then)}")
    name, root, suffix, bass = scene.chance.choices(APPLIED, APPLIED_WEIGHTS)[0]
    if suffix == "m7b5" and then.family == "min":
        name, suffix = "vii°7", "dim7"
    low = None if bass is None or then.bass is not None else then.root + bass
    if here.bass is None and here.root == then.root + 1:
        name, root, suffix, low = scene.chance.choice((("V7", 1, "7", None), ("V", 1, "", None)))
    return (
        made(then, then.root + root, suffix, 1)
        ._replace(bass=low, settled=True)
        .marked("secondary dominant", f"{name} of {named(then)}")
    )


def _raised(scene: Scene, here: Step, then: Step) -> Change | None:
    """In four parts a chord too short to be shared gives way: the tonic to V65 of IV, IV and ii to V65 of V."""
    places = (degree(here), degree(then))
    if not scene.figures or places not in ((0, 5), (5, 7), (2, 7)) or then.bass is not None or resolves(here, then):
        return None
    dominant = made(then, then.root + 1, "7", here.units)._replace(bass=then.root + 5, settled=True)
    return Change(1, (dominant.marked("secondary dominant", f"V65 of {named(then)}"),))


def two_five(scene: Scene, at: int) -> Change | None:
    """A dominant of some length is split into its ii and itself."""
    here, before, then = scene.steps[at], scene.before(at), scene.after(at)
    if here.family != "dom" or here.bass is not None or not scene.divisible(at) or then is None:
        return None
    if interval(here, then) not in (5, 0) or (before is not None and (here.root - before.root) == -1):
        return None
    if not scene.insist and before is not None and before.root == here.root:
        return None
    minor = then.family in ("min", "hdim") if interval(here, then) == 5 else is_minor(scene, here)
    first, second = parts(here)
    two = made(here, here.root + 1, "m7b5" if minor else "m7", first)
    target = named(then) if interval(here, then) == 5 else "its target"
    return Change(1, (two.marked("ii-V", f"ii of {target}"), here.lasting(second)))


def tritone(scene: Scene, at: int) -> Change | None:
    """A dominant that falls a fifth is replaced by the one a tritone away, which falls a half step."""
    here, then = scene.steps[at], scene.after(at)
    if then is None or here.family != "dom" or interval(here, then) != 5:
        return None
    substitute = here._replace(root=then.root - 5, suffix="7", bass=None, settled=False)
    return Change(1, (substitute.marked("tritone substitution", f"subV7 of {named(then)}"),))


def backdoor(scene: Scene, at: int) -> Change | None:
    """iv7 and bVII7 lead into a major tonic in the place of ii and V."""
    here, then = scene.steps[at], scene.after(at)
    if then is None or degree(then) != 0 or then.family != "maj" or degree(here) != 7 or here.family not in ("dom", "sus"):
        return None
    home = home_of(then)
    why = "bVII7 to I in the place of V7"
    if not scene.divisible(at):
        return Change(1, (made(then, home - 2, "7", here.units).marked("backdoor", why),))
    first, second = parts(here)
    return Change(
        1, (made(then, home - 1, "m7", first).marked("backdoor", why), made(then, home - 2, "7", second).marked("backdoor", why))
    )


def suspended(scene: Scene, at: int) -> Change | None:
    """A dominant is held back by its fourth; in four parts a tonic too."""
    here = scene.steps[at]
    before = scene.before(at)
    tonic = here.suffix in ("", "m") and degree(here) == 0 and before is not None and before.family == "dom"
    plain = (
        (here.suffix == "" and degree(here) in (0, 7))
        if not scene.figures
        else tonic or (here.suffix == "" and degree(here) == 7)
    )
    if not (here.family == "dom" or plain) or here.bass is not None or not scene.divisible(at) or here.rule or degree(here) == 1:
        return None
    first, second = parts(here)
    held = here._replace(suffix="sus4" if plain or scene.figures else "7sus4", units=first)
    return Change(1, (held.marked("suspension", "the fourth before the third"), here.lasting(second)))


def altered(scene: Scene, at: int) -> Change | None:
    """A dominant that resolves takes altered tensions."""
    here, then = scene.steps[at], scene.after(at)
    if then is None or here.family != "dom" or interval(here, then) != 5 or here.bass is not None or here.settled:
        return None
    suffix = scene.chance.choice(ALTERED)
    changed = here._replace(suffix=suffix, settled=True)
    why = f"V{suffix} of {named(then)}" if not here.why else f"{here.why}, altered"
    return Change(1, (changed.marked("altered dominant", why),))


def extended(scene: Scene, at: int) -> Change | None:
    """Four bars become a chain of dominants round the circle of fifths, into what follows."""
    count = whole_bars(scene.steps, at, 4)
    if not count or at + count > len(scene.steps):
        return None
    then = scene.after(at + count - 1)
    if then is None:
        return None
    chain = tuple(
        made(then, then.root + distance, "7", 4).marked("circle of fifths", f"chain of dominants to {named(then)}")
        for distance in (4, 3, 2, 1)
    )
    return Change(count, chain)


def deceptive(scene: Scene, at: int) -> Change | None:
    """A dominant goes to vi (bVI in minor) where the tonic is expected."""
    here = scene.steps[at]
    if at + 1 >= len(scene.steps) or here.family != "dom" or degree(here) != 7:
        return None
    then = scene.steps[at + 1]
    if degree(then) != 0 or interval(here, then) != 5 or at + 2 >= len(scene.steps):
        return None
    minor = is_minor(scene, then)
    root = home_of(then) + (-4 if minor else 3)
    suffix = ("maj7" if minor else "m7") if len(then.suffix) > 1 else ("" if minor else "m")
    changed: Step = then._replace(root=root, suffix=suffix, bass=None)
    return Change(2, (here, changed.marked("deceptive cadence", "V to bVI" if minor else "V to vi")))


def secondary_two_five(scene: Scene, at: int) -> Change | None:
    """The chord before a target gives its second half to the target's own ii and V."""
    here, then = scene.steps[at], scene.after(at)
    if then is None or here.rule or here.units < 4 * scene.shortest or then.family in ("dim", "hdim", "sus", "aug"):
        return None
    if interval(here, then) == 0 or resolves(here, then):
        return None
    quarter = here.units // 4
    minor = then.family == "min"
    two = made(then, then.root + 2, "m7b5" if minor else "m7", quarter).marked("secondary ii-V", f"ii of {named(then)}")
    five = made(then, then.root + 1, "7", quarter).marked("secondary ii-V", f"V7 of {named(then)}")
    return Change(1, (here.lasting(here.units - 2 * quarter), two, five))
