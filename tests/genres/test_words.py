"""The words of every shipped genre: each application answers to its names, and each phrase says what it can say."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services.genre import Genre
from app.services.understanding import understand
from app.services.vocabulary import Vocabulary
from app.services.words_lexicon import resolved
from app.theory.brief import Ask, Brief
from app.theory.key import Key
from app.theory.rhythm import Metre
from app.theory.techniques import TECHNIQUES

FOLDERS = sorted(path.parent for path in (Path(__file__).parents[2] / "genres").glob("*/genre.toml"))
VOCABULARIES = [Genre(str(folder)).vocabulary for folder in FOLDERS]
APPLICATIONS = [(genre, application) for genre in VOCABULARIES for application in genre.applications]


def made(genre: Vocabulary, words: str) -> Brief:
    """The Brief of some words."""
    return understand(Ask(genre=genre.name, description=words), genre, 1)


@pytest.mark.parametrize(("genre", "name"), APPLICATIONS, ids=[f"{genre.name}-{name}" for genre, name in APPLICATIONS])
def test_an_application_answers_to_its_name_and_words(genre: Vocabulary, name: str) -> None:
    """Its name, its title and each word for it choose it, and nothing of them is left over."""
    application = genre.applications[name]
    for words in (name, name.replace("_", " "), application.title, *application.words):
        brief = made(genre, words)
        assert (words, brief.application) == (words, name)
        assert brief.not_understood == ()


@pytest.mark.parametrize(("genre", "name"), APPLICATIONS, ids=[f"{genre.name}-{name}" for genre, name in APPLICATIONS])
def test_an_application_has_defaults_that_can_be_played(genre: Vocabulary, name: str) -> None:
    """Keys and metres can be read, the tempo lies in its range, the ensemble is the genre's."""
    application = genre.applications[name]
    assert all(Key.parse(key) for key in application.keys)
    assert application.metre in application.metres
    assert all(Metre.of(metre) for metre in application.metres)
    assert application.tempo_range[0] <= application.tempo <= application.tempo_range[1]
    assert application.ensemble
    assert set(application.ensemble) <= set(genre.roles)


@pytest.mark.parametrize("genre", VOCABULARIES, ids=lambda genre: genre.name)
def test_every_phrase_of_a_genre_says_something_that_exists(genre: Vocabulary) -> None:
    """Applications, parts and techniques that a phrase names are there, numbers can be read, and the phrase is understood."""
    for phrase, meanings in genre.words.items():
        assert made(genre, phrase).not_understood == ()
        for kind, value in meanings:
            assert resolved(kind, value) != ("known", "")
            assert kind != "application" or value in genre.applications
            assert kind != "technique" or value in TECHNIQUES
            assert kind != "part" or value in genre.roles


def test_modal_interchange_is_no_modal_jazz() -> None:
    """The technique's name begins with a style's, and does not choose it."""
    brief = made(next(genre for genre in VOCABULARIES if genre.name == "jazz"), "modal interchange")
    assert (brief.application, brief.techniques) == ("swing", ("modal interchange",))


@pytest.mark.parametrize(
    ("words", "application", "rests"),
    [
        ("roots, dub in the last 8 bars", "one_drop", "in the last 8 bars"),
        ("steppers, dub it out at the end", "steppers", "in the last 8 bars"),
        ("rockers with a breakdown in the last 4 bars", "rockers", "in the last 4 bars"),
    ],
)
def test_a_stretch_of_dub_leaves_drums_and_bass_alone(words: str, application: str, rests: str) -> None:
    """It is a place in the piece, not another style."""
    brief = made(next(genre for genre in VOCABULARIES if genre.name == "reggae"), words)
    assert (brief.application, brief.num_bars, brief.not_understood) == (application, 32, ())
    others = set(brief.parts) - {"drums", "bass"}
    assert {str(one) for one in brief.presence} == {f"{role} out {rests}" for role in others}


def test_a_dub_of_some_bars_is_all_dub() -> None:
    """Those are the length of the piece."""
    brief = made(next(genre for genre in VOCABULARIES if genre.name == "reggae"), "a dub version in 16 bars")
    assert (brief.application, brief.num_bars, brief.presence) == ("dub", 16, ())
