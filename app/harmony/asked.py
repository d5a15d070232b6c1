"""Techniques that the words ask for: each is worked in where it fits, or a note says that it found no place."""

from __future__ import annotations

from random import Random
from types import MappingProxyType
from typing import Final

from app.harmony.change import Scene, degree
from app.harmony.colour import QUARTAL, RICH, UPPER, enriched
from app.harmony.forms import Plan
from app.harmony.rules import ALIASES, RULES, places
from app.harmony.step import Step
from app.harmony.tables import HarmonyTables
from app.theory.brief import Brief

Parts = list[list[Step]]

ENOUGH: Final = 10  # bars for each further time that a technique is worked in
COLOURS: Final = MappingProxyType(
    {
        "extended chords": (RICH, "ninths and thirteenths"), "quartal harmony": (QUARTAL, "built in fourths"),
        "upper structure": (UPPER, "a triad above the seventh"),
    }
)  # fmt: skip
ELSEWHERE: Final = frozenset({"modulation", "authentic cadence", "step-up modulation"})


def fulfilled(
    sections: Parts, plan: Plan, brief: Brief, tables: HarmonyTables, chance: Random
) -> tuple[Parts, tuple[str, ...], tuple[str, ...]]:
    """The sections with every technique asked for, and notes on those that found no place."""
    notes: list[str] = []
    for asked in dict.fromkeys(brief.techniques):
        name = ALIASES.get(asked, asked)
        if not name or name in ELSEWHERE:
            continue
        if name in COLOURS:
            sections = _coloured(sections, name)
        elif name == "Picardy third":
            notes += _picardy(sections, brief)
        elif name in RULES:
            notes += _worked(name, sections, plan, brief, tables, chance)
        else:
            notes.append(f"{asked}: not a rule of harmony here")
    return sections, (), tuple(notes)


def _coloured(sections: Parts, name: str) -> Parts:
    table, why = COLOURS[name]
    return [[enriched(step, table, name, why) for step in section] for section in sections]


def _picardy(sections: Parts, brief: Brief) -> list[str]:
    last = sections[-1][-1]
    if last.family != "min":
        return [] if not brief.key.is_minor else ["Picardy third: the ending is major already"]
    sections[-1][-1] = last._replace(suffix="", settled=True, rule="Picardy third", why="the last chord is major")
    return []


def _worked(name: str, sections: Parts, plan: Plan, brief: Brief, tables: HarmonyTables, chance: Random) -> list[str]:
    """Work a rule in until the piece has it often enough: more freely placed the second time."""
    from app.harmony.compose import shortest

    wanted = 1 + brief.num_bars // ENOUGH
    have = sum(step.rule == name for section in sections for step in section)
    order = list(range(len(sections)))
    chance.shuffle(order)
    for size in (shortest(tables, brief), 1):
        for place in order * 2:
            if have >= wanted:
                return []
            have += _once(name, sections, place, Scene((), None, brief.key.is_minor, size, chance, tables.figures))
    del plan
    return [] if have else [f"{name}: found no place in these {brief.num_bars} bars"]


def _once(name: str, sections: Parts, place: int, scene: Scene) -> int:
    following = sections[place + 1][0] if place + 1 < len(sections) else None
    steps = sections[place]
    found = places(name, steps, scene._replace(following=following))
    if following is None:
        found = [(at, change) for at, change in found if at + change.count < len(steps) or degree(change.steps[-1]) == 0]
    if not found:
        return 0
    at, change = scene.chance.choice(found)
    steps[at : at + change.count] = change.steps
    return 1
