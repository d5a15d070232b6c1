"""Words that say nothing in one genre and name a style of another: a bossa nova that is asked of jazz."""

from __future__ import annotations

from app.services.registry import discover
from app.services.runtime import Runtime
from app.services.vocabulary import Vocabulary
from app.services.words_lexicon import spell
from app.theory.brief import Brief

Styles = tuple[tuple[str, frozenset[str]], ...]  # genres and all names of their styles, spelled

_known: dict[str, Styles] = {}  # by cache folder; genres that are installed later are not missed by anyone


def styles_elsewhere(brief: Brief, runtime: Runtime) -> tuple[str, ...]:
    """A note for each other genre of which words that were not understood name a style."""
    left = {word for text in brief.not_understood for word in spell(text).split()}
    said = f" {spell(brief.description)} "
    notes = []
    for genre, names in _styles(runtime):
        found = [name for name in names if left.issuperset(name.split()) and f" {name} " in said]
        if found and genre != brief.genre:
            notes.append(f'"{max(found, key=len)}" is a style of the genre {genre}, which plays it.')
    return tuple(notes)


def _styles(runtime: Runtime) -> Styles:
    """What the styles of every usable genre are called, read once."""
    folder = runtime.cache_folder
    if folder not in _known:
        services, _ = discover(folder).usable(runtime)
        _known[folder] = tuple((service.name, _names(service.genre.vocabulary)) for service in services)
    return _known[folder]


def _names(genre: Vocabulary) -> frozenset[str]:
    return frozenset(spell(name) for one in genre.applications.values() for name in (one.title, one.name, *one.words))
