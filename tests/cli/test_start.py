"""`octet generate` by rule starts like a shell tool: what it must not import, and which files it may open."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "pydantic", "fastapi", "starlette", "sqlalchemy", "numpy", "music21", "mido", "ollama", "asyncio",
    "dataclasses", "inspect", "logging", "importlib.metadata", "importlib.resources",
)  # fmt: skip
WATCH = """
import json, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from app.cli.main import main
status = main({arguments!r})
assert status == 0
seen = {{"modules": sorted(sys.modules), "opened": opened}}
with open({seen!r}, "w") as file:
    json.dump(seen, file)
"""


@pytest.fixture
def watched(tmp_path: Path) -> dict[str, list[str]]:
    """A warm run of generate: its modules, and the files it opened."""
    return _watched(tmp_path, "reggae", "dark one drop in A minor")


def _watched(tmp_path: Path, genre: str, words: str) -> dict[str, list[str]]:
    seen = tmp_path / "seen.json"
    arguments = ["generate", genre, words, "--bars", "32", "--seed", "1", "-o", str(tmp_path / "x.mid"), "--force"]
    for _ in range(2):  # the first one scans what is installed, the second remembers
        environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache"), "OCTET_DATA_DIR": ""}
        script = WATCH.format(arguments=arguments, seen=str(seen))
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, env=environment, cwd=tmp_path / "..")
    found: dict[str, list[str]] = json.loads(seen.read_text())
    return found


def test_no_heavy_library_is_imported(watched: dict[str, list[str]]) -> None:
    """Nothing that costs a start more than the music does."""
    assert watched["modules"]
    assert [name for name in HEAVY if name in watched["modules"]] == []


def test_words_that_say_nothing_start_no_heavy_library_either(tmp_path: Path) -> None:
    """They are looked for among the other genres' styles, and no model is there to be asked."""
    assert [name for name in HEAVY if name in _watched(tmp_path, "jazz", "bossa nova like nobody's")["modules"]] == []


def test_only_the_asked_genre_is_opened(watched: dict[str, list[str]]) -> None:
    """No other genre's module is imported, no other genre's or application's file read."""
    genres = {name.split(".")[1] for name in watched["modules"] if name.startswith("genres.")}
    tables = [Path(path) for path in watched["opened"] if path.endswith(".toml")]

    assert genres == {"reggae"}
    assert {path.parent.name for path in tables} <= {"reggae", "grooves"}
    assert {path.name for path in tables} <= {"genre.toml", "harmony.toml", "one_drop.toml"}


def test_a_first_run_opens_the_asked_genres_three_files(tmp_path: Path) -> None:
    """Nothing remembered: genre.toml, harmony.toml and the application's groove, and no more."""
    seen = tmp_path / "seen.json"
    script = WATCH.format(arguments=["generate", "jazz", "bebop", "-o", str(tmp_path / "x.mid")], seen=str(seen))
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache"), "OCTET_DATA_DIR": ""}
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, env=environment)
    opened = [path for path in json.loads(seen.read_text())["opened"] if path.endswith(".toml")]

    assert sorted(Path(path).name for path in opened) == ["bebop.toml", "genre.toml", "harmony.toml"]


@pytest.mark.parametrize("module", ["genres.jazz", "app.services.local_llm_generator_mixin", "app.services.base_genre_generator"])
def test_importing_a_service_imports_no_framework(module: str) -> None:
    """Services exist at import without models, settings or frameworks."""
    script = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()

    assert not {"pydantic", "asyncio", "fastapi", "app.settings", "app.wiring"} & set(loaded)
