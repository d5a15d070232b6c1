"""Pieces as users get them: every application in every metre, read back from the file."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import Any

import mido
import pytest

from app.render.lint import lint
from app.services.answer import answer_of
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.piece import Piece
from app.services.registry import discover
from app.services.runtime import Runtime, run_straight
from app.theory.brief import Ask
from app.theory.rhythm import METRES

OURS = ("blues", "classical", "gospel", "jazz", "latin", "neosoul", "reggae", "rnb")
TOP = 2**31 - 1
SERVICES: dict[str, BaseGenreGenerator] = {name: discover().service(name, Runtime("rules_only")) for name in OURS}
APPLICATIONS = [(genre, name) for genre, service in SERVICES.items() for name in service.genre.vocabulary.applications]


def made(genre: str, words: str = "", **fields: Any) -> Piece:
    """The piece of an Ask."""
    return run_straight(SERVICES[genre].make(Ask(genre, words, **fields)))


def tracks(midi: bytes) -> dict[str, list[mido.Message]]:
    """The messages of each track by its name, as a second reader has them."""
    return {track.name: list(track) for track in mido.MidiFile(file=BytesIO(midi)).tracks}


@pytest.mark.parametrize("metre", METRES)
@pytest.mark.parametrize(("genre", "application"), APPLICATIONS)
def test_the_file_holds_what_was_asked(genre: str, application: str, metre: str) -> None:
    """Exactly the bars, on the file's own grid; the tempo as a DAW counts it; the parts that were asked; the answer's chords."""
    for bars, seed in ((16, 0), (11, TOP)):
        piece = made(genre, application=application, time_signature=metre, num_bars=bars, seed=seed)
        time, brief = piece.arrangement.metre, piece.brief
        file = tracks(piece.midi)

        assert lint(piece.midi) == ()
        assert {sum(message.time for message in track) for track in file.values()} == {bars * time.bar}
        conductor, *parts = file.items()
        first = next(message for message in conductor[1] if message.type == "set_tempo")
        assert mido.tempo2bpm(first.tempo) == pytest.approx(brief.tempo * time.pulse_quarters, rel=1e-5)
        own = SERVICES[genre].genre.vocabulary.applications[application]
        assert [name.lower() for name, _ in parts] == list(own.ensemble)
        assert (metre in own.metres) != any("adapted" in note for note in piece.arrangement.notes)
        _check_answer(piece, conductor[1])


def _check_answer(piece: Piece, conductor: list[mido.Message]) -> None:
    """Beats of a bar sum up, sections cover the bars, chord texts and markers say the same as the answer."""
    answer = answer_of(piece, with_midi=False)
    beats: dict[int, Fraction] = {}
    for chord in answer["chords"]:
        beats[chord["bar"]] = beats.get(chord["bar"], Fraction()) + Fraction(chord["beats"])
    assert set(beats.values()) == {piece.arrangement.metre.upper}
    assert len(beats) == answer["num_bars"] == sum(section["bars"] for section in answer["form"])
    texts = [message.text for message in conductor if message.type == "text"]
    symbols = [chord["symbol"] for chord in answer["chords"]]
    assert texts[0].startswith("octet:")
    assert list(dict.fromkeys(texts[1:])) == list(dict.fromkeys(symbols))
    assert [message.text for message in conductor if message.type == "marker"] == [section["name"] for section in answer["form"]]


@pytest.mark.parametrize(("genre", "application"), APPLICATIONS)
def test_one_part_made_anew_leaves_the_others(genre: str, application: str) -> None:
    """Byte for byte, and the same request gives the same bytes again."""
    fields: dict[str, Any] = {"application": application, "num_bars": 12, "seed": 5}
    before = made(genre, **fields)
    parts = [part.role for part in before.arrangement.parts]

    assert made(genre, **fields).midi == before.midi
    for role in (parts[0], parts[-1]):
        after = tracks(made(genre, **fields, reseed=((role, 99),)).midi)
        assert {name for name, track in tracks(before.midi).items() if after[name] != track} <= {"Octet", role.capitalize()}


@pytest.mark.parametrize(
    ("genre", "words", "parts"),
    [
        ("jazz", "ballad, no drums", ["bass", "keys"]),
        ("rnb", "just piano and bass", ["bass", "keys"]),
        ("jazz", "solo piano", ["keys"]),
        ("jazz", "walking bass and drums only", ["drums", "bass"]),
        ("classical", "string quartet", ["violin1", "violin2", "viola", "cello"]),
        ("gospel", "hymn, organ only", ["organ"]),
        ("blues", "delta", ["guitar", "drums"]),
        ("latin", "bossa nova with a flute melody, without guitar", ["drums", "bass", "keys", "melody"]),
        ("neosoul", "piano trio", ["drums", "bass", "keys"]),
        ("reggae", "drum and bass only", ["drums", "bass"]),
    ],
)
def test_those_play_who_were_asked(genre: str, words: str, parts: list[str]) -> None:
    """Words about instruments decide the tracks, every one of which sounds."""
    piece = made(genre, words, seed=3)

    assert [part.role for part in piece.arrangement.parts] == parts
    assert all(part.notes for part in piece.arrangement.parts)


@pytest.mark.parametrize("genre", OURS)
@pytest.mark.parametrize(
    "fields",
    [
        {"tempo": 20, "num_bars": 2, "humanize": 1},
        {"tempo": 400, "num_bars": 40, "intensity": 1, "swing": 1, "complexity": 10},
        {"num_bars": 512, "humanize": 0, "intensity": 0, "swing": 0, "complexity": 1},
        {"num_bars": 1, "time_signature": "7/8", "key": "B locrian"},
        {"chords": "Cm(maj7) | F7/A Bb7#5 | N.C. | G7alt", "num_bars": 9, "key": "C# lydian", "tempo": 133.33},
    ],
    ids=["slowest", "fastest", "longest", "shortest", "chart"],
)
def test_the_limits_hold(genre: str, fields: dict[str, Any]) -> None:
    """At every end of what may be asked the file is clean and exact."""
    piece = made(genre, seed=TOP, **fields)

    assert lint(piece.midi) == ()
    assert piece.arrangement.end == fields["num_bars"] * piece.arrangement.metre.bar
