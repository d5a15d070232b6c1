"""Words for a style that another genre plays are told to be that."""

from __future__ import annotations

import pytest

from app.services.registry import discover
from app.theory.brief import Ask


@pytest.mark.parametrize(
    ("genre", "words", "notes"),
    [
        ("jazz", "a bossa nova in F", ['"bossa nova" is a style of the genre latin, which plays it.']),
        ("classical", "a tender bolero", ['"bolero" is a style of the genre latin, which plays it.']),
        ("latin", "a tender bolero", []),  # its own
        ("latin", "a polka", []),  # nobody's
        ("jazz", "nova", []),  # no more than a part of a name
    ],
)
def test_a_style_of_another_genre_is_told(genre: str, words: str, notes: list[str]) -> None:
    """By the name that the words have for it."""
    assert list(discover().service(genre).understand(Ask(genre, description=words, seed=1)).notes) == notes
