"""What understanding knows of a genre: its applications with their defaults, its roles, and its own words. Values, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

Meanings = tuple[tuple[str, str], ...]  # what a phrase says, as pairs of field and value: (("mood", "dark"),)


class Application(NamedTuple):
    """A sub-style of a genre with everything it does when nothing else is asked."""

    name: str  # "one_drop"
    title: str  # "one drop"
    words: tuple[str, ...]  # what people call it besides its name and title; case, hyphens and plurals do not matter
    tempo: float  # the metre's beats a minute
    tempo_range: tuple[float, float]
    metre: str
    metres: tuple[str, ...]  # those it is played in natively
    bars: int
    keys: tuple[str, ...]  # as `Key.parse` reads them; the first is the default: ("Bb", "F", "Dm")
    ensemble: tuple[str, ...]  # the roles that play by default, in order
    form: str
    humanize: float = 1.0
    techniques: tuple[str, ...] = ()  # names of `TECHNIQUES` that are its own without asking
    chorus_bars: int = 0  # bars of once through its form; 0: as many as `bars`


class Vocabulary(NamedTuple):
    """A genre as understanding sees it."""

    name: str
    title: str
    applications: Mapping[str, Application]
    default_application: str
    roles: tuple[str, ...]  # all that the genre can play, in the order of its tracks
    # A phrase of the genre's own → pairs of (field, value). Fields and values: the kinds of
    # `app.services.words_tables`, such as ("mood", "dark"), ("technique", "backdoor"), ("playing", "brushes"),
    # ("application", "ballad"), ("tempo", "slow"), ("metre", "12/8"), ("form", "AABA"), ("part", "organ"),
    # ("mode", "minor"), ("intensity", "0.8"), ("density", "0.2"), ("swing", "0"), ("known", "").
    words: Mapping[str, Meanings] = MappingProxyType({})
    forms: tuple[str, ...] = ()  # forms of its own that may be asked for by name

    def __hash__(self) -> int:
        return hash(self.name)  # what has the same name is told apart by its tables, which have no hash
