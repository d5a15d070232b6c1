"""Requests as people write them are sent to the tier that a judge would send them to, in a share that is stated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from app.llm.build import build
from app.llm.config import TIERS, LLMSettings, ProviderSettings
from app.services.complexity import estimate
from app.services.registry import discover
from tests.services.described import BAND_SCORES, DESCRIBED, IN_OTHER_WORDS, Described
from tests.services.held_out import HELD_OUT

LLM_OF_DEFAULTS = build(
    LLMSettings(providers=(ProviderSettings("ollama", "ollama", local=True), ProviderSettings("gemini", "gemini")), tiers=TIERS)
)
TIER_OF = {band: tier.label for band, tier in zip(BAND_SCORES, TIERS, strict=True)}


def first_asked(row: Described) -> str:
    """The model that the default ladder asks first."""
    return LLM_OF_DEFAULTS.ladder(estimate(row.words, row.bars).score)[0].label


def misses(rows: Iterable[Described]) -> list[str]:
    """Those that are sent elsewhere than labelled, as lines to read."""
    return [f"{row.band}, but sent to {first_asked(row)}: {row.words}" for row in rows if first_asked(row) != TIER_OF[row.band]]


def test_the_list_is_whole() -> None:
    """A hundred and twenty and more, each said once, every band in every genre, and most of them plain, as requests are."""
    rows = (*DESCRIBED, *IN_OTHER_WORDS)
    bands = Counter(row.band for row in rows)

    assert len({row.words for row in rows}) == len(rows)
    assert len(DESCRIBED) >= 120
    assert {(row.genre, row.band) for row in DESCRIBED} == {(name, band) for name in discover().names for band in BAND_SCORES}
    assert bands["quick"] > bands["standard"] > bands["critical"]


@pytest.mark.parametrize(
    ("rows", "least"),
    [(DESCRIBED, 0.93), (IN_OTHER_WORDS, 0.9), (HELD_OUT, 0.6)],
    ids=["in the words of players", "in other words", "held out"],
)
def test_requests_reach_the_tier_they_are_labelled_with(rows: tuple[Described, ...], least: float) -> None:
    """Most do, and the message lists those that do not; words that nobody had in mind are read far worse, as the bound says."""
    wrong = misses(rows)

    assert 1 - len(wrong) / len(rows) >= least, "\n".join(wrong)


def test_no_request_is_two_tiers_off() -> None:
    """In the words of players a plain one never goes to the cloud, and one for the best model never to the smallest."""
    ends = [row for row in DESCRIBED if row.band != "standard"]
    far = {"quick": TIER_OF["critical"], "critical": TIER_OF["quick"]}

    assert [row.words for row in ends if first_asked(row) == far[row.band]] == []


def test_what_is_misread_is_read_as_too_plain() -> None:
    """A request in other words costs a second try on the ladder, never money that its labels do not ask for."""
    order = [TIER_OF[band] for band in BAND_SCORES]
    rows = (*IN_OTHER_WORDS, *HELD_OUT)
    up = [row.words for row in rows if order.index(first_asked(row)) > order.index(TIER_OF[row.band])]

    assert up == []
