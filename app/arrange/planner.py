"""Makes the plan: bars in ticks, who plays in each, which variation, how loud, and what leads into the next section."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from app.arrange.changes import changes_in
from app.arrange.plan import BarPlan, Plan, TickSpan
from app.arrange.style import LEADERS, PartStyle, SectionStyle, Style
from app.theory.brief import Brief
from app.theory.chord import Chord
from app.theory.form import Section
from app.theory.progression import Progression, Span

PASS: Final = 4  # bars of a pass, where each is louder than the one before
OPENING: Final = 2  # passes of a long section that those who come later sit out
GROWTH: Final = 5  # velocity that a section of the same kind gains each time it comes back
ARC: Final = 28  # velocity between the two ends of a piece that builds or dies away
FADE: Final = (8, 5)  # the last bars of a piece that fades out, and the velocity that each loses
CORE: Final = 3  # parts that begin a piece that builds; the others come in after its first third
LEAST_LEAD: Final = 2  # bars a section must have to be led out of

Scene = tuple[Section, SectionStyle, frozenset[str]]  # a section, how it is played, and who plays in it


def make_plan(brief: Brief, progression: Progression, style: Style) -> Plan:
    """The plan of a piece in which `style` plays `progression` as `brief` asks."""
    metre, bars = progression.metre, tuple(_bars(brief, progression, style))
    return Plan(
        bars=bars,
        key=progression.key,
        metre=metre,
        native=style.metre,
        tempo=brief.tempo,
        quarters=brief.tempo * metre.pulse_quarters,
        humanize=brief.humanize,
        swing=brief.swing,
        intensity=brief.intensity,
        playing=frozenset(brief.playing),
        moods=frozenset(brief.moods),
        seed=brief.seed,
        chords=_leading(brief, style),
        changes=changes_in(tuple(span for bar in bars for span in bar.spans), progression.key, metre),
    )


def _leading(brief: Brief, style: Style) -> PartStyle | None:
    """The part that leads in the chords: the first of those who do that struck ones are written for."""
    roles = (role for role in LEADERS if role in brief.parts and role in style.parts)
    return next((style.parts[role] for role in roles if style.parts[role].engine in ("comp", "figure")), None)


def _bars(brief: Brief, progression: Progression, style: Style) -> Iterator[BarPlan]:
    """Every bar in order, section after section."""
    spans, count, length = _spans(progression), len(progression.bars), progression.metre.bar
    silent = {(one.role, bar) for one in brief.presence for bar in one.silent(progression.form, count)}
    for number, (section, playing, only) in enumerate(_joined(brief, list(_scenes(brief, progression, style)))):
        begun = section.bar / count
        lead = _lead(style, section) if "drums" in only else ""
        if section.bars < 2 * PASS:
            playing = playing._replace(layers=(), away=())
        for bar in range(section.bar, section.end):
            place, last = bar - section.bar, bar == count - 1
            if place % PASS == 0:
                layered = _layered(only, playing, place // PASS)
            heard = frozenset(brief.parts) if last else layered
            yield BarPlan(
                number=bar,
                start=bar * length,
                spans=spans[bar],
                section=section,
                place=place,
                variation="ending" if last else playing.play,
                level=playing.level + playing.rise * (place // PASS) + _swell(brief, begun, bar, count),
                only=heard if not silent else frozenset(role for role in heard if (role, bar) not in silent) or heard,
                lead=lead if bar == section.end - 1 and not last and ("drums", bar) not in silent else "",
                opens=place == 0 and number > 0,
                last=last,
            )


def _scenes(brief: Brief, progression: Progression, style: Style) -> Iterator[Scene]:
    """Each section with how it is played and who plays in it."""
    times: dict[str, int] = {}
    for section in progression.form.sections:
        times[section.kind] = times.get(section.kind, 0) + 1
        begun = section.bar / len(progression.bars)
        playing = _shaded(style, section, times[section.kind], brief.intensity + 0.6 * _arc(brief, begun))
        only = _roles(brief, playing)
        if "build" in brief.playing and "drums" in only and begun < 1 / CORE and section.bars < len(progression.bars):
            only -= frozenset(brief.parts[CORE:])
        yield section, playing, only


def _joined(brief: Brief, scenes: list[Scene]) -> list[Scene]:
    """Whom no section would let in joins the last one of a few bars; where it is the only one, after its first four bars."""
    unheard = tuple(role for role in brief.parts if not any(role in only for _, _, only in scenes))
    place = max((at for at, (section, _, _) in enumerate(scenes) if section.bars >= PASS), default=-1)
    if unheard and place >= 0:
        section, playing, only = scenes[place]
        if not place:
            playing = playing._replace(layers=(*playing.layers, *unheard))
        scenes[place] = section, playing, only | set(unheard)
    return scenes


def _arc(brief: Brief, place: float) -> float:
    """Where a piece that builds or dies away stands, from -.5 softest to .5, at a place from 0 to 1; 0 for any other."""
    return (place - 0.5) * (("build" in brief.playing) - ("die away" in brief.playing))


def _swell(brief: Brief, begun: float, bar: int, count: int) -> int:
    """Velocity that a bar gains or loses on the way through the piece, beyond what its section has from where it begins."""
    if not brief.playing:
        return 0
    arc = ARC * _arc(brief, bar / max(1, count - 1)) - round(24 * 0.6 * _arc(brief, begun))
    faded = max(0, bar - (count - min(FADE[0], count // 2)) + 1) * FADE[1] if "fade out" in brief.playing else 0
    return round(arc) - faded


def _layered(roles: frozenset[str], playing: SectionStyle, number: int) -> frozenset[str]:
    """Who plays in the `number`-th four bars of a section: layers come in, others rest in turn; never the kit alone."""
    waiting = set(playing.layers[number:])
    if number < OPENING:
        waiting |= set(playing.later)
    if playing.away and number % 2:
        waiting.add(playing.away[number // 2 % len(playing.away)])
    left = roles - waiting
    return left if left - {"drums"} else roles


def _lead(style: Style, section: Section) -> str:
    """What the section does into the next one: as the kit says, nothing without it or after a single bar."""
    if style.drums is None or section.bars < LEAST_LEAD:
        return ""
    return "" if style.drums.lead == "none" else style.drums.lead


def _spans(progression: Progression) -> list[tuple[TickSpan, ...]]:
    """Each bar's spans in ticks, every one knowing the next different chord."""
    unit, length = progression.metre.unit, progression.metre.bar
    bars: list[tuple[TickSpan, ...]] = []
    following: Chord | None = None
    after: Span | None = None
    for bar in range(len(progression.bars) - 1, -1, -1):
        row: list[TickSpan] = []
        for span in reversed(progression.bars[bar]):
            if after is not None and after.chord != span.chord:
                following = after.chord
            start = bar * length + _ticks(span.beat, unit)
            row.append(TickSpan(start, start + _ticks(span.beats, unit), span.chord, span.analysis, following or span.chord))
            after = span
        bars.append(tuple(reversed(row)))
    return bars[::-1]


def _ticks(beats: Fraction, unit: int) -> int:
    """Ticks of so many beats, without making another fraction of them."""
    return beats.numerator * unit // beats.denominator


def _shaded(style: Style, section: Section, time: int, intensity: float) -> SectionStyle:
    """A section's playing, grown each time it returns and moved by the intensity asked.

    Who comes later sits out the first such section, of a long one the first eight bars.
    """
    playing = style.section(section.kind)
    level = playing.level + GROWTH * min(time - 1, 3) + round((intensity - 0.5) * 24)
    play = playing.play
    if play == "ending":  # its rows are for the last bar alone
        play = "b"
    if play == "a" and (intensity >= 0.75 or (time > 1 and section.kind in ("head", "chorus", "solo", "vamp"))):
        play = "b"
    elif play == "b" and intensity <= 0.25:
        play = "a"
    if time == 1 and section.bars <= OPENING * PASS:
        playing = playing._replace(without=playing.without + playing.later)
    return playing._replace(level=level, play=play, later=playing.later if time == 1 else ())


def _roles(brief: Brief, playing: SectionStyle) -> frozenset[str]:
    """Who plays: the brief's parts as far as the section lets them, and always somebody with a pitch."""
    roles = {role for role in brief.parts if role not in playing.without and (not playing.only or role in playing.only)}
    if not roles - {"drums"}:
        roles = set(brief.parts)
    return frozenset(roles)
