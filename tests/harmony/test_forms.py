"""Forms: whole choruses first, sections that players can vary, forms that are asked for."""

from __future__ import annotations

from random import Random

import pytest

from app.harmony.forms import plan_form
from app.harmony.tables import read_tables
from tests.harmony.makers import APPLICATIONS, TABLES, brief, composed, symbols

KINDS = {"intro", "verse", "prechorus", "chorus", "bridge", "head", "solo", "vamp", "break", "tag", "ending"}


def sections(genre: str, application: str, bars: int, form: str = "", seed: int = 1) -> list[tuple[str, str, int]]:
    """Name, kind and bars of the sections."""
    plan = plan_form(brief(genre, application, bars=bars, form=form), read_tables(TABLES[genre], application), Random(seed))
    return [(stretch.name, stretch.kind, stretch.bars) for stretch in plan.stretches]


@pytest.mark.parametrize(("genre", "application"), APPLICATIONS)
def test_every_section_is_of_a_known_kind_and_named_in_ascii(genre: str, application: str) -> None:
    """Players know what to do in it, and it can be a marker."""
    for bars in (1, 4, 7, 16, 24, 36, 50, 512):
        planned = sections(genre, application, bars)
        assert sum(size for _, _, size in planned) == bars
        assert {kind for _, kind, _ in planned} <= KINDS
        names = [name for name, _, _ in planned]
        assert all(name.isascii() and name for name in names)
        assert len(set(names)) == len(names)


def test_blues_is_whole_choruses_and_the_rest_is_told() -> None:
    """24 bars are two choruses; 28 are an intro before them; 32 have a tag as well, and the result says so."""
    assert sections("blues", "minor", 24) == [("Head", "head", 12), ("Out head", "head", 12)]
    assert sections("blues", "minor", 28)[0] == ("Intro", "intro", 4)
    assert [(kind, bars) for _, kind, bars in sections("blues", "minor", 32)] == [
        ("intro", 4),
        ("head", 12),
        ("head", 12),
        ("tag", 4),
    ]
    assert composed("blues", "minor", "Am", 32).notes == ("12-bar blues: 2 choruses of 12 bars, 4 bars of intro, 4 bars of tag",)


def test_choruses_are_head_solos_head() -> None:
    """Four choruses begin and end with the head."""
    assert [kind for _, kind, _ in sections("blues", "minor", 48)] == ["head", "solo", "solo", "head"]


@pytest.mark.parametrize("seed", range(6))
def test_a_form_that_fits_has_no_intro(seed: int) -> None:
    """32 bars of swing are sections of the form and nothing else."""
    assert {kind for _, kind, _ in sections("jazz", "swing", 32, seed=seed)} <= {"head", "bridge", "solo"}


@pytest.mark.parametrize("application", list(TABLES["latin"]["applications"]))
@pytest.mark.parametrize("bars", [15, 16, 22, 31, 32, 37, 64])
def test_latin_sections_are_even(application: str, bars: int) -> None:
    """The clave does not turn round: only the last section may have an odd number of bars."""
    planned = sections("latin", application, bars)
    odd = [size % 2 for _, _, size in planned]
    assert sum(odd) == bars % 2
    assert not any(odd[:-1]) or odd[0]


@pytest.mark.parametrize(
    ("form", "bars", "expected"),
    [
        ("AABA", 32, ["A1", "A2", "B", "A3"]),
        ("AABA", 16, ["A1", "A2", "B", "A3"]),
        ("intro, verse, chorus", 20, ["Intro", "Verse", "Chorus"]),
        ("verse-chorus", 32, ["Verse 1", "Chorus 1", "Verse 2", "Chorus 2"]),
        ("rondo", 40, ["A1", "B", "A2", "C", "A3"]),
        ("12-bar blues", 12, ["Blues"]),
        ("verse prechorus chorus bridge chorus", 36, ["Verse", "Prechorus", "Chorus 1", "Bridge", "Chorus 2"]),
    ],
)
def test_a_form_asked_for_is_obeyed(form: str, bars: int, expected: list[str]) -> None:
    """The sections are those of the words."""
    assert [name for name, _, _ in sections("rnb", "classic_soul", bars, form)] == expected


def test_sections_with_lengths_are_laid_out_as_they_are_said() -> None:
    """In order, bar for bar; a length is good for the next of its kind too, and a number below four only counts."""
    assert sections("rnb", "motown", 37, "intro 4, verse 16, chorus (7), bridge: 8 bars, tag 2") == [
        ("Intro", "intro", 4),
        ("Verse", "verse", 16),
        ("Chorus", "chorus", 7),
        ("Bridge", "bridge", 8),
        ("Tag", "tag", 2),
    ]
    assert [bars for _, _, bars in sections("rnb", "motown", 32, "verse 12, chorus 4, verse, chorus")] == [12, 4, 12, 4]
    assert [bars for _, _, bars in sections("rnb", "motown", 32, "verse 1, chorus 1, verse 2, chorus 2")] == [8, 8, 8, 8]


def test_a_head_and_a_solo_with_lengths_are_the_same_changes() -> None:
    """32 bars are a form of the style's own, and whoever plays a solo plays over it; two twelves are two choruses."""
    planned = composed("jazz", "swing", "F", 76, form="intro 8, head 32, solo 32, ending 4")
    chords = symbols(planned)

    assert {section.bars for section in planned.form.sections[1:-1]} != {32}
    assert [section.kind for section in planned.form.sections if section.bar in (8, 40)] == ["head", "solo"]
    assert sum(one == other for one, other in zip(chords[8:40], chords[40:72], strict=True)) >= 24
    assert [kind for _, kind, bars in sections("blues", "slow", 52, "intro 4, verse 12, solo 24, verse 12") if bars == 12] == [
        "verse",
        "solo",
        "solo",
        "verse",
    ]


def test_an_unknown_form_is_told() -> None:
    """What cannot be read as a form is said, and the application's own is played."""
    notes = composed("jazz", "swing", "C", 32, form="zigzag").notes
    assert any('form "zigzag"' in note for note in notes)


def test_sections_of_a_label_come_back() -> None:
    """In AABA the first three bars of all three A sections are the same chords, by and large."""
    same = 0
    for seed in range(8):
        bars = symbols(composed("jazz", "swing", "F", 32, seed, form="AABA"))
        same += bars[0:3] == bars[8:11] == bars[24:27]
    assert same >= 6


@pytest.mark.parametrize(("genre", "application"), [("jazz", "bebop"), ("classical", "sonatina"), ("latin", "bolero")])
def test_one_phrase_is_no_form(genre: str, application: str) -> None:
    """Thirty-two bars are never the same eight played four times."""
    for seed in range(30):
        planned = read_tables(TABLES[genre], application)
        plan = plan_form(brief(genre, application, bars=32), planned, Random(seed))
        assert len({stretch.label for stretch in plan.stretches}) > 1 or plan.name.endswith("blues")


def test_bars_that_only_a_blues_divides_are_not_always_a_blues() -> None:
    """Thirty-six bars of swing are mostly a song with an intro or a tag."""
    names = [
        plan_form(brief("jazz", "swing", bars=36), read_tables(TABLES["jazz"], "swing"), Random(seed)).name for seed in range(40)
    ]
    assert sum(name == "12-bar blues" for name in names) < 20


def test_blues_of_any_length_are_choruses_of_twelve() -> None:
    """What is left over of 32 bars of shuffle becomes an intro and a tag."""
    plans = [
        plan_form(brief("blues", "shuffle", bars=32), read_tables(TABLES["blues"], "shuffle"), Random(seed)) for seed in range(20)
    ]
    assert sum(plan.name == "12-bar blues" for plan in plans) > 12
