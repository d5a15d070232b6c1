"""Reading chords costs little: linear time by count of steps, and nothing heavy is imported."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress

import pytest

from app.errors import ChordError
from app.theory import chord_reader
from app.theory.chord import LONGEST, Chord
from app.theory.chord_reader import Unreadable, tokens
from app.theory.chord_words import LONGEST as LONGEST_WORD
from app.theory.chord_words import WORDS


class Counted(dict[str, tuple[str, str]]):
    """The table of words, counting how often it is asked."""

    asked = 0

    def __contains__(self, text: object) -> bool:
        self.asked += 1
        return super().__contains__(text)


@pytest.mark.parametrize("piece", ["(b9", "add", "m", "#", "susadd", "6/9/", "half-di", "maj7#11(", "half-diminishe", "sus2sus"])
@pytest.mark.parametrize("times", [10, 100, 1000])
def test_reading_takes_steps_in_proportion_to_the_length(monkeypatch: pytest.MonkeyPatch, piece: str, times: int) -> None:
    """At most as many look-ups for a character as the longest word has, for texts made to mislead a reader."""
    words = Counted(WORDS)
    monkeypatch.setattr(chord_reader, "WORDS", words)
    with suppress(Unreadable):
        tokens(piece * times)
    assert words.asked <= LONGEST_WORD * len(piece) * times


def test_a_symbol_beyond_the_limit_is_refused_before_it_is_read() -> None:
    """A megabyte is an error at once, and is not remembered."""
    with pytest.raises(ChordError, match=f"longer than {LONGEST}"):
        Chord.parse("C" + "b9" * 500_000)


def test_what_was_read_is_remembered() -> None:
    """The same text gives the same object."""
    assert Chord.parse("Ebm9/Db") is Chord.parse("Ebm9/Db")


def test_reading_chords_imports_nothing_heavy() -> None:
    """A fresh process that reads chords and numerals has loaded no parser library and no regular expressions of ours."""
    script = (
        "import sys; before = set(sys.modules)\n"
        "from app.theory.numeral import resolve, numeral_of\nfrom app.theory.key import Key\n"
        "resolve('V7/ii', Key('C')); print(*sorted(set(sys.modules) - before))"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    ours = {name for name in loaded if name.startswith("app")}
    heavy = {"dataclasses", "inspect", "json", "tomllib", "difflib", "fractions", "decimal", "random", "logging", "asyncio"}
    assert "app.theory.chord" in ours
    assert not heavy & set(loaded)
