"""Genres from outside: small packages, really installed, with no change here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.render.lint import lint

HERE = Path(__file__).parent
Octet = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the three outside packages installed by pip."""
    folder = tmp_path_factory.mktemp("packages")
    names = [str(HERE / name) for name in ("polka_genre", "broken_genre", "greedy_genre")]
    how = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(folder)]
    pip = [sys.executable, "-m", "pip", "install", *how]
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([*pip, *names], check=True, capture_output=True, text=True, env=environment)
    return folder


@pytest.fixture
def octet(packages: Path, tmp_path: Path) -> Octet:
    """The command line in an environment that has the packages."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PYTHONPATH": str(packages), "XDG_CACHE_HOME": str(tmp_path / "cache"), "OCTET_DATA_DIR": ""}
        command = [sys.executable, "-m", "app.cli", *arguments]
        return subprocess.run(command, check=False, capture_output=True, text=True, env=environment, cwd=tmp_path)

    return run


def test_a_ninth_genre_is_listed_and_plays(octet: Octet, tmp_path: Path) -> None:
    """Installed is all it takes: it is found, described, checked, and makes a clean file."""
    assert "bohemian*" in octet("genres").stdout
    assert octet("genres", "check", "polka").returncode == 0
    ran = octet("generate", "polka", "beer hall, in G", "--seed", "1", "-o", "x.mid")

    assert ran.returncode == 0, ran.stderr
    assert "G major" in ran.stdout
    assert lint((tmp_path / "x.mid").read_bytes()) == ()


def test_a_broken_genre_is_reported_and_skipped(octet: Octet) -> None:
    """The others work; the list says why it is left out, and asking for it is one line."""
    listed = octet("genres", "--json")
    asked = octet("generate", "waltz")

    assert {genre["name"] for genre in json.loads(listed.stdout)["genres"]} >= {"jazz", "polka"}
    assert "needs a tambourine" in json.loads(listed.stdout)["broken"]["waltz (broken-genre)"]
    assert "skipped waltz (broken-genre)" in listed.stderr
    assert asked.returncode == 2
    assert "needs a tambourine" in asked.stderr
    assert asked.stderr.count("\n") == 1


def test_a_built_in_genre_cannot_be_replaced(octet: Octet) -> None:
    """A package that claims `jazz` is never imported: jazz stays Octet's."""
    ran = octet("generate", "jazz", "--seed", "1", "--json")

    assert ran.returncode == 0, ran.stderr
    assert "jazz (greedy-genre): the name" in octet("genres").stderr


def test_what_comes_and_goes_is_noticed(octet: Octet, packages: Path, tmp_path: Path) -> None:
    """The remembered scan is of one environment: another folder on the path is another scan."""
    assert octet("generate", "polka", "--seed", "1", "-o", "x.mid").returncode == 0
    plain = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache"), "OCTET_DATA_DIR": "", "PYTHONPATH": ""}
    command = [sys.executable, "-m", "app.cli", "generate", "polka"]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, env=plain, cwd=tmp_path)

    assert ran.returncode == 2
    assert 'unknown genre "polka"' in ran.stderr


def test_verification_takes_genres_from_outside(packages: Path, tmp_path: Path) -> None:
    """The ninth is verified like the eight; a broken one is a row that says why, and the whole is not verified."""
    environment = os.environ | {
        "PYTHONPATH": str(packages),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PYTHONIOENCODING": "utf-8",
    }
    command = [sys.executable, str(HERE.parents[1] / "verify_integration.py"), "--genre", "polka", "--genre", "waltz"]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8", env=environment)
    polka, waltz = (next(line for line in ran.stdout.splitlines() if line.startswith(name)) for name in ("polka", "waltz"))

    assert ran.returncode == 1
    assert ("✗" in polka, "✗" in waltz) == (False, True)
    assert "✗ waltz: import: genre" in ran.stdout
    assert "needs a tambourine" in ran.stdout
    assert "RESULT: 1/2 generators verified" in ran.stdout


def test_the_contract_holds_for_the_ninth(packages: Path, tmp_path: Path) -> None:
    """Its own test module subclasses GenreContract, and passes."""
    module = tmp_path / "test_polka.py"
    module.write_text('from app.testing import GenreContract\n\n\nclass TestPolka(GenreContract):\n    genre = "polka"\n')
    environment = os.environ | {"PYTHONPATH": str(packages)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(module)]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, cwd=tmp_path)

    assert ran.returncode == 0, ran.stdout
