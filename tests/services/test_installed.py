"""The scan of what is installed: remembered, and made anew whenever the environment or the memory is not what it was."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from app.services.installed import EntryPoint, environment, installed, remembered_name, scan


def _distribution(folder: Path, name: str, group: str, line: str) -> None:
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{group}]\n{line}\n")


def test_our_own_come_first() -> None:
    """Built-ins are registered as outsiders are, and stand before them."""
    points = installed("octet.genres")

    assert points[0].package == "octet-music"
    assert [point for point in points if point.name == "jazz"] == [
        EntryPoint("octet.genres", "jazz", "genres.jazz:JazzGeneratorService", "octet-music")
    ]


def test_a_remembered_scan_is_used(tmp_path: Path) -> None:
    """Nothing is scanned when the environment is the one remembered."""
    told = {"environment": environment(), "points": [["octet.genres", "ska", "ska:Ska", "ska-genre"]]}
    (tmp_path / remembered_name()).write_text(json.dumps(told))

    assert installed("octet.genres", str(tmp_path)) == (EntryPoint("octet.genres", "ska", "ska:Ska", "ska-genre"),)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", '{"environment": 1}', '{"environment": [], "points": [[]]}', "\xff", '{"environment": {"a": [1, "'],
)
def test_a_memory_that_is_broken_is_scanned_anew(tmp_path: Path, content: str) -> None:
    """Whatever the file holds, the answer is that of a scan, and the file is put right."""
    memory = tmp_path / remembered_name()
    memory.write_text(content, encoding="latin-1")

    assert installed("octet.genres", str(tmp_path)) == tuple(point for point in scan() if point.group == "octet.genres")
    assert json.loads(memory.read_text())["environment"] == environment()


def test_a_right_environment_with_wrong_points_is_scanned_anew(tmp_path: Path) -> None:
    """Rows of another shape than an entry point's are no memory."""
    (tmp_path / remembered_name()).write_text(json.dumps({"environment": environment(), "points": [["too", "short"]]}))

    assert "jazz" in {point.name for point in installed("octet.genres", str(tmp_path))}


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    """A read-only home, or a file where the folder should be, changes no answer."""
    (tmp_path / "file").write_text("in the way")

    assert installed("octet.genres", str(tmp_path / "file" / "cache")) == installed("octet.genres")


def test_an_installation_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that comes into a folder on the path changes its time, and so the environment."""
    packages, cache = tmp_path / "packages", str(tmp_path / "cache")
    packages.mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path, str(packages)])
    before = installed("octet.genres", cache)
    _distribution(packages, "ska-genre", "octet.genres", "ska = ska:Ska")
    after = installed("octet.genres", cache)

    assert [point for point in after if point not in before] == [EntryPoint("octet.genres", "ska", "ska:Ska", "ska-genre")]
    assert installed("octet.genres", cache) == after
