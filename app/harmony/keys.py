"""Changes of key: a section goes to a near key and comes back, or the last one is lifted by a half step."""

from __future__ import annotations

from typing import Final

from app.harmony.forms import Plan
from app.harmony.step import BAR, Step

Parts = list[list[Step]]

NEAR_MAJOR: Final = (-1, 1, -4, -3)  # fifths: IV, V, bVI, bIII
NEAR_MINOR: Final = (-3, -1, 1, -4)  # bIII, iv, v, bVI
HALF_STEP: Final = -5
RULE: Final = "modulation"


def modulated(sections: Parts, plan: Plan, minor: bool) -> tuple[Parts, bool]:
    """The sections with one of them, neither first nor last, in a near key; whether there was a place.

    The chord before it stays as the pivot and is followed by the new key's dominant; the section ends on the home key's.
    """
    inner = [place for place in range(1, len(sections) - 1) if plan.stretches[place].bars >= 2]
    if not inner:
        return _within(sections, minor)
    chosen = next((place for place in inner if plan.stretches[place].kind == "bridge"), inner[len(inner) // 2])
    distance = (NEAR_MINOR if minor else NEAR_MAJOR)[chosen % 2]
    sections[chosen] = [moved(step, distance, minor) for step in sections[chosen]]
    sections[chosen - 1][-1:] = _into(sections[chosen - 1][-1], distance, "the new key's dominant", RULE)
    sections[chosen][-1:] = _into(sections[chosen][-1], 0, "back to the home key", RULE)
    return sections, True


def _within(sections: Parts, minor: bool) -> tuple[Parts, bool]:
    """In a short piece bars from the middle of the last section go away and come back."""
    flat = sections[-1]
    total = sum(step.units for step in flat) // BAR
    distance = -3 if minor else 1
    first, last = total // 2, total - max(1, total // 4)
    units, changed, inside = 0, [], []
    for place, step in enumerate(flat):
        if first <= units // BAR < last:
            inside.append(place)
        changed.append(moved(step, distance, minor) if first <= units // BAR < last else step)
        units += step.units
    if total < 4 or not inside or inside[0] == 0 or inside[-1] + 1 >= len(changed):
        return sections, False
    start, end = inside[0], inside[-1]
    head = _into(changed[start - 1], distance, "the new key's dominant", RULE)
    tail = _into(changed[end], 0, "back to the home key", RULE)
    sections[-1] = [*changed[: start - 1], *head, *changed[start:end], *tail, *changed[end + 1 :]]
    return sections, True


def lifted(sections: Parts, plan: Plan, minor: bool) -> tuple[Parts, bool]:
    """The last section (and a tag after it) a half step up, led in by the new key's dominant; whether there was one to lift."""
    first = len(sections) - 1
    while first > 1 and plan.stretches[first].kind in ("tag", "ending"):
        first -= 1
    if first < 1:
        return sections, False
    for place in range(first, len(sections)):
        sections[place] = [moved(step, HALF_STEP, minor) for step in sections[place]]
    sections[first - 1][-1:] = _into(sections[first - 1][-1], HALF_STEP, "the last time up a half step", "step-up modulation")
    return sections, True


def moved(step: Step, distance: int, minor: bool) -> Step:
    """The same chord in a key so many fifths away."""
    if step.home is not None:
        minor = step.minor
    bass = None if step.bass is None else step.bass + distance
    return step._replace(root=step.root + distance, bass=bass, home=(step.home or 0) + distance, minor=minor)


def led_into(step: Step, tonic: int, minor: bool) -> list[Step]:
    """A chord whose second half is the dominant of the key that follows."""
    why = "the new key's dominant" if tonic else "back to the home key"
    return [each._replace(minor=minor) if each.rule == RULE else each for each in _into(step, tonic, why, RULE)]


def _into(step: Step, tonic: int, why: str, rule: str) -> list[Step]:
    """A chord whose second half is the dominant of a new tonic; a short one gives way to it."""
    first, second = step.units - step.units // 2, step.units // 2
    dominant = Step(tonic + 1, "7", second or first, home=tonic or None, rule=rule, why=why)
    return [step.lasting(first), dominant] if second else [dominant]
