"""Techniques that the words ask for: each is worked in where it fits, or a note says that it found no place."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from types import MappingProxyType
from typing import Final

from app.harmony.brought import BROUGHT
from app.harmony.change import Change, Rule, Scene, degree, home_of, made
from app.harmony.colour import QUARTAL, RICH, UPPER, enriched
from app.harmony.forms import Plan
from app.harmony.keys import lifted, modulated
from app.harmony.pace import shortest
from app.harmony.rules import ALIASES, RULES
from app.harmony.step import BAR, Step
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
MODES: Final = MappingProxyType(  # techniques that only one mode has
    {"backdoor": "major", "common-tone diminished": "major", "andalusian cadence": "minor"}
)
KEYS: Final = MappingProxyType({"modulation": modulated, "step-up modulation": lifted})


def fulfilled(sections: Parts, plan: Plan, brief: Brief, tables: HarmonyTables, chance: Random) -> tuple[Parts, tuple[str, ...]]:
    """The sections with every technique asked for, and notes on those that found no place. New keys come last."""
    notes: list[str] = []
    for name in sorted(dict.fromkeys(brief.techniques), key=lambda name: name in KEYS):
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
        elif name in RULES or name in ALIASES:
            notes += _worked_by_any(name, sections, brief, tables, chance)
        else:
            notes.append(f"{name}: not a rule of harmony here")
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
    at = _start_of_last_bar(last) - 1
    if at < 0:
        return ["authentic cadence: one chord makes none"]
    last[at + 1 :] = [last[-1].lasting(BAR)]
    before = last[at]
    if degree(before) != 7 or before.family not in ("dom", "maj"):
        before = made(before, home_of(before) + 1, "7", before.units)
    last[at] = before.marked("authentic cadence", "V to I at the end")
    return []


def _worked_by_any(asked: str, sections: Parts, brief: Brief, tables: HarmonyTables, chance: Random) -> list[str]:
    """Work a technique in by its rule, or by the first of several that finds a place."""
    notes: list[str] = []
    for name in ALIASES.get(asked, (asked,)):
        notes = _worked(asked, name, sections, brief, tables, chance)
        if not notes:
            break
    return notes


def _worked(asked: str, name: str, sections: Parts, brief: Brief, tables: HarmonyTables, chance: Random) -> list[str]:
    """Work a rule in until the piece has it often enough: with shorter chords where the usual ones find no place.

    Where the rule finds none at all it is brought in as players would.
    """
    wanted = 1 + brief.num_bars // ENOUGH
    have = sum(step.rule == name for section in sections for step in section)
    scene = Scene((), None, brief.key.is_minor, 1, chance, insist=True, figures=tables.figures)
    order = list(range(len(sections)))
    chance.shuffle(order)
    for size in (shortest(tables, brief), 1):
        have += _somewhere(name, RULES[name].rule, sections, order, scene._replace(shortest=size), wanted - have)
    if not have and name in BROUGHT:
        for size in (shortest(tables, brief), 1):
            have += _somewhere(name, BROUGHT[name], sections, order, scene._replace(shortest=size), wanted - have)
    if asked != name:
        for section in sections:
            section[:] = [step._replace(rule=asked) if step.rule == name else step for step in section]
    return [] if have else [f"{asked}: {_reason(name, brief)}"]


def _reason(name: str, brief: Brief) -> str:
    """Why a technique is not there."""
    mode = MODES.get(name, "")
    if mode and brief.key.is_minor != (mode == "minor"):
        return f"it belongs to a {mode} key, and this one is {'minor' if brief.key.is_minor else 'major'}"
    return f"found no place in these {brief.num_bars} bars"


def _somewhere(name: str, rule: Rule, sections: Parts, order: Sequence[int], scene: Scene, wanted: int) -> int:
    """Bring a rule in so many times, going round the sections twice; how often that went."""
    done = 0
    for place in [*order, *order]:
        if done < wanted:
            done += _once(name, rule, sections, place, scene)
    return done


def _once(name: str, rule: Rule, sections: Parts, place: int, scene: Scene) -> int:
    following = sections[place + 1][0] if place + 1 < len(sections) else None
    steps = sections[place]
    whole = scene._replace(steps=steps, following=following)
    found = [(at, change) for at in range(len(steps)) if (change := rule(whole, at)) is not None and _marks(change, name)]
    if following is None:
        last = _start_of_last_bar(steps)
        found = [(at, change) for at, change in found if at + change.replaced <= last or _ends_well(change, at, steps)]
    if not found:
        return 0
    at, change = scene.chance.choice(found)
    steps[at : at + change.replaced] = change.steps
    return 1


def _start_of_last_bar(steps: Sequence[Step]) -> int:
    """The place of the step that begins the last bar, which holds one chord in the end."""
    units = 0
    for at in range(len(steps) - 1, -1, -1):
        units += steps[at].units
        if units >= BAR:
            return at
    return 0


def _ends_well(change: Change, at: int, steps: Sequence[Step]) -> bool:
    """Whether a change that reaches into the last bar ends the piece on its tonic, and is not lost there."""
    return at + change.replaced == len(steps) and degree(change.steps[-1]) == 0 and change.steps[-1].units >= BAR


def _marks(change: Change, name: str) -> bool:
    return any(step.rule == name for step in change.steps)
