"""Harmony in time: bars of chord spans, each with the analysis that says why it is there."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Final, NamedTuple

from app.theory.chord import Chord
from app.theory.form import Form
from app.theory.key import Key
from app.theory.rhythm import Metre


class Analysis(NamedTuple):
    """What a chord is in its key and which rule put it there, in the field's terms."""

    numeral: str = ""  # "V7/vi"
    function: str = ""  # tonic | subdominant | dominant | passing | modal | ""
    rule: str = ""  # "ii-V insertion"; "" for what the form itself has
    key: str = ""  # the local key where it differs from the piece's


class Span(NamedTuple):
    """A chord for some beats of one bar. Beats count the metre's lower number, from 0."""

    beat: Fraction
    beats: Fraction
    chord: Chord
    analysis: Analysis = Analysis()


new_span: Final = partial(tuple.__new__, Span)  # of all fields in order: half the price of calling the class


class Technique(NamedTuple):
    """Where a named harmonic technique occurs, and why."""

    name: str  # "tritone substitution"
    bar: int  # from 0
    why: str  # "subV7 of ii"


class Progression(NamedTuple):
    """Bars of spans; every bar's beats sum to the metre's upper number."""

    key: Key
    metre: Metre
    bars: tuple[tuple[Span, ...], ...]
    form: Form
    techniques: tuple[Technique, ...] = ()
    notes: tuple[str, ...] = ()  # what a person should know (a shortened form, a technique that found no place)
