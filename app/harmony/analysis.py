"""The analysis of chords that nobody marked: local keys, every chord's numeral, function and term, and the figures they make."""

from __future__ import annotations

from collections.abc import Sequence

from app.harmony.blues_tonics import with_blues_tonics
from app.harmony.explain import Made, explain
from app.harmony.figures import BELONGS, Figure, Place, figures, target
from app.harmony.keyfinding import speaks
from app.harmony.localkeys import local_keys, state_of
from app.theory.key import Key
from app.theory.numeral import function_of, numeral_of
from app.theory.pitch import fifths
from app.theory.progression import Progression, Span, Technique

PHRASE = 4  # bars


def analysed(progression: Progression) -> Progression:
    """The progression with numerals, functions, local keys and rules recognised; figures and cadences are techniques."""
    flat = [span for bar in progression.bars for span in bar]
    keys = local_keys([(span.beats, span.chord) for span in flat], progression.key, progression.metre.upper)
    marks = [_mark(key, progression.key) for key in keys]
    told = explain(progression, _by_bar(marks, progression.bars))
    return with_figures(with_blues_tonics(told), keys)


def with_figures(progression: Progression, keys: Sequence[Key] = ()) -> Progression:
    """A progression that is analysed chord by chord, with the figures of several chords.

    `keys` are those its chords are heard in; without them it is a composed one, whose numerals stay as they are.
    """
    flat = [(bar, span) for bar, spans in enumerate(progression.bars) for span in spans]
    own = list(keys) or [Key.parse(span.analysis.key) if span.analysis.key else progression.key for _, span in flat]
    places, indices = _places(progression, [bar for bar, _ in flat], [span for _, span in flat], own)
    found = figures(places)
    rules = _rules(found, indices)
    twos = _related(found, places) if keys else {}
    spans = [_ruled(span, rules.get(index, ""), twos.get(indices[index], "")) for index, (_, span) in enumerate(flat)]
    rest = iter(spans)
    techniques = [
        Technique(figure.name, places[at + figure.size - 1].bar if _closes(figure) else places[at].bar, figure.why)
        for at, figure in found
    ]
    told = dict.fromkeys((*progression.techniques, *techniques))
    return progression._replace(
        bars=tuple(tuple(next(rest) for _ in bar) for bar in progression.bars),
        techniques=tuple(sorted(told, key=lambda technique: technique.bar)),
    )


def _closes(figure: Figure) -> bool:
    """Whether a figure is where it ends, as a cadence is."""
    return "cadence" in figure.why or figure.name in ("half cadence", "deceptive cadence")


def _mark(key: Key, home: Key) -> Made:
    """What `explain` takes: no rule, and the local key in fifths above the home tonic."""
    if key == home:
        return "", "", None, False
    return "", "", fifths(key.tonic) - fifths(home.tonic), key.is_minor


def _by_bar(marks: Sequence[Made], bars: Sequence[Sequence[Span]]) -> list[list[Made]]:
    rest = iter(marks)
    return [[next(rest) for _ in bar] for bar in bars]


def _places(
    progression: Progression, bars: Sequence[int], spans: Sequence[Span], keys: Sequence[Key]
) -> tuple[list[Place], list[int]]:
    """The chords as places, and the place that each span belongs to."""
    places: list[Place] = []
    indices: list[int] = []
    for index, (bar, span, key) in enumerate(zip(bars, spans, keys, strict=True)):
        section = progression.form.at(bar)
        inside = (bar - section.bar) % PHRASE
        ends = inside == PHRASE - 1 or bar == section.end - 1
        closes = ends and (index + 1 == len(spans) or bars[index + 1] != bar)
        if places and places[-1].chord == span.chord and places[-1].key == key:
            places[-1] = places[-1]._replace(last=bar, ends=closes, closes=bar >= section.end - 2)
        else:
            places.append(Place(bar, span.chord, key, bar, inside, closes, bar >= section.end - 2))
        indices.append(len(places) - 1)
    return places, indices


def _rules(found: Sequence[tuple[int, Figure]], indices: Sequence[int]) -> dict[int, str]:
    """The rule that figures give to spans, the first one that does; the goal of a ii-V belongs to what comes."""
    by_place: dict[int, str] = {}
    for at, figure in found:
        for place in range(at, at + min(figure.size, 2 if figure.rule.endswith("ii-V") else figure.size)):
            if figure.rule:
                by_place.setdefault(place, figure.rule)
    return {index: by_place[place] for index, place in enumerate(indices) if place in by_place}


def _related(found: Sequence[tuple[int, Figure]], places: Sequence[Place]) -> dict[int, str]:
    """The numerals of the ii of another degree that the key itself has not: Am7b5 D7 in F begins with iiø7/ii."""
    numerals = {}
    for at, figure in found:
        place, goal = places[at], figure.goal
        if goal is None or figure.rule != "secondary ii-V" or speaks(place.chord, state_of(place.key)) >= BELONGS:
            continue
        local = Key(goal.chord.root, "minor" if goal.chord.third == 3 else "major").respelled()
        numerals[at] = f"{numeral_of(place.chord, local)}/{target(goal)}"
    return numerals


def _ruled(span: Span, rule: str, numeral: str) -> Span:
    analysis = span.analysis
    if numeral and not span.chord.bass:
        analysis = analysis._replace(numeral=numeral, function=function_of(numeral))
    return span._replace(analysis=analysis if analysis.rule or not rule else analysis._replace(rule=rule))
