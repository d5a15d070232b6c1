"""Says what every chord of a progression is: numeral, function, local key, and the technique that made it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from app.harmony.layout import note_at
from app.harmony.recognise import recognised
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.numeral import function_of, numeral_of
from app.theory.progression import Analysis, Progression, Span, Technique

TRIAD_FIGURES: Final = ("6", "64", "6")
OWN_IN_MINOR: Final = ("bIII", "bVI")
SEVENTH_FIGURES: Final = ("65", "43", "42")
Made = tuple[str, str, int | None, bool]  # rule, why, local tonic in fifths, whether it is minor


def explain(progression: Progression, made: Sequence[Sequence[Made]] | None = None, *, figured: bool = False) -> Progression:
    """The progression with its analysis. `made` says per chord which rule made it and in which key; else it is recognised.

    With `figured`, inversions are written as figured bass: `ii65` where lead sheets have `ii7/4`.
    """
    flat = [(bar, place, span) for bar, spans in enumerate(progression.bars) for place, span in enumerate(spans)]
    marks = [mark for bar in made for mark in bar] if made is not None else [("", "", None, False)] * len(flat)
    spans: list[list[Span]] = [[] for _ in progression.bars]
    techniques: list[Technique] = []
    for index, (bar, _, span) in enumerate(flat):
        before = flat[index - 1][2].chord if index else None
        then = next((other.chord for _, _, other in flat[index + 1 : index + 3] if other.chord != span.chord), None)
        rule, why, home, minor = marks[index]
        key = progression.key if home is None else local_key(progression.key, home, minor)
        if not rule:
            rule, why = recognised(span.chord, before, then, key)
        numeral = (figured_at if figured else numeral_at)(span.chord, key, then)
        spans[bar].append(
            span._replace(analysis=Analysis(numeral, function_of(numeral), rule, "" if home is None else key.short))
        )
        if rule:
            techniques.append(Technique(rule, bar, why))
    return progression._replace(
        bars=tuple(tuple(bar) for bar in spans), techniques=(*progression.techniques, *dict.fromkeys(techniques))
    )


@lru_cache(maxsize=4096)
def numeral_at(chord: Chord, key: Key, then: Chord | None) -> str:
    """The numeral, remembered."""
    return numeral_of(chord, key, then)


@lru_cache(maxsize=4096)
def figured_at(chord: Chord, key: Key, then: Chord | None) -> str:
    """The numeral as in classical analysis: inversions as figures, vii° of what follows, III, VI and VII of a minor key its own.

    A bass that is no chord tone stays a stroke.
    """
    if _is_german(chord, key, then):
        return "Ger65"
    tone = (chord.bass_pc - chord.root_pc) % 12
    tones = (0, chord.third, chord.fifth, chord.seventh)
    if tone not in tones:
        return numeral_at(chord, key, then)
    plain = _leading(chord, key, then) or numeral_at(chord.with_bass(""), key, then)
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
    target = numeral_at(Chord.of(then.root, (0, 3, 7) if then.third == 3 else (0, 4, 7)), key, None)
    sign = "ø7" if chord.family == "hdim" else "°7" if chord.is_seventh else "°"
    return f"vii{sign}/{target.lstrip('b') if key.is_minor and target.startswith(OWN_IN_MINOR) else target}"


@lru_cache(maxsize=256)
def local_key(key: Key, home: int, minor: bool) -> Key:
    """The key so many fifths from another's tonic."""
    return Key(note_at(home, key.tonic), "minor" if minor else "major").respelled()
