"""The drummer: the groove's rows with chances taken, fills that lead into sections, crashes, the ending."""

from __future__ import annotations

from bisect import bisect
from functools import partial
from itertools import accumulate
from random import Random
from types import MappingProxyType
from typing import Final, NamedTuple

from app.arrange.echo import repeats
from app.arrange.endings import last_hit
from app.arrange.fit import Placed, fit, fit_tail, fit_timeline
from app.arrange.kit import DEFAULT_LEVELS, DRUMS, LEVELS
from app.arrange.notation import Choice, Row
from app.arrange.plan import BarPlan, Plan
from app.arrange.style import DrumStyle, EndingStyle, Fill
from app.arrange.turns import pick
from app.theory.notes import Note

LIKELY: Final = MappingProxyType(  # a digit: so many times in ten
    {str(tenths): tenths / 10 for tenths in range(10)} | {"o": 0.65, "x": 0.96, "X": 1.0, "e": 1.0, "f": 1.0, "r": 1.0, "t": 1.0}
)
SURE: Final = 0.9  # strokes likelier than this come however busy the bar is
STROKE: Final = 60  # ticks a stroke lasts: drums ring by themselves
GO_ON: Final = frozenset({"kick", "foot", "clave", "shaker", "maracas", "swirl"})  # these play on under a fill
FLAM_MS: Final = 25
PLAIN: Final = frozenset("oxX")  # one stroke at the level of its token
IMPROVISED: Final = frozenset("123456")  # strokes of the moment: how loud is left to the moment too
KEEPERS: Final = ("ride", "bell", "hat", "open", "shaker")


Rows = tuple[tuple[str, tuple[Choice, ...]], ...]  # (drum, its alternatives)


class Stroke(NamedTuple):
    """A struck drum, by name: what the feel step bends before it becomes a note."""

    tick: int
    drum: str
    velocity: int


_stroke: Final = partial(tuple.__new__, Stroke)


class Drummer(NamedTuple):
    """Who sits at the kit of one piece."""

    plan: Plan
    style: DrumStyle
    chance: Random
    chosen: dict[str, Row]  # variation and drum → the row now played
    led: list[Fill]  # the fills so far


def play(plan: Plan, style: DrumStyle, chance: Random, ending: EndingStyle) -> list[Stroke]:
    """The drummer's strokes on the exact grid, bar after bar."""
    drummer = Drummer(plan, style, chance, {}, [])
    strokes: list[Stroke] = []
    drift = 0.0
    for bar in plan.bars:
        if "drums" not in bar.only:
            continue
        drift = 0.7 * drift + chance.gauss(0.0, 0.12)  # how busy this bar is: near the bar before
        if bar.last:
            strokes += _end(drummer, bar, ending)
            continue
        strokes += _led(drummer, bar, _groove(drummer, bar, _rows(style, bar), drift + style.ghosts - 1.0))
    return strokes


def _rows(style: DrumStyle, bar: BarPlan) -> Rows:
    """The rows of a bar's variation: what is not written is played as a; an unwritten break is one hit."""
    if bar.variation in style.variations:
        return style.variations[bar.variation]
    if bar.variation == "break":
        return ()
    return style.variations.get("a", ())


def _groove(drummer: Drummer, bar: BarPlan, rows: Rows, drift: float) -> list[Stroke]:
    style, chance, chosen = drummer.style, drummer.chance, drummer.chosen
    if not rows and bar.variation == "break":
        return [Stroke(bar.start, "kick", _level(style, "kick", "X", bar))] if bar.place == 0 else []
    strokes: list[Stroke] = []
    busy, draw = 1.0 + drift, chance.random  # a busy bar has more ghosts
    for drum, choices in rows:
        steady = drum in style.timelines
        name = f"{bar.variation}.{drum}"
        if name not in chosen or bar.place == 0 or (not steady and _turns(chosen[name], bar, chance)):
            chosen[name] = pick(choices, chance)
        levels: dict[str, int] = {}
        for placed in _placed(drummer.plan, bar, chosen[name], steady=steady):
            tick, _, token = placed
            likely = LIKELY[token]
            if not steady and draw() >= (likely if likely > SURE else likely * busy):
                continue
            if token not in PLAIN:
                strokes += _strokes(drummer, bar, drum, placed)
                continue
            if token not in levels:
                levels[token] = _level(style, drum, token, bar)
            strokes.append(_stroke((bar.start + tick, drum, levels[token])))
    return strokes


def _turns(row: Row, bar: BarPlan, chance: Random) -> bool:
    """Whether the player may take another row now: where the row begins anew, half of the time."""
    return bar.place % len(row) == 0 and (bar.place % 4 == 0 or chance.random() < 0.5)


def _placed(plan: Plan, bar: BarPlan, row: Row, *, steady: bool) -> tuple[Placed, ...]:
    if steady:
        bars = fit_timeline(row, plan.native, plan.metre)
        return bars[bar.place % len(bars)]
    return fit(row, plan.native, plan.metre, bar.place)


def _strokes(drummer: Drummer, bar: BarPlan, drum: str, placed: Placed) -> list[Stroke]:
    style, tick, token = drummer.style, bar.start + placed.tick, placed.token
    if token in IMPROVISED:
        soft, loud = _level(style, drum, "o", bar), _level(style, drum, "X", bar)
        return [Stroke(tick, drum, soft + round((loud - soft) * drummer.chance.random() ** 2))]
    if token == "f":
        grace = max(bar.start, tick - round(FLAM_MS / drummer.plan.tick_ms))
        main = Stroke(tick, drum, _level(style, drum, "X", bar))
        return [Stroke(grace, drum, main.velocity // 2), main] if grace < tick else [main]
    if token == "e":
        gap = round(style.echo * drummer.plan.metre.beats[0][1])
        loud = _level(style, drum, "X", bar)
        return [Stroke(tick, drum, loud), *(Stroke(tick + after, drum, soft) for after, soft in repeats(loud, gap))]
    if token in ("r", "t"):
        count = 2 if token == "r" else 3
        top = _level(style, drum, "x", bar)
        return [Stroke(tick + index * placed.length // count, drum, top - 8 * (count - 1 - index)) for index in range(count)]
    return [Stroke(tick, drum, _level(style, drum, token, bar))]


def _level(style: DrumStyle, drum: str, token: str, bar: BarPlan) -> int:
    ghost, normal, accent = style.velocity.get(drum) or LEVELS.get(drum, DEFAULT_LEVELS)
    base = ghost if token == "o" else accent if token == "X" else normal
    loud = base + bar.level * base // 90
    return 1 if loud < 1 else 127 if loud > 127 else loud


def _led(drummer: Drummer, bar: BarPlan, hits: list[Stroke]) -> list[Stroke]:
    """The bar's groove with what leads into the next section, or with a small fill in the phrase, and the crash after one."""
    style, chance = drummer.style, drummer.chance
    if bar.opens and style.lead in ("fill", "setup") and chance.random() < style.crash:
        hits = [hit for hit in hits if hit.tick != bar.start or hit.drum not in KEEPERS]
        hits.append(Stroke(bar.start, "crash", _level(style, "crash", "x", bar)))
        if not any(hit.drum == "kick" and hit.tick == bar.start for hit in hits) and drummer.plan.metre.beats:
            hits.append(Stroke(bar.start, "kick", _level(style, "kick", "x", bar)))
    if bar.lead:
        return _fill(drummer, bar, hits, _next_fill(drummer, style.fills), soft=0)
    ends_phrase = style.phrase and (bar.place + 1) % style.phrase == 0
    if ends_phrase and style.fills and chance.random() < style.phrase_fill and style.lead != "mute":
        short = min(fill.beats for fill in style.fills)
        small = tuple(fill for fill in style.fills if fill.beats == short)
        return _fill(drummer, bar, hits, _next_fill(drummer, small), soft=10)
    return hits


def _next_fill(drummer: Drummer, fills: tuple[Fill, ...]) -> Fill | None:
    """One of the fills, and not the one before where there is another."""
    fresh = tuple(fill for fill in fills if not drummer.led or fill != drummer.led[-1])
    fill = pick_fill(fresh or fills, drummer.chance)
    if fill:
        drummer.led.append(fill)
    return fill


def _fill(drummer: Drummer, bar: BarPlan, hits: list[Stroke], fill: Fill | None, *, soft: int) -> list[Stroke]:
    plan, style = drummer.plan, drummer.style
    beats = plan.metre.beats
    count = min(fill.beats if fill else max(1, len(beats) // 2), len(beats))
    opening = bar.start + beats[-count][0]
    if style.lead == "mute" and not fill:
        return [hit for hit in hits if hit.tick < opening or hit.drum in style.timelines]
    if fill is None:
        return hits
    filled = {drum for drum, _ in fill.rows}
    below = GO_ON if style.lead != "mute" else frozenset()
    going = style.timelines | below | (frozenset(KEEPERS) if style.lead == "setup" else set())
    kept = [hit for hit in hits if hit.tick < opening or (hit.drum in going and hit.drum not in filled)]
    for drum, choice in fill.rows:
        for placed in fit_tail(choice.row, plan.native, plan.metre):
            struck = _strokes(drummer, bar, drum, placed)
            kept.extend(stroke._replace(velocity=max(1, stroke.velocity - soft)) for stroke in struck)
    return kept


def _end(drummer: Drummer, bar: BarPlan, ending: EndingStyle) -> list[Stroke]:
    """The last bar: the ending's rows, or one hit."""
    style = drummer.style
    if ending.kind in ("rows", "stop") and "ending" in style.variations:
        return _groove(drummer._replace(chosen={}), bar, style.variations["ending"], 0.0)
    tick = last_hit(drummer.plan, ending)
    strokes = []
    if ending.beat:
        rows = style.variations.get("b") or style.variations.get("a", ())
        strokes = [hit for hit in _groove(drummer._replace(chosen={}), bar, rows, 0.0) if hit.tick < tick]
    drums = ("crash", "kick") if ending.crash else ("kick",)
    return [*strokes, *(Stroke(tick, drum, _level(style, drum, "X", bar)) for drum in drums)]


def pick_fill(fills: tuple[Fill, ...], chance: Random) -> Fill | None:
    """One of the fills by weight; None where there is none."""
    if not fills:
        return None
    sums = list(accumulate(fill.weight for fill in fills))
    return fills[min(bisect(sums, chance.random() * sums[-1]), len(fills) - 1)]


def notes(strokes: list[Stroke]) -> list[Note]:
    """Strokes as notes on the kit's General MIDI numbers."""
    return [Note(stroke.tick, STROKE, DRUMS[stroke.drum], stroke.velocity) for stroke in strokes]
