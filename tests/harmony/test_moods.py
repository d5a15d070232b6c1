"""Moods: each that words can name leans the harmony somewhere."""

from __future__ import annotations

import pytest

from app.harmony.moods import MOODS, of_moods
from app.harmony.rules import RULES
from app.services.words_tables import MOODS as UNDERSTOOD
from tests.harmony.makers import composed, symbols


def test_every_mood_that_is_understood_has_its_harmony() -> None:
    """The table of moods and the table of their words name the same ones, and rules that exist."""
    assert set(MOODS) == set(UNDERSTOOD)
    assert {rule for row in MOODS.values() for rule in row} <= set(RULES)


@pytest.mark.parametrize("mood", list(UNDERSTOOD))
def test_a_mood_is_heard_in_the_chords(mood: str) -> None:
    """Over some seeds a piece in that mood has other chords than the same piece in none."""
    changed = [
        symbols(composed("jazz", "swing", "F", 32, seed, moods=(mood,))) != symbols(composed("jazz", "swing", "F", 32, seed))
        for seed in range(10)
    ]
    assert any(changed)


def test_moods_add_up() -> None:
    """What two moods both make likelier is likelier still."""
    assert of_moods(("dreamy", "mysterious"))["planing"] > max(of_moods((mood,))["planing"] for mood in ("dreamy", "mysterious"))
