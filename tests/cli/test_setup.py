"""`octet setup`: questions or none, a settings file that keeps what else was in it, a test of it, and the way back."""

from __future__ import annotations

import io
import stat
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import RequestError
from app.llm.config import ProviderSettings, TierSettings
from app.settings.writing import text_of, undone, written
from tests.cli.conftest import Octet
from tests.cli.situations import ASKED, Runs, report, situation, within
from tests.llm.needing import need

__all__ = ["within"]
OLLAMA = ProviderSettings("ollama", "ollama", "http://127.0.0.1:1")
OWN = """# my own settings
look = "none" # nowhere
strategy = "local_only"

[limits] # mine
deadline_s = 33

[providers.shed]
kind = "openai"
url = "http://192.168.1.7:8080"

[[matrix]]
task = "progression"
band = "quick"
attempts = 1
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the settings file of these tests lies; nothing is there yet."""
    return tmp_path / "config" / "octet" / "octet.toml"


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """What a person types."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_setup_writes_what_is_there_tries_it_and_is_obeyed(within: Runs, file: Path) -> None:
    """For this user's eyes alone; the next command asks those models; undo leaves no file where none was."""
    set_up, made, back, again = within(
        situation("ollama"), ("setup", "--yes"), ASKED, ("setup", "--undo"), ("setup", "--undo")
    )  # fmt: skip

    assert set_up.status == 0
    assert "phi-3.5-mini: answered in" in set_up.out
    assert report(made)["generation_method"] == "phi-3.5-mini"
    assert "removed, as there was none before" in back.out
    assert (again.status, "there is no setup to undo" in again.err) == (2, True)
    assert not file.exists()


def test_what_is_written_can_be_read(within: Runs, file: Path) -> None:
    """Servers, tiers and their complexities, as TOML with mode 0600, and the same as an object."""
    (ran,) = within(situation("ollama"), ("setup", "--json"))
    told = tomllib.loads(report(ran)["settings"])

    assert tomllib.loads(file.read_text()) == told
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [(tier["label"], tier["model"], tier["up_to"]) for tier in told["tiers"]] == [
        ("phi-3.5-mini", "phi3.5", 4), ("llama-3.3-70b", "llama3.3:70b", 7),
    ]  # fmt: skip
    assert set(told["providers"]) == {"ollama"}
    assert "allow_paid" not in told


def test_a_person_is_asked(within: Runs, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Local models, money, and how much of it: the file says what was answered, and never a key."""
    need("gemini")
    typed(monkeypatch, "n", "y", "ask", "2.50")  # no download, local models, ask each time, so much a day
    where = situation("both")._replace(variables={"OCTET_GEMINI_API_KEY": "sk-canary"})
    (ran,) = within(where, ("setup",))
    told = tomllib.loads(file.read_text())

    assert ran.status == 0, ran.err
    assert (told["allow_paid"], told["budget"], told["providers"]["gemini"]["key_env"]) == (
        "ask", {"day_usd": 2.5}, "OCTET_GEMINI_API_KEY",
    )  # fmt: skip
    assert [tier["label"] for tier in told["tiers"]] == ["phi-3.5-mini", "qwen3.5-9b", "gemini-pro"]
    assert "canary" not in file.read_text() + ran.out + ran.err


def test_whoever_says_no_is_not_charged(within: Runs, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal is written, so that a key in the environment is not spent."""
    typed(monkeypatch, "no")
    (ran,) = within(situation("cloud"), ("setup",))
    told = tomllib.loads(file.read_text())

    assert ran.status == 0
    assert (told["allow_paid"], "tiers" in told) == (False, False)


@pytest.mark.parametrize(("lines", "message"), [((), "octet setup --yes"), (("perhaps",), "answer yes or no")])
def test_without_an_answer_nothing_is_written(
    within: Runs, file: Path, monkeypatch: pytest.MonkeyPatch, lines: tuple[str, ...], message: str
) -> None:
    """One line says how to go on."""
    typed(monkeypatch, *lines)
    (ran,) = within(situation("studio"), ("setup",))

    assert (ran.status, message in ran.err) == (2, True)
    assert not file.exists()


def test_a_missing_model_is_downloaded_where_that_is_wanted(within: Runs, file: Path) -> None:
    """With its progress; without --pull the command is said instead."""
    (told,) = within(situation("fresh"), ("setup", "--yes"))
    (ran,) = within(situation("fresh"), ("setup", "--yes", "--pull"))

    assert "ollama pull" in told.out
    assert "40%" in ran.err
    assert ran.status == 0, ran.out
    assert len(tomllib.loads(file.read_text())["tiers"]) == 1


def test_setup_keeps_what_else_a_file_says(within: Runs, file: Path) -> None:
    """Other settings and tables with their comments; undo brings back every byte."""
    file.parent.mkdir(parents=True)
    file.write_text(OWN.replace('look = "none" # nowhere\n', ""))
    before = file.read_bytes()
    set_up, back = within(situation("ollama"), ("setup", "--yes"), ("explain", "C"))
    told = tomllib.loads(file.read_text())

    assert set_up.status == back.status == 0, set_up.err
    assert (told["limits"]["deadline_s"], told["matrix"][0]["attempts"], told["strategy"]) == (33, 1, "local_only")
    assert set(told["providers"]) == {"ollama"}
    assert "# my own settings" in file.read_text()
    assert undone(str(file))
    assert file.read_bytes() == before


def test_plain_settings_stay_plain(file: Path) -> None:
    """What stood above the tables stands above them still, after any number of setups."""
    file.parent.mkdir(parents=True)
    file.write_text(OWN)
    text = text_of("hybrid", None, [(OLLAMA, "")], [TierSettings("a", "ollama", "b")])
    written(str(file), text)
    whole = written(str(file), text)
    told = tomllib.loads(whole)

    assert (told["look"], told["strategy"], told["limits"]) == ("none", "hybrid", {"deadline_s": 33})
    assert whole.count("Written by") == whole.count("# my own settings") == 1


def test_a_file_that_is_no_toml_is_left_alone(file: Path) -> None:
    """It is said which, and nothing is changed."""
    file.parent.mkdir(parents=True)
    file.write_text("strategy = ")
    with pytest.raises(RequestError, match=r"octet\.toml"):
        written(str(file), text_of("hybrid", None, [], []))

    assert file.read_text() == "strategy = "


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from([True, False, "ask", None]))
def test_any_name_of_a_model_survives_the_file(label: str, model: str, paid: bool | str | None) -> None:
    """Quotes, backslashes, control characters and other alphabets come back as they were."""
    text = text_of("hybrid", paid, [(OLLAMA._replace(name=label), "")], [TierSettings(label, label, model)])
    told = tomllib.loads(text)

    assert (told["tiers"][0]["label"], told["tiers"][0]["model"], told.get("allow_paid")) == (label, model, paid)
    assert list(told["providers"]) == [label]


@pytest.mark.parametrize(("words", "message"), [(("now",), "takes options alone"), (("--yess",), "did you mean --yes")])
def test_what_is_wrong_is_told_in_one_line(octet: Octet, words: tuple[str, ...], message: str) -> None:
    """As everywhere."""
    ran = octet("setup", *words)

    assert (ran.status, message in ran.err) == (2, True)
