"""What a person can do wrong: one line that says what and the nearest valid choice, the right status, and never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.conftest import Octet

Process = Callable[..., "subprocess.CompletedProcess[bytes]"]

WRONG = [
    # arguments, and what the line must say
    (("generate", "jaz"), 'unknown genre "jaz": did you mean jazz?'),
    (("generate", "jazz", "--key", "H#"), "did you mean B"),
    (("generate", "jazz", "--tempo", "0"), "20"),
    (("generate", "jazz", "--tempo", "1000"), "400"),
    (("generate", "jazz", "--tempo", "nan"), "number from 20 to 400"),
    (("generate", "jazz", "--tempo", "fast"), "number from 20 to 400"),
    (("generate", "jazz", "--bars", "0"), "nearest is 1"),
    (("generate", "jazz", "--bars", "100000"), "nearest is 512"),
    (("generate", "jazz", "--bars", "3.5"), "whole number"),
    (("generate", "jazz", "--bars", "9" * 5000), "512"),
    (("generate", "jazz", "--time-signature", "4/5"), "4/4"),
    (("generate", "jazz", "--application", "swnig"), "did you mean swing?"),
    (("generate", "jazz", "--chords", "Dm7 | Xq7"), "Xq7"),
    (("generate", "jazz", "--chords", "|||"), "no chords"),
    (("generate", "jazz", "--part", "kazoo"), "kazoo"),
    (("generate", "jazz", "--seed", "seven"), "seed"),
    (("generate", "jazz", "--seed", "-1"), "seed"),
    (("generate", "jazz", "--seed", str(2**31)), "2147483647"),
    (("generate", "jazz", "--reseed", "bass"), "bass=7"),
    (("generate", "jazz", "--reseed", "bass=x"), "seed"),
    (("generate", "jazz", "--reseed", "kazoo=1"), "kazoo"),
    (("generate", "jazz", "--complexity", "11"), "10"),
    (("generate", "jazz", "--swing", "2"), "swing"),
    (("generate", "jazz", "--strategy", "local"), "local_only"),
    (("generate", "jazz", "--deadline-ms", "soon"), "deadline_ms"),
    (("generate", "jazz", "x" * 2001), "2000"),
    (("generate", "jazz", "--tmpo", "90"), "did you mean --tempo?"),
    (("generate", "jazz", "--key"), "--key"),
    (("generate", "jazz", "--force=yes"), "takes no value"),
    (("generate", "jazz", "--json", "-o", "-"), "standard output"),
    (("generat", "jazz"), "did you mean generate?"),
    (("genres", "jaz"), "did you mean jazz?"),
    (("genres", "jazz", "blues"), "one genre at a time"),
    (("progression", "jazz", "--count", "0"), "count"),
    (("complexity",), "which words"),
    (("complexity", "simple", "--bars", "x"), "bars"),
    (("lint",), "which file"),
    (("lint", "not-there.mid"), "not-there.mid"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "")
def test_a_wrong_request_is_one_line_and_status_2(octet: Octet, place: Path, arguments: tuple[str, ...], said: str) -> None:
    """It says what is wrong and the nearest valid choice; nothing is printed to stdout and nothing written."""
    ran = octet(*arguments)

    assert ran.status == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert ran.out == ""
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("setting", ["fast", "local"])
def test_a_setting_that_is_none_is_one_line(octet: Octet, monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    """OCTET_STRATEGY is checked like an option."""
    monkeypatch.setenv("OCTET_STRATEGY", setting)

    ran = octet("generate", "jazz")

    assert (ran.status, ran.out) == (2, "")
    assert "OCTET_STRATEGY" in ran.err


@pytest.mark.parametrize("words", ["日本のジャズ 🎷", "\u202eabc\u0000", "ſ ﬁ é ´", "\ud800", "%s {} \\n", "\x1b[31m"])
def test_any_letters_harm_nothing(octet: Octet, words: str) -> None:
    """Unicode of any kind makes a piece."""
    assert octet("generate", "jazz", words, "--bars", "4", "--seed", "1", "--force").status == 0


def test_bytes_that_are_no_text_harm_nothing(process: Process) -> None:
    """Arguments that are no UTF-8 are words that were not understood."""
    ran = process("generate", "jazz", b"caf\xe9 \xff\xfe", "--bars", "4", "--json")

    assert ran.returncode == 0
    assert b"Traceback" not in ran.stderr


def test_a_terminal_that_lacks_letters_gets_others(process: Process) -> None:
    """An ASCII terminal shows ? for what it cannot show."""
    ran = process("generate", "jazz", "minor", "--seed", "1", env=os.environ | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})

    assert ran.returncode == 0
    assert ran.stdout.isascii()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.text(max_size=12) | st.sampled_from(["--key", "-o", "--", "-", "--bars=", "-q", "jazz", "--part"]), max_size=5)
)
def test_no_arguments_make_a_traceback(octet: Octet, arguments: list[str]) -> None:
    """Whatever is typed behind the reading commands, the status is one of ours and errors are one line."""
    for command in ("complexity", "lint", "genres"):
        ran = octet(command, *arguments)
        assert ran.status in (0, 1, 2)
        assert ran.status != 2 or ran.err.count("\n") == 1


def test_a_reader_that_stops_reading_is_no_crash(process: Process, place: Path) -> None:
    """`octet progression … | head -1` ends quietly."""
    command = [sys.executable, "-m", "app.cli", "progression", "jazz", "--count", "200", "--jsonl"]
    running = subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.readline()
    running.stdout.close()

    assert running.stderr.read() == b""
    assert running.wait() == 1
    running.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_one_line(process: Process) -> None:
    """Standard output that takes no more is said, with status 1."""
    with Path("/dev/full").open("wb") as full:
        ran = process("genres", capture_output=False, stdout=full, stderr=subprocess.PIPE)

    assert ran.returncode == 1
    assert ran.stderr.count(b"\n") == 1
    assert b"No space left" in ran.stderr


def test_interrupting_ends_with_130(place: Path) -> None:
    """Ctrl-C leaves no traceback."""
    command = [sys.executable, "-m", "app.cli", "progression", "jazz", "--count", "100000", "--jsonl"]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it, and so would theirs
    try:
        running = subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    finally:
        signal.signal(signal.SIGINT, before)
    assert running.stdout is not None
    running.stdout.readline()
    running.send_signal(signal.SIGINT)
    _, err = running.communicate()

    assert running.returncode == 130
    assert b"Traceback" not in err


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of a process")
def test_a_file_is_complete_or_not_there(place: Path) -> None:
    """A disk that fills up in the middle of the file leaves nothing, and says so."""
    import resource

    ran = subprocess.run(
        [sys.executable, "-m", "app.cli", "generate", "jazz", "--seed", "1", "-o", "half.mid"],
        cwd=place, check=False, capture_output=True, env=os.environ | {"XDG_CACHE_HOME": "/dev/null/none"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
    )  # fmt: skip

    assert ran.returncode == 1
    assert b"half.mid" in ran.stderr
    assert ran.stderr.count(b"\n") == 1
    assert list(place.iterdir()) == []
