"""From a progression to an arrangement: calls each player once with a stream of its own and puts the parts side by side."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from app.arrange import drums, feel, players
from app.arrange.asked import asked_of
from app.arrange.controls import bend_range, controls
from app.arrange.endings import ended
from app.arrange.plan import Plan
from app.arrange.planner import make_plan
from app.arrange.solo import complete
from app.arrange.style import PartStyle, Style
from app.errors import RequestError
from app.theory.brief import Brief
from app.theory.chance import Chance
from app.theory.form import Section
from app.theory.instruments import instrument_name
from app.theory.notes import Arrangement, Note, Part, TempoChange
from app.theory.progression import Progression

DRUM_CHANNEL: Final = 9
TUNE: Final = "melody"
EARLY: Final = 60  # ticks before a bar line that still belong to the bar
PANS: Final = MappingProxyType(
    {"keys": 52, "organ": 40, "guitar": 84, "horns": 76, "strings": 44, "choir": 70, "pad": 58, "violin1": 40, "violin2": 54}
    | {"viola": 72, "cello": 86, "soprano": 50, "alto": 58, "tenor": 70}
)  # fmt: skip


def arrange(brief: Brief, progression: Progression, style: Style, chance: Chance) -> Arrangement:
    """The arrangement: every part of the brief played on the progression. Same arguments, same notes."""
    style, unplayed = asked_of(style, brief)
    plan = with_tune(make_plan(brief, progression, style), style, brief, chance)
    channels = _channels(brief.parts)
    parts = []
    for role in brief.parts:
        if (style.drums is None) if role == "drums" else role not in style.parts:
            continue
        channel = DRUM_CHANNEL if role == "drums" else next(channels)
        part = _played(plan, style, role, channel, chance)
        for target, seed in brief.reseed:
            if target.startswith(f"{role}@"):
                anew = _played(plan, style, role, channel, Chance(chance.seed, {role: seed}))
                part = spliced(plan, part, anew, progression.form.named(target.partition("@")[2]))
        parts.append(part)
    return Arrangement(
        key=progression.key,
        metre=progression.metre,
        form=progression.form,
        progression=progression,
        tempo=tempo_map(plan, style),
        parts=tuple(parts),
        notes=(*adapted(progression, style), *unplayed, *_marked(plan, style, brief)),
    )


def with_tune(plan: Plan, style: Style, brief: Brief, chance: Chance) -> Plan:
    """The plan with the melody that the others hear: that of the piece's own seed; one made anew changes no other part."""
    part = style.parts.get(TUNE)
    if part is None or TUNE not in brief.parts:
        return plan
    sung = players.player(part.engine)(plan, part, Chance(chance.seed).of(TUNE))
    return plan._replace(tune=tuple(sorted(_only_where_it_plays(plan, TUNE, sung))))


def _marked(plan: Plan, style: Style, brief: Brief) -> tuple[str, ...]:
    """What is meant where strings in four parts seem to break a rule."""
    if not any(
        role in style.parts and style.parts[role].engine == "satb" for role in ("violin1", "cello") if role in brief.parts
    ):
        return ()
    from app.arrange.textures import marks

    return marks(plan)


def _channels(roles: tuple[str, ...]) -> Iterator[int]:
    """The channels of pitched parts, one each. Raises RequestError when there are more parts than channels."""
    channels = [channel for channel in range(16) if channel != DRUM_CHANNEL]
    beyond = sum(role != "drums" for role in roles) - len(channels)
    if beyond > 0:
        raise RequestError(f"a MIDI file has channels for {len(channels)} parts and drums: leave out {beyond}", "parts")
    return iter(channels)


def _played(plan: Plan, style: Style, role: str, channel: int, chance: Chance) -> Part:
    return _drum_part(plan, style, chance) if role == "drums" else _part(plan, style, style.parts[role], channel, chance)


def spliced(plan: Plan, part: Part, anew: Part, section: Section) -> Part:
    """A part with one section of another playing of it; a note a little before the bar line belongs to the bar."""
    low, high = (bar * plan.metre.bar - EARLY for bar in (section.bar, section.end))
    low, high = (low if section.bar else 0), (high if section.end < len(plan.bars) else plan.end + 1)
    notes = [note for note in part.notes if not low <= note.start < high] + [
        note for note in anew.notes if low <= note.start < high
    ]
    controls = [one for one in part.controls if not low <= one.tick < high] + [
        one for one in anew.controls if low <= one.tick < high
    ]
    return part._replace(notes=feel.clean(notes, plan.end), controls=tuple(sorted(controls)))


def _drum_part(plan: Plan, style: Style, chance: Chance) -> Part:
    assert style.drums is not None
    strokes = drums.play(plan, style.drums, chance.of("drums"), style.ending)
    notes = feel.feel_drums(plan, strokes, style.drums, style.feel, chance.of("drums.feel"))
    kit = style.drums.program
    return Part("drums", "Drums", kit, DRUM_CHANNEL, notes, instrument=instrument_name(kit, drums=True))


def _part(plan: Plan, style: Style, part: PartStyle, channel: int, chance: Chance) -> Part:
    own = part.role == TUNE and plan.tune and TUNE not in chance.overrides
    sung = list(plan.tune) if own else players.player(part.engine)(plan, part, chance.of(part.role))
    written = complete(plan, part, sung)
    heard = ended(plan, style.ending, part, _only_where_it_plays(plan, part.role, written))
    notes = feel.feel_part(plan, heard, part, style.feel, chance.of(f"{part.role}.feel"))
    return Part(
        role=part.role,
        name=part.role.capitalize(),
        program=part.program,
        channel=channel,
        notes=notes,
        controls=controls(plan, part, notes, chance),
        volume=part.volume,
        pan=PANS.get(part.role, 64) if part.pan == 64 else part.pan,
        instrument=part.instrument or instrument_name(part.program),
        bend_range=bend_range(part),
    )


def _only_where_it_plays(plan: Plan, role: str, notes: list[Note]) -> list[Note]:
    """Without the notes of bars in which the role is silent."""
    bar, bars = plan.metre.bar, plan.bars
    if all(role in planned.only for planned in bars):
        return notes
    return [note for note in notes if role in bars[min(note.start // bar, len(bars) - 1)].only]


def tempo_map(plan: Plan, style: Style) -> tuple[TempoChange, ...]:
    """The tempo asked at tick 0, then the groove's ritard beat by beat over its last bars."""
    first = TempoChange(0, plan.quarters)
    bars = min(style.feel.ritard_bars, len(plan.bars) - 1)
    if bars <= 0 or style.feel.ritard >= 1.0:
        return (first,)
    start = plan.end - bars * plan.metre.bar
    ticks = [start + bar * plan.metre.bar + beat for bar in range(bars) for beat, _ in plan.metre.beats]
    step = (1.0 - style.feel.ritard) / len(ticks)
    return (first, *(TempoChange(tick, plan.quarters * (1.0 - step * (index + 1))) for index, tick in enumerate(ticks)))


def adapted(progression: Progression, style: Style) -> tuple[str, ...]:
    """What to tell a person when the groove is not played in this metre."""
    metre = progression.metre
    if str(metre) in style.metres:
        return ()
    return (f"{style.name} is not played in {metre}: its {style.metre} groove was adapted beat group by beat group",)
