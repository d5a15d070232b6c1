"""A genre's files: what is wrong in them is said with file, line and field; which groove is played; the editor's schemas."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.errors import GenreFileError
from app.services.genre import Genre
from app.services.genre_check import problems_of, problems_of_file
from app.services.genre_schema import FILES, text_of
from app.services.toml_lines import line_of
from app.theory.rhythm import Metre

ROOT = Path(__file__).parents[2]
POLKA = ROOT / "tests" / "plugins" / "polka_genre" / "polka"


@pytest.fixture
def polka(tmp_path: Path) -> Path:
    """A small genre that has no problems, to break."""
    return Path(shutil.copytree(POLKA, tmp_path / "polka"))


def _change(file: Path, old: str, new: str) -> int:
    """Put `new` for `old`; the line (from 1) on which it stands."""
    text = file.read_text()
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new))
    return text[: text.index(old)].count("\n") + 1


def test_a_good_genre_has_no_problems(polka: Path) -> None:
    """The checker is quiet where nothing is wrong."""
    assert problems_of(str(polka)) == []


BROKEN = [
    # file, what stands there, what is put for it, what the line must say
    ("genre.toml", "tempo = 112", "tempo = 500", "500 is not from 20 to 400"),
    ("genre.toml", "tempo = 112", "tempo = 90", "not within its range, 96 to 132"),
    ("genre.toml", "tempo = 112", 'tempo = "fast"', "is not a number"),
    ("genre.toml", "tempo = 112", "tempo = nan", "is not a number"),
    ("genre.toml", "bars = 16", "bars = true", "is not a whole number"),
    ("genre.toml", 'keys = ["C", "G", "F"]', 'keys = ["C", "H#"]', "H#"),
    ("genre.toml", 'metre = "2/4"', 'metre = "4/5"', "did you mean 4/4?"),
    ("genre.toml", 'default = "bohemian"', 'default = "bohemain"', "did you mean bohemian?"),
    ("genre.toml", 'form = "AABA"', 'fomr = "AABA"', "did you mean form?"),
    ("genre.toml", 'engine = "comp"', 'engine = "komp"', "did you mean comp?"),
    ("genre.toml", 'range = ["E1", "G3"]', 'range = ["G3", "E1"]', "two pitches"),
    ("genre.toml", "[parts.bass]", "[parts.tuba]", "is not a field here"),
    ("genre.toml", '"mood:joyful"', '"mood:joyfull"', "did you mean joyful?"),
    ("genre.toml", '"mood:joyful"', '"modo:joyful"', "did you mean mood?"),
    ("genre.toml", '"mood:joyful"', '["mood:joyful", "part:kazoo"]', "no part or instrument"),
    ("harmony.toml", '"I | I | V7 | I"', '"I | I | Q7 | I"', "Q7"),
    ("grooves/bohemian.toml", 'snare = ".x .x"', 'snare = ".x .y"', "y"),
    ("grooves/bohemian.toml", 'snare = ".x .x"', 'snare = ".x .x .x"', "3 beats, not 2"),
    ("grooves/bohemian.toml", 'kick = "x x"', 'kcik = "x x"', "did you mean kick?"),
    ("grooves/bohemian.toml", 'ensemble = ["drums", "bass", "keys"]', 'ensemble = ["drums", "organ"]', "organ"),
    ("grooves/bohemian.toml", 'play = "a"', 'play = "c"', '"c"'),
    ("grooves/bohemian.toml", 'kind = "hit"', 'kind = "bang"', "held"),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), BROKEN, ids=lambda value: str(value)[:30])
def test_a_problem_is_said_with_file_and_line(polka: Path, file: str, old: str, new: str, said: str) -> None:
    """One mistake is one problem, on its own line."""
    line = _change(polka / file, old, new)
    (problem,) = problems_of(str(polka))

    assert problem.startswith(f"{file}:{line}: ")
    assert said in problem


def test_every_problem_is_said_at_once(polka: Path) -> None:
    """None hides another, in whichever file."""
    _change(polka / "genre.toml", 'title = "Polka"', "")
    _change(polka / "genre.toml", "voices = 3", "voices = 99")
    _change(polka / "grooves" / "bohemian.toml", 'kick = "x x"', "kick = 3")

    assert [problem.partition(":")[0] for problem in problems_of(str(polka))] == [
        "genre.toml", "genre.toml", "grooves/bohemian.toml",
    ]  # fmt: skip


def test_toml_that_cannot_be_read_is_a_problem_with_its_line(polka: Path) -> None:
    """A missing quote is found where it is."""
    line = _change(polka / "harmony.toml", '["V7"]\n\n[all.minor]', '["V7]\n\n[all.minor]')

    assert problems_of(str(polka))[0].startswith(f"harmony.toml:{line}: ")


def test_missing_files_are_problems(polka: Path) -> None:
    """An application without a groove, a genre without harmony."""
    (polka / "grooves" / "bohemian.toml").unlink()
    (polka / "harmony.toml").unlink()

    assert [problem for problem in problems_of(str(polka)) if "there is no" in problem] == problems_of(str(polka))
    assert len(problems_of(str(polka))) == 2


def test_one_file_is_checked_alone(polka: Path) -> None:
    """A musician checks the file at hand; its genre's defaults count."""
    _change(polka / "genre.toml", "tempo = 112", "tempo = 500")

    assert problems_of_file(str(polka / "grooves" / "bohemian.toml")) == []
    assert len(problems_of_file(str(polka / "genre.toml"))) == 1


def test_a_genre_with_a_broken_file_says_every_problem_when_it_plays(polka: Path) -> None:
    """What cannot be played is a GenreFileError that lists what the checker finds."""
    _change(polka / "grooves" / "bohemian.toml", 'snare = ".x .x"', 'snare = ".x .y"')

    with pytest.raises(GenreFileError, match=r"bohemian\.toml:\d+: drums.a.snare"):
        Genre(str(polka)).style("bohemian", 112, Metre.of("2/4"))


def test_a_file_of_the_other_count_or_metre_is_played_where_there_is_one(polka: Path) -> None:
    """Above `double_above` the rows of .double, in 3/4 those of .3-4, else the application's own."""
    _change(polka / "genre.toml", "bars = 16", "bars = 16\ndouble_above = 130\nhalf_below = 100")
    groove = (polka / "grooves" / "bohemian.toml").read_text()
    for variant, strokes in (("double", "xx xx"), ("half", ". x"), ("3-4", "x . x")):
        text = groove.replace('kick = "x x"', f'kick = "{strokes}"')
        if variant == "3-4":
            text = text.replace('snare = ".x .x"', 'snare = ". x x"').replace("beat = 1", 'beat = 2\n[parts.keys]\na = ". c c"')
            text = text.replace("velocity = 90", 'velocity = 90\na = "1 - 5"')
        (polka / "grooves" / f"bohemian.{variant}.toml").write_text(text)
    genre = Genre(str(polka))

    def kick(tempo: float, metre: str) -> list[str]:
        drums = genre.style("bohemian", tempo, Metre.of(metre)).drums
        assert drums is not None
        (row,) = dict(drums.variations["a"])["kick"]
        return ["".join(beat) for bar in row.row for beat in bar]

    assert kick(112, "2/4") == kick(112, "4/4") == ["x", "x"]
    assert kick(131, "2/4") == ["xx", "xx"]
    assert kick(99, "2/4") == [".", "x"]
    assert kick(112, "3/4") == kick(131, "3/4") == ["x", ".", "x"]


@pytest.mark.parametrize("file", FILES)
def test_the_schemas_for_editors_are_current(file: str) -> None:
    """They are generated from the table of fields: `python -m app.services.genre_schema` writes them."""
    assert (ROOT / "schemas" / file).read_text(encoding="utf-8") == text_of(file)


LINES = """\
a = 1
[t.u]
b = 2
"c d" = 3
[[t.f]]
x = 1
[[t.f]]
x = 2
[t.in]
e = { f = 1 }
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a", 1),
        ("t.u", 2),
        ("t.u.b", 3),
        ('t.u."c d"', 4),
        ("t.f[1].x", 6),
        ("t.f[2].x", 8),
        ("t.in.e.f", 10),
        ("t.u.x", 2),
        ("z", 0),
    ],
)
def test_lines_are_found(path: str, line: int) -> None:
    """A field's line, the line of the table around it, or none."""
    assert line_of(LINES, path) == line
