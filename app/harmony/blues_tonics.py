"""The tonic of a blues is a dominant seventh: what else would be V7 of IV is I7 there."""

from __future__ import annotations

from itertools import islice

from app.theory.key import Key
from app.theory.numeral import numeral_of
from app.theory.pitch import pitch_class
from app.theory.progression import Analysis, Progression, Span, new_span


def with_blues_tonics(progression: Progression) -> Progression:
    """In a blues the tonic is a dominant seventh: before IV7 it is I7 still, unless its own ii leads to it."""
    key = progression.key
    if key.is_minor:
        return progression
    tonic = key.tonic_pc
    flat = [span for bar in progression.bars for span in bar]
    families = [span.chord.shape.family for span in flat if span.chord.root and pitch_class(span.chord.root) == tonic]
    if 2 * families.count("dom") < max(2, len(families)) or families.count("dom") < 2:
        return progression
    told = iter(
        [
            _as_tonic(span, last, key) if span.chord.shape.family == "dom" and pitch_class(span.chord.root) == tonic else span
            for span, last in zip(flat, (None, *flat[:-1]), strict=True)
        ]
    )
    return progression._replace(bars=tuple([tuple(islice(told, len(bar))) for bar in progression.bars]))


def _as_tonic(span: Span, before: Span | None, key: Key) -> Span:
    """A dominant seventh on the tonic, as I7."""
    led = before is not None and before.chord.family == "min" and (before.chord.root_pc - key.tonic_pc) % 12 == 7
    beat, beats, chord, (_, _, rule, local) = span
    return (
        span if led or rule or local else new_span((beat, beats, chord, Analysis(numeral_of(chord, key), "tonic", rule, local)))
    )
