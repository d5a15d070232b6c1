"""harmony.toml: rows are read, problems are found, and the genres' own files have none."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from app.errors import NotationError
from app.harmony.compose import compose
from app.harmony.rules import RULES
from app.harmony.step import read_row, read_token
from app.harmony.tables import check_tables, read_form, read_palette, read_tables
from app.theory.techniques import TECHNIQUES
from tests.harmony.makers import APPLICATIONS, TABLES, brief, symbols

DOCS = Path(__file__).parent.parent.parent / "docs" / "harmony.md"


@pytest.mark.parametrize("genre", list(TABLES))
def test_the_genres_have_no_problems(genre: str) -> None:
    """Every row, form and palette of the shipped files can be read."""
    assert check_tables(TABLES[genre]) == []


@pytest.mark.parametrize(("genre", "application"), APPLICATIONS)
def test_rules_are_known(genre: str, application: str) -> None:
    """A weight is for a rule that exists."""
    assert set(read_tables(TABLES[genre], application).rules) <= set(RULES)


@pytest.mark.parametrize(
    ("token", "root", "suffix", "bass"),
    [
        ("I", 0, "", None), ("ii7", 2, "m7", None), ("bVII7", -2, "7", None), ("#ivo7", 6, "dim7", None),
        ("iiø", 2, "m7b5", None),
        ("I/3", 0, "", 4), ("IV/5", -1, "", 1), ("V7/vi", 4, "7", None), ("imM7", 0, "mM7", None), ("V13sus", 1, "9sus4", None),
        ("III7alt", 4, "7#9#5", None), ("i6", 0, "m6", None), ("bVI", -4, "", None),
    ],
)  # fmt: skip
def test_numerals(token: str, root: int, suffix: str, bass: int | None) -> None:
    """Roots and basses are fifths above the tonic."""
    step = read_token(token)
    assert (step.root, step.suffix, step.bass) == (root, suffix, bass)


@pytest.mark.parametrize(
    ("token", "suffix", "bass"),
    [("V65", "7", 5), ("ii6", "m", -1), ("I64", "", 1), ("viio6", "dim", 2), ("V42", "7", -1), ("iiø65", "m7b5", -1)],
)
def test_figured_bass(token: str, suffix: str, bass: int) -> None:
    """With figures a digit is an inversion."""
    step = read_token(token, True)
    assert (step.suffix, step.bass) == (suffix, bass)


def test_rows() -> None:
    """Bars, repeats and local keys."""
    bars = read_row("I | % | [IV] ii7 V7 | [] V7")
    assert [len(bar) for bar in bars] == [1, 1, 2, 1]
    assert bars[1] == bars[0]
    assert [(step.root, step.home) for step in bars[2]] == [(1, -1), (0, -1)]
    assert bars[3][0].home is None


@pytest.mark.parametrize("row", ["Q7", "| I", "I ii iii IV V", "[H] I", "I7x/9"])
def test_rows_that_cannot_be_read(row: str) -> None:
    """The error shows what was met."""
    with pytest.raises(NotationError):
        read_row(row)


def test_problems_are_all_listed() -> None:
    """Every row that is wrong has a line of its own with its place."""
    raw = {
        "applications": {
            "one": {"forms": ["A8"], "major": {"open": ["I | Q", "I7zz"], "close": ["V | I"]}, "recipes": {"A": "open nowhere"}},
            "two": {"forms": ["A"]},
            "three": {"forms": ["A8"], "colours": {}},
        }
    }
    problems = check_tables(raw)
    assert len(problems) == 5
    assert sum(problem.startswith("one: major.open") for problem in problems) == 2
    assert any("nowhere" in problem for problem in problems)
    assert any('"colours"' in problem for problem in problems)


def test_shared_rows_are_filled_in() -> None:
    """An application's list replaces the shared one; `...` stands for it."""
    raw = {"all": {"major": {"open": ["I", "ii"]}}, "applications": {"a": {"major": {"open": ["IV", "..."]}}, "b": {}}}
    assert [row.text for row in read_tables(raw, "a").major["open"]] == ["IV", "I", "ii"]
    assert [row.text for row in read_tables(raw, "b").major["open"]] == ["I", "ii"]


def test_forms_and_palettes() -> None:
    """Names, weights, optional sections; suffixes with weights."""
    form = read_form("verse8 chorus8 (bridge8) *3")
    assert (form.name, form.bars, form.weight) == ("verse-chorus", 16, 3.0)
    assert read_form("AABA: A8 A8 B8 A8").name == "AABA"
    assert read_palette("maj7 5, - 2, 6") == (("maj7", 5.0), ("", 2.0), ("6", 1.0))


def test_the_page_lists_every_rule() -> None:
    """docs/harmony.md has each rule with its first sentence."""
    page = DOCS.read_text(encoding="utf-8")
    listed = page.partition("<!-- rules -->")[2].partition("<!-- /rules -->")[0].strip().splitlines()[2:]
    assert listed == [f"| {name} | {(entry.rule.__doc__ or '').strip()} |" for name, entry in RULES.items()]


def test_rules_bear_the_names_that_words_ask_for() -> None:
    """Apart from relative substitution, which reharmonization asks for, and prolongation every rule is a technique."""
    assert set(RULES) - set(TECHNIQUES) == {"relative substitution", "prolongation"}


def test_a_form_named_by_letters_has_those_sections() -> None:
    """AABB of two sections that are alike is told; a section of no bars is none."""
    said = check_tables({"all": {"forms": ["AABB: A8 A8"]}, "applications": {"x": {}}})
    assert said == ['x: form "AABB": its sections are AA; name it so, or give it sections that fit']
    assert "no section" in check_tables({"all": {"forms": ["AABB: A8 A0"]}, "applications": {"x": {}}})[0]


def test_of_two_recipes_a_piece_has_one() -> None:
    """` or ` stands between recipes; `same` takes up the section's opening."""
    rows = {"open": ["I | IV", "ii | V"], "half": ["IV | V"], "close": ["V | I"]}
    raw = {"all": {"recipes": {"A": "open+half same+close or open+close"}, "forms": ["A: A8"], "major": rows}}
    tables = read_tables({**raw, "applications": {"x": {}}}, "x")
    pieces = [symbols(compose(brief("jazz", "x", bars=8), tables, Random(seed))) for seed in range(12)]
    assert any(piece[:2] == piece[4:6] for piece in pieces)
    assert check_tables({**raw, "applications": {"x": {}}}) == []
