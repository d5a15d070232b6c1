"""Says what every chord of a progression is: numeral, function, local key, and the technique that made it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from app.harmony.layout import note_at
from app.harmony.recognise import recognised
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.numeral import function_of, numeral_of
from app.theory.progression import Analysis, Progression, Span, Technique, new_span

TRIAD_FIGURES: Final = ("6", "64", "6")
OWN_IN_MINOR: Final = ("bIII", "bVI")
SEVENTH_FIGURES: Final = ("65", "43", "42")
Made = tuple[str, str, int | None, bool]  # rule, why, local tonic in fifths, whether it is minor


def explain(progression: Progression, made: Sequence[Sequence[Made]] | None = None, *, figured: bool = False) -> Progression:
    """The progression with its analysis. `made` says per chord which rule made it and in which key; else it is recognised.

    With `figured`, inversions are written as figured bass: `ii65` where lead sheets have `ii7/4`.
    """
    chords = [span.chord for spans in progression.bars for span in spans]
    marks = [mark for bar in made for mark in bar] if made is not None else [("", "", None, False)] * len(chords)
    told = iter(
        [
            _seen(chord, then, progression.key, figured)
            if mark[2] is None and not mark[0]
            else _marked(chord, then, progression.key, figured, mark)
            for chord, then, mark in zip(chords, _goals(chords), marks, strict=True)
        ]
    )
    bars: list[tuple[Span, ...]] = []
    techniques: dict[Technique, None] = {}
    for bar, spans in enumerate(progression.bars):
        row = []
        for (beat, beats, chord, _), (analysis, why) in zip(spans, told, strict=False):
            row.append(new_span((beat, beats, chord, analysis)))
            if analysis.rule:
                techniques[Technique(analysis.rule, bar, why)] = None
        bars.append(tuple(row))
    return progression._replace(bars=tuple(bars), techniques=(*progression.techniques, *techniques))


class Told(NamedTuple):
    """What is said of a chord, and why the rule that it names put it there."""

    analysis: Analysis
    why: str


def _goals(chords: Sequence[Chord]) -> list[Chord | None]:
    """What each chord goes on to: the first of the next two that is another one."""
    after = (*chords[1:], None, None)
    return [
        then if then != chord else further if further != chord else None
        for chord, then, further in zip(chords, after, after[1:], strict=False)
    ]


def _marked(chord: Chord, then: Chord | None, own: Key, figured: bool, mark: Made) -> Told:
    """What is said of a chord that a rule has made, or that is in another key."""
    rule, why, home, minor = mark
    key = own if home is None else local_key(own, home, minor)
    (numeral, function, recognised, _), reason = _seen(chord, then, key, figured)
    return Told(Analysis(numeral, function, rule or recognised, "" if home is None else key.short), why if rule else reason)


@lru_cache(maxsize=4096)
def _seen(chord: Chord, then: Chord | None, key: Key, figured: bool) -> Told:
    """What is said of a chord in the piece's own key that no rule has marked."""
    rule, why = recognised(chord, then, key)
    numeral = figured_at(chord, key, then) if figured else numeral_of(chord, key, then)
    return Told(Analysis(numeral, function_of(numeral), rule), why)


def figured_at(chord: Chord, key: Key, then: Chord | None) -> str:
    """The numeral as in classical analysis: inversions as figures, vii° of what follows, III, VI and VII of a minor key its own.

    A bass that is no chord tone stays a stroke.
    """
    if _is_german(chord, key, then):
        return "Ger65"
    tone = (chord.bass_pc - chord.root_pc) % 12
    tones = (0, chord.third, chord.fifth, chord.seventh)
    if tone not in tones:
        return numeral_of(chord, key, then)
    plain = _leading(chord, key, then) or numeral_of(chord.with_bass(""), key, then)
    if key.is_minor and plain.startswith(OWN_IN_MINOR):
        plain = plain[1:]
    if not tone:
        return plain
    head, stroke, target = plain.partition("/")
    figure = (SEVENTH_FIGURES if chord.is_seventh else TRIAD_FIGURES)[tones.index(tone) - 1]
    return head.removesuffix("7") + figure + stroke + target


def _is_german(chord: Chord, key: Key, then: Chord | None) -> bool:
    """Whether a seventh chord on the lowered sixth degree opens to the dominant, or to the six-four before it."""
    if then is None or chord.bass or chord.family != "dom" or (chord.root_pc - key.tonic_pc) % 12 != 8:
        return False
    return (then.bass_pc - key.tonic_pc) % 12 == 7 and then.root_pc in (key.tonic_pc, then.bass_pc)


def _leading(chord: Chord, key: Key, then: Chord | None) -> str:
    """`vii°7/V` for a diminished chord a half step below the root of a chord that is not the tonic, "" for others."""
    if (
        then is None
        or chord.family not in ("dim", "hdim")
        or (then.root_pc - chord.root_pc) % 12 != 1
        or then.root_pc == key.tonic_pc
    ):
        return ""
    target = numeral_of(Chord.of(then.root, (0, 3, 7) if then.third == 3 else (0, 4, 7)), key, None)
    sign = "ø7" if chord.family == "hdim" else "°7" if chord.is_seventh else "°"
    return f"vii{sign}/{target.lstrip('b') if key.is_minor and target.startswith(OWN_IN_MINOR) else target}"


@lru_cache(maxsize=256)
def local_key(key: Key, home: int, minor: bool) -> Key:
    """The key so many fifths from another's tonic."""
    return Key(note_at(home, key.tonic), "minor" if minor else "major").respelled()
