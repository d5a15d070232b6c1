"""Understanding: what sentences mean, which word wins, what is reported, and that no text breaks it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import RequestError
from app.services.understanding import understand
from app.services.words_text import clean
from app.theory.brief import Ask, Brief
from app.theory.presence import Presence
from tests.services.sentences import SENTENCES
from tests.services.vocabularies import GENRES, JAZZ

TELLING = """
no / not too / just / without / with / and / or / , / . / - / in / a / A / Bb / minor / G / piano / drums / bass / 12-bar / bars
32 / bpm / at / 6:8 / waltz / bebop / swing / slow / fast / dark / verse / chorus / two / choruses / half a minute / solo
modulates to / ii-V / only / 5:4 (2+3) / quarter = / blues / trio / 1000 / 0 / nothing but / rhodes
"""
PIECES = [piece.strip().replace(":", "/") for line in TELLING.split("\n") for piece in line.split(" / ")]


def made(words: str, genre: str = "jazz", **fields: Any) -> Brief:
    """The Brief of some words and fields."""
    return understand(Ask(genre=genre, description=words, **fields), GENRES[genre], 1)


def refusal(field: str, value: object) -> RequestError | None:
    """What a field's value is refused with, None when it is obeyed."""
    try:
        made("", **{field: value})
    except RequestError as error:
        return error
    return None


def shown(value: object) -> object:
    """A value of a Brief as the tables write it."""
    if isinstance(value, tuple) and value and all(isinstance(one, Presence) for one in value):
        return tuple(str(one) for one in value)
    return str(value) if hasattr(value, "_fields") else value


@pytest.mark.parametrize(("genre", "words", "expected"), SENTENCES, ids=[row[1][:60] for row in SENTENCES])
def test_a_sentence_says_what_a_musician_reads_in_it(genre: str, words: str, expected: dict[str, Any]) -> None:
    """Each field that the table names is understood as the table says."""
    brief = made(words, genre)
    assert {name: shown(getattr(brief, name)) for name in expected} == expected


def test_there_are_sentences_for_all_genres() -> None:
    """The table covers the eight genres with no fewer than 120 sentences."""
    assert len(SENTENCES) >= 120
    assert {row[0] for row in SENTENCES} == set(GENRES)


def test_every_decision_says_where_it_comes_from() -> None:
    """Fields, words and defaults are told apart, with the very words."""
    brief = made("smoky ballad with brushes", key="F", num_bars=16)
    account = {item.field: item for item in brief.understood}
    assert account["key"][1:] == ("F major", "field", "")
    assert account["application"][1:] == ("ballad", "words", "ballad")
    assert account["playing"][1:] == ("brushes", "words", "brushes")
    assert account["tempo"][1:] == ("62", "default", "")
    assert account["num_bars"].source == "field"


@pytest.mark.parametrize(
    ("words", "fields", "name", "value", "note"),
    [
        ("in Eb minor", {"key": "C"}, "key", "C major", '"Eb minor"'),
        ("180 bpm", {"tempo": 90}, "tempo", 90, '"180 bpm"'),
        ("32 bars", {"num_bars": 24}, "num_bars", 24, '"32 bars"'),
        ("in 5/4", {"time_signature": "3/4"}, "metre", "3/4", '"5/4"'),
        ("bebop", {"application": "ballad"}, "application", "ballad", '"bebop"'),
        ("no drums", {"with_parts": ("drums",)}, "parts", ("keys", "bass", "drums"), '"no drums"'),
        ("with horns", {"without_parts": ("horns",)}, "parts", ("keys", "bass", "drums"), '"horns"'),
        ("just piano and strings", {"parts": ("bass", "keys")}, "parts", ("keys", "bass"), '"just piano and strings"'),
        ("AABA", {"form": "ABAC"}, "form", "ABAC", '"AABA"'),
        ("straight", {"swing": 0.7}, "swing", 0.7, '"straight"'),
    ],
)
def test_fields_win_over_words_and_it_is_said(words: str, fields: dict[str, Any], name: str, value: object, note: str) -> None:
    """A field that words contradict is obeyed, and a note quotes the words."""
    brief = made(words, **fields)
    assert shown(getattr(brief, name)) == value
    assert any(note in sentence for sentence in brief.notes)


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("120 bpm and 140 bpm", "120 bpm"),
        ("in C minor, in D major", "C minor"),
        ("a waltz in 4/4", "waltz"),
        ("16 bars, 32 bars", "16 bars"),
        ("slow, 210 bpm", "slow"),
        ("300 bpm ballad", "50-76"),
        ("9000 bpm", "400"),
        ("100000 bars", "512"),
        ("in 11/8", "11/8"),
        ("adagio bebop", "adagio"),
        ("straight and swinging", "swinging"),
        ("with a bagpipe choir and strings, no strings", "strings"),
        ("no piano, no bass, no drums", "all of the ensemble"),
        ("bebop with a bit of fusion", "fusion"),
        ("no drums, with brushes, just piano", "brushes"),
        ("loud and soft", "between"),
    ],
)
def test_contradictions_in_words_are_reported(words: str, note: str) -> None:
    """What cannot all be true is decided, and said in a note."""
    assert any(note in sentence for sentence in made(words).notes)


@pytest.mark.parametrize("words", [row[1] for row in SENTENCES if row[1] != "bebop waltz"][:20])
def test_what_does_not_contradict_is_not_reported(words: str) -> None:
    """Sentences that mean one thing have no notes about contradictions."""
    assert not [note for note in made(words).notes if "both" in note]


@pytest.mark.parametrize(
    ("genre", "words", "note"),
    [("classical", "with drums", "no such part"), ("jazz", "with a bagpipe", ""), ("reggae", "120 bpm dub", "")],
)
def test_what_a_genre_does_not_have_is_said(genre: str, words: str, note: str) -> None:
    """A part that the genre lacks is in the notes; other genres' words are simply not understood."""
    brief = made(words, genre)
    assert [sentence for sentence in brief.notes if note and note in sentence] or not note
    assert "bagpipe" not in words or brief.not_understood == ("bagpipe",)


def test_a_way_to_play_without_its_player_is_said_in_good_english() -> None:
    """A bass does not play, drums do not."""
    assert made("slap bass, no bass").notes[0].endswith("needs bass, which does not play.")
    assert made("brushes, no drums").notes[0].endswith("needs drums, which do not play.")


@pytest.mark.parametrize("words", ["Dm7 | G7 | Cmaj7", "use the chords Am, F, C, G", "loop Cm7 Fm7 Bb13 Ebmaj7 please"])
def test_chords_among_words_are_told_to_be_none(words: str) -> None:
    """They are obeyed as a chart only, and it is said how."""
    assert any("--chords" in note for note in made(words).notes)


@pytest.mark.parametrize("words", ["in A, B section in C", "Db major, ABA", "A Bright Day", "AABA in F", "G D"])
def test_letters_that_are_no_chords_are_left_alone(words: str) -> None:
    """Two letters make no chart."""
    assert not any("--chords" in note for note in made(words).notes)


def test_a_form_that_nobody_asked_for_is_not_claimed() -> None:
    """The composer chooses among the application's forms, so none is understood beforehand."""
    assert not [item for item in made("a ballad").understood if item.field == "form"]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("key", "H#", "did you mean"),
        ("key", "Q minor", "Eb"),
        ("key", "C#####", "Eb"),
        ("tempo", 0, "20"),
        ("tempo", 1000, "nearest is 400"),
        ("tempo", float("nan"), "from 20 to 400"),
        ("tempo", float("inf"), "from 20 to 400"),
        ("tempo", "quick", '"quick"'),
        pytest.param("tempo", 10**5000, "400", id="tempo of 5,000 digits"),
        ("num_bars", 0, "nearest is 1"),
        ("num_bars", 100000, "nearest is 512"),
        ("num_bars", 3.5, "whole number"),
        ("num_bars", True, "whole number"),
        ("time_signature", "4/5", "12/8"),
        ("time_signature", "5/4 (4+1)", "twos and threes"),
        ("time_signature", "5/4 (²+3)", "twos and threes"),
        ("application", "bebob", "did you mean bebop"),
        ("parts", ("kazoo",), "keys, organ, guitar"),
        ("with_parts", ("drum", "soprano"), "unknown part"),
        ("without_parts", ("zither",), "unknown part"),
        ("without_parts", ("keys", "bass", "drums"), "no part is left"),
        ("humanize", 2, "from 0 to 1"),
        ("swing", -0.1, "from 0 to 1"),
        ("intensity", "loud", "from 0 to 1"),
        ("complexity", 11, "from 1 to 10"),
        ("reseed", (("kazoo", 1),), "keys, organ"),
        ("reseed", (("bass", -1),), "seed"),
        ("description", "x" * 2001, "2000"),
    ],
)
def test_a_field_that_cannot_be_obeyed_is_one_helpful_line(field: str, value: object, says: str) -> None:
    """The error names the field, says what may be, and is one line."""
    with pytest.raises(RequestError) as caught:
        understand(Ask(genre="jazz")._replace(**{field: value}), JAZZ, 1)
    assert caught.value.field == field
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("seed", [-1, 2**31, "x", 1.5])
def test_a_seed_is_a_whole_number_of_31_bits(seed: Any) -> None:
    """Any other seed is refused."""
    with pytest.raises(RequestError, match="seed"):
        understand(Ask(genre="jazz"), JAZZ, seed)


def test_the_same_words_mean_the_same_with_another_seed() -> None:
    """What was understood before is given again; a number said otherwise, or what cannot be looked up, is read on its own."""
    ask = Ask(genre="jazz", description="slow ballad in F, 12 bars", tempo=70)
    first, second = (understand(ask, JAZZ, seed) for seed in (1, 2))

    assert (first.seed, second.seed) == (1, 2)
    assert second._replace(seed=1) == first
    assert understand(ask._replace(tempo="70"), JAZZ, 1).tempo == first.tempo
    with pytest.raises(RequestError, match="whole number"):
        understand(ask._replace(num_bars=[12]), JAZZ, 1)  # type: ignore[arg-type]  # a stranger's file holds anything


@pytest.mark.parametrize("name", ["bebop", "Bebop", "be-bop", "BOP", "straight_ahead", "Straight Ahead", "jazz-rock"])
def test_an_application_may_be_written_as_people_do(name: str) -> None:
    """Case, hyphens, spaces and words for it all name an application."""
    assert made("", application=name).application in ("bebop", "swing", "fusion")


def test_instruments_are_aliases_of_parts() -> None:
    """`piano` is the part keys, and a Rhodes is a Rhodes."""
    assert made("", parts=("piano", "double bass")).parts == ("keys", "bass")
    assert made("", with_parts=("rhodes",)).programs == (("keys", 4),)
    assert made("", reseed=(("piano", 7),)).reseed == (("keys", 7),)


def test_a_chart_gives_the_number_of_bars() -> None:
    """Without a number of bars, a chart is as long as it is."""
    assert made("", chords="Dm7 G7 | Cmaj7 | Am7 | D7").num_bars == 4


def test_bars_that_nobody_asked_for_add_no_complexity() -> None:
    """The application's 32 bars cost nothing; 32 asked cost what they cost."""
    assert made("jazz").complexity < made("jazz, 33 bars").complexity
    assert not made("jazz").bars_asked


def test_leftovers_are_said_once_and_as_written() -> None:
    """Content words that say nothing known keep their spelling; little words are left out."""
    brief = made("Please give me some Zorblax with a Flügelhorn-ish zorblax, thanks!")
    assert brief.not_understood == ("Zorblax", "Flügelhorn-ish")


def mixed_text() -> st.SearchStrategy[str]:
    """Any text, and texts made of words that mean something."""
    pieces = st.one_of(st.sampled_from(PIECES), st.text(max_size=6))
    return st.one_of(st.text(max_size=300), st.lists(pieces, max_size=40).map(" ".join))


@given(mixed_text(), st.sampled_from(sorted(GENRES)))
def test_no_text_breaks_it_and_its_words_are_its_own(text: str, genre: str) -> None:
    """Whatever is written: a Brief within the limits, whose quoted words occur in the text, without surrogates."""
    brief = made(text, genre)
    assert 20 <= brief.tempo <= 400
    assert 1 <= brief.num_bars <= 512
    assert 1 <= brief.complexity <= 10
    assert brief.parts
    assert brief.application in GENRES[genre].applications
    assert len(brief.description) == len(text)
    repr(brief).encode()
    for item in brief.understood:
        assert (
            all(part in brief.description for part in item.words.split(", ") if item.source == "words")
            or item.words in brief.description
        )
    assert all(word in brief.description for word in brief.not_understood)


@given(mixed_text())
def test_explicit_fields_always_win(text: str) -> None:
    """No words move a field that is given."""
    fixed = {"key": "F# minor", "tempo": 97, "num_bars": 21, "time_signature": "9/8", "application": "modal", "form": "AABB"}
    levels = {"swing": 0.4, "intensity": 0.9, "humanize": 0.1, "complexity": 3}
    brief = made(text, parts=("keys", "drums"), **fixed, **levels)
    assert (str(brief.key), brief.tempo, brief.num_bars, str(brief.metre)) == ("F# minor", 97, 21, "9/8")
    assert (brief.application, brief.parts, brief.form) == ("modal", ("keys", "drums"), "AABB")
    assert (brief.swing, brief.intensity, brief.humanize, brief.complexity) == (0.4, 0.9, 0.1, 3)


@given(st.text(max_size=200))
def test_cleaning_is_done_once_and_keeps_the_length(text: str) -> None:
    """Cleaned text has no control characters or lone surrogates, and stays as it is when cleaned again."""
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert len(cleaned) == len(text)
    cleaned.encode()


@given(
    field=st.sampled_from(("tempo", "num_bars", "humanize", "swing", "intensity", "complexity")),
    value=st.one_of(st.integers(), st.floats(), st.text(max_size=12), st.booleans()),
)
def test_any_number_field_is_obeyed_or_refused(field: str, value: object) -> None:
    """Nothing but RequestError comes of a wrong value, and it names the field."""
    error = refusal(field, value)
    assert error is None or error.field == field


@given(
    field=st.sampled_from(("key", "time_signature", "application", "form", "chords")),
    value=st.text(max_size=30),
)
def test_any_text_field_is_obeyed_or_refused(field: str, value: str) -> None:
    """Nothing but RequestError comes of a wrong text, on one line."""
    error = refusal(field, value)
    assert error is None or (error.field == field and "\n" not in str(error))


def test_choruses_of_a_chart_are_times_through_it() -> None:
    """Two choruses of eight bars are sixteen; the second is where a part may enter, and no intro is put before them."""
    chart = "Dm7 | G7 | Cmaj7 | A7 | Dm7 | G7 | Cmaj7 | %"
    assert made("two choruses", chords=chart).num_bars == 16
    assert made("3 choruses with an intro", chords=chart).num_bars == 24
