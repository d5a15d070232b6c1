"""Complexity: the examples that must hold, word forms, negation, and factors that sum to the score."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.complexity import complexity_of, estimate
from app.services.understanding import understand
from app.theory.brief import Ask
from tests.services.sentences import SENTENCES
from tests.services.vocabularies import GENRES


@pytest.mark.parametrize(
    ("words", "num_bars", "scores"),
    [
        ("simple C major jazz progression", 8, {2, 3}),
        ("sophisticated jazz progression with altered dominants", None, {6}),
        ("sophisticated bebop progression with altered dominants and tritone substitutions", 32, {6, 7}),
        ("Experimental avant-garde fusion with unusual modulations", None, {9}),
        ("experimental avant-garde jazz fusion with unusual modulations and innovative harmonic concepts", 64, {9, 10}),
        ("", None, {4}),
        ("simple, basic, easy, plain blues", 4, {1}),
    ],
)
def test_the_examples_hold(words: str, num_bars: int | None, scores: set[int]) -> None:
    """The descriptions that callers know score as they know them."""
    assert estimate(words, num_bars).score in scores


@pytest.mark.parametrize(
    "words", ["simply put", "a simpler tune", "something very basic", "an easily played song", "easy-going? no: easy"]
)
def test_forms_of_simple_words_count_as_simple(words: str) -> None:
    """An adverb or a comparative is as simple as its adjective."""
    assert estimate(words).score < estimate("").score


@pytest.mark.parametrize(
    "words", ["not too complex", "nothing experimental", "without anything experimental", "don't be too sophisticated"]
)
def test_what_is_negated_does_not_count(words: str) -> None:
    """A hard word that is refused makes nothing harder."""
    assert estimate(words).score <= estimate("").score


@pytest.mark.parametrize(
    ("words", "least"),
    [
        ("weird chords", 6), ("weirdly", 6), ("the strangest harmony", 6), ("far out", 6), ("really out there", 6), ("wilder", 6),
        ("a jagged tune", 5), ("crunchy chords", 5), ("winding changes", 5), ("twelve-tone", 8), ("12-tone row", 8),
        ("no home key", 8), ("without a tonal centre", 8), ("clashing keys", 8), ("Giant Steps", 5),
    ],
)  # fmt: skip
def test_other_words_for_hard_harmony_count(words: str, least: int) -> None:
    """As people say it: strange sounds, restless changes, and harmony without a key, which no small model knows."""
    assert estimate(words).score == least


@pytest.mark.parametrize(
    "words", ["easy-going", "easygoing", "stripped-down", "no frills", "for kids", "nothing fancy", "nothing weird"]
)
def test_other_words_for_plain_harmony_count(words: str) -> None:
    """What is wished plain is plainer than what is said of nothing."""
    assert estimate(words).score == 3


@pytest.mark.parametrize("words", ["no key changes", "ii-V-I in all twelve keys", "a key change", "in the key of C"])
def test_words_about_keys_are_not_all_hard(words: str) -> None:
    """A key that does not change, or an exercise in every key, is plain."""
    assert estimate(words).score <= 5


@pytest.mark.parametrize("words", ["not simple", "not too basic", "nothing simple, please"])
def test_a_refused_simplicity_is_a_wish_for_more(words: str) -> None:
    """`not simple` is harder than saying nothing."""
    assert estimate(words).score > estimate("").score


def test_techniques_count_once_in_all_and_plain_ones_not() -> None:
    """Two techniques are one point; a turnaround is none; one that is refused is none."""
    assert estimate("tritone substitutions").score == estimate("tritone subs and Coltrane changes").score == 5
    assert estimate("with a turnaround").score == estimate("no tritone substitutions").score == 4


def test_a_word_said_twice_counts_once() -> None:
    """Repeating oneself makes nothing harder."""
    assert estimate("experimental and experimental").score == estimate("experimental").score


@pytest.mark.parametrize(("num_bars", "more"), [(None, 0), (0, 0), (16, 0), (17, 1), (32, 1), (33, 2), (512, 2)])
def test_length_counts_beyond_sixteen_and_thirty_two_bars(num_bars: int | None, more: int) -> None:
    """The weights of length, and none where nobody asked for a length."""
    assert estimate("jazz", num_bars).score == 4 + more


def test_a_long_description_counts() -> None:
    """More than a hundred characters are a point."""
    assert estimate("a " * 51).score == estimate("a " * 50).score + 1


@given(st.text(max_size=300), st.integers(0, 512))
def test_factors_always_sum_to_the_score(words: str, num_bars: int) -> None:
    """Whatever is written, the explanation explains the whole score, and the score lies between 1 and 10."""
    found = estimate(words, num_bars)
    assert sum(weight for _, weight in found.factors) == found.score
    assert 1 <= found.score <= 10


@pytest.mark.parametrize(("genre", "words"), [(row[0], row[1]) for row in SENTENCES[::5]])
def test_a_brief_and_its_explanation_agree(genre: str, words: str) -> None:
    """The factors shown for a request are those of the score that is used."""
    ask = Ask(genre=genre, description=words)
    brief = understand(ask, GENRES[genre], 1)
    assert complexity_of(ask, brief).score == brief.complexity


def test_a_complexity_asked_for_is_the_complexity() -> None:
    """The field overrides the estimate."""
    ask = Ask(genre="jazz", description="experimental", complexity=2)
    brief = understand(ask, GENRES["jazz"], 1)
    assert complexity_of(ask, brief) == (2, (("asked", 2),))
