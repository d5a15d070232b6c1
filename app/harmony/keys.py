"""Modulation: a section inside the piece goes to another key through a chord that both have, and comes back."""

from __future__ import annotations

from app.harmony.forms import Plan
from app.harmony.step import BAR, Step

Parts = list[list[Step]]

NEAR_MAJOR = ((-1, "IV"), (1, "V"), (-4, "bVI"), (-3, "bIII"))
NEAR_MINOR = ((-3, "bIII"), (-1, "iv"), (1, "v"), (-4, "bVI"))


def modulated(sections: Parts, plan: Plan, minor: bool) -> tuple[Parts, bool]:
    """The sections with one of them, neither first nor last, in a near key; whether there was one."""
    inner = [place for place in range(1, len(sections) - 1) if plan.stretches[place].bars >= 2]
    chosen = next((place for place in inner if plan.stretches[place].kind == "bridge"), inner[len(inner) // 2] if inner else None)
    if chosen is None:
        return _within(sections, minor)
    distance, _ = (NEAR_MINOR if minor else NEAR_MAJOR)[chosen % 2]
    sections[chosen] = [_moved(step, distance, minor) for step in sections[chosen]]
    name = "the new key's dominant"
    sections[chosen - 1][-1:] = _into(sections[chosen - 1][-1], distance, name)
    sections[chosen][-1:] = _into(sections[chosen][-1], 0, "back to the home key")
    return sections, True


def _within(sections: Parts, minor: bool) -> tuple[Parts, bool]:
    """In a short piece the third quarter goes away and comes back."""
    flat = sections[-1]
    total = sum(step.units for step in flat) // BAR
    if total < 4:
        return sections, False
    distance = -3 if minor else 1
    first, last = total // 2, total - max(1, total // 4)
    units, changed = 0, []
    for step in flat:
        bar = units // BAR
        changed.append(_moved(step, distance, minor) if first <= bar < last else step)
        units += step.units
    edge = max((place for place, step in enumerate(changed) if step.home == distance), default=None)
    start = min((place for place, step in enumerate(changed) if step.home == distance), default=0)
    if edge is None or start == 0 or edge + 1 >= len(changed):
        return sections, False
    tail = _into(changed[edge], 0, "back to the home key")
    head = _into(changed[start - 1], distance, "the new key's dominant")
    sections[-1] = [*changed[: start - 1], *head, *changed[start:edge], *tail, *changed[edge + 1 :]]
    return sections, True


def _moved(step: Step, distance: int, minor: bool) -> Step:
    if step.home is not None:
        minor = step.minor
    bass = None if step.bass is None else step.bass + distance
    return step._replace(root=step.root + distance, bass=bass, home=(step.home or 0) + distance, minor=minor)


def _into(step: Step, tonic: int, why: str) -> list[Step]:
    """A chord that ends on the dominant of a new tonic: the first half stays as what both keys share."""
    first, second = step.units - step.units // 2, step.units // 2
    suffix = "7" if step.suffix not in ("", "m") or True else "7"
    dominant = Step(tonic + 1, suffix, second or first, home=tonic or None, rule="modulation", why=why)
    return [step._replace(units=first), dominant] if second else [dominant]
