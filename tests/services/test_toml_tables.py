"""Tables are remembered until their file changes, and never believed when the memory is broken."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.services.toml_tables import read_toml, remembered_name

TEXT = 'name = "x"\n[a]\nrows = [["x.x.", 2], ["..", 1.5]]\nyes = true\n'
TABLES = {"name": "x", "a": {"rows": [["x.x.", 2], ["..", 1.5]], "yes": True}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A small file."""
    path = tmp_path / "x.toml"
    path.write_text(TEXT)
    return path


def test_what_is_remembered_is_what_was_read(file: Path, tmp_path: Path) -> None:
    """Fresh, remembered and not remembered are the same tables."""
    cache = str(tmp_path / "cache")

    assert read_toml(str(file)) == read_toml(str(file), cache) == read_toml(str(file), cache) == TABLES


def test_a_changed_file_is_read_anew(file: Path, tmp_path: Path) -> None:
    """A musician who changes a row hears it, even if the file keeps its length."""
    cache = str(tmp_path / "cache")
    read_toml(str(file), cache)
    file.write_text(TEXT.replace('"x"', '"y"'))
    os.utime(file, ns=(1, 1))

    assert read_toml(str(file), cache)["name"] == "y"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"file": 3}', "null"])
def test_a_broken_memory_is_not_believed(file: Path, tmp_path: Path, content: str) -> None:
    """Whatever lies in the cache, the tables are the file's."""
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / remembered_name(str(file))).write_text(content)

    assert read_toml(str(file), str(cache)) == TABLES


def test_what_json_cannot_hold_is_parsed_each_time(tmp_path: Path) -> None:
    """A date is no JSON: it is read all the same."""
    file = tmp_path / "d.toml"
    file.write_text("day = 2020-01-01\n")

    assert [read_toml(str(file), str(tmp_path))["day"].year for _ in range(2)] == [2020, 2020]


def test_what_is_no_toml_is_an_error(tmp_path: Path) -> None:
    """The reader says so; the genre says which file."""
    file = tmp_path / "x.toml"
    file.write_text("= 3")

    with pytest.raises(ValueError, match="line 1"):
        read_toml(str(file), str(tmp_path))
