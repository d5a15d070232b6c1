"""The table of substitution rules by their field names, and how they are worked into the steps of a section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, repeat, starmap
from random import Random
from types import MappingProxyType
from typing import Final, NamedTuple

from app.harmony import chromatic, dominants, formulas, regions
from app.harmony.change import Change, Rule, Scene, leads
from app.harmony.step import BAR, Step
from app.theory.chance import Later

Chances = tuple[tuple[str, float], ...]  # of every rule


class RuleEntry(NamedTuple):
    """A rule, and from which complexity on it is at home: below, it grows rare; above, frequent."""

    rule: Rule
    level: int


RULES: Final = MappingProxyType(
    {  # in the order in which they are tried: whole bars first, then splits, then colour
        "Coltrane changes": RuleEntry(regions.coltrane, 9),
        "circle of fifths": RuleEntry(dominants.extended, 6),
        "sequence": RuleEntry(regions.sequence, 5),
        "lament bass": RuleEntry(formulas.lament, 5),
        "andalusian cadence": RuleEntry(formulas.andalusian, 4),
        "turnaround": RuleEntry(regions.turnaround, 4),
        "line cliche": RuleEntry(regions.line_cliche, 5),
        "common-tone diminished": RuleEntry(chromatic.common_tone_diminished, 5),
        "quick change": RuleEntry(formulas.quick_change, 3),
        "relative substitution": RuleEntry(chromatic.relative, 4),
        "deceptive cadence": RuleEntry(dominants.deceptive, 4),
        "modal interchange": RuleEntry(chromatic.modal_interchange, 5),
        "Neapolitan": RuleEntry(chromatic.neapolitan, 7),
        "augmented sixth": RuleEntry(chromatic.augmented_sixth, 7),
        "cadential six-four": RuleEntry(formulas.cadential, 3),
        "backdoor": RuleEntry(dominants.backdoor, 6),
        "plagal cadence": RuleEntry(chromatic.plagal, 3),
        "ii-V": RuleEntry(dominants.two_five, 4),
        "secondary dominant": RuleEntry(dominants.secondary_dominant, 5),
        "secondary ii-V": RuleEntry(dominants.secondary_two_five, 6),
        "passing diminished": RuleEntry(chromatic.passing_diminished, 5),
        "prolongation": RuleEntry(chromatic.prolongation, 4),
        "chromatic mediant": RuleEntry(chromatic.chromatic_mediant, 7),
        "planing": RuleEntry(chromatic.planing, 6),
        "walk-up": RuleEntry(chromatic.walk_up, 3),
        "slash chord": RuleEntry(chromatic.inversion, 3),
        "half cadence": RuleEntry(formulas.half_cadence, 2),
        "suspension": RuleEntry(dominants.suspended, 3),
        "side-slip": RuleEntry(chromatic.side_slip, 7),
        "tritone substitution": RuleEntry(dominants.tritone, 6),
        "pedal point": RuleEntry(regions.pedal, 5),
        "altered dominant": RuleEntry(dominants.altered, 6),
    }
)
PLAINER, RICHER = 1.2, 2.5  # steps of complexity that halve the chances of chromatic rules below 5, and double them above
EVERYWHERE: Final = frozenset({"altered dominant", "tritone substitution", "secondary dominant", "modal interchange", "ii-V"})
LEAST: Final = 0.02  # the chance of these, a step of complexity above 7
MOODY: Final = 1.5  # the power of moods
SWAYED, SWAY = 2.0, 0.02  # a mood that makes a rule so much likelier gives it this chance in styles that do not know it
DRAWS: Final = 64  # units of a section (16 bars) that have draws of their own
BITS: Final = 64  # of a stream that one draw takes
ALIASES: Final = MappingProxyType(  # techniques that are other rules by another name: the first that finds a place
    {
        "chromatic approach": ("side-slip", "passing diminished"),
        "reharmonization": ("relative substitution", "tritone substitution", "secondary dominant"),
    }
)


def weighed(rules: Mapping[str, float], complexity: int, moods: Mapping[str, float], figures: bool = False) -> Chances:
    """The chance of every rule at this complexity and mood; at 2 and less only plain ones stay.

    In complex pieces the common ones are at home in every style, but for that in four parts, and where a table says 0.
    """
    least = 0.0 if figures else max(0, complexity - 7) * LEAST
    chances = []
    for name, entry in RULES.items():
        mood = moods.get(name, 1.0) ** MOODY
        unasked = 0.0 if figures or mood < SWAYED else SWAY
        base = rules.get(name, max(unasked, least if name in EVERYWHERE else 0.0))
        if not base or (complexity <= 2 and entry.level > 3):
            continue
        factor = 2.0 ** ((complexity - 5) / (PLAINER if complexity < 5 else RICHER)) if entry.level > 3 else 1.0
        chances.append((name, min(0.9, base * factor * mood)))
    return tuple(chances)


def drawn(chances: Chances, stream: Random, units: int) -> list[list[float]]:
    """What a stream says for every rule at every place of a section of so many units."""
    kept = min(units, DRAWS)
    rows = []
    for _ in chances:
        rows.append(list(starmap(stream.random, repeat((), kept))))
        if kept < DRAWS:
            stream.getrandbits((DRAWS - kept) * BITS)  # passes over what the longest section would have
    return rows


def worked_in(
    steps: list[Step], scene: Scene, choices: Later, drawn: Iterable[tuple[tuple[str, float], Sequence[float]]]
) -> list[Step]:
    """The steps of a scene with every rule tried at every place, each with its chance and what is drawn for it.

    What is drawn belongs to the rule and the place in bars, so that sections that begin alike go on alike; `choices` are those
    of the scene.
    """
    offsets = _offsets(steps)
    places = [offset % DRAWS for offset in offsets]
    for (name, probability), row in drawn:
        changed = False
        for at in reversed([at for at, place in enumerate(places) if row[place] < probability]):
            choices.anew(choices_of(row[places[at]]))
            change = RULES[name].rule(scene, at)
            if change is not None and _fits(scene, steps, at, offsets[at], change):
                steps[at : at + change.replaced] = change.steps
                changed = True
        if changed:
            offsets = _offsets(steps)
            places = [offset % DRAWS for offset in offsets]
    return steps


def _offsets(steps: Sequence[Step]) -> list[int]:
    """The unit of the section at which each step begins."""
    return list(accumulate([step.units for step in steps[:-1]], initial=0))


def _fits(scene: Scene, steps: Sequence[Step], at: int, offset: int, change: Change) -> bool:
    """Whether a change leaves a diminished chord its goal and a phrase its cadence."""
    before = steps[at - 1] if at else None
    if before is not None and before.family == "dim" and leads(before, steps[at]) and not leads(before, change.steps[0]):
        return False
    if not scene.cadence:
        return True
    old, new = (_cadences(found, offset, scene.cadence) for found in (steps[at : at + change.replaced], change.steps))
    return len(old) == len(new) and all(a.root == b.root and b.units * 2 >= BAR for a, b in zip(old, new, strict=True))


def _cadences(steps: Sequence[Step], offset: int, phrase: int) -> list[Step]:
    """The steps that end where a phrase does; the first begins at that unit of the section."""
    found = []
    for step in steps:
        offset += step.units
        if offset % phrase == 0:
            found.append(step)
    return found


def choices_of(draw: float) -> str:
    """The words of the stream for the choices inside a rule, from the draw that let it in."""
    return f"{int(draw * 2**53)}:choices"
