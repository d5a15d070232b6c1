"""The wheel: what it holds, and that it works in a fresh environment with nothing else installed."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from app import __version__
from app.render.lint import lint

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as pip builds it, from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        str(folder),
    ]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    (built,) = folder.glob("octet_music-*.whl")
    return built


def test_the_wheel_holds_the_packages_with_their_data_and_no_tests(wheel: Path) -> None:
    """app, genres, prompts and schemas; every TOML and schema of the checkout; nothing else."""
    names = zipfile.ZipFile(wheel).namelist()
    data = [
        path.relative_to(ROOT).as_posix()
        for folder in ("genres", "schemas", "prompts", "app")
        for pattern in ("*.toml", "*.json", "*.md")
        for path in (ROOT / folder).rglob(pattern)
    ]

    assert {name.split("/")[0] for name in names} == {
        "app",
        "genres",
        "prompts",
        "schemas",
        f"octet_music-{__version__}.dist-info",
    }
    assert sorted(set(data) - set(names)) == []
    assert len([name for name in names if name.endswith("genre.toml")]) == 8


def test_a_fresh_environment_generates_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    """Installed without any other package, `octet` makes a clean file by rule."""
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)

    octet = str(python.with_name("octet"))
    place = tmp_path / "elsewhere"
    place.mkdir()
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "PATH": ""}
    ran = subprocess.run(
        [octet, "generate", "gospel", "shout in Ab", "--seed", "2"],
        check=True,
        capture_output=True,
        text=True,
        cwd=place,
        env=environment,
    )

    assert "Ab major" in ran.stdout
    assert lint((place / "gospel-2.mid").read_bytes()) == ()
