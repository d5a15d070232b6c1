"""Techniques that the words ask for: each is worked in where it fits, or a note says that it found no place."""

from __future__ import annotations

from random import Random
from types import MappingProxyType
from typing import Final

from app.harmony.change import Change, Scene, degree, home_of, made
from app.harmony.colour import QUARTAL, RICH, UPPER, enriched
from app.harmony.forms import Plan
from app.harmony.keys import lifted, modulated
from app.harmony.pace import shortest
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
KEYS: Final = MappingProxyType({"modulation": modulated, "step-up modulation": lifted})


def fulfilled(sections: Parts, plan: Plan, brief: Brief, tables: HarmonyTables, chance: Random) -> tuple[Parts, tuple[str, ...]]:
    """The sections with every technique asked for, and notes on those that found no place. New keys come last."""
    notes: list[str] = []
    for asked in sorted(dict.fromkeys(brief.techniques), key=lambda name: name in KEYS):
        name = ALIASES.get(asked, asked)
        if name == "modulation" and brief.destination is not None:
            continue
        if name in KEYS:
            sections, done = KEYS[name](sections, plan, brief.key.is_minor)
            notes += [] if done else [f"{name}: these {brief.num_bars} bars have no section that could change its key"]
        elif name in COLOURS:
            sections = _coloured(sections, name)
            done = any(step.rule == name for section in sections for step in section)
            notes += [] if done else [f"{name}: no chord here takes it"]
        elif name == "Picardy third":
            notes += _picardy(sections, brief)
        elif name == "authentic cadence":
            notes += _authentic(sections)
        elif name in RULES:
            notes += _worked(asked, name, sections, brief, tables, chance)
        else:
            notes.append(f"{asked}: not a rule of harmony here")
    return sections, tuple(notes)


def _coloured(sections: Parts, name: str) -> Parts:
    table, why = COLOURS[name]
    return [[enriched(step, table, name, why) for step in section] for section in sections]


def _picardy(sections: Parts, brief: Brief) -> list[str]:
    last = sections[-1][-1]
    if not brief.key.is_minor:
        return ["Picardy third: the key is major, and so is its ending"]
    sections[-1][-1] = last._replace(suffix="", settled=True, rule="Picardy third", why="the last chord is major")
    return []


def _authentic(sections: Parts) -> list[str]:
    """The chord before the last is the dominant."""
    last = sections[-1]
    if len(last) < 2:
        return ["authentic cadence: one chord makes none"]
    before = last[-2]
    if degree(before) != 7 or before.family not in ("dom", "maj"):
        before = made(before, home_of(before) + 1, "7", before.units)
    last[-2] = before.marked("authentic cadence", "V to I at the end")
    return []


def _worked(asked: str, name: str, sections: Parts, brief: Brief, tables: HarmonyTables, chance: Random) -> list[str]:
    """Work a rule in until the piece has it often enough: with shorter chords where the usual ones find no place."""
    wanted = 1 + brief.num_bars // ENOUGH
    have = sum(step.rule == name for section in sections for step in section)
    order = list(range(len(sections)))
    chance.shuffle(order)
    for size in (shortest(tables, brief), 1):
        for place in order * 2:
            if have < wanted:
                have += _once(
                    name, sections, place, Scene((), None, brief.key.is_minor, size, chance, insist=True, figures=tables.figures)
                )
    if asked != name:
        for section in sections:
            section[:] = [step._replace(rule=asked) if step.rule == name else step for step in section]
    return [] if have else [f"{asked}: found no place in these {brief.num_bars} bars"]


def _once(name: str, sections: Parts, place: int, scene: Scene) -> int:
    following = sections[place + 1][0] if place + 1 < len(sections) else None
    steps = sections[place]
    found = [(at, change) for at, change in places(name, steps, scene._replace(following=following)) if _marks(change, name)]
    if following is None:
        found = [(at, change) for at, change in found if at + change.replaced < len(steps) or degree(change.steps[-1]) == 0]
    if not found:
        return 0
    at, change = scene.chance.choice(found)
    steps[at : at + change.replaced] = change.steps
    return 1


def _marks(change: Change, name: str) -> bool:
    return any(step.rule == name for step in change.steps)
