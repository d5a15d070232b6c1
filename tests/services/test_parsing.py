"""What a model says, however it says it, becomes the bars that were asked for, or is refused with advice."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import RejectedReply
from app.services.parsing import Parsed, beats_of, parse
from app.services.reply_text import LONGEST
from app.theory.key import Key
from app.theory.rhythm import METRES, Metre
from schemas.progression import EXACT_BARS, QUALITIES, ROOTS, Frame, answer_model, schema_of, unlike, verdict_schema
from tests.services.answers import C_MAJOR, FOUR_FOUR, answer, bar

FOUR = Frame(4, 4)
PLAIN = answer(bar("D:m7", "G:7"), bar("C:maj7"), bar("A:7"), bar("C:6"))
AS_ASKED = [["Dm7*2", "G7*2"], ["Cmaj7*4"], ["A7*4"], ["C6*4"]]
DIALECT = {
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "minItems",
    "maxItems",
    "$ref",
    "$defs",
    "anyOf",
}


def read(text: str, frame: Frame = FOUR, key: Key = C_MAJOR) -> Parsed:
    return parse(text, frame, key, Metre.of(f"{frame.beats}/{4 if frame.beats < 6 else 8}"))


def chords(parsed: Parsed) -> list[list[str]]:
    return [[f"{chord}*{length}" for length, chord in row] for row in parsed.bars]


def test_an_answer_as_asked_needs_no_mending() -> None:
    """Every check passes, and nothing is reported as repaired."""
    parsed = read(json.dumps(PLAIN))

    assert chords(parsed) == AS_ASKED
    assert parsed.repairs == ()
    assert [(row.name, row.passed, row.reason) for row in parsed.checks] == [
        (name, True, "") for name in ("syntax", "schema", "bars", "symbols", "beats")
    ]


def _strings(table: Any, change: Callable[[str], str]) -> Any:
    if isinstance(table, dict):
        return {key: _strings(value, change) for key, value in table.items()}
    return (
        [_strings(item, change) for item in table]
        if isinstance(table, list)
        else change(table)
        if isinstance(table, str)
        else table
    )


SYMBOLS = [["Dm7", "G7"], ["Cmaj7"], ["A7"], ["C6"]]
WAYS = {  # the same four bars in other words
    "a fence": f"```json\n{json.dumps(PLAIN, indent=1)}\n```",
    "a fence that is not closed": f"```\n{json.dumps(PLAIN)}",
    "words before and after": f"Sure {{ok}}! Here it is:\n{json.dumps(PLAIN)}\nI hope [you] like it.",
    "a byte order mark": "\ufeff" + json.dumps(PLAIN),
    "single quotes": str(PLAIN),
    "curly quotes": re.sub('"([^"]*)"', r"“\1”", json.dumps(PLAIN)),
    "commas too many": json.dumps(PLAIN).replace("}]", "},]").replace("]]", "],]"),
    "comments": json.dumps(PLAIN, indent=1).replace('"bars": [', '"bars": [ // bar one\n/* two fives */'),
    "keys without quotes": json.dumps(PLAIN).replace('"bars"', "bars").replace('"root"', "root"),
    "other cases": json.dumps(_strings({"Bars": PLAIN["bars"], "PLAN": ["a"]}, lambda text: text.lower())),
    "measures": json.dumps({"measures": PLAIN["bars"]}),
    "chord_progression": json.dumps({"chord_progression": PLAIN["bars"]}),
    "inside a result": json.dumps({"result": PLAIN}),
    "bars that are objects": json.dumps({"bars": [{"bar": place + 1, "chords": row} for place, row in enumerate(PLAIN["bars"])]}),
    "duration and type": json.dumps(PLAIN).replace('"beats"', '"duration"').replace('"quality"', '"type"'),
    "words for qualities": json.dumps(PLAIN)
    .replace('"m7"', '"minor 7"')
    .replace('"maj7"', '"major seventh"')
    .replace('"7"', '"dominant"'),
    "symbols": json.dumps({"bars": [[{"symbol": text} for text in row] for row in SYMBOLS]}),
    "symbols with beats": json.dumps([[[text, 4 // len(row)] for text in row] for row in SYMBOLS]),
    "texts": json.dumps({"bars": [" ".join(row) for row in SYMBOLS]}),
    "a chart": json.dumps({"progression": "| " + " | ".join(" ".join(row) for row in SYMBOLS) + " |"}),
    "a list of lists": json.dumps(SYMBOLS),
    "chords one after another": json.dumps({"chords": [item for row in PLAIN["bars"] for item in row]}),
    "chords that say their bar": json.dumps(
        {"chords": [item | {"bar": place, "beats": None} for place, row in enumerate(PLAIN["bars"]) for item in row]}
    ),
    "a root that is a chord": json.dumps({"bars": [[{"root": text, "quality": ""} for text in row] for row in SYMBOLS]}),
    "beats as texts": json.dumps(PLAIN).replace('"beats": 2', '"beats": "2"'),
    "beats in another measure": json.dumps(PLAIN).replace('"beats": 2', '"beats": 1').replace('"beats": 4', '"beats": 2'),
    "no beats": json.dumps(PLAIN).replace(', "beats": 2', "").replace(', "beats": 4', ""),
    "the bass is the root": json.dumps(PLAIN).replace('"bass": null', '"bass": "root"'),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_same_bars_are_read_however_they_are_written(way: str) -> None:
    """Fences, prose, quotes, commas, cases, other keys and other shapes all give the four bars."""
    assert chords(read(WAYS[way])) == AS_ASKED


@pytest.mark.parametrize(
    ("roots", "expected"),
    [("CDEFB", "CDFB"), ("CDEFAB", "CDAB"), ("CD", "CDCD"), ("CDE", "CDDE")],
)
def test_a_few_bars_too_many_or_too_few_are_mended_and_reported(roots: str, expected: str) -> None:
    """The ending stays the ending; what is missing is repeated before it, what is too much is left out before it."""
    parsed = read(json.dumps(answer(*(bar(f"{root}:maj") for root in roots))))

    assert "".join(str(row[0][1]) for row in parsed.bars) == expected
    assert any(f"{len(roots)} bars for 4" in repair for repair in parsed.repairs)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "no JSON"),
        ("I would rather not.", "no JSON"),
        ("{}", "no bars"),
        ('{"plan": ["A"]}', "no bars"),
        ('{"bars": []}', "no bars"),
        (json.dumps(PLAIN)[:-30], "too early"),
        (json.dumps(PLAIN)[:60], "too early"),
        ('{"bars": [[{"root": "C", ...}]]}', "every bar"),
        ('{"bars": ["C", ...]}', "every bar"),
        (json.dumps(answer(bar("H:7"), *PLAIN["bars"][1:])), 'bar 1: "H7" is no chord'),
        (json.dumps(answer([], *PLAIN["bars"][1:])), "no chord"),
        (json.dumps(answer(*PLAIN["bars"] * 3)), "12 bars were written, 4 were asked for"),
        ('{"bars": [["N.C."], ["N.C."], [""], ["rest"]]}', "no chord at all"),
        ('{"bars": [[{"quality": "m7"}], ["C"], ["C"], ["C"]]}', "no root"),
        ('{"bars": [[[]], ["C"], ["C"], ["C"]]}', "no chord"),
        ("[" * 900 + "]" * 900, "is no chord"),
        ("{" + "[" * 900, "nested"),
        ("[" * 40 + "]" * 40, "is no chord"),
        ('{"bars": "' + "C | " * LONGEST + '"}', "longer"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_advice(text: str, advice: str) -> None:
    """The refusal says what to mend, and holds the checks that were made, the last one failed."""
    with pytest.raises(RejectedReply, match=advice) as refused:
        read(text)

    assert [row.passed for row in refused.value.checks][-1:] == [False]
    assert all(row.passed for row in refused.value.checks[:-1])


def test_silence_holds_the_chord_before() -> None:
    """`N.C.` in a bar goes on with the chord that sounded."""
    parsed = read('{"bars": ["Dm7", "N.C.", "G7", "C"]}')

    assert [str(row[0][1]) for row in parsed.bars] == ["Dm7", "Dm7", "G7", "C"]


def test_notes_of_the_key_are_called_as_the_key_calls_them() -> None:
    """B in G flat major is C flat, in the bass too; a note from outside keeps its name, and a bass that is the root is none."""
    parsed = read(json.dumps(answer(bar("F#:maj7/A#"), bar("B:maj7"), bar("E:7"), bar("Gb:69/F#"))), key=Key("Gb"))

    assert [str(row[0][1]) for row in parsed.bars] == ["Gbmaj7/Bb", "Cbmaj7", "E7", "Gb69"]


def test_a_long_piece_is_tiled_from_its_sections() -> None:
    """Sections in the order of the form, over and over, until the bars are full; the last section's end is the end."""
    eight = [bar("C:maj")] * 7 + [bar("G:7")]
    other = [bar("F:maj")] * 7 + [bar("C:6")]
    said = {"plan": ["A"], "sections": [{"name": "A", "bars": eight}, {"name": "B", "bars": other}], "form": ["A", "A", "B"]}
    exact = read(json.dumps(said), Frame(72, 4))
    assert exact.sections == (("A", 8), ("A", 8), ("B", 8)) * 3
    parsed = read(json.dumps(said), Frame(100, 4))

    assert len(parsed.bars) == 100
    assert parsed.sections == (("A", 8), ("A", 8), ("B", 8)) * 4 + (("A", 4),)
    assert str(parsed.bars[-1][0][1]) == "C6"
    assert any("24 bars of form for 100" in repair for repair in parsed.repairs)


@given(
    st.lists(st.fractions(min_value=0, max_value=9, max_denominator=4).map(lambda x: x or None), min_size=1, max_size=9),
    st.sampled_from(METRES),
)
def test_beats_always_fill_the_bar(given_beats: list[Fraction | None], metre: str) -> None:
    """Whatever was said, a bar's beats sum to the metre's upper number, none of them nothing."""
    lengths = beats_of(given_beats, Metre.of(metre))

    assert sum(lengths) == Metre.of(metre).upper
    assert all(length > 0 for length in lengths)
    assert len(lengths) == min(len(given_beats), Metre.of(metre).upper)


@given(st.data())
def test_every_answer_of_the_schema_is_read(data: st.DataObject) -> None:
    """Whatever a constrained model may say passes syntax, schema, bars, symbols and beats."""
    frame = Frame(data.draw(st.integers(1, 6)), data.draw(st.sampled_from([3, 4, 6, 12])), data.draw(st.integers(1, 4)))
    one = st.fixed_dictionaries(
        {
            "root": st.sampled_from(ROOTS), "quality": st.sampled_from(list(QUALITIES)),
            "bass": st.none() | st.sampled_from(ROOTS), "beats": st.integers(1, frame.beats),
        }
    )  # fmt: skip
    bars = data.draw(st.lists(st.lists(one, min_size=1, max_size=frame.most), min_size=frame.bars, max_size=frame.bars))
    parsed = read(json.dumps({"plan": ["A"], "bars": bars}), frame)

    assert len(parsed.bars) == frame.bars
    assert all(sum(length for length, _ in row) == frame.beats for row in parsed.bars)
    assert not [repair for repair in parsed.repairs if "beats" not in repair]


WORDS = st.sampled_from(["bars", "root", "chords", "beats", "sections", "plan", "quality"])
VALUES = st.recursive(
    st.none() | st.integers(0, 9) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_any_value_is_read_or_refused(value: Any) -> None:
    """Nothing that JSON can hold makes the reader fail otherwise than by a refusal."""
    for text in (json.dumps(value), str(value)):
        with suppress(RejectedReply):
            assert len(read(text).bars) == 4


HOSTILE = (
    '["',
    "[",
    "{",
    '{"a":',
    '"',
    "'",
    "\\",
    "[{",
    "```[",
    '{"bars":[["C"],',
    "/*",
    "//\n",
    '["\\"',
    '{"bars":[[{"root":',
    " \n",
    "{'",
)


def _steps(text: str) -> int:
    """How many lines of code reading runs."""
    count = 0

    def trace(*_: Any) -> Any:
        nonlocal count
        count += 1
        return trace

    sys.settrace(trace)
    try:
        read(text)
    except RejectedReply:
        pass
    finally:
        sys.settrace(None)
    return count


@pytest.mark.parametrize("unit", HOSTILE)
def test_reading_takes_time_in_proportion_to_the_length(unit: str) -> None:
    """Twice the text runs at most a little more than twice the steps, whatever the text is made of."""
    once, twice = _steps(unit * 1000), _steps(unit * 2000)

    assert twice <= 2.2 * once + 200


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for key, value in node.items():
            yield from (
                (inner for part in value.values() for inner in _nodes(part)) if key in ("properties", "$defs") else _nodes(value)
            )
    elif isinstance(node, list):
        for item in node:
            yield from _nodes(item)


@pytest.mark.parametrize("frame", [Frame(1, 4), Frame(12, 12, 2), Frame(EXACT_BARS, 4), Frame(200, 7), None], ids=str)
def test_the_schema_keeps_to_what_every_engine_honours(frame: Frame | None) -> None:
    """Closed objects, enums, minItems and maxItems, $ref, anyOf with null: nothing else."""
    for node in _nodes(verdict_schema() if frame is None else schema_of(frame)):
        assert set(node) <= DIALECT
        assert node.get("type", "object") in ("object", "array", "string", "integer", "null")
        assert node.get("additionalProperties", False) is False
        assert node.get("type") not in ("string", "integer") or "enum" in node
        assert "anyOf" not in node or [option for option in node["anyOf"] if option.get("type") == "null"]
        assert not isinstance(node.get("properties"), dict) or list(node["properties"]) == node["required"]


def test_the_schema_fixes_bars_and_beats_and_plans_first() -> None:
    """Exactly the bars asked, beats from one to the metre's, `plan` before anything else."""
    schema = schema_of(Frame(12, 3, 2))

    assert list(schema["properties"]) == ["plan", "bars"]
    assert (schema["properties"]["bars"]["minItems"], schema["properties"]["bars"]["maxItems"]) == (12, 12)
    assert schema["$defs"]["Chord"]["properties"]["beats"]["enum"] == [1, 2, 3]
    assert schema["properties"]["plan"]["maxItems"] == 6
    assert list(schema_of(Frame(EXACT_BARS + 1, 4))["properties"]) == ["plan", "sections", "form"]


def test_the_model_that_makes_the_schema_checks_the_answer() -> None:
    """What the schema refuses is told with its place."""
    assert unlike(FOUR, PLAIN) == ""
    assert unlike(FOUR, answer(bar("C:nice"), *PLAIN["bars"][1:])).startswith("bar 1, chord 1, quality")
    assert answer_model(FOUR) is answer_model(Frame(4, 4))


def test_every_quality_is_a_chord() -> None:
    """What a model may say can be written on a chart, no two alike."""
    assert len(
        {str(parse(json.dumps(answer(bar(f"C:{name}"))), Frame(1, 4), C_MAJOR, FOUR_FOUR).bars[0][0][1]) for name in QUALITIES}
    ) == len(QUALITIES)


@pytest.mark.parametrize(
    ("bars", "place"),
    [
        ([[{"root": "C", "quality": "maj", "bass": None, "beats": 4}] * 3], "bar 1: "),
        ([[{"root": "C", "quality": "weird", "bass": None, "beats": 4}]], "bar 1, chord 1, quality: "),
        ("C | F", "bars: "),
    ],
)
def test_where_an_answer_is_not_as_asked_is_said_as_players_count(bars: object, place: str) -> None:
    """Bars and chords from one."""
    assert unlike(Frame(1, 4, 2), {"plan": ["A"], "bars": bars}).startswith(place)
