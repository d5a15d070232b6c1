"""What else a bar could be: the changes that a style's rules and palettes make of its chords, each with its weight and reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from app.harmony.change import NAMES, Scene, degree, interval
from app.harmony.chromatic import RELATIVES, RELATIVES_MINOR
from app.harmony.colour import PALETTES, RICHNESS
from app.harmony.layout import chord_at
from app.harmony.rules import RULES, weighed
from app.harmony.step import BAR, Step
from app.harmony.tables import HarmonyTables
from app.theory.chance import Chance

DRAWS: Final = 5  # how often a rule that has choices is asked at one place
COLOURED: Final = 0.12  # what a colour of the style's palette weighs against a rule at one place
RELATIVE: Final = 0.03  # what a chord of the same function weighs at least, in any style
TWICE: Final = 6  # from this complexity on a change is worked on once more
BEST: Final = 8  # how many changes of a bar are worked on again
LEFT_OUT: Final = frozenset(
    {"quick change", "half cadence", "Coltrane changes", "sequence", "circle of fifths"}
)  # longer than a bar
ADDED: Final = MappingProxyType({9: "the sixth", 10: "the seventh", 11: "the major seventh"})
TENSIONS: Final = MappingProxyType({13: "b9", 14: "9", 15: "#9", 17: "11", 18: "#11", 20: "b13", 21: "13"})


class Bar(NamedTuple):
    """A bar to be changed: its chords, and those before and after it."""

    before: Step
    steps: tuple[Step, ...]
    after: Step


class Candidate(NamedTuple):
    """A bar as it could be: the rule that made it, why, and how much the style likes it."""

    steps: tuple[Step, ...]
    rule: str
    why: str
    weight: float


class Style(NamedTuple):
    """What alternatives are made by."""

    tables: HarmonyTables
    complexity: int
    minor: bool
    shortest: int  # units of the shortest chord
    chance: Chance


def candidates(bar: Bar, style: Style, name: str) -> list[Candidate]:
    """Every way the style has to change a bar, each once, those it likes most first. `name` is of its own chance."""
    found = [*_ruled(bar, style, name), *_relative(bar, style), *_coloured(bar, style)]
    if style.complexity >= TWICE:
        best = sorted(found, key=lambda one: -one.weight)[:BEST]
        found += [further for one in best for further in _again(bar, one, style, name)]
    kept: dict[tuple[tuple[int, str, int, int | None], ...], Candidate] = {}
    for one in found:
        shape = tuple((step.root, step.suffix, step.units, step.bass) for step in one.steps)
        if shape not in kept or kept[shape].weight < one.weight:
            kept[shape] = one
    return sorted(kept.values(), key=lambda one: -one.weight)


def _again(bar: Bar, one: Candidate, style: Style, name: str) -> Iterator[Candidate]:
    """A changed bar changed once more: its reasons are told one after the other."""
    for further in _ruled(bar._replace(steps=one.steps), style, f"{name} again"):
        if further.rule != one.rule:
            why = f"{one.why}, then {further.rule}: {further.why}"
            yield Candidate(further.steps, one.rule, why, one.weight * min(0.6, 2 * further.weight))


def _ruled(bar: Bar, style: Style, name: str) -> Iterator[Candidate]:
    """What the rules of the style make of the bar alone."""
    flat = [bar.before, *bar.steps, bar.after]
    for rule, weight in weighed(style.tables.rules, style.complexity, {}):
        if rule in LEFT_OUT:
            continue
        for at in range(1, len(flat) - 1):
            for draw in range(DRAWS):
                chance = style.chance.of(f"{name} {rule} {at} {draw}")
                scene = Scene(flat, None, style.minor, style.shortest, chance, insist=True, figures=style.tables.figures)
                change = RULES[rule].rule(scene, at)
                if change is None:
                    break
                steps = _inside([*flat[:at], *change.steps, *flat[at + change.replaced :]], bar)
                marked = next((step for step in steps if step.rule == rule), None)
                if marked is not None:
                    yield Candidate(_painted(steps, bar, style), rule, marked.why, weight)


def _inside(flat: Sequence[Step], bar: Bar) -> tuple[Step, ...]:
    """The changed bar, when its neighbours stayed and it is as long as it was; else nothing."""
    steps = tuple(flat[1:-1])
    kept = flat[0] == bar.before and flat[-1] == bar.after
    return steps if kept and sum(step.units for step in steps) == BAR else ()


def _relative(bar: Bar, style: Style) -> Iterator[Candidate]:
    """A chord of the same function a third away, at any place."""
    weight = max(RELATIVE, style.tables.rules.get("relative substitution", 0.0))
    for at, step in enumerate(bar.steps):
        minor = style.minor if step.home is None else step.minor
        for root, triad, seventh, why in (RELATIVES_MINOR if minor else RELATIVES).get((degree(step), step.family), ()):
            rich = any(letter.isdigit() for letter in step.suffix)
            new = step._replace(root=(step.home or 0) + root, suffix=seventh if rich else triad, bass=None)
            steps = (*bar.steps[:at], new.marked("relative substitution", why), *bar.steps[at + 1 :])
            yield Candidate(_painted(steps, bar, style), "relative substitution", f"{why}, with the same function", weight)


def _coloured(bar: Bar, style: Style) -> Iterator[Candidate]:
    """Each chord in the other colours that the style has for it."""
    ends = (*bar.steps[1:], bar.after)
    for at, (step, then) in enumerate(zip(bar.steps, ends, strict=True)):
        for suffix, share in _palette(step, then, style):
            if suffix != step.suffix and step.bass is None and share > 0:
                new = step._replace(suffix=suffix)
                yield Candidate((*bar.steps[:at], new, *bar.steps[at + 1 :]), "colour", _added(step, new), COLOURED * share)


def _added(step: Step, new: Step) -> str:
    """What a colour adds or leaves out."""
    old, own = (set(chord_at(one.root, one.suffix, None, "C").intervals) for one in (step, new))
    names = [name for tone, name in (*ADDED.items(), *TENSIONS.items()) if tone in own and tone not in old]
    return f"adds {' and '.join(names)}" if names else "plainer"


def _painted(steps: Sequence[Step], bar: Bar, style: Style) -> tuple[Step, ...]:
    """New chords in the colour that the style likes best for them; those that were there stay."""
    painted = []
    for step, then in zip(steps, (*steps[1:], bar.after), strict=True):
        palette = (
            [] if step in bar.steps or step.settled or step.bass is not None or not step.rule else _palette(step, then, style)
        )
        best = max(palette, key=lambda entry: entry[1], default=None)
        painted.append(step if best is None else step._replace(suffix=best[0]))
    return tuple(painted)


def _palette(step: Step, then: Step, style: Style) -> list[tuple[str, float]]:
    """The suffixes that the style has for such a chord with their shares at this complexity, none that is too rich for it."""
    plain = _plain(step)
    kind = PALETTES.get(plain)
    if kind is None:
        return []
    colour = style.tables.colour
    falls = kind == "dom" and then.family in ("min", "hdim") and interval(step, then) == 5
    palette = (colour.get("dom_minor") if falls else None) or colour.get(f"{kind}_{NAMES[degree(step)]}") or colour.get(kind, ())
    limit = 0 if style.complexity <= 2 else 1 if style.complexity <= 4 else 2 if style.complexity <= 6 else 9
    lean = (style.complexity - 5) / 4
    base = RICHNESS.get(plain, 2)
    shares = [
        (suffix, share * 2.0 ** (lean * (RICHNESS.get(suffix, 2) - base)))
        for suffix, share in palette
        if RICHNESS.get(suffix, 2) <= max(limit, base)
    ]
    every = sum(share for _, share in shares)
    return [(suffix, share / every) for suffix, share in shares] if every else []


def _plain(step: Step) -> str:
    """The seventh chord or triad that a chord is without its tensions."""
    if step.suffix in PALETTES:
        return step.suffix
    seventh = any(letter.isdigit() for letter in step.suffix) and not step.suffix.startswith(("add", "6", "m6"))
    plain = {"maj": ("", "maj7"), "min": ("m", "m7"), "dom": ("7", "7"), "sus": ("7sus4", "7sus4"), "hdim": ("m7b5", "m7b5")}
    return plain.get(step.family, ("?", "?"))[seventh]
