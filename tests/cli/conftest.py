"""The command line in a folder and with a cache of its own: in this process, and as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from app.cli.main import main


class Ran(NamedTuple):
    """What a run of the command line left: its exit status and what it printed."""

    status: int
    out: str
    err: str


Octet = Callable[..., Ran]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder; what Octet remembers goes beside it."""
    for name in [name for name in os.environ if name.startswith("OCTET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def octet(place: Path, capsys: pytest.CaptureFixture[str]) -> Octet:
    """Run the command line in this process."""

    def run(*arguments: str) -> Ran:
        status = main(arguments)
        printed = capsys.readouterr()
        return Ran(status, printed.out, printed.err)

    return run


@pytest.fixture
def process(place: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run the command line as a process; arguments may be bytes."""

    def run(*arguments: str | bytes, **how: object) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "app.cli", *arguments]
        return subprocess.run(command, cwd=place, check=False, **({"capture_output": True} | how))  # type: ignore[call-overload,no-any-return]

    return run
