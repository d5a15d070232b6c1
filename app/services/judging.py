"""Whether a model's progression may be played: named checks, each with a reason and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from time import perf_counter
from types import MappingProxyType
from typing import Final, NamedTuple

from app.errors import RejectedReply
from app.harmony.compose import compose
from app.harmony.spotted import heard, spotted
from app.harmony.tables import HarmonyTables
from app.llm.types import Check
from app.services.charted import progression_of, written
from app.services.genre import Genre
from app.services.model_form import form_of
from app.services.parsing import Parsed
from app.services.prompting import chosen, example, idioms_of
from app.theory.brief import Brief
from app.theory.chance import Chance
from app.theory.charts import Bar, Bars
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.progression import Progression, Technique
from app.theory.rhythm import Metre

SURE: Final = 0.5  # a check that is less sure than this refuses nothing
SLACK: Final = 0.5  # of the share of sevenths
SAMPLES: Final = 6
LOOP: Final = 4  # bars: what is longer is a phrase
FAR: Final = frozenset({"modulation", "step-up modulation", "Coltrane changes", "planing", "chromatic mediant"})
VAMPS: Final = ("vamp", "loop", "riddim", "montuno", "drive")


class Judged(NamedTuple):
    """An answer that may be played. `made` is the text from which it is made again."""

    progression: Progression
    form_and_chart: Bars
    repairs: tuple[str, ...]
    checks: tuple[Check, ...]

    def made(self, label: str) -> str:
        """The progression as a file keeps it."""
        return written(label, self.progression.form, self.form_and_chart, self.progression.metre)


class Case(NamedTuple):
    """What is judged, and what for."""

    progression: Progression
    bars: Bars
    brief: Brief
    genre: Genre

    @property
    def tables(self) -> HarmonyTables:
        """What the rules would make it of."""
        return self.genre.harmony(self.brief.application)


Verdict = tuple[bool, str, float]  # passed, why (advice when not), confidence


def judged(parsed: Parsed, brief: Brief, genre: Genre, wanted: Sequence[str] = ()) -> Judged:
    """The progression of a parsed answer. Raises RejectedReply with every fault as advice, and all checks.

    `wanted` names the checks to make; none: all of them. What was found missing at the end, and is plain, is mended first.
    """
    bars, ending = _home(parsed.bars, brief.key)
    repairs = (*parsed.repairs, *((ending,) if ending else ()))
    form = form_of(parsed._replace(bars=bars), brief, genre.harmony(brief.application))
    case = Case(progression_of(bars, form, brief), bars, brief, genre)
    rows = list(parsed.checks)
    for name, check in CHECKS.items():
        if not wanted or name in wanted:
            began = perf_counter()
            passed, why, confidence = check(case)
            rows.append(Check(name, passed, why, confidence, round((perf_counter() - began) * 1e3, 3)))
    wrong = [row.reason for row in rows if not row.passed and row.confidence >= SURE]
    if wrong:
        raise RejectedReply("; ".join(wrong), rows)
    return Judged(case.progression, bars, repairs, tuple(rows))


def _home(bars: Bars, key: Key) -> tuple[Bars, str]:
    """The last bar as a tonic, where the answer turns round to its beginning only there, or ends a bar on the way home."""
    last = bars[-1]
    if last[-1][1].root_pc == key.tonic_pc or _tonic(last[-1][1], key):
        return bars, ""
    home = next((chord for bar in reversed(bars) for _, chord in reversed(bar) if _tonic(chord, key) and not chord.bass), None)
    turning = _tonic(last[0][1], key) or any(_tonic(chord, key) for bar in bars[-2:-1] for _, chord in bar)
    leads = _leads_home(last[-1][1], key)
    if home is None or not (turning or leads):
        return bars, ""
    whole = sum((length for length, _ in last), Fraction(0))
    return (*bars[:-1], ((whole, home),)), "the last bar is the tonic"


def _tonic(chord: Chord, key: Key) -> bool:
    return bool(chord.root) and chord.root_pc == key.tonic_pc and chord.family not in ("dim", "hdim")


def _leads_home(chord: Chord, key: Key) -> bool:
    return bool(chord.root) and (chord.root_pc - key.tonic_pc) % 12 in (7, 1, 10, 5)


def _key(case: Case) -> Verdict:
    """Enough of the time the roots are of the key, and the tonic is among them."""
    key, wanted = case.brief.key, _in_key(case.brief)
    inside = set(key.scale) | ({9, 11} if key.is_minor else set())
    total = within = Fraction(0)
    for bar in case.bars:
        for length, chord in bar:
            total += length
            within += length if (chord.root_pc - key.tonic_pc) % 12 in inside else 0
    share = float(within / total)
    home = any(_tonic(chord, key) for bar in case.bars for _, chord in bar)
    if not home:
        return False, f"{key.short} is never heard: the key is {key}", 1.0
    said = f"{share:.0%} of the time on roots of {key}"
    return share >= wanted, said if share >= wanted else f"only {said}: stay in the key", 0.9


def _in_key(brief: Brief) -> float:
    """The least share: plain pieces keep to the key, daring ones need not."""
    least = 0.8 if brief.complexity <= 3 else 0.62 if brief.complexity <= 6 else 0.45
    return min(least, 0.35) if FAR & set(brief.techniques) else least


def _cadence(case: Case) -> Verdict:
    """It ends at home."""
    last = case.bars[-1][-1][1]
    key = case.brief.key
    if _tonic(last, key):
        return True, f"ends on {last}", 1.0
    return False, f"the last bar is {last}: end on the tonic {key.short}", 0.9


def _idiom(case: Case) -> Verdict:
    return idiom(case.bars, case.brief, case.genre)


def idiom(bars: Bars, brief: Brief, genre: Genre) -> Verdict:
    """Its chords are of the kinds that the genre's rules use, about as rich and as many."""
    usual, own = usual_of(genre, brief.application, brief.key.is_minor, brief.complexity), traits(bars)
    strange = own.foreign(usual)
    about = genre.vocabulary.applications[brief.application].title
    if strange > 0.4:
        return False, f"{strange:.0%} of the chords are of kinds that {about} does not use", 0.7
    if own.sevenths < usual.low - SLACK:
        return False, f"too plain for {about}: most of its chords have four notes or more", 0.7
    rich = brief.complexity >= 7 or "extended chords" in brief.techniques
    if own.sevenths > usual.high + SLACK and not rich:
        return False, f"too rich for {about}: most of its chords are triads", 0.7
    if own.pace > max(2.0, 2.5 * usual.pace):
        return False, f"{own.pace:.1f} chords a bar: {about} has {usual.pace:.1f}", 0.7
    return True, f"{own.sevenths:.0%} sevenths, {own.pace:.1f} chords a bar", 0.7


class Traits(NamedTuple):
    """What chords are like: share of those with more than three notes (`sevenths`), chords a bar, families by share of chords."""

    sevenths: float
    pace: float
    families: frozenset[str]
    shares: tuple[tuple[str, float], ...] = ()
    low: float = 0.0
    high: float = 0.0

    def foreign(self, usual: Traits) -> float:
        """The share of chords of families that are not usual."""
        return sum(share for family, share in self.shares if family not in usual.families)


def traits(bars: Bars) -> Traits:
    """The traits of these bars."""
    chords = [chord for bar in bars for _, chord in bar if chord.root]
    count = max(1, len(chords))
    families = sorted({chord.family for chord in chords})
    shares = tuple((family, sum(chord.family == family for chord in chords) / count) for family in families)
    rich = sum(len(chord.intervals) > 3 for chord in chords) / count
    return Traits(rich, len(chords) / max(1, len(bars)), frozenset(families), shares)


@lru_cache(maxsize=256)
def usual_of(genre: Genre, application: str, minor: bool, complexity: int) -> Traits:
    """What the rules' own progressions are like: a few of sixteen bars. The common families are always usual."""
    brief = Brief(
        genre.name, application, "", Key("C", "minor" if minor else "major"), 100.0, Metre.of("4/4"), 16, 1, complexity=complexity
    )
    found = []
    for seed in range(1, SAMPLES + 1):
        made = compose(brief, genre.harmony(application), Chance(seed).of("usual"))
        found.append(traits(tuple(tuple((span.beats, span.chord) for span in bar) for bar in made.bars)))
    families = frozenset({"maj", "min", "dom"}.union(*(one.families for one in found)))
    sevenths = [one.sevenths for one in found]
    return Traits(sum(sevenths) / SAMPLES, sum(one.pace for one in found) / SAMPLES, families, (), min(sevenths), max(sevenths))


def _techniques(case: Case) -> Verdict:
    """Each technique that was asked for is heard somewhere."""
    missing, unsure = [], []
    known = {technique.name for technique in case.progression.techniques}
    for name in case.brief.techniques:
        found = spotted(case.progression, name) if name not in known else (Technique(name, 0, ""),)
        if found is None:
            unsure.append(name)
        elif not found:
            missing.append(name)
    if missing:
        return False, f"asked for and not heard: {', '.join(missing)}", 0.8
    return True, f"cannot be told from chords: {', '.join(unsure)}" if unsure else "", 0.4 if unsure else 0.9


def _original(case: Case) -> Verdict:
    """It is none of the examples that the model was shown, nor one of them moved to the key."""
    own = _moves(case.bars, case.brief.key)
    for key, chart in chosen(idioms_of(case.genre), case.brief):
        shown = _example(chart, case.brief.metre, key)
        if len(own) < len(shown) or len(shown) < 3:
            continue
        same = sum(bar == shown[place % len(shown)] for place, bar in enumerate(own)) / len(own)
        if same >= 0.9:
            return False, "that is the example: write a progression of your own", 0.9
    return True, "", 0.9


@lru_cache(maxsize=256)
def _example(chart: str, metre: Metre, key: Key) -> list[tuple[tuple[int, str], ...]]:
    return _moves(example(chart, metre, key), key)


def _moves(bars: Bars | tuple[Bar, ...], key: Key) -> list[tuple[tuple[int, str], ...]]:
    """The bars as semitones above the tonic with the kind of chord."""
    return [tuple(((chord.root_pc - key.tonic_pc) % 12, chord.quality) for _, chord in bar) for bar in bars]


def _varied(case: Case) -> Verdict:
    """It is not one loop from end to end, where the style is none of loops."""
    if len(case.bars) <= 2 * LOOP or loops(case.tables, case.brief):
        return True, "", 0.8
    size = next(_loops_in(case.bars), 0)
    if size:
        return False, f"the same {size} {'bar' if size == 1 else 'bars'} over and over: write phrases that go on", 0.8
    return True, "", 0.8


def _loops_in(bars: Bars) -> Iterator[int]:
    body = bars[:-2]
    for size in range(1, LOOP + 1):
        if all(bar == body[place % size] for place, bar in enumerate(body)):
            yield size


def loops(tables: HarmonyTables, brief: Brief) -> bool:
    """Whether a piece of this style may be one loop."""
    planned = {section.label.lower() for row in tables.forms for section in row.sections}
    asked = brief.form.lower() in VAMPS or "pedal point" in brief.techniques
    return asked or tables.one > 0 or tables.hold > 0 or bool(planned & set(VAMPS))


def _heard(case: Case) -> Verdict:
    """There are chords to hear, more than one of them in a piece of any length."""
    different = {(one.place, one.chord.shape) for one in heard(case.progression)}
    if len(different) < 2 and len(case.bars) > LOOP and not loops(case.tables, case.brief):
        return False, "one chord alone is no progression", 0.9
    return True, "", 0.9


CHECKS: Final[MappingProxyType[str, Callable[[Case], Verdict]]] = MappingProxyType(
    {
        "key": _key,
        "cadence": _cadence,
        "idiom": _idiom,
        "techniques": _techniques,
        "original": _original,
        "varied": _varied,
        "heard": _heard,
    }
)
