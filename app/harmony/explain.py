"""Says what every chord of a progression is: numeral, function, local key, and the technique that made it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from app.harmony.layout import note_at
from app.harmony.recognise import recognised
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.numeral import function_of, numeral_of
from app.theory.progression import Analysis, Progression, Span, Technique

Made = tuple[str, str, int | None, bool]  # rule, why, local tonic in fifths, whether it is minor


def explain(progression: Progression, made: Sequence[Sequence[Made]] | None = None) -> Progression:
    """The progression with its analysis. `made` says per chord which rule made it and in which key; else it is recognised."""
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
        numeral = numeral_at(span.chord, key, then)
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


@lru_cache(maxsize=256)
def local_key(key: Key, home: int, minor: bool) -> Key:
    """The key so many fifths from another's tonic."""
    return Key(note_at(home, key.tonic), "minor" if minor else "major").respelled()
