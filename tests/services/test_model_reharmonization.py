"""A model's ideas for the bars of a chart: held against melody and neighbours, ranked among the rules', marked as its own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.errors import RequestError
from app.llm.build import of
from app.llm.providers.scripted import Scripted
from app.services.registry import discover
from app.services.reharmonizing import Reharmonization, Wanted, reharmonization_json
from app.services.runtime import Runtime
from app.studio import reharmonize
from tests.services.answers import answer, bar

REGISTRY = discover()
WANTED = Wanted("Dm7 | G7 | Cmaj7 | A7 | Dm7 | G7 | Cmaj7 | Cmaj7", "jazz", key="C")
GOOD = json.dumps(answer(
    bar("F:maj7"), bar("Db:7"), bar("E:m7", "A:m7"), bar("C#:dim7"), bar("A:m7", "D:m7"), bar("G:7b9"),
    bar("C:69"), bar("C:maj7", "F:maj7", "C:maj7"),
))  # fmt: skip
SAME = json.dumps(answer(*(bar(text) for text in ("D:m7", "G:7", "C:maj7", "A:7", "D:m7", "G:7", "C:maj7", "C:maj7"))))


def offered(*lines: str, wanted: Wanted = WANTED, **more: Any) -> tuple[Reharmonization, Scripted]:
    """The alternatives where a model says these lines."""
    model = Scripted(list(lines))
    llm = of([("small", model, 10)])
    return reharmonize(wanted, REGISTRY, Runtime(models=lambda: llm, **more)), model


def suggested(found: Reharmonization) -> dict[int, str]:
    """The model's ideas by bar, from 1."""
    return {
        row.bar + 1: " ".join(str(span.chord) for span in one.spans)
        for row in found.bars for one in row.alternatives if one.method == "small"
    }  # fmt: skip


def test_a_models_ideas_stand_among_the_rules_own() -> None:
    """What the rules have too is theirs; each bar is ranked as a whole; the answer says who was asked."""
    found, model = offered(GOOD, wanted=WANTED._replace(each=12))
    rows = reharmonization_json(found)
    ideas = suggested(found)

    assert ideas
    assert all(sorted(bar.alternatives, key=lambda one: -one.score) == list(bar.alternatives) for bar in found.bars)
    assert (rows["generation_method"], rows["attempts"][0]["outcome"]) == ("small", "accepted")
    assert {one["method"] for bar in rows["bars"] for one in bar["alternatives"]} == {"small", "rule-based"}
    assert "Dm7 | G7 | Cmaj7" in model.asked[0].text


def test_its_reasons_are_told_like_the_rules() -> None:
    """Who has it, and how it leads on."""
    found, _ = offered(GOOD, wanted=WANTED._replace(each=12))
    reasons = [one.reason for bar in found.bars for one in bar.alternatives if one.method == "small"]

    assert all(reason.startswith("suggestion: as small has it") for reason in reasons)
    assert any("into" in reason for reason in reasons)


def test_an_idea_that_does_not_fit_is_left_out() -> None:
    """A note of the melody stands against the chord of bar 2: this idea is not offered, the others are."""
    found, model = offered(GOOD, wanted=WANTED._replace(melody="A4 | D5 | G4 | C#5 | F4 | D5 | E4 | E4", each=12))

    assert 2 not in suggested(found)
    assert suggested(found)
    assert "The melody over them" in model.asked[0].text


def test_too_few_ideas_are_refused_with_what_is_wrong_in_each_bar() -> None:
    """Then the rules answer alone, and the reason is told."""
    found, model = offered(SAME)

    assert "0 of 8 bars fit; bar 1: it is as it was" in model.asked[1].turns[-1].text.replace("fit:", "fit;")
    assert found.method.label == "rule-based"
    assert "0 of 8 bars fit" in found.method.fallback_reason
    assert found.bars == reharmonize(WANTED, REGISTRY, Runtime()).bars


@pytest.mark.parametrize("fields", [{"strategy": "rules_only"}, {"model": "rules"}])
def test_the_rules_alone_may_be_asked(fields: dict[str, str]) -> None:
    found, model = offered(GOOD, wanted=WANTED._replace(**fields))

    assert model.asked == []
    assert found.method.fallback_reason == ""


def test_what_is_wrong_is_told_before_a_model_is_asked() -> None:
    """A chart that cannot be read, a model that there is not."""
    with pytest.raises(RequestError, match="H7"):
        offered(GOOD, wanted=WANTED._replace(chords="H7 | C"))
    with pytest.raises(RequestError, match="small"):
        offered(GOOD, wanted=WANTED._replace(model="gpt"))


def test_charts_that_are_too_long_are_left_to_the_rules() -> None:
    found, model = offered(GOOD, wanted=WANTED._replace(chords=" | ".join(["C", "G7"] * 40)))

    assert model.asked == []
    assert "at most 64 bars" in found.method.fallback_reason
