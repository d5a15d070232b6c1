"""The other commands: genres, their check, progressions, complexity, lint, help and version."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from app import __version__
from app.cli.main import COMMANDS
from app.services.registry import discover
from tests.cli.conftest import Octet

ROOT = Path(__file__).parents[2]
BUILT_IN = {"gospel", "jazz", "blues", "classical", "neosoul", "reggae", "latin", "rnb"}


def test_the_overview_names_every_command(octet: Octet) -> None:
    """`octet` alone says how it is used, with status 2; `--help` says the same, with 0."""
    alone, asked = octet(), octet("--help")

    assert (alone.status, asked.status) == (2, 0)
    assert alone.err == asked.out
    assert all(f"octet {name} " in asked.out for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(octet: Octet, command: str) -> None:
    """--help prints usage and options, and does nothing else."""
    ran = octet(command, "--help")

    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(f"usage: octet {command}")
    assert "--help" in ran.out


def test_the_version_is_said(octet: Octet) -> None:
    """`octet --version` is one line."""
    assert octet("--version").out == f"octet {__version__}\n"


def test_genres_lists_every_genre_with_its_applications(octet: Octet) -> None:
    """One line a genre, the default application marked; the same as JSON."""
    listed = octet("genres").out
    told = json.loads(octet("genres", "--json").out)

    assert {genre["name"] for genre in told["genres"]} >= BUILT_IN
    for genre in told["genres"]:
        (line,) = [line for line in listed.splitlines() if line.split()[0] == genre["name"]]
        for application in genre["applications"]:
            assert f"{application['name']}{'*' * application['default']}" in line.replace(",", "").split()


def test_a_genre_is_described(octet: Octet) -> None:
    """Each application with tempo, metre, bars, keys and parts."""
    described = octet("genres", "jazz").out

    for said in ("swing*", "bebop", "140 bpm (100-220)", "4/4", "32 bars", "drums, bass, keys"):
        assert said in described


def test_a_genres_grooves_are_printed_row_by_row(octet: Octet) -> None:
    """Drum tablature, fills and the parts' rows with their weights, under the file they stand in."""
    printed = octet("genres", "jazz", "--grooves").out

    assert "swing.toml: drums, bass (walking), keys (comp)" in printed
    assert "    foot        ... X.. ... X.." in printed
    assert "    tap         o.. x.. o.. x..   x3\n" in printed


def test_the_genres_that_come_with_octet_have_no_problems(octet: Octet) -> None:
    """`octet genres check` reads every file of every genre."""
    ran = octet("genres", "check")

    assert (ran.status, ran.out) == (0, "")


def test_the_check_prints_every_problem_of_a_file(octet: Octet, place: Path) -> None:
    """A musician's file is checked where it lies; findings are status 1."""
    shutil.copytree(ROOT / "tests" / "plugins" / "polka_genre" / "polka", place / "polka")
    groove = place / "polka" / "grooves" / "bohemian.toml"
    groove.write_text(groove.read_text().replace('kick = "x x"', 'kick = "x q"').replace("beat = 1", "beat = 99"))
    ran = octet("genres", "check", "polka/grooves/bohemian.toml")

    assert ran.status == 1
    assert ran.out.startswith("polka/grooves/bohemian.toml:")


@pytest.mark.parametrize("genre", sorted(BUILT_IN))
def test_the_ith_progression_is_that_of_generate_with_the_ith_seed(octet: Octet, genre: str) -> None:
    """--jsonl lines hold what `generate` makes for seed S+i; every bar's beats sum to the metre's upper number."""
    lines = octet("progression", genre, "--count", "3", "--seed", "41", "--bars", "16", "--jsonl").out.splitlines()
    assert len(lines) == 3
    for number, line in enumerate(lines):
        told = json.loads(line)
        made = json.loads(octet("generate", genre, "--seed", str(41 + number), "--bars", "16", "--json").out)
        bars: list[list[list[object]]] = [[] for _ in range(made["num_bars"])]
        for row in made["chords"]:
            bars[row["bar"] - 1].append([row["symbol"], row["beats"]])
        assert (told["genre"], told["bars"]) == (genre, bars)
        assert {sum(beats for _, beats in bar) for bar in told["bars"]} == {int(made["time_signature"].split("/")[0])}


def test_seeds_go_round(octet: Octet) -> None:
    """The seed after the last one is the first."""
    two = octet("progression", "jazz", "--seed", str(2**31 - 1), "--count", "2", "--jsonl").out.splitlines()

    assert two[1] == octet("progression", "jazz", "--seed", "0", "--jsonl").out.strip()


def test_a_progression_is_shown_as_a_grid(octet: Octet) -> None:
    """Four bars a line, with key, metre and seed."""
    lines = octet("progression", "blues", "in A", "--bars", "12", "--seed", "1").out.splitlines()

    assert lines[0].startswith("A major, 4/4")
    assert [line.count("|") for line in lines[1:]] == [5, 5, 5]


def test_complexity_says_the_score_first(octet: Octet) -> None:
    """Then the factors, which sum to it."""
    lines = octet("complexity", "sophisticated jazz progression with altered dominants").out.splitlines()

    assert lines[0] == "6"
    assert sum(int(line.split()[0]) for line in lines[1:]) == 6


def test_lint_finds_and_names(octet: Octet, place: Path) -> None:
    """A clean file is quiet on stdout; a broken one is status 1 with a line a finding."""
    octet("generate", "jazz", "--seed", "1", "--bars", "8", "-o", "good.mid")
    (place / "bad.mid").write_bytes((place / "good.mid").read_bytes()[:-40])

    good, bad, both = octet("lint", "good.mid"), octet("lint", "bad.mid"), octet("lint", "good.mid", "bad.mid")
    assert (good.status, good.out) == (0, "")
    assert bad.status == 1
    assert bad.out
    assert all(line.startswith("bad.mid: ") for line in both.out.splitlines())


def test_every_registered_genre_is_usable() -> None:
    """Nothing that comes with Octet is broken."""
    services, broken = discover().usable()

    assert {service.name for service in services} >= BUILT_IN
    assert not {name for name in broken if "octet-music" in name}


def test_a_folder_of_a_genre_is_checked(octet: Octet, place: Path) -> None:
    """One that a person is writing, by its path."""
    own = place / "mine"
    shutil.copytree(Path(discover().service("blues").folder()), own)
    assert octet("genres", "check", str(own)).status == 0

    (own / "genre.toml").write_text("title = 3", encoding="utf-8")
    ran = octet("genres", "check", str(own))
    assert ran.status == 1
    assert "genre.toml" in ran.out


def test_words_weigh_as_the_settings_file_has_them(octet: Octet, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the estimate and for a piece; what cannot be is told with file and name."""
    file = place / "octet.toml"
    monkeypatch.setenv("OCTET_CONFIG", str(file))
    file.write_text('[complexity.weights]\nbase = 6\n[complexity.words]\ncomplex = ["berserk"]\n')
    estimated, made = octet("complexity", "a berserk tune"), octet("generate", "jazz", "a berserk tune", "--bars", "4", "--json")
    file.write_text("[complexity.weights]\nbasis = 6\n")
    refused = octet("complexity", "a tune")

    assert estimated.out.splitlines() == ["8", "+6  base", '+2  complex word "berserk"']
    assert json.loads(made.out)["complexity"]["score"] == 8
    assert (refused.status, '"basis"' in refused.err, "base" in refused.err) == (2, True, True)
