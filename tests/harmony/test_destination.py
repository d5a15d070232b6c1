"""A piece that is told where to go arrives there, by that key's dominant, and says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.conformance import conformance_of
from app.services.piece import Piece
from app.services.registry import discover
from app.services.runtime import Runtime, run_straight
from app.theory.brief import Ask

REGISTRY = discover()
BY_RULE = Runtime("rules_only")


def made(genre: str, words: str, **fields: object) -> Piece:
    """A piece by rule."""
    asked = Ask(genre, words, seed=5)._replace(**fields)  # type: ignore[arg-type]  # a test's own fields
    return run_straight(REGISTRY.service(genre, BY_RULE).make(asked))


def keys(piece: Piece) -> list[str]:
    """The local key of each bar's last chord, "" at home."""
    return [spans[-1].analysis.key for spans in piece.progression.bars]


@pytest.mark.parametrize(
    ("genre", "words", "there", "at_the_end"),
    [
        ("jazz", "16 bar ballad that starts in C and modulates to Eb", "Eb", "Eb"),
        ("gospel", "hymn in F, 32 bars, modulates to G", "G", "G"),
        ("jazz", "AABA swing in F with the bridge in Db", "Db", ""),
        ("classical", "waltz in A minor, goes to C in the middle and back to A minor", "C", ""),
        ("classical", "string quartet in C major that ends in A minor, 16 bars", "Am", "Am"),
        ("rnb", "slow jam in Bb minor that modulates to B", "Bm", "Bm"),
        ("blues", "slow blues in A modulating to C, 12 bars", "C", "C"),
        ("jazz", "8 bars in C, modulates to E", "E", "E"),
    ],
)
def test_words_that_name_a_key_to_go_to_are_obeyed(genre: str, words: str, there: str, at_the_end: str) -> None:
    piece = made(genre, words)

    assert there in keys(piece)
    assert keys(piece)[-1] == at_the_end
    assert keys(piece)[0] == ""
    line = next(line for line in conformance_of(piece) if line.asked == "destination")
    assert (line.got, line.status) == (there, "met")
    assert "modulation" in {found.name for found in piece.progression.techniques}


@given(st.sampled_from(REGISTRY.names), st.integers(2, 40), st.integers(0, 10**6))
def test_any_piece_of_two_bars_or_more_goes_where_it_is_told(genre: str, bars: int, seed: int) -> None:
    piece = made(genre, "in D, modulates to Bb", num_bars=bars, seed=seed)

    assert keys(piece)[-1] == "Bb"
    assert len(piece.progression.bars) == bars
    assert piece.progression.bars[-1][-1].chord.root == "Bb"


def test_without_a_key_of_its_own_no_key_is_one_to_go_to() -> None:
    assert made("jazz", "from C to shining C").brief.destination is None
