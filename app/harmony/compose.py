"""Composes a progression by rule: form, phrases, substitutions, what was asked for, colour, and the analysis of it all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import tee
from random import Random
from typing import Final, NamedTuple

from app.harmony.asked import fulfilled
from app.harmony.asked_sections import plan_piece
from app.harmony.blues_tonics import with_blues_tonics
from app.harmony.change import Scene
from app.harmony.character import character_of
from app.harmony.colour import Painter, simplified, softened
from app.harmony.destination import Journey, arrived, joined, journey_of
from app.harmony.explain import explain
from app.harmony.forms import Plan, Stretch
from app.harmony.keys import modulated
from app.harmony.layout import in_bars, laid_out, thinned
from app.harmony.moods import of_moods
from app.harmony.pace import shortest
from app.harmony.phrases import Writer
from app.harmony.rules import Chances, drawn, weighed, worked_in
from app.harmony.spotted import heard_too
from app.harmony.step import BAR, Step
from app.harmony.tables import HarmonyTables, read_tables
from app.theory.brief import Brief
from app.theory.chance import Chance, Later
from app.theory.progression import Progression

Parts = list[list[Step]]
MODULATING: Final = 0.3  # chance of a section in another key, a step of complexity above 7


class Writers(NamedTuple):
    """Who writes the sections at home, and who those of a journey to another key."""

    home: Writer
    away: Writer
    journey: Journey | None

    def at(self, place: int) -> Writer:
        """The writer of the section in that place."""
        return self.away if self.journey and place in self.journey.places else self.home

    def section(self, place: int, stretch: Stretch, leads_on: bool, before: Step | None) -> list[Step]:
        """The steps of the section in that place."""
        bars = self.at(place).section(stretch, leads_on, before)
        if self.journey and self.journey.half and not place:
            bars = joined(bars, self.away.section(stretch, leads_on, before))
        return [step for bar in bars for step in bar]

    def last(self, plan: Plan) -> Writer:
        """The writer of the ending."""
        return self.away if self.journey and self.journey.half else self.at(len(plan.stretches) - 1)


def compose(brief: Brief, tables: Mapping[str, object] | HarmonyTables, chance: Random) -> Progression:
    """The progression for a brief: exactly its bars, ending on the tonic; the same for the same brief and chance.

    `tables` is the parsed harmony.toml, or what `read_tables` made of it. Raises NotationError when that cannot be read.
    """
    own = tables if isinstance(tables, HarmonyTables) else read_tables(tables, brief.application)
    streams = Chance(chance.getrandbits(48))
    plan = plan_piece(brief, own, streams.of("form"))
    journey = journey_of(brief, plan)
    character = character_of(streams.of("character"))
    writer = Writer(own, brief.key.mode, brief.complexity, streams.of("phrases"), character)
    away = Writer(own, journey.mode, brief.complexity, streams.of("phrases away"), character) if journey else writer
    writers = Writers(writer, writer if away.minor == writer.minor else away, journey)
    sections = _substituted(_skeleton(plan, writers), plan, own, brief, writers, streams)
    if journey is not None:
        sections = arrived(sections, journey)
    sections, notes = fulfilled(sections, plan, brief, own, streams.later("asked"))
    if (
        not brief.techniques
        and journey is None
        and "modulation" not in brief.avoid
        and streams.of("keys").random() < _eagerness(brief, own)
    ):
        sections, _ = modulated(sections, plan, writer.minor)
    steps = _coloured(sections, plan, own, brief, streams)
    return _finished(steps, plan, brief, notes, own.figures)


def _eagerness(brief: Brief, tables: HarmonyTables) -> float:
    """The chance of a section in another key: the style's own, and in complex pieces a good one in every style."""
    own = tables.modulate * max(0.0, (brief.complexity - 2) / 3)
    return own if tables.figures else max(own, MODULATING * (brief.complexity - 7))


def _skeleton(plan: Plan, writers: Writers) -> Parts:
    """The sections as their rows have them, to the ending; a section before its like leads on, else it closes."""
    sections: Parts = []
    for place, (stretch, then) in enumerate(zip(plan.stretches, (*plan.stretches[1:], None), strict=True)):
        leads_on = then is not None and then.label == stretch.label and not stretch.closing
        before = sections[-1][-1] if sections else None
        sections.append(writers.section(place, stretch, leads_on, before))
    return _ended(sections, writers.last(plan))


def _ended(sections: Parts, writer: Writer) -> Parts:
    """The last bars become an ending on the tonic."""
    last = sections[-1]
    size = sum(step.units for step in last) // BAR
    row = writer.phrase("final", min(size, 2), last[-1])
    keep = size - len(row)
    bars = _by_bar(last)[:keep]
    closing = [step for bar in row for step in bar]
    closing[-1] = closing[-1]._replace(rule="", settled=closing[-1].settled)
    sections[-1] = [step for bar in bars for step in bar] + closing
    return sections


def _by_bar(steps: Sequence[Step]) -> list[list[Step]]:
    bars: list[list[Step]] = []
    filled = BAR
    for step in steps:
        if filled >= BAR:
            bars.append([])
            filled = 0
        bars[-1].append(step)
        filled += step.units
    return bars


def _substituted(sections: Parts, plan: Plan, tables: HarmonyTables, brief: Brief, writers: Writers, streams: Chance) -> Parts:
    """Every section with the rules worked in, from the last to the first; a label is treated alike, later on a little changed."""
    chances = chances_of(tables, brief.complexity, brief.moods, brief.avoid)
    least, cadence = shortest(tables, brief), int(tables.cadence) * BAR
    vary = streams.later("vary")
    longest = max([sum([step.units for step in section]) for section in sections])
    draws: dict[str, list[list[float]]] = {}
    done: Parts = [[] for _ in sections]
    following: Step | None = None
    for place in range(len(sections) - 1, -1, -1):
        stretch = plan.stretches[place]
        fresh = stretch.chorus > 0 and vary.random() < tables.vary * writers.home.character.free
        name = f"rules {stretch.label}" + (f" {place}" if fresh else "")
        if name not in draws:
            draws[name] = drawn(chances, streams.of(name), longest)
        steps, choices = list(sections[place]), Later()
        scene = Scene(steps, following, writers.at(place).minor, least, choices, False, tables.figures, cadence)
        done[place] = worked_in(steps, scene, choices, zip(chances, draws[name], strict=True))
        following = done[place][0]
    return done


@lru_cache(maxsize=256)
def chances_of(tables: HarmonyTables, complexity: int, moods: Iterable[str], avoided: Iterable[str]) -> Chances:
    """The chance of every rule in an application's pieces of a complexity; none of what is avoided."""
    return weighed({**tables.rules, **dict.fromkeys(avoided, 0.0)}, complexity, of_moods(moods), tables.figures)


def _coloured(sections: Parts, plan: Plan, tables: HarmonyTables, brief: Brief, streams: Chance) -> list[Step]:
    """All steps with their colours; a section that comes back has the same ones."""
    painter = Painter(tables, brief.complexity, streams.of("colour"))
    steps: list[Step] = []
    tapes: dict[str, Iterator[float]] = {}  # what is drawn for a label, to be heard again from its start
    for place, section in enumerate(sections):
        following = sections[place + 1][0] if place + 1 < len(sections) else None
        label = plan.stretches[place].label
        if label not in tapes:
            tapes[label] = iter(streams.of(f"colour {label}").random, None)
        tapes[label], again = tee(tapes[label])
        painter.draw = again.__next__
        steps += painter.painted(section, following)
    plainer = {1: simplified, 2: simplified, 3: softened}.get(brief.complexity)
    return steps if plainer is None else [plainer(step) for step in steps]


def _finished(steps: list[Step], plan: Plan, brief: Brief, notes: tuple[str, ...], figured: bool) -> Progression:
    most = 4 if len(brief.metre.groups) == 4 else min(3, len(brief.metre.groups))
    bars = [bar if len(bar) <= most else thinned(bar, most) for bar in in_bars(steps)]
    bars[-1] = [bars[-1][-1].lasting(BAR)]
    spans = laid_out(bars, brief.key, brief.metre)
    progression = Progression(brief.key, brief.metre, spans, plan.form, (), (*plan.notes, *notes))
    made = [[(step.rule, step.why, step.home, step.minor) for step in bar] for bar in bars]
    told = explain(progression, made, figured=figured)
    return _accounted(heard_too(told if figured else with_blues_tonics(told), brief.techniques), brief.techniques)


def _accounted(progression: Progression, asked: Sequence[str]) -> Progression:
    """With a note on each technique asked for whose chords the metre had no room for."""
    if not asked:
        return progression
    told = {found.name for found in progression.techniques} | {note.partition(":")[0] for note in progression.notes}
    lost = tuple(f"{name}: its chords are too short for bars of {progression.metre}" for name in asked if name not in told)
    return progression._replace(notes=(*progression.notes, *lost))
