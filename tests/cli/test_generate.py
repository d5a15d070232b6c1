"""`octet generate`: words in, a file and a summary out."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import mido
import pytest

from app.render.lint import lint
from tests.cli.conftest import Octet

BALLAD = "smoky late-night ballad in Eb minor, 72 bpm, 32 bars, with brushes"
Process = Callable[..., "subprocess.CompletedProcess[bytes]"]


def test_words_become_a_file_and_a_summary(octet: Octet, place: Path) -> None:
    """The summary says key, tempo, metre, application, chords four bars a line, parts, how it was made, and where the file is."""
    ran = octet("generate", "jazz", BALLAD, "-o", "ballad.mid")

    assert ran.status == 0
    assert ran.err == ""
    for said in ("Eb minor", "72 bpm", "4/4", "ballad", "32 bars", "rule-based", "ballad.mid", "bass (acoustic bass)"):
        assert said in ran.out
    grid = [line for line in ran.out.splitlines() if line.lstrip("chords ").startswith("|")]
    assert [line.count("|") for line in grid] == [5] * 8
    assert lint((place / "ballad.mid").read_bytes()) == ()


def test_a_genre_alone_makes_its_default_piece(octet: Octet, place: Path) -> None:
    """Without -o the file is named by genre and seed, in the current folder."""
    ran = octet("generate", "blues", "--seed", "7")

    assert ran.status == 0
    assert [path.name for path in place.iterdir()] == ["blues-7.mid"]


def test_a_seed_is_drawn_and_reported(octet: Octet) -> None:
    """Two runs without a seed differ, and each says how to repeat it."""
    first, second = (json.loads(octet("generate", "jazz", "--json").out) for _ in range(2))

    assert first["seed"] != second["seed"]
    again = json.loads(octet("generate", "jazz", "--json", "--seed", str(first["seed"])).out)
    assert again["midi_base64"] == first["midi_base64"]


def test_the_same_request_and_seed_give_the_same_bytes_in_any_process(process: Process, place: Path) -> None:
    """Hash seeds, processes and remembered tables change nothing."""
    for number, seed in enumerate(("0", "1", "99")):
        ran = process(
            "generate", "latin", "salsa", "--seed", "5", "-o", f"{number}.mid", env=os.environ | {"PYTHONHASHSEED": seed}
        )
        assert ran.returncode == 0, ran.stderr
    contents = {(place / f"{number}.mid").read_bytes() for number in range(3)}

    assert len(contents) == 1


def test_json_is_the_only_thing_on_stdout(octet: Octet, place: Path) -> None:
    """--json prints the result object with the file in it, and writes no file."""
    ran = octet("generate", "jazz", BALLAD, "--json", "--seed", "1")
    result = json.loads(ran.out)

    assert ran.err == ""
    assert list(place.iterdir()) == []
    assert result["key"] == "Eb minor"
    assert lint(base64.b64decode(result["midi_base64"])) == ()


def test_json_with_a_file_leaves_the_bytes_to_the_file(octet: Octet, place: Path) -> None:
    """--json -o FILE writes the file and prints the object without the MIDI."""
    result = json.loads(octet("generate", "jazz", "--json", "-o", "x.mid", "--seed", "1").out)

    assert result["midi_base64"] == ""
    assert lint((place / "x.mid").read_bytes()) == ()


def test_the_midi_goes_to_standard_output_and_the_summary_to_standard_error(process: Process) -> None:
    """-o - is for pipes."""
    ran = process("generate", "reggae", "--seed", "3", "-o", "-")

    assert mido.MidiFile(file=io.BytesIO(ran.stdout)).type == 1
    assert b"one_drop" in ran.stderr


def test_no_file_is_written_over_unless_forced(octet: Octet, place: Path) -> None:
    """GENRE-SEED.mid that is there stays; --force replaces it."""
    (place / "jazz-1.mid").write_bytes(b"mine")

    refused = octet("generate", "jazz", "--seed", "1")
    assert refused.status == 1
    assert "--force" in refused.err
    assert (place / "jazz-1.mid").read_bytes() == b"mine"

    assert octet("generate", "jazz", "--seed", "1", "--force").status == 0
    assert lint((place / "jazz-1.mid").read_bytes()) == ()


@pytest.mark.parametrize("path", ["no/such/folder/x.mid", ".", "x" * 300 + ".mid", "a\0b.mid"])
def test_a_path_that_cannot_be_written_is_one_line(octet: Octet, place: Path, path: str) -> None:
    """Status 1, one line that names the path, and nothing left behind."""
    ran = octet("generate", "jazz", "--seed", "1", "-o", path)

    assert ran.status == 1
    assert ran.err.count("\n") == 1
    assert ran.out == ""
    assert list(place.iterdir()) == []
    assert ("there is no folder" in ran.err) == path.startswith("no/such")


def test_options_win_over_words(octet: Octet) -> None:
    """The words say one thing, the options another, and the result says what came from where."""
    result = json.loads(
        octet("generate", "jazz", "in C, 200 bpm, 8 bars", "--key", "Gm", "--tempo", "90", "--bars", "12", "--json").out
    )

    assert (result["key"], result["tempo"], result["num_bars"]) == ("G minor", 90, 12)
    sources = {item["field"]: item["source"] for item in result["understood"]}
    assert {sources["key"], sources["tempo"], sources["num_bars"]} == {"field"}


def test_words_may_stand_between_options_and_without_quotes(octet: Octet) -> None:
    """`octet generate jazz --bars 8 fast waltz in F` is understood as a person means it."""
    result = json.loads(octet("generate", "--json", "jazz", "--bars=8", "fast", "waltz", "in", "F").out)

    assert (result["application"], result["time_signature"], result["key"], result["num_bars"]) == ("waltz", "3/4", "F major", 8)


def test_a_chart_is_obeyed(octet: Octet) -> None:
    """--chords makes exactly these chords."""
    result = json.loads(octet("generate", "jazz", "--chords", "Dm7 G7 | Cmaj7", "--json").out)

    assert [(row["bar"], row["beat"], row["symbol"]) for row in result["chords"]] == [
        (1, 1, "Dm7"),
        (1, 3, "G7"),
        (2, 1, "Cmaj7"),
    ]


def test_a_chart_from_a_file_is_obeyed_in_its_own_key_and_metre(octet: Octet, place: Path) -> None:
    """ChordPro, like an iReal Pro link, says key, metre and tempo; options win, but not over the metre of its bars."""
    (place / "song.pro").write_text("{title: Song}\n{key: F}\n{time: 3/4}\n{tempo: 99}\n| [F] . . | [Gm7] . [C7] |\n")
    result = json.loads(octet("generate", "jazz", "--chart", "song.pro", "--tempo", "120", "--json").out)
    wrong = octet("generate", "jazz", "--chart", "song.pro", "--time-signature", "4/4")

    assert (result["key"], result["time_signature"], result["tempo"]) == ("F major", "3/4", 120)
    assert {"F", "Gm7", "C7"} == {row["symbol"] for row in result["chords"]}
    assert {line["status"] for line in result["conformance"]} == {"met"}
    assert (wrong.status, "3/4" in wrong.err) == (2, True)


def test_one_part_is_made_anew_and_the_others_stay(octet: Octet, place: Path) -> None:
    """--reseed bass=7 changes the bass track alone, byte for byte."""
    octet("generate", "jazz", "--seed", "1", "-o", "one.mid")
    octet("generate", "jazz", "--seed", "1", "--reseed", "bass=7", "-o", "two.mid")
    one, two = (mido.MidiFile(place / name).tracks for name in ("one.mid", "two.mid"))
    changed = [a.name for a, b in zip(one[1:], two[1:], strict=True) if list(a) != list(b)]

    assert changed == ["Bass"]


def test_parts_are_chosen(octet: Octet) -> None:
    """--part is only these, --without-part is all but these, --with-part is these too."""

    def parts(*options: str) -> set[str]:
        return {
            row["name"]
            for row in json.loads(octet("generate", "jazz", "--seed", "1", "--bars", "8", "--json", *options).out)["parts"]
        }

    assert parts("--part", "keys", "--part", "bass") == {"keys", "bass"}
    assert "drums" not in parts("--without-part", "drums")
    assert "guitar" in parts("--with-part", "guitar")


def test_compound_metres_say_both_tempi(octet: Octet) -> None:
    """In 12/8 a person counts dotted quarters, a DAW quarters."""
    ran = octet("generate", "blues", "--application", "slow", "--time-signature", "12/8", "--tempo", "60")

    assert "60 bpm, dotted quarter; 90 in the DAW" in ran.out


def test_without_a_model_it_says_so(octet: Octet) -> None:
    """The rules answer and say why; --model rules asks for them, so there is nothing to explain."""
    asked = json.loads(octet("generate", "jazz", "--json").out)
    by_rule = json.loads(octet("generate", "jazz", "--json", "--model", "rules").out)

    assert (asked["generation_method"], asked["fallback_reason"]) == ("rule-based", "no model is configured")
    assert (by_rule["generation_method"], by_rule["fallback_reason"]) == ("rule-based", "")


def test_generate_alone_says_how_to_use_it(octet: Octet) -> None:
    """It is a wrong request, and the answer is the help."""
    ran = octet("generate")

    assert ran.status == 2
    assert "usage: octet generate GENRE" in ran.err


def test_the_file_says_how_it_was_made(octet: Octet, place: Path) -> None:
    """One text at tick 0 holds the request, the seed and the version as JSON."""
    octet("generate", "jazz", "brushes", "--bars", "8", "--seed", "4", "-o", "x.mid")
    texts = [event.text for event in mido.MidiFile(place / "x.mid").tracks[0] if event.type == "text"]
    (origin,) = [json.loads(text.removeprefix("octet:")) for text in texts if text.startswith("octet:")]

    assert origin["request"] == {"genre": "jazz", "description": "brushes", "num_bars": 8}
    assert origin["seed"] == 4
