"""The drummer: the groove's rows with chances taken, fills that lead into sections, crashes, the ending."""

from __future__ import annotations

from bisect import bisect
from functools import lru_cache
from itertools import accumulate
from random import Random
from types import MappingProxyType
from typing import Final, NamedTuple

from app.arrange.echo import repeats
from app.arrange.endings import last_hit
from app.arrange.fit import Placed, fit_tail, fit_timeline, laid
from app.arrange.kit import DEFAULT_LEVELS, LEVELS
from app.arrange.notation import Choice, Row
from app.arrange.plan import BarPlan, Plan
from app.arrange.style import DrumStyle, EndingStyle, Fill
from app.arrange.turns import pick
from app.theory.rhythm import Metre

LIKELY: Final = MappingProxyType(  # a digit: so many times in ten
    {str(tenths): tenths / 10 for tenths in range(10)} | {"o": 0.65, "x": 0.96, "X": 1.0, "e": 1.0, "f": 1.0, "r": 1.0, "t": 1.0}
)
SURE: Final = 0.9  # strokes likelier than this come however busy the bar is
SURELY: Final = MappingProxyType({token: often for token, often in LIKELY.items() if often > SURE})
MAYBE: Final = tuple((token, often) for token, often in LIKELY.items() if often <= SURE)
STROKE: Final = 60  # ticks a stroke lasts: drums ring by themselves
GO_ON: Final = frozenset({"kick", "foot", "clave", "shaker", "maracas", "swirl"})  # these play on under a fill
FLAM_MS: Final = 25
PLAIN: Final = MappingProxyType({"o": 0, "x": 1, "X": 2} | dict.fromkeys("0789", 1))  # one stroke: a ghost, a normal, an accent
IMPROVISED: Final = frozenset("123456")  # strokes of the moment: how loud is left to the moment too
MANY: Final = frozenset("fert")  # several strokes
KEEPERS: Final = ("ride", "bell", "hat", "open", "shaker")


Rows = tuple[tuple[str, tuple[Choice, ...]], ...]  # (drum, its alternatives)
Stroke = tuple[int, str, int]  # tick, drum by name, velocity: what the feel step bends before it becomes a note; plain for speed


class Figure(NamedTuple):
    """A drum's row on the metre."""

    row: Row
    bars: tuple[tuple[Placed, ...], ...]
    single: bool  # whether each of its tokens is one stroke, and a time-line's a plain one


class Limb(NamedTuple):
    """One drum of a variation, in bars of one level."""

    drum: str
    steady: bool  # a time-line: it never varies
    choices: tuple[Choice, ...]
    levels: dict[str, int]  # token of a plain stroke → velocity


class Drummer(NamedTuple):
    """Who sits at the kit of one piece."""

    plan: Plan
    style: DrumStyle
    chance: Random
    chosen: dict[str, dict[str, Figure]]  # variation → drum → the row now played
    led: list[Fill]  # the fills so far
    limbs: dict[tuple[str, int], list[Limb]]  # variation and level of a bar → its drums
    figures: dict[tuple[int, bool], Figure]  # by the row's identity, and whether it is a time-line: to hash a row takes long


def play(plan: Plan, style: DrumStyle, chance: Random, ending: EndingStyle) -> list[Stroke]:
    """The drummer's strokes on the exact grid, bar after bar."""
    drummer = Drummer(plan, style, chance, {}, [], {}, {})
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
    draw, start, place = drummer.chance.random, bar.start, bar.place
    if not rows and bar.variation == "break":
        return [(bar.start, "kick", _levels(drummer.style, "kick", bar.level)["X"])] if place == 0 else []
    strokes: list[Stroke] = []
    busy = 1.0 + drift  # a busy bar has more ghosts
    likely = SURELY | {token: often * busy for token, often in MAYBE}
    chosen = drummer.chosen.setdefault(bar.variation, {})
    for drum, steady, choices, levels in _limbs(drummer, bar, rows):
        figure = chosen.get(drum)
        if figure is None or place == 0 or (not steady and place % len(figure.row) == 0 and (place % 4 == 0 or draw() < 0.5)):
            figure = chosen[drum] = _taken(drummer, choices, steady)  # where a row begins anew, half of the time
        row = figure.bars[place % len(figure.bars)]
        if steady and figure.single:
            strokes += [(start + tick, drum, levels[token]) for tick, _, token in row]
        elif figure.single:
            strokes += [
                (start + tick, drum, levels[token] if token in levels else _improvised(levels, draw()))
                for tick, _, token in row
                if draw() < likely[token]
            ]
        else:
            for placed in row:
                if steady or draw() < likely[placed.token]:
                    strokes += _strokes(drummer, bar, drum, placed)
    return strokes


def _limbs(drummer: Drummer, bar: BarPlan, rows: Rows) -> list[Limb]:
    """What each drum of a bar's variation may play, and how loud."""
    found = drummer.limbs.get((bar.variation, bar.level))
    if found is None:
        style = drummer.style
        found = drummer.limbs[bar.variation, bar.level] = [
            Limb(drum, drum in style.timelines, choices, _levels(style, drum, bar.level)) for drum, choices in rows
        ]
    return found


def _taken(drummer: Drummer, choices: tuple[Choice, ...], steady: bool) -> Figure:
    """One of a drum's rows, on the metre."""
    row = pick(choices, drummer.chance)
    found = drummer.figures.get((id(row), steady))
    if found is None:
        found = drummer.figures[id(row), steady] = _figure(row, drummer.plan.native, drummer.plan.metre, steady)
    return found


@lru_cache(maxsize=2048)
def _figure(row: Row, native: Metre, metre: Metre, steady: bool) -> Figure:
    bars = fit_timeline(row, native, metre) if steady else laid(row, native, metre).bars
    many = MANY | IMPROVISED if steady else MANY
    return Figure(row, bars, all(token not in many for bar in bars for _, _, token in bar))


def _strokes(drummer: Drummer, bar: BarPlan, drum: str, placed: Placed) -> list[Stroke]:
    """What a token asks for: mostly one stroke."""
    tick, token, levels = bar.start + placed.tick, placed.token, _levels(drummer.style, drum, bar.level)
    if token in IMPROVISED:
        return [(tick, drum, _improvised(levels, drummer.chance.random()))]
    if token == "f":
        grace = max(bar.start, tick - round(FLAM_MS / drummer.plan.tick_ms))
        loud = levels["X"]
        return [(grace, drum, loud // 2), (tick, drum, loud)] if grace < tick else [(tick, drum, loud)]
    if token == "e":
        gap = round(drummer.style.echo * drummer.plan.metre.beats[0][1])
        loud = levels["X"]
        return [(tick, drum, loud), *((tick + after, drum, soft) for after, soft in repeats(loud, gap))]
    if token in ("r", "t"):
        count = 2 if token == "r" else 3
        top = levels["x"]
        return [(tick + index * placed.length // count, drum, top - 8 * (count - 1 - index)) for index in range(count)]
    return [(tick, drum, levels[token])]


def _improvised(levels: dict[str, int], chance: float) -> int:
    """A velocity between ghost and accent, mostly low."""
    return levels["o"] + round((levels["X"] - levels["o"]) * chance**2)


def _levels(style: DrumStyle, drum: str, more: int) -> dict[str, int]:
    """The velocities of a drum's plain strokes in bars of a level."""
    return _louds(style.velocity.get(drum) or LEVELS.get(drum, DEFAULT_LEVELS), more)


@lru_cache(maxsize=1024)
def _louds(bases: tuple[int, int, int], more: int) -> dict[str, int]:
    louds = [max(1, min(127, base + more * base // 90)) for base in bases]
    return {token: louds[place] for token, place in PLAIN.items()}


def _led(drummer: Drummer, bar: BarPlan, hits: list[Stroke]) -> list[Stroke]:
    """The bar's groove with what leads into the next section, or with a small fill in the phrase, and the crash after one."""
    style, chance = drummer.style, drummer.chance
    if bar.opens and style.lead in ("fill", "setup") and chance.random() < style.crash:
        hits = [hit for hit in hits if hit[0] != bar.start or hit[1] not in KEEPERS]
        hits.append((bar.start, "crash", _levels(drummer.style, "crash", bar.level)["x"]))
        if not any(hit[:2] == (bar.start, "kick") for hit in hits) and drummer.plan.metre.beats:
            hits.append((bar.start, "kick", _levels(drummer.style, "kick", bar.level)["x"]))
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
        return [hit for hit in hits if hit[0] < opening or hit[1] in style.timelines]
    if fill is None:
        return hits
    filled = {drum for drum, _ in fill.rows}
    below = GO_ON if style.lead != "mute" else frozenset()
    going = (style.timelines | below | (frozenset(KEEPERS) if style.lead == "setup" else set())) - filled
    kept = [hit for hit in hits if hit[0] < opening or hit[1] in going]
    for drum, choice in fill.rows:
        for placed in fit_tail(choice.row, plan.native, plan.metre):
            struck = _strokes(drummer, bar, drum, placed)
            kept += [(tick, drum, max(1, velocity - soft)) for tick, drum, velocity in struck]
    return kept


def _end(drummer: Drummer, bar: BarPlan, ending: EndingStyle) -> list[Stroke]:
    """The last bar: the ending's rows, or one hit."""
    style = drummer.style
    if ending.kind in ("rows", "stop") and "ending" in style.variations:
        return _groove(drummer._replace(chosen={}, limbs={}), bar, style.variations["ending"], 0.0)
    tick = last_hit(drummer.plan, ending)
    strokes = []
    if ending.beat:
        rows = style.variations.get("b") or style.variations.get("a", ())
        strokes = [hit for hit in _groove(drummer._replace(chosen={}, limbs={}), bar, rows, 0.0) if hit[0] < tick]
    drums = ("crash", "kick") if ending.crash else ("kick",)
    return [*strokes, *((tick, drum, _levels(drummer.style, drum, bar.level)["X"]) for drum in drums)]


def pick_fill(fills: tuple[Fill, ...], chance: Random) -> Fill | None:
    """One of the fills by weight; None where there is none."""
    if not fills:
        return None
    sums = list(accumulate(fill.weight for fill in fills))
    return fills[min(bisect(sums, chance.random() * sums[-1]), len(fills) - 1)]
