"""`octet llm`, and what `octet generate` says while a model is asked."""

from __future__ import annotations

import asyncio
import io
import json
import sys
import threading
from pathlib import Path

import pytest

from app.cli.progress import Counting, consent, spoken, tell
from app.llm.types import Attempt, Event, Offer
from app.render.lint import lint
from app.services.runtime import Runtime
from tests.cli.conftest import Octet
from tests.services.answers import by_rule, said

CONFIG = """
[providers.script]
kind = "scripted"
options = {{ lines = [{lines}] }}

[[tiers]]
label = "phi-3.5-mini"
provider = "script"
model = "phi3.5"
up_to = 10
"""
ASKED = ("jazz", "simple", "--bars", "8", "--key", "C", "--seed", "7")


@pytest.fixture
def scripted(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file whose only model says garbage first and a good progression then; what is kept lies beside it."""
    good = said(by_rule("jazz", num_bars=8, key="C", seed=99, description="simple")[0])
    lines = ", ".join(json.dumps(line) for line in ("garbage", good))
    (tmp_path / "octet.toml").write_text(CONFIG.format(lines=lines), encoding="utf-8")
    monkeypatch.setenv("OCTET_CONFIG", str(tmp_path / "octet.toml"))
    monkeypatch.setenv("OCTET_DATA_DIR", str(tmp_path / "data"))
    return place


def test_without_models_it_says_so(octet: Octet, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ladder is empty, the log too."""
    monkeypatch.setenv("OCTET_STRATEGY", "rules_only")

    assert "everything goes by rule" in octet("llm").out
    assert "nothing was asked" in octet("llm", "log").out
    assert octet("llm", "report").status == 0


def test_generate_shows_who_is_asked_and_says_who_made_it(octet: Octet, scripted: Path) -> None:
    """Progress goes to standard error, the model and why it was chosen into the summary, the file is clean."""
    ran = octet("generate", *ASKED, "-o", "x.mid")

    assert ran.status == 0
    assert "octet: complexity 3, hybrid: phi-3.5-mini" in ran.err
    assert "octet: asking phi-3.5-mini" in ran.err
    assert "rejected" in ran.err
    assert "made    phi-3.5-mini (complexity 3), seed 7" in ran.out
    assert lint((scripted / "x.mid").read_bytes()) == ()


def test_the_same_request_is_remembered_by_the_next_process(octet: Octet, scripted: Path) -> None:
    """The second run asks nobody and writes the same bytes."""
    first, second = octet("generate", *ASKED, "-o", "x.mid"), octet("generate", *ASKED, "-o", "y.mid")

    assert "asking" in first.err
    assert "asking" not in second.err
    assert "remembered" in second.out
    assert (scripted / "x.mid").read_bytes() == (scripted / "y.mid").read_bytes()


def test_a_file_is_made_again_where_there_is_no_model(octet: Octet, scripted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part anew, from the file alone: the chords are still the model's."""
    octet("generate", *ASKED, "-o", "x.mid")
    before = octet("generate", *ASKED, "--json", "-o", "z.mid")
    monkeypatch.delenv("OCTET_CONFIG")
    ran = octet("regenerate", "x.mid", "--part", "bass", "--seed", "3", "-o", "y.mid")
    explained = json.loads(before.out)

    assert ran.status == 0
    assert explained["generation_method"] == "phi-3.5-mini"
    assert lint((scripted / "y.mid").read_bytes()) == ()


def test_quiet_is_quiet(octet: Octet, scripted: Path) -> None:
    """Neither progress nor summary."""
    ran = octet("generate", *ASKED, "-o", "x.mid", "-q")

    assert (ran.out, ran.err, ran.status) == ("", "", 0)


@pytest.mark.parametrize("arguments", [("--model", "rules"), ("--strategy", "rules_only"), ("--chords", "C | G7")])
def test_rules_are_rules(octet: Octet, scripted: Path, arguments: tuple[str, ...]) -> None:
    """Nobody is asked."""
    ran = octet("generate", *ASKED, *arguments, "-o", "x.mid")

    assert "made    rule-based, seed 7" in ran.out
    assert ran.err == ""


def test_an_unknown_model_is_a_wrong_request(octet: Octet, scripted: Path) -> None:
    """One line with those that there are."""
    ran = octet("generate", *ASKED, "--model", "gpt-9", "-o", "x.mid")

    assert (ran.status, ran.err.splitlines()[-1]) == (2, 'octet: model "gpt-9": choose one of phi-3.5-mini; or rules')


@pytest.mark.parametrize("output", [(), ("-o", "none/x.mid"), ("-o", ".")])
def test_where_nothing_could_be_written_no_model_is_asked(octet: Octet, scripted: Path, output: tuple[str, ...]) -> None:
    """A file that is there already, a folder that is not: said at once, not after a minute's thought that may have cost money."""
    (scripted / "jazz-7.mid").write_bytes(b"mine")
    ran = octet("generate", *ASKED, *output)

    assert (ran.status, "asking" in ran.err, len(ran.err.splitlines())) == (1, False, 1)
    assert (scripted / "jazz-7.mid").read_bytes() == b"mine"


def test_the_log_and_its_report(octet: Octet, scripted: Path) -> None:
    """What was asked, by whom it was answered, how often each model answered well; as lines and as JSON."""
    octet("generate", *ASKED, "-o", "x.mid")
    octet("generate", *ASKED, "-o", "y.mid")
    models, log = octet("llm"), octet("llm", "log")
    rows = [json.loads(line) for line in octet("llm", "log", "--json").out.splitlines()]
    report = json.loads(octet("llm", "report", "--json").out)
    stats = json.loads(octet("llm", "stats", "--json").out)

    assert "complexity 1-10  local  phi3.5 on script" in models.out
    assert log.out.count("phi-3.5-mini") == 2
    assert [row["outcome"] for row in rows] == ["remembered", "accepted"]
    assert [row["outcome"] for row in rows[1]["attempts"]] == ["rejected", "accepted"]
    assert rows[0]["prompt_text"] == rows[1]["answer_text"] == ""
    assert (report["total"]["requests"], report["total"]["answered"]) == (2, 2)
    assert (report["models"][0]["name"], report["models"][0]["requests"], report["models"][0]["answered"]) == (
        "phi-3.5-mini",
        2,
        1,
    )
    assert [[line["name"] for line in report[group]] for group in ("subjects", "tasks")] == [["jazz"], ["progression"]]
    assert "progression jazz" in log.out
    assert stats["by_label"] == {"phi-3.5-mini": 2}
    assert octet("llm", "log", "--outcome", "rules").out.startswith("nothing")
    assert "jazz" in octet("llm", "report").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("llm", "raport"), "did you mean report"),
        (("llm", "log", "--outcome", "lost"), "choose one of accepted"),
        (("llm", "log", "--n", "0"), "whole number"),
        (("llm", "log", "report"), "octet llm"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(octet: Octet, arguments: tuple[str, ...], message: str) -> None:
    """And exit status 2."""
    ran = octet(*arguments)

    assert ran.status == 2
    assert message in ran.err
    assert ran.err.count("\n") == 1


def test_settings_that_cannot_be_are_told_in_one_line(octet: Octet, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file, the place in it, and what may be there."""
    (place / "octet.toml").write_text('[[tiers]]\nlabel = "a"\nprovider = "b"\nmodel = "c"\n[providers.x]\n', encoding="utf-8")
    monkeypatch.setenv("OCTET_CONFIG", str(place / "octet.toml"))
    ran = octet("generate", *ASKED)

    assert ran.status == 2
    assert 'tier "a": no provider "b"' in ran.err


def test_long_reasons_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever a server said."""
    tell(Event("attempt", "m", "", Attempt("p", "m", 1, "server", reason="line\n" * 200)))
    printed = capsys.readouterr().err

    assert printed.count("\n") == 1
    assert len(printed) < 200


def test_nobody_at_the_terminal_agrees_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under `ask`, a pipe is no consent."""
    monkeypatch.setattr("sys.stdin", None)

    assert asyncio.run(consent(Offer("gemini-pro", 0.01))) is False


class Terminal(io.StringIO):
    """A terminal that says when the third second is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.third = threading.Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if "3 s" in text:
            self.third.set()
        return super().write(text)


def test_at_a_terminal_the_seconds_are_counted_while_a_model_thinks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the line that says who is asked; with the next event they are gone."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    watch = Counting(terminal, every_s=0.001)

    watch(Event("asking", "small"))
    assert terminal.third.wait(10)
    watch(Event("attempt", "small", attempt=Attempt("p", "m", 1, "accepted")))

    assert terminal.getvalue().startswith("octet: asking small\n\r       1 s\r       2 s\r       3 s")
    assert terminal.getvalue().endswith(" \r")
    assert isinstance(spoken(Runtime()).watch, Counting)


def test_elsewhere_than_at_a_terminal_lines_are_told_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log has no place to count in; `--quiet` has none for anything."""
    monkeypatch.setattr(sys, "stderr", io.StringIO())

    assert spoken(Runtime()).watch is tell
    assert spoken(Runtime(), quiet=True).watch is None
