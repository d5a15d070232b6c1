"""The curl examples of the pages, run as they stand against a running service."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.render.lint import lint
from tests.api.processes import client_of, environment, free_port, started

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/rest.md")
USUAL = "http://127.0.0.1:8765"
SERVING = re.compile(r"^octet serve.*$", re.MULTILINE)
STRICT = 'set -euo pipefail\ncurl() { command curl --fail-with-body "$@"; echo; }\n'
pytestmark = pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="curl or bash is not installed")


def examples() -> list[tuple[str, str]]:
    """Every block of indented lines that has curl in it, with its page."""
    found = []
    for page in PAGES:
        blocks = re.findall(r"(?:^ {4}.*\n)+", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
        found += [(page, re.sub(r"^ {4}", "", block, flags=re.MULTILINE)) for block in blocks if "curl " in block]
    return found


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a service, and its folder."""
    folder, port = tmp_path_factory.mktemp("data"), free_port()
    with started(folder, "--port", str(port)) as process, client_of(port, process):
        yield f"http://127.0.0.1:{port}", folder


def test_both_pages_have_examples() -> None:
    """Else nothing is tested below."""
    assert {page for page, _ in examples()} == set(PAGES)


@pytest.mark.parametrize(
    ("page", "example"), [pytest.param(*row, id=f"{row[0]}-{place}") for place, row in enumerate(examples())]
)
def test_an_example_works_as_it_stands(service: tuple[str, Path], tmp_path: Path, page: str, example: str) -> None:
    """Every request in it is answered with 2xx; what it prints is JSON, events or nothing; the files it writes are clean MIDI."""
    url, folder = service
    script = STRICT + SERVING.sub("", example).replace(USUAL, url)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=60,
        env=environment(folder, PATH=path),
    )

    assert ran.returncode == 0, f"{page}: {ran.stdout[-600:]} {ran.stderr[-600:]}"
    answers = [line for line in ran.stdout.splitlines() if line.startswith("{")]
    written = sorted(tmp_path.glob("*.mid"))
    assert all(json.loads(line) for line in answers)
    assert len(answers) + len(written) + ran.stdout.count("event: final") + ran.stdout.count("HTTP/1.1 2") > 0
    assert all(lint(file.read_bytes()) == () for file in written)
    assert len(written) == len(re.findall(r"-o \S+\.mid", example))
