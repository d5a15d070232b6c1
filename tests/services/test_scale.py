"""What words weigh can be set: weights, words of one's own, and words that count no more."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import RequestError
from app.services.again import ask_of_file
from app.services.complexity import estimate
from app.services.registry import discover
from app.services.runtime import Runtime, run_straight
from app.services.scale import USUAL, scale_of
from app.theory.brief import Ask

SCALE = scale_of(
    {
        "weights": {"base": 5, "complex": 3, "techniques": 0},
        "words": {"simple": ["Noodly"], "complex": ["berserk harmonies"], "ignored": ["lush"]},
    },
    "octet.toml",
)


@pytest.mark.parametrize(
    ("words", "usual", "own"),
    [
        ("jazz", 4, 5),
        ("an experimental tune", 6, 8),
        ("noodly", 4, 4),  # simple: one less than the base
        ("a berserk harmony", 4, 8),  # singular and plural alike
        ("lush chords", 5, 5),
        ("tritone substitutions", 5, 5),
    ],
)
def test_words_weigh_as_the_settings_have_them(words: str, usual: int, own: int) -> None:
    """Beside the usual tables, which stand for all that is not named."""
    assert estimate(words).score == usual
    assert estimate(words, scale=SCALE).score == own


def test_a_piece_goes_by_them_and_its_file_keeps_the_score() -> None:
    """Words of one's own are understood; whoever makes the piece again elsewhere gets the same."""
    service = discover().service("jazz", Runtime("rules_only", scale=SCALE))
    piece = run_straight(service.make(Ask("jazz", "berserk harmonies", num_bars=8, seed=3)))
    again = run_straight(discover().service("jazz", Runtime("rules_only")).make(ask_of_file(piece.midi)[0]))

    assert (piece.brief.complexity, piece.brief.not_understood) == (8, ())
    assert again.progression.bars == piece.progression.bars
    usual = run_straight(discover().service("jazz", Runtime("rules_only")).make(Ask("jazz", "bebop", num_bars=8, seed=3)))
    assert ask_of_file(usual.midi)[0].complexity is None


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([], "write tables weights and words"),
        ({"weight": {}}, "write tables weights and words"),
        ({"weights": {"simpel": 1}}, '"simpel"'),
        ({"weights": {"simple": 99}}, "a whole number from -9 to 9"),
        ({"weights": {"simple": True}}, "a whole number from -9 to 9"),
        ({"words": {"simpel": []}}, "simple"),
        ({"words": {"simple": "easy"}}, "a list of words"),
        ({"words": {"simple": ["!"]}}, "a list of words"),
    ],
)
def test_what_is_no_scale_is_told(table: Any, said: str) -> None:
    """With the file, the name and what to write."""
    with pytest.raises(RequestError, match=r"octet\.toml: complexity") as refused:
        scale_of(table, "octet.toml")
    assert said in str(refused.value)


def test_nothing_said_is_the_usual() -> None:
    """An empty table changes nothing."""
    assert scale_of({}, "octet.toml") == USUAL
