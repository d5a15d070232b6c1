"""House rules that no linter knows, read off the syntax trees."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PURE = sorted(path for folder in ("theory", "harmony", "arrange") for path in (ROOT / "app" / folder).rglob("*.py"))
APP = sorted((ROOT / "app").rglob("*.py"))
GENRES = sorted(path.parent.name for path in (ROOT / "genres").glob("*/genre.toml"))
CHANCE_MAKERS = {"chance.py"}


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_theory_harmony_and_arrangement_do_no_input_or_output(path: Path) -> None:
    """They read no file, no clock and no environment."""
    forbidden = {
        "os",
        "io",
        "pathlib",
        "socket",
        "time",
        "datetime",
        "logging",
        "asyncio",
        "pydantic",
        "mido",
        "json",
        "dataclasses",
    }
    calls = {node.func.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}  # fmt: skip

    assert not {name.partition(".")[0] for name in _imports(path)} & forbidden
    assert not calls & {"open", "print", "input"}


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_chance_is_only_an_argument(path: Path) -> None:
    """No module draws from the process's own generator, or makes one, but `chance`."""
    drawn = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Random"]  # fmt: skip

    assert "random.random" not in path.read_text(encoding="utf-8").replace("chance.random", "")
    assert not drawn or path.name in CHANCE_MAKERS


@pytest.mark.parametrize("path", APP, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_application_names_no_genre(path: Path) -> None:
    """Genres are found through entry points: `app` imports none of them."""
    assert not {name for name in _imports(path) if name.partition(".")[0] == "genres"}


def test_every_tracked_text_speaks_of_the_project_alone() -> None:
    """No path of a machine and no package registry's address is in a tracked file."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    words = ("/work" + "/", "/root" + "/", "pypi" + ".org", "pythonhosted" + ".org", "index" + "-url")
    wrong = [
        (name, word)
        for name in listed
        if name != "Makefile" and (ROOT / name).is_file() and (ROOT / name).suffix not in {".mid", ".png", ".xz"}
        for word in words
        if word in (ROOT / name).read_text(encoding="utf-8", errors="replace")
    ]

    assert not wrong
