"""Charts on the command line: obeyed in any format, written in any, explained, reharmonized."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.services.chart_formats import FORMATS
from tests.cli.conftest import Octet

PLAIN = "Title: A Tune\nKey: Am\n\n[Verse]\n| Am | F | C | G |\n[Chorus]\n| F G | Am | F E7 | Am |\n"
CHORDPRO = (
    "{title: A Tune}\n{key: Am}\n{start_of_verse}\n[Am]Oh [F]my [C]oh [G]my\n{end_of_verse}\n"
    "{soc}\n[F]La [E7]la [Am]la [Am]la\n{eoc}\n"
)
IREAL = "irealbook://A Tune=Last First=Medium Swing=A-=n=[*AT44A-   |F   |C   |G   |*BF G |A-   |F E7 |A-   Z"
CHARTS = {"tune.txt": PLAIN, "tune.chordpro": CHORDPRO, "tune.ireal": IREAL}
GENRES = ("gospel", "jazz", "blues", "classical", "neosoul", "reggae", "latin", "rnb")


def chords(result: dict[str, list[dict[str, object]]]) -> list[tuple[object, object]]:
    """Bar and symbol of every chord of a result."""
    return [(row["bar"], row["symbol"]) for row in result["chords"]]


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_file_says_its_key_and_sections(octet: Octet, place: Path, name: str) -> None:
    """Key and sections are the chart's, its title is the sequence's name, and it is obeyed."""
    (place / name).write_text(CHARTS[name], encoding="utf-8")
    ran = octet("generate", "rnb", "--chart", name, "--json", "--seed", "1")
    result = json.loads(ran.out)

    assert result["key"] == "A minor"
    assert [section["name"] for section in result["form"]] in (["Verse", "Chorus"], ["A", "B"])
    assert [section["bar"] for section in result["form"]] == [1, 5]
    assert result["num_bars"] == 8
    assert {row["field"]: row["words"] for row in result["understood"]}["key"] == "the chart says so"
    assert [row["status"] for row in result["conformance"] if row["asked"] == "chords"] == ["met"]
    assert chords(result)[:3] == [(1, "Am"), (2, "F"), (3, "C")]


@pytest.mark.parametrize("genre", GENRES)
def test_every_genre_obeys_a_chart(octet: Octet, genre: str) -> None:
    """Symbols are kept as written, bar by bar, and the chart's key is found when nobody says one."""
    chart = "Dm7 | Db7 | Cmaj7 | C#dim7 | Dm7b5 G7b9 | Cm(maj7) | Fsus2 | C69"
    result = json.loads(octet("generate", genre, "--chords", chart, "--json", "--seed", "3").out)

    wanted = ["Dm7", "Db7", "Cmaj7", "C#dim7", "Dm7b5", "G7b9", "CmM7", "Fsus2", "C69"]
    assert [symbol for _, symbol in chords(result)] == wanted
    assert result["key"].startswith("C ")
    assert {row["field"]: row["words"] for row in result["understood"]}["key"] == "found in the chart's chords"


def test_what_the_request_says_wins(octet: Octet, place: Path) -> None:
    """A key asked is the key, the chords stay, and the chart's own key is told."""
    (place / "tune.txt").write_text(PLAIN, encoding="utf-8")
    result = json.loads(octet("generate", "jazz", "in C major", "--chart", "tune.txt", "--json").out)

    assert result["key"] == "C major"
    assert [symbol for _, symbol in chords(result)][:2] == ["Am", "F"]
    assert any("The chart says A minor" in note for note in result["notes"])


def test_the_charts_metre_and_tempo_count(octet: Octet, place: Path) -> None:
    """A waltz chart makes a waltz at its tempo; a tempo in words wins."""
    (place / "waltz.pro").write_text("{key: F}\n{time: 3/4}\n{tempo: 99}\n{start_of_grid}\n| F . . | C7 . . |\n{end_of_grid}\n")
    own = json.loads(octet("generate", "jazz", "--chart", "waltz.pro", "--json").out)
    said = json.loads(octet("generate", "jazz", "at 130 bpm", "--chart", "waltz.pro", "--json").out)

    assert (own["time_signature"], own["tempo"], own["num_bars"]) == ("3/4", 99, 2)
    assert (said["time_signature"], said["tempo"]) == ("3/4", 130)


@pytest.mark.parametrize(("bars", "said"), [("12", "repeated to fill 12"), ("5", "first 5 are played")])
def test_other_bars_than_the_charts_are_told(octet: Octet, bars: str, said: str) -> None:
    """The chart comes round, or is cut, with a note."""
    result = json.loads(octet("generate", "jazz", "--chords", "C | Am | Dm7 | G7 | C | F | G7 | C", "--bars", bars, "--json").out)

    assert result["num_bars"] == int(bars)
    assert any(said in note for note in result["notes"])


def test_numerals_are_in_the_key_of_the_words(octet: Octet) -> None:
    """Roman numerals move with the key; without one they are in the application's."""
    moved = json.loads(octet("generate", "jazz", "in F", "--chords", "ii7 | V7 | Imaj7", "--json").out)
    alone = json.loads(octet("generate", "jazz", "--chords", "ii7 | V7 | Imaj7", "--json").out)

    assert [symbol for _, symbol in chords(moved)] == ["Gm7", "C7", "Fmaj7"]
    assert [row["numeral"] for row in alone["chords"]] == ["ii7", "V7", "Imaj7"]


@pytest.mark.parametrize("form", [name for name in FORMATS if name != "nashville"])
def test_what_is_written_is_read_again(octet: Octet, place: Path, form: str) -> None:
    """A progression written as a chart makes the same chords in the same bars and key."""
    asked = ("jazz", "bebop", "--bars", "32", "--seed", "3", "--key", "Dm")
    (place / "chart").write_text(octet("progression", *asked, "--format", form).out, encoding="utf-8")
    original = json.loads(octet("progression", *asked, "--jsonl").out)
    read = json.loads(octet("generate", "jazz", "--chart", "chart", "--json").out)

    assert read["key"] == "D minor"
    bars: list[list[object]] = [[] for _ in original["bars"]]
    for bar, symbol in chords(read):
        bars[int(str(bar)) - 1].append(symbol)
    assert bars == [[symbol for symbol, _ in bar] for bar in original["bars"]]


def test_nashville_numbers_are_written(octet: Octet) -> None:
    """Degrees of the key with qualities, four bars a row."""
    written = octet("progression", "jazz", "--chords", "Dm7 | G7 | Cmaj7 | Am7", "--key", "C", "--format", "nashville").out
    assert "| 2m7 | 57 | 1maj7 | 6m7 |" in written


def test_a_file_of_ours_is_explained_as_it_was_made(octet: Octet, place: Path) -> None:
    """The same numerals, functions and rules as in its result; the line says how it was made."""
    made = json.loads(octet("generate", "gospel", "contemporary", "--seed", "5", "--json", "-o", "x.mid").out)
    told = json.loads(octet("explain", "x.mid", "--json").out)

    assert told["key"] == made["key"]
    assert chords(told) == chords(made)
    assert [row["rule"] for row in told["chords"] if row["rule"]]
    for ours, theirs in zip(told["chords"], made["chords"], strict=True):
        assert ours["numeral"] == theirs["numeral"]
        assert theirs["rule"] in ("", ours["rule"])
    assert "octet generate gospel contemporary --seed 5" in octet("explain", "x.mid").out
    assert place.joinpath("x.mid").exists()


def test_a_file_of_ours_is_a_chart(octet: Octet) -> None:
    """Another genre plays the chords of a file, in its key."""
    octet("generate", "rnb", "--chords", "Am | F | C G | E7", "--key", "Am", "-o", "x.mid")
    other = json.loads(octet("generate", "latin", "--chart", "x.mid", "--json").out)

    assert other["key"] == "A minor"
    assert chords(other) == [(1, "Am"), (2, "F"), (3, "C"), (3, "G"), (4, "E7")]


def test_chords_are_explained_bar_by_bar(octet: Octet) -> None:
    """The key is found; each bar has chord, numeral, function and term."""
    ran = octet("explain", "Dm7 G7 | Cmaj7 A7 | Dm7 Db7 | Cmaj7")
    lines = ran.out.splitlines()

    assert ran.status == 0
    assert lines[0].startswith("C major (found")
    assert "ii7" in lines[1]
    assert "subdominant" in lines[1]
    assert any("V7 of ii" in line for line in lines)
    assert any("subV7 of I" in line for line in lines)
    assert octet("explain", "Dm7 G7 Cmaj7").out.splitlines()[-1].startswith("   3  Cmaj7")


def test_the_key_asked_is_the_key_explained(octet: Octet) -> None:
    """--key wins over what would be found."""
    told = json.loads(octet("explain", "Dm7 | G7", "--key", "F", "--json").out)
    assert (told["key"], told["key_source"], told["chords"][0]["numeral"]) == ("F major", "asked", "vi7")


def test_alternatives_are_offered(octet: Octet) -> None:
    """Text for people, JSON for programs, with reasons and distances."""
    asked = ("reharmonize", "Dm7 | G7 | Cmaj7", "--genre", "gospel", "--complexity", "7", "--melody", "F E E")
    told = json.loads(octet(*asked, "--json", "--count", "3").out)
    said = octet(*asked).out

    assert told["key"] == "C major"
    assert [bar["bar"] for bar in told["bars"]] == [1, 2, 3]
    for bar in told["bars"]:
        assert 0 < len(bar["alternatives"]) <= 3
        for one in bar["alternatives"]:
            assert one["reason"].startswith(one["rule"])
            assert one["reason"] in said
            assert 0 < one["distance"] <= 1


WRONG = [
    (("generate", "jazz", "--chart", "none.txt"), "none.txt"),
    (("generate", "jazz", "--chart", "empty.txt"), "is empty"),
    (("generate", "jazz", "--chart", "drums.mid"), "cut short"),
    (("generate", "jazz", "--chart", "tune.txt", "--chords", "C"), "give one of them"),
    (("generate", "jazz", "--chart", "waltz.txt", "--time-signature", "4/4"), "leave the metre to the chart"),
    (("generate", "jazz", "--chords", "irealb://x"), "holds no song"),
    (("generate", "jazz", "--chords", "Dm7 | Xq7"), "bar 2"),
    (("generate", "jazz", "--chords", "{key: H}\n[C]la"), "key"),
    (("progression", "jazz", "--format", "romna"), "did you mean roman?"),
    (("explain",), "which chords"),
    (("explain", "none.mid"), "none.mid"),
    (("explain", "Dm7 | blub"), "bar 2"),
    (("explain", "Dm7 | G7", "--key", "H"), "did you mean"),
    (("reharmonize", "Dm7 | G7"), "which genre"),
    (("reharmonize", "--genre", "jazz"), "which chords"),
    (("reharmonize", "Dm7 | G7", "--genre", "jaz"), "did you mean jazz?"),
    (("reharmonize", "Dm7 | G7", "--genre", "jazz", "--application", "bebopp"), "did you mean bebop?"),
    (("reharmonize", "Dm7 | G7", "--genre", "jazz", "--complexity", "11"), "10"),
    (("reharmonize", "Dm7 | G7", "--genre", "jazz", "--melody", "Q"), "no note"),
    (("reharmonize", "Dm7 | G7", "--genre", "jazz", "--melody", "E E E"), "3 bars of it"),
    (("reharmonize", "Dm7 | G7", "--genre", "jazz", "--count", "0"), "count"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=[" ".join(row[0])[:50].replace("\n", " ") for row in WRONG])
def test_a_wrong_chart_is_one_line(octet: Octet, place: Path, arguments: tuple[str, ...], said: str) -> None:
    """It says what is wrong and the nearest valid choice, with status 1 or 2."""
    (place / "empty.txt").write_text(" \n")
    (place / "tune.txt").write_text(PLAIN)
    (place / "waltz.txt").write_text("Time: 3/4\nC | F")
    (place / "drums.mid").write_bytes(b"MThd\0\0")
    ran = octet(*arguments)

    assert ran.status in (1, 2)
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert ran.out == ""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="CDm7b5#|/ :%[]{}*xVIi.()\n=-", max_size=40))
def test_no_text_is_a_traceback(octet: Octet, text: str) -> None:
    """Whatever is given as a chart is answered, or refused in one line."""
    for arguments in (
        ("explain", text),
        ("reharmonize", text, "--genre", "jazz"),
        ("generate", "jazz", "--json", "--chords", text),
    ):
        if not text.startswith("-"):
            ran = octet(*arguments)
            assert ran.status in (0, 2)
            assert ran.err.count("\n") == (1 if ran.status else 0)
