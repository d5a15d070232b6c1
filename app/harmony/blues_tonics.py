"""The tonic of a blues is a dominant seventh: what else would be V7 of IV is I7 there."""

from __future__ import annotations

from app.theory.key import Key
from app.theory.numeral import numeral_of
from app.theory.progression import Progression, Span


def with_blues_tonics(progression: Progression) -> Progression:
    """In a blues the tonic is a dominant seventh: before IV7 it is I7 still, unless its own ii leads to it."""
    key = progression.key
    flat = [span for bar in progression.bars for span in bar]
    tonics = [span.chord.family for span in flat if span.chord.root and span.chord.root_pc == key.tonic_pc]
    if key.is_minor or 2 * tonics.count("dom") < max(2, len(tonics)) or tonics.count("dom") < 2:
        return progression
    before = [None, *flat[:-1]]
    told = iter([_as_tonic(span, last, key) for span, last in zip(flat, before, strict=True)])
    return progression._replace(bars=tuple(tuple(next(told) for _ in bar) for bar in progression.bars))


def _as_tonic(span: Span, before: Span | None, key: Key) -> Span:
    led = before is not None and before.chord.family == "min" and (before.chord.root_pc - key.tonic_pc) % 12 == 7
    tonic = span.chord.family == "dom" and span.chord.root_pc == key.tonic_pc and not span.analysis.key
    if not tonic or led or span.analysis.rule:
        return span
    numeral = numeral_of(span.chord, key)
    return span._replace(analysis=span.analysis._replace(numeral=numeral, function="tonic"))
