"""What people take back, replace and single out, and how long they want an intro."""

from __future__ import annotations

import pytest

from app.services.registry import discover
from app.theory.brief import Ask, Brief

REGISTRY = discover()


def made(words: str, genre: str = "jazz") -> Brief:
    return REGISTRY.service(genre).understand(Ask(genre, words, seed=1))


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ("120 bpm, no wait 140 bpm", "tempo", 140), ("ballad at 70, actually 75 bpm", "tempo", 75),
        ("120 bpm, no, 140 bpm", "tempo", 140), ("at 90 bpm, or rather 100 bpm", "tempo", 100),
        ("16 bars, no make it 32 bars", "num_bars", 32), ("in C minor, sorry, I mean G minor", "key", "G minor"),
        ("in 4/4, scratch that, 3/4", "metre", "3/4"),
    ],
)  # fmt: skip
def test_a_correction_takes_back_what_it_corrects(words: str, field: str, value: object) -> None:
    """The later one counts, without a contradiction, and no word of it is left over."""
    brief = made(words)
    found = getattr(brief, field)

    assert (str(found) if isinstance(value, str) else found) == value
    assert brief.not_understood == ()
    assert not any("both" in note for note in brief.notes)


@pytest.mark.parametrize("words", ["120 bpm and 140 bpm", "in C, then up to 120 bpm, in G"])
def test_two_things_without_a_correction_stay_two(words: str) -> None:
    """The first counts, and the contradiction is told."""
    assert any("both" in note for note in made(words).notes)


@pytest.mark.parametrize(
    ("words", "parts", "program"),
    [
        ("replace the piano with Rhodes", ("drums", "bass", "keys"), ("keys", 4)),
        ("swap the piano for a guitar", ("drums", "bass", "guitar"), None),
        ("switch piano to organ", ("drums", "bass", "organ"), None),
    ],
)  # fmt: skip
def test_what_is_replaced_does_not_play(words: str, parts: tuple[str, ...], program: tuple[str, int] | None) -> None:
    """Another instrument for a part is that part; another part plays instead."""
    brief = made(words)

    assert brief.parts == parts
    assert program is None or program in brief.programs
    assert brief.not_understood == ()


@pytest.mark.parametrize(
    ("genre", "words", "parts"),
    [
        ("blues", "just boogie bass and piano", ("bass", "keys")), ("latin", "piano montuno only", ("keys",)),
        ("jazz", "walking bass only", ("bass",)), ("jazz", "just walking bass and piano", ("bass", "keys")),
        ("jazz", "brushes only", ("drums", "bass", "keys")),
    ],
)  # fmt: skip
def test_a_way_to_play_said_with_its_instrument_is_a_part(genre: str, words: str, parts: tuple[str, ...]) -> None:
    """It is singled out like one; a way to play alone singles nobody out."""
    assert made(words, genre).parts == parts


def test_a_way_to_play_that_is_refused_is_no_style() -> None:
    """Without a montuno a salsa is still one."""
    brief = made("no montuno", "latin")

    assert (brief.application, brief.avoid) == (made("", "latin").application, ("montuno",))


def test_the_swing_of_a_style_is_its_own() -> None:
    """A Dilla swing is not the swing of jazz."""
    assert made("Dilla swing", "neosoul").swing is None
    assert made("hard swing", "neosoul").swing is not None


@pytest.mark.parametrize(
    ("words", "bars", "intro"),
    [("8 bars intro", 40, 8), ("32 bars with an eight-bar intro", 32, 8), ("4-bar intro", 36, 4), ("with an intro", 36, 4)],
)
def test_an_intro_is_as_long_as_asked(words: str, bars: int, intro: int) -> None:
    """Its bars come from the bars asked, else beside the form."""
    service = REGISTRY.service("jazz")
    brief = made(words)
    found = service.composed(Ask("jazz", words, seed=1), brief)[0].form.sections[0]

    assert brief.num_bars == bars
    assert (found.kind, found.bars) == ("intro", intro)


def test_an_intro_that_is_asked_for_does_not_grow() -> None:
    """Of 24 bars one chorus of twelve is whole; what is left beyond four bars of intro stands at the end."""
    service = REGISTRY.service("blues")
    ask = Ask("blues", "24 bars with an intro", seed=1)
    form = service.composed(ask, service.understand(ask))[0].form

    assert [(section.kind, section.bars) for section in form.sections] == [("intro", 4), ("head", 12), ("tag", 8)]
