"""Other chords for the bars of a chart: each bar's alternatives in a style, checked against neighbours and melody, and ranked."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

from app.harmony.alternatives import Bar as Place
from app.harmony.alternatives import Candidate, Style, candidates
from app.harmony.chart import spans_of
from app.harmony.layout import in_bars, laid_out
from app.harmony.likeness import distance, leads, motion, suits
from app.harmony.localkeys import local_keys
from app.harmony.step import BAR, Step, shared_out
from app.harmony.tables import HarmonyTables
from app.theory.chance import Chance
from app.theory.charts import Bar, Bars
from app.theory.chord import Chord
from app.theory.chord_symbol import safe_suffix
from app.theory.key import Key
from app.theory.numeral import function_of, numeral_of
from app.theory.pitch import fifths
from app.theory.progression import Analysis, Span
from app.theory.rhythm import Metre

Melody = Sequence[Sequence[int | None]]  # of each bar the notes (0-11, None for a rest) that share it evenly

ROUGH: Final = 0.93  # what every semitone costs that voices move more than in the original
AGAINST_END: Final = 0.3  # what it costs to end on another chord than the piece does
TENSION: Final = 0.85  # what a melody note costs that is no chord tone
FARTHER: Final = 1.6  # how much more a far alternative is liked for every step of complexity above 5, by its distance
SAME: Final = 2  # alternatives of one rule, while there are others
SUGGESTED: Final = 0.05  # what an idea from outside weighs against a rule at one place
BY_RULE: Final = "rule-based"
PLAIN_DOMINANTS: Final = 0.5  # share of tonics and subdominants that are dominant sevenths where those are no tension


class Alternative(NamedTuple):
    """A bar as it could be: its chords with analysis, the rule and reason, how far it is from the original, its rank's score."""

    spans: tuple[Span, ...]
    rule: str
    reason: str
    distance: float  # 0 the same ... 1
    score: float
    method: str = BY_RULE  # or who suggested it


class Suggested(NamedTuple):
    """Other chords for every bar from outside the rules, and who has them from where."""

    bars: Bars
    method: str


NOTHING: Final = Suggested((), "")


class Reharmonized(NamedTuple):
    """A bar of the chart with its alternatives, the best first."""

    bar: int  # from 0
    spans: tuple[Span, ...]
    alternatives: tuple[Alternative, ...]
    note: str = ""  # why there are none


class Chart(NamedTuple):
    """What is to be reharmonized: bars of chords in a metre and a key, and the melody over them where there is one."""

    bars: Bars
    metre: Metre
    key: Key
    melody: Melody = ()


def reharmonize(
    chart: Chart, tables: HarmonyTables, complexity: int = 5, count: int = 5, seed: int = 0, suggested: Suggested = NOTHING
) -> tuple[Reharmonized, ...]:
    """Up to `count` alternatives for every bar, by the rules and colours of a style and as `suggested`, ranked together.

    Each fits the chords before and after it (dominants and diminished chords resolve, voices move little further than they did)
    and the melody (every note is in the chord over which it stands, or a tension that it may have). The last bar ends as it did
    where it can. Bars of more than four chords, or of none, have no alternatives, and a note that says so.
    """
    pairs = [pair for bar in chart.bars for pair in bar]
    keys = iter(local_keys(pairs, chart.key, chart.metre.upper))
    steps = [_steps(bar, [next(keys) for _ in bar], chart.key) for bar in chart.bars]
    shortest = max(1, BAR // max(1, int(tables.pace))) if complexity < 7 else 1
    style = Style(tables, complexity, chart.key.is_minor, shortest, Chance(seed))
    return tuple(_bar(chart, steps, place, style, (count, suggested)) for place in range(len(steps)))


def unfit(chart: Chart, place: int, bar: Bar) -> str:
    """Why other chords for a bar may not be offered; "" where they fit the melody and the chords around."""
    old = spans_of(chart.bars[place])
    if not bar or not old or not all(chord.root for _, chord in (*bar, *chart.bars[place])):
        return "there is no chord"
    if len(bar) > min(BAR, len(chart.metre.groups)):
        return "there are too many chords"
    return _unfit(chart, place, old, spans_of(bar))


def _unfit(chart: Chart, place: int, old: Sequence[Span], spans: Sequence[Span]) -> str:
    if distance(old, spans, chart.key) == 0:
        return "it is as it was"
    if _melody(chart, place, spans) == 0:
        return "a note of the melody stands against its chord"
    if not _all_lead(_around(chart, place, spans), old, _blues(chart)):
        return "a dominant or diminished chord in it or before it does not resolve"
    return ""


def _bar(
    chart: Chart, steps: Sequence[tuple[Step, ...]], place: int, style: Style, wanted: tuple[int, Suggested]
) -> Reharmonized:
    """One bar: its candidates, those that fit, in order."""
    spans = _explained(spans_of(chart.bars[place]), chart.key, _first(chart, place + 1))
    if not steps[place]:
        return Reharmonized(place, spans, (), _left(spans))
    before, after = _nearest(steps, place, -1), _nearest(steps, place, 1)
    found = candidates(Place(before[-1], steps[place], after[0]), style, f"bar {place}")
    weighed = [one for candidate in found if (one := _weighed(chart, place, spans, candidate, style)) is not None]
    count, suggested = wanted
    kept = {_shape(one): one for one in reversed(weighed)}
    if place < len(suggested.bars) and not unfit(chart, place, suggested.bars[place]):
        own = _explained(spans_of(suggested.bars[place]), chart.key, _first(chart, place + 1))
        idea = Candidate((), "suggestion", f"as {suggested.method} has it", SUGGESTED)
        one = _scored(chart, place, spans, own, (idea, style.complexity))._replace(method=suggested.method)
        kept[_shape(one)] = _agreed(kept.get(_shape(one)), one)
    ranked = sorted(kept.values(), key=lambda one: (-one.score, one.distance, one.reason))
    return Reharmonized(place, spans, _varied(ranked, count), "" if ranked else "nothing else fits here")


def _left(spans: Sequence[Span]) -> str:
    """Why a bar is left as it is."""
    if any(not span.chord.root for span in spans):
        return "N.C. stays as it is"
    return f"{len(spans)} chords: a bar of more than {BAR} stays as it is"


def _nearest(steps: Sequence[tuple[Step, ...]], place: int, way: int) -> tuple[Step, ...]:
    """The next bar that way that has chords, round the end; at last the bar itself."""
    around = (steps[(place + way * far) % len(steps)] for far in range(1, len(steps) + 1))
    return next(bar for bar in around if bar)


def _agreed(ruled: Alternative | None, one: Alternative) -> Alternative:
    """An idea from outside; what the rules have too stays theirs, and is liked no less."""
    if ruled is None:
        return one
    return ruled._replace(reason=f"{ruled.reason}; {one.method} has it too", score=max(ruled.score, one.score))


def _shape(one: Alternative) -> tuple[tuple[str, Fraction], ...]:
    return tuple((str(span.chord), span.beats) for span in one.spans)


def _varied(ranked: Sequence[Alternative], count: int) -> tuple[Alternative, ...]:
    """The best so many, at first no more than two of a rule; what is left over fills up."""
    seen: dict[str, int] = {}
    first: list[Alternative] = []
    rest: list[Alternative] = []
    for one in ranked:
        seen[one.rule] = seen.get(one.rule, 0) + 1
        (first if seen[one.rule] <= SAME else rest).append(one)
    chosen = [*first[:count], *rest[: max(0, count - len(first))]]
    return tuple(sorted(chosen, key=lambda one: (-one.score, one.distance, one.reason)))


def _steps(bar: Sequence[tuple[Fraction, Chord]], keys: Sequence[Key], home: Key) -> tuple[Step, ...]:
    """The chords of a bar as steps in their local keys; nothing for N.C. and more chords than a bar of steps has."""
    if len(bar) > BAR or not all(chord.root for _, chord in bar):
        return ()
    steps = []
    for (_, chord), key in zip(bar, keys, strict=True):
        bass = fifths(chord.bass) - fifths(home.tonic) if chord.bass else None
        local = None if key == home else fifths(key.tonic) - fifths(home.tonic)
        root = fifths(chord.root) - fifths(home.tonic)
        steps.append(Step(root, safe_suffix(chord.shape), bass=bass, home=local, minor=local is not None and key.is_minor))
    return shared_out(steps)


def _weighed(chart: Chart, place: int, old: Sequence[Span], candidate: Candidate, style: Style) -> Alternative | None:
    """A candidate as an alternative with its score; None when it does not fit."""
    (bar,) = in_bars(candidate.steps)
    if len(bar) > min(BAR, len(chart.metre.groups)):
        return None
    (laid,) = laid_out([bar], chart.key, chart.metre)
    if len(laid) == len(old):
        laid = tuple(span._replace(beat=was.beat, beats=was.beats) for span, was in zip(laid, old, strict=True))
    spans = _explained(tuple(_as_before(span, old) for span in laid), chart.key, _first(chart, place + 1))
    return None if _unfit(chart, place, old, spans) else _scored(chart, place, old, spans, (candidate, style.complexity))


def _scored(chart: Chart, place: int, old: Sequence[Span], spans: tuple[Span, ...], idea: tuple[Candidate, int]) -> Alternative:
    """Chords that fit as an alternative of a candidate at a complexity."""
    candidate, complexity = idea
    chords, apart = _around(chart, place, spans), distance(old, spans, chart.key)
    score = candidate.weight * _melody(chart, place, spans)
    score *= ROUGH ** max(0, _roughness(chords) - _roughness(_around(chart, place, old)))
    score *= FARTHER ** ((complexity - 5) * (apart - 0.35))
    if place == len(chart.bars) - 1 and spans[-1].chord.root_pc != old[-1].chord.root_pc:
        score *= AGAINST_END
    reason = f"{candidate.rule}: {candidate.why}{_joint(chords, len(spans), place)}"
    return Alternative(spans, candidate.rule, reason, apart, round(score, 5))


def _as_before(span: Span, old: Sequence[Span]) -> Span:
    """A chord that is only spelled anew is the one that was there."""
    same = next((was.chord for was in old if str(was.chord) == str(span.chord)), None)
    return span if same is None else span._replace(chord=same)


def _explained(spans: Sequence[Span], key: Key, following: Chord | None) -> tuple[Span, ...]:
    """The spans with numeral and function."""
    thens = [*(span.chord for span in spans[1:]), following]
    numerals = [numeral_of(span.chord, key, then) for span, then in zip(spans, thens, strict=True)]
    return tuple(
        span._replace(analysis=Analysis(numeral, function_of(numeral))) for span, numeral in zip(spans, numerals, strict=True)
    )


def _first(chart: Chart, place: int) -> Chord | None:
    return chart.bars[place][0][1] if place < len(chart.bars) else None


def _last(chart: Chart, place: int) -> Chord | None:
    return chart.bars[place][-1][1] if place >= 0 else None


def _around(chart: Chart, place: int, spans: Sequence[Span]) -> list[Chord]:
    around = (_last(chart, place - 1), *(span.chord for span in spans), _first(chart, place + 1))
    return [chord for chord in around if chord is not None]


def _all_lead(chords: Sequence[Chord], old: Sequence[Span], blues: bool) -> bool:
    """Whether every chord leads to the next; what the original did too is no fault."""
    own = {span.chord for span in old}
    return all(leads(one, other, blues=blues) or (one in own and other in own) for one, other in pairwise(chords))


def _blues(chart: Chart) -> bool:
    """Whether dominant sevenths are at rest here: most chords on I and IV are."""
    above = [((chord.root_pc - chart.key.tonic_pc) % 12, chord.family) for bar in chart.bars for _, chord in bar if chord.root]
    rest = [family for degree, family in above if degree in (0, 5)]
    return bool(rest) and rest.count("dom") >= PLAIN_DOMINANTS * len(rest)


def _roughness(chords: Sequence[Chord]) -> int:
    """The widest voice leading between two chords of a row, in semitones."""
    return max((motion(one, other) for one, other in pairwise(chords)), default=0)


def _melody(chart: Chart, place: int, spans: Sequence[Span]) -> float:
    """How well the melody of a bar stands over chords: 1 all chord tones, less for tensions, 0 for a note against its chord."""
    notes = chart.melody[place] if place < len(chart.melody) else ()
    fit = 1.0
    for index, note in enumerate(notes):
        start, end = (Fraction(chart.metre.upper * edge, len(notes)) for edge in (index, index + 1))
        under = [span.chord for span in spans if span.beat < end and span.beat + span.beats > start]
        for chord in under if note is not None else ():
            fit *= {2: 1.0, 1: TENSION, 0: 0.0}[suits(chord, note or 0, chart.key)]
    return fit


def _joint(chords: Sequence[Chord], size: int, place: int) -> str:
    """How the bar leads on, for its reason: the bass by step, common tones."""
    inner = chords[1 if place else 0 :]
    if len(inner) <= size:
        return ""
    last, then = inner[size - 1], inner[size]
    step = (then.bass_pc - last.bass_pc) % 12
    common = len(last.pitch_classes & then.pitch_classes)
    moves = {
        1: "the bass rises a half step",
        11: "the bass falls a half step",
        2: "the bass rises a step",
        10: "the bass falls a step",
    }
    moves |= {5: "the bass falls a fifth", 0: "the bass stays"}
    how = moves.get(step, f"{common} common {'tone' if common == 1 else 'tones'}")
    return f"; {how} into {then.display}"
