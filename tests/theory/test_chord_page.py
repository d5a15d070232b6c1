"""The page of chord spellings is the code's own."""

from __future__ import annotations

from pathlib import Path

from app.theory.chord_page import MEANINGS, chord_page
from app.theory.chord_words import SPELLINGS

PAGE = Path(__file__).parents[2] / "docs" / "chords.md"


def test_the_page_is_what_the_code_generates() -> None:
    """docs/chords.md is up to date: python -m app.theory.chord_page > docs/chords.md."""
    assert PAGE.read_text(encoding="utf-8") == chord_page()


def test_every_kind_of_word_is_explained() -> None:
    """No kind of word is missing on the page."""
    assert {kind for kind, _ in SPELLINGS} == set(MEANINGS)
