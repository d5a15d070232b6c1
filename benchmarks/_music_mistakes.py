"""All mistakes and further checks by genre and application: what each genre's module lists, under one roof."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from benchmarks import (
    _music_blues,
    _music_classical,
    _music_gospel,
    _music_jazz,
    _music_latin,
    _music_neosoul,
    _music_reggae,
    _music_rnb,
)
from benchmarks._music_common import Check
from benchmarks._music_hearing import Wrong

GENRES: Final = MappingProxyType(
    {
        "blues": _music_blues,
        "classical": _music_classical,
        "gospel": _music_gospel,
        "jazz": _music_jazz,
        "latin": _music_latin,
        "neosoul": _music_neosoul,
        "reggae": _music_reggae,
        "rnb": _music_rnb,
    }
)


def mistakes(genre: str, application: str) -> tuple[Wrong, ...]:
    """What must not be heard in any piece of an application."""
    module = GENRES.get(genre)
    found: tuple[Wrong, ...] = module.MISTAKES.get(application, ()) if module else ()
    return found


def sung_mistakes(genre: str, application: str) -> tuple[Wrong, ...]:
    """What must not be heard in any piece with a melody."""
    found: tuple[Wrong, ...] = getattr(GENRES.get(genre), "SUNG", {}).get(application, ())
    return found


def genre_checks(genre: str, application: str) -> tuple[Check, ...]:
    """The checks that only this application has."""
    module = GENRES.get(genre)
    found: tuple[Check, ...] = getattr(module, "CHECKS", {}).get(application, ())
    return found
