"""Verification turns the right cell red, says why, and is green only where everything is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from app.llm.build import of
from app.llm.providers.scripted import Scripted
from app.services.installed import EntryPoint
from app.services.local_llm_generator_mixin import LocalLLMGeneratorMixin
from app.services.registry import Registry, discover
from app.services.runtime import Runtime
from app.testing.answers import good_answer
from app.testing.verification import bench
from app.testing.verification.bench import Spoil
from app.testing.verification.cells import CHECKS, FAILED, OK, SKIPPED, Cell, Report, Row, as_text, result_line
from app.testing.verification.checks import ALL
from app.testing.verification.live import plan, verify_live
from app.testing.verification.running import verify
from app.theory.brief import Ask
from tests.llm.needing import need

ROOT = Path(__file__).parents[2]
HERE = "tests.verification.on_purpose"


def row_of(value: str, spoil: Spoil = str) -> dict[str, Cell]:
    """The cells of a genre that registers as jazz, by check."""
    need("gemini")
    registry = Registry({"jazz": EntryPoint("octet.genres", "jazz", value, "a-package")}, {})
    return {cell.check: cell for cell in verify(registry, spoil=spoil).rows[0].cells}


def red(cells: dict[str, Cell]) -> set[str]:
    return {check for check, cell in cells.items() if cell.status == FAILED}


def test_every_column_has_its_check() -> None:
    """The table's columns and the checks are the same, in the same order."""
    assert list(CHECKS) == list(ALL)


def test_a_good_genre_is_green() -> None:
    """All but the REST service, which was not started here: that cell says so."""
    cells = row_of(f"{HERE}:Good")

    assert {check for check, cell in cells.items() if cell.status == OK} == set(CHECKS) - {"rest"}
    assert (cells["rest"].status, cells["rest"].why) == (SKIPPED, "no REST service was started")


@pytest.mark.parametrize(
    ("value", "check", "why"),
    [
        ("tests.verification.wrong_order:WrongOrder", "import", "method resolution"),
        (f"{HERE}:Missing", "import", "has no attribute 'Missing'"),
        (f"{HERE}:NoMixin", "class", "does not inherit LocalLLMGeneratorMixin"),
        (f"{HERE}:Hiding", "class", "Hiding hides the mixin's progression_for"),
        (f"{HERE}:Hiding", "small", "answered by rule-based"),
        (f"{HERE}:AnyRequest", "request", "GenerateRnbRequest"),
        (f"{HERE}:Raising", "rules", "RuntimeError: the trumpeter is ill"),
        (f"{HERE}:Deaf", "large", "passes its own judge: not swinging enough"),
        (f"{HERE}:Forgetful", "counts", "local_generations is 0, 2 were made"),
        (f"{HERE}:Moody", "seed", "two pieces of the same seed differ"),
    ],
)
def test_what_is_broken_turns_its_cell_red(value: str, check: str, why: str) -> None:
    """And says why."""
    cell = row_of(value)[check]

    assert cell.status == FAILED
    assert why in cell.why


def test_only_what_is_broken_turns_red() -> None:
    """A genre that miscounts still plays, one that is moody still asks the right models."""
    assert red(row_of(f"{HERE}:Forgetful")) == {"counts"}
    assert red(row_of(f"{HERE}:Moody")) == {"seed"}


def test_models_that_answer_garbage_are_noticed() -> None:
    """Nobody's answer is played: the cells of the tiers are red, that of the rules alone is not."""
    cells = row_of(f"{HERE}:Good", lambda _: "I am only a small model.")

    assert red(cells) == {"small", "large", "cloud", "local down"}
    assert "answered by rule-based" in cells["large"].why
    assert cells["all down"].status == OK


def test_without_a_library_for_gemini_its_checks_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """They say what to install; the rest is verified, and counts for the result."""
    monkeypatch.setattr(bench, "GEMINI_KINDS", ())
    cells = row_of(f"{HERE}:Good")
    skipped = {check for check, cell in cells.items() if cell.status == SKIPPED}
    report = Report((Row("jazz", tuple(cells.values())),), 1.0)

    assert skipped == {"cloud", "local down", "rest"}
    assert "pip install 'octet-music[gemini]'" in cells["cloud"].why
    assert red(cells) == set()
    assert result_line(report) == "RESULT: 1/1 generators verified (3 checks skipped)"


def test_a_name_that_is_taken_is_a_row_of_its_own() -> None:
    """What the registry leaves out is not verified, and the table says it."""
    registry = Registry({}, {"jazz (greedy)": 'the name "jazz" is taken by octet-music'})
    report = verify(registry)

    assert not report.passed
    assert "✗ jazz (greedy): import: the name" in as_text(report)
    assert result_line(report).startswith("RESULT: 0/1 generators verified")


def script(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "verify_integration.py", *arguments]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", **variables}
    how = {"cwd": ROOT, "env": environment, "capture_output": True, "stdin": subprocess.DEVNULL}
    return subprocess.run(command, text=True, encoding="utf-8", check=False, **how)  # type: ignore[call-overload,no-any-return]


def test_the_script_verifies_every_genre() -> None:
    """One row a genre, a tick a check, the REST service too, and the result last."""
    need("gemini")
    ran = script()
    *_, result = ran.stdout.splitlines()
    names = discover().names

    assert (ran.returncode, ran.stderr) == (0, "")
    assert [line.split()[0] for line in ran.stdout.splitlines()[1 : len(names) + 1]] == list(names)
    assert ran.stdout.count("✓") == len(names) * len(CHECKS)
    assert result == f"RESULT: {len(names)}/{len(names)} generators verified"


def test_the_script_speaks_json_and_knows_its_genres() -> None:
    """One genre as an object; an unknown one is a wrong request."""
    asked, wrong = script("--genre", "rnb", "--json"), script("--genre", "jaz")
    report = json.loads(asked.stdout)

    assert (report["passed"], [row["genre"] for row in report["rows"]]) == (True, ["rnb"])
    assert {cell["check"] for cell in report["rows"][0]["checks"]} == set(CHECKS)
    assert wrong.returncode == 2
    assert "did you mean jazz" in wrong.stderr


def test_live_verification_says_who_made_what() -> None:
    """A tick for each model whose harmony was played, a cross with the reason where the rules had to."""
    registry = discover()
    service = registry.service("jazz")
    assert isinstance(service, LocalLLMGeneratorMixin)
    good = [good_answer(service, Ask("jazz", words, num_bars=8, seed=1)) for *_, words in bench.TIERS]
    garbage = "I am only a small model."
    llm = of([("small", Scripted([good[0]]), 4), ("large", Scripted([good[1]]), 7), ("huge", Scripted([garbage]), 10)])
    runtime = Runtime(models=lambda: llm)
    planned, found = plan(llm, ("jazz",)), verify_live(registry, runtime, ("jazz",))
    cells = {cell.check: cell for cell in found.rows[0].cells}

    assert (planned.requests, planned.usd) == ((("simple", "small"), ("sophisticated", "large"), ("experimental", "huge")), 0.0)
    assert {name: cell.status for name, cell in cells.items()} == {"simple": OK, "sophisticated": OK, "experimental": FAILED}
    assert cells["simple"].why.startswith("small, ")
    assert "the rules answered: huge" in cells["experimental"].why


def test_live_verification_without_models_verifies_nothing() -> None:
    """It says what to do, and that is no result."""
    found = verify_live(discover(), Runtime(), ("jazz",))

    assert not found.passed
    assert "octet doctor" in as_text(found, ("simple", "sophisticated", "experimental"))


PAID = """
allow_paid = true
[providers.gemini]
url = "http://127.0.0.1:9"
local = false
key_env = "A_KEY"
[[tiers]]
label = "gemini-pro"
provider = "gemini"
model = "gemini-3.8-flash"
"""


def test_live_verification_asks_before_it_costs_money(tmp_path: Path) -> None:
    """What it may cost is said; where nobody can agree, nothing is asked."""
    (tmp_path / "octet.toml").write_text(PAID)
    ran = script("--live", "--genre", "jazz", OCTET_CONFIG=str(tmp_path / "octet.toml"), A_KEY="k", OCTET_DATA_DIR=str(tmp_path))

    assert ran.returncode == 2
    assert "1 genres; simple: gemini-pro" in ran.stderr
    assert "say --yes" in ran.stderr


def test_the_script_is_shipped() -> None:
    """In the source distribution, where its users are."""
    built = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["sdist"]

    assert "/verify_integration.py" in built["include"]
