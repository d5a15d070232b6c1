"""Reharmonization: alternatives that fit neighbours, melody and style, ranked, with reasons and distances."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.harmony.likeness import distance, leads, motion, suits
from app.harmony.reharmonize import Chart, Reharmonized, reharmonize
from app.harmony.tables import read_tables
from app.theory.charts import read_chart
from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.progression import Span
from app.theory.rhythm import METRES, Metre
from tests.harmony.makers import APPLICATIONS, TABLES

TWO_FIVE = "Dm7 | G7 | Cmaj7"
CHARTS = [
    (TWO_FIVE, "C"),
    ("C | Am | F | G7 | C", "C"),
    ("Cm | Fm7 | Dm7b5 G7 | Cm", "Cm"),
    ("A7 | D7 | A7 | E7", "A"),
    ("Bb | Bdim7 | F/C | D7 | Gm7 | C7 | F", "F"),
]


def offered(
    chart: str = TWO_FIVE, key: str = "C", style: tuple[str, str] = ("jazz", "swing"), complexity: int = 5, **more: object
) -> tuple[Reharmonized, ...]:
    """The alternatives for a chart in a style."""
    metre, home = Metre.of(str(more.pop("metre", "4/4"))), Key.parse(key)
    melody = more.pop("melody", ())
    tables = read_tables(TABLES[style[0]], style[1])
    written = Chart(read_chart(chart, metre, home), metre, home, melody)  # type: ignore[arg-type]  # the tests' own
    return reharmonize(written, tables, complexity, **more)  # type: ignore[arg-type]


def names(bar: Reharmonized) -> list[str]:
    """The alternatives as text."""
    return [" ".join(str(span.chord) for span in one.spans) for one in bar.alternatives]


def test_the_book_substitutes_are_offered() -> None:
    """For V7 in bebop: its tritone substitute and altered tensions; each says why."""
    five = offered(style=("jazz", "bebop"), complexity=7, count=12)[1]
    rules = {one.rule: one.reason for one in five.alternatives}
    assert "subV7 of I" in rules["tritone substitution"]
    assert "altered dominant" in rules
    assert any(one.spans[0].chord.root == "Db" for one in five.alternatives)


@pytest.mark.parametrize(("genre", "application"), APPLICATIONS)
@pytest.mark.parametrize("complexity", [1, 5, 9])
def test_every_alternative_fits(genre: str, application: str, complexity: int) -> None:
    """In every style a bar stays as long as it was, its dominants resolve, and it differs from the original."""
    for chart, key in CHARTS:
        bars = offered(chart, key, (genre, application), complexity)
        firsts = [bar.spans[0].chord for bar in bars]
        lasts = [bar.spans[-1].chord for bar in bars]
        for bar in bars:
            for one in bar.alternatives:
                assert sum(span.beats for span in one.spans) == 4
                assert 0 < one.distance <= 1
                assert one.reason.startswith(f"{one.rule}: ")
                assert "\n" not in one.reason
                before = [lasts[bar.bar - 1]] if bar.bar else []
                after = [firsts[bar.bar + 1]] if bar.bar + 1 < len(bars) else []
                chords = [*before, *(span.chord for span in one.spans), *after]
                own = {span.chord for span in bar.spans}
                for here, then in pairwise(chords):
                    assert leads(here, then, blues=True) or {here, then} <= own | {*before, *after}


def test_they_are_ranked_and_all_different() -> None:
    """The best first, none twice, none the original, as many as asked at most."""
    for bar in offered(complexity=8, count=9):
        scores = [one.score for one in bar.alternatives]
        assert scores == sorted(scores, reverse=True)
        assert len(set(names(bar))) == len(scores) <= 9
        assert " ".join(str(span.chord) for span in bar.spans) not in names(bar)


def test_a_melody_is_respected() -> None:
    """No alternative has a chord against which the bar's note grates; without the melody there are such."""
    free = offered(style=("jazz", "bebop"), complexity=8, count=30)
    bound = offered(style=("jazz", "bebop"), complexity=8, count=30, melody=((4,), (5, 7), (4,)))
    for bar, notes in zip(bound, ((4,), (5, 7), (4,)), strict=True):
        for one in bar.alternatives:
            for index, note in enumerate(notes):
                start, end = 4 * index / len(notes), 4 * (index + 1) / len(notes)
                under = [span.chord for span in one.spans if span.beat < end and span.beat + span.beats > start]
                assert all(suits(chord, note, Key("C")) for chord in under)
    assert sum(len(bar.alternatives) for bar in bound) < sum(len(bar.alternatives) for bar in free)
    assert all(bar.alternatives for bar in bound)


def test_a_style_keeps_its_plainness() -> None:
    """A hymn gets triads and sevenths, simple requests nothing altered; bebop at 9 gets altered chords."""
    for bar in offered("C | F | G | C", style=("gospel", "hymn"), complexity=3, count=9):
        assert all(len(span.chord.intervals) <= 4 and not span.chord.tensions for one in bar.alternatives for span in one.spans)
    simple = offered(complexity=1, count=9)
    assert not any(span.chord.alterations for bar in simple for one in bar.alternatives for span in one.spans)
    rich = offered(style=("jazz", "bebop"), complexity=9, count=9)
    assert any(span.chord.alterations for bar in rich for one in bar.alternatives for span in one.spans)


def test_complexity_goes_farther() -> None:
    """The best alternatives of a complex request are farther from the original than those of a simple one."""
    means = []
    for complexity in (2, 9):
        found = [
            one.distance
            for bar in offered("C | Am | Dm7 | G7 | C | F | G7 | C", complexity=complexity)
            for one in bar.alternatives
        ]
        means.append(sum(found) / len(found))
    assert means[0] < means[1]


def test_the_last_bar_keeps_its_tonic() -> None:
    """What ends a piece elsewhere comes after what ends it at home."""
    last = offered("C | F | G7 | C", style=("gospel", "traditional"), complexity=5)[-1]
    assert last.alternatives[0].spans[-1].chord.root == "C"


def test_the_same_request_has_the_same_answer() -> None:
    """Chance is named by seed, bar and rule."""
    assert offered(complexity=8) == offered(complexity=8)


@pytest.mark.parametrize("metre", METRES)
def test_every_metre_is_filled(metre: str) -> None:
    """Alternatives have the beats of the metre."""
    for bar in offered(metre=metre):
        for one in bar.alternatives:
            assert sum(span.beats for span in one.spans) == Metre.of(metre).upper


def test_what_cannot_be_changed_is_left() -> None:
    """Silence and bars of five chords have no alternatives, their neighbours none that lean on silence."""
    bars = offered("C | N.C. | C D E F G | C", metre="5/4")
    assert bars[1].alternatives == bars[2].alternatives == ()


CHORDS = [Chord.parse(text) for text in ("C", "Dm7", "G7", "Db7", "Bdim7", "Fm6", "Ebmaj7", "F#m7b5", "Gsus4", "N.C.")]


@given(st.sampled_from(CHORDS), st.sampled_from(CHORDS))
def test_the_distance_is_one(one: Chord, other: Chord) -> None:
    """0 between the same chords only, symmetrical, and never more than 1."""
    here, there = ((Span(0, 4, chord),) for chord in (one, other))  # type: ignore[arg-type]  # whole beats are fractions too
    apart = distance(here, there, Key("C"))
    assert apart == distance(there, here, Key("C"))
    assert (apart == 0) == (one == other)
    assert 0 <= apart <= 1
    assert motion(one, other) == motion(other, one)


def test_nearer_chords_are_nearer() -> None:
    """A colour is nearer than a relative, that is nearer than a tritone substitute's root."""
    original = (Span(0, 4, Chord.parse("Cmaj7")),)  # type: ignore[arg-type]
    apart = [
        distance(original, (Span(0, 4, Chord.parse(text)),), Key("C"))  # type: ignore[arg-type]
        for text in ("Cmaj9", "Am7", "F#7")
    ]
    assert apart == sorted(apart)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(CHORDS), min_size=1, max_size=8), st.sampled_from(APPLICATIONS), st.integers(1, 10))
def test_any_chart_has_an_answer(chords: list[Chord], style: tuple[str, str], complexity: int) -> None:
    """Whatever chords there are, nothing fails."""
    bars = offered(" | ".join(str(chord) for chord in chords), "C", style, complexity)
    assert len(bars) == len(chords)


def test_a_bar_that_is_left_alone_says_why() -> None:
    """N.C. and a bar of five chords stay, with the reason; the bars beside them have alternatives all the same."""
    bars = offered("Cmaj7 | N.C. | Dm7 | C D E F G | G7 | Cmaj7", metre="5/4")
    assert [bar.note for bar in bars if not bar.alternatives] == [
        "N.C. stays as it is",
        "5 chords: a bar of more than 4 stays as it is",
    ]
