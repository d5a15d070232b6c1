"""From a request to a piece whose harmony a model has found: the whole way, with models that behave and models that do not."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import NoModelAnswered, RejectedReply, RequestError
from app.llm.build import of
from app.llm.config import LLMSettings, MatrixRow
from app.llm.providers.scripted import Scripted
from app.llm.types import Event
from app.render.lint import lint
from app.services.again import ask_of_file, regenerated, varied
from app.services.answer import answer_of
from app.services.runtime import Runtime, run
from app.studio import progression
from app.theory.brief import Ask
from app.theory.rhythm import METRES
from schemas.progression import PLAN, QUALITIES, ROOTS
from schemas.result import GenerationResult
from tests.services.answers import answer, bar
from tests.services.model_pieces import (
    CLOUD,
    DOWN,
    GARBAGE,
    GOOD,
    LARGE,
    REGISTRY,
    SMALL,
    chords,
    ladder,
    make,
    make_from,
    played,
    service,
)


@pytest.mark.parametrize("genre", REGISTRY.names)
def test_a_models_harmony_is_played_in_every_genre(genre: str) -> None:
    """Its chords sound, the file is clean, the result names the model, and nobody else was asked."""
    own = played(genre, num_bars=8, description="simple")
    llm, (small, large, _) = ladder([own], [], [])
    piece = make(llm, genre)
    result = GenerationResult.model_validate(answer_of(piece))

    assert result.generation_method == SMALL
    assert json.loads(own)["bars"][0][0]["root"] == piece.progression.bars[0][0].chord.root
    assert lint(piece.midi) == ()
    assert [(row.tier, row.outcome) for row in result.attempts] == [(SMALL, "accepted")]
    assert all(check.passed for check in result.attempts[0].checks)
    assert (result.fallback_reason, result.complexity.tier) == ("", SMALL)
    assert (len(small.asked), len(large.asked)) == (1, 0)


@pytest.mark.parametrize(
    ("description", "first"),
    [("simple", SMALL), ("sophisticated with altered dominants", LARGE), ("experimental avant-garde with modulations", CLOUD)],
)
def test_complexity_chooses_the_model(description: str, first: str) -> None:
    """One to four the small one, five to seven the large one, eight and more the cloud; the result says which."""
    llm, _ = ladder([], [], [])
    piece = make(llm, description=description)

    assert piece.method.attempts[0].label == first
    assert piece.method.tier == first


def test_garbage_is_asked_again_then_goes_up() -> None:
    """The small model gets one more chance with the advice, then the large one answers; all of it is told."""
    llm, (small, large, cloud) = ladder([GARBAGE], [GOOD], [])
    piece = make(llm)

    assert piece.method.label == LARGE
    assert [(row.label, row.outcome) for row in piece.method.attempts] == [
        (SMALL, "rejected"), (SMALL, "rejected"), (LARGE, "accepted"),
    ]  # fmt: skip
    assert GARBAGE in small.asked[1].turns[0].text
    assert "JSON object alone" in small.asked[1].turns[1].text
    assert "refused" in large.asked[0].text
    assert cloud.asked == []


def test_a_repaired_answer_is_taken() -> None:
    """What was wrong is said exactly, and mended by the same model."""
    wrong = json.dumps(answer(*(bar("D:m7", "G:7") for _ in range(8))))
    llm, (small, *_) = ladder([wrong, GOOD], [], [])
    piece = make(llm)

    assert piece.method.label == SMALL
    assert "C is never heard" in small.asked[1].turns[1].text
    assert [check.name for check in piece.method.attempts[0].checks if not check.passed][:1] == ["key"]


def test_when_every_model_fails_the_rules_answer() -> None:
    """As if no model had been asked, bar by bar, with the reason and the attempts."""
    llm, _ = ladder([GARBAGE], [GARBAGE], [GARBAGE])
    piece = make(llm)
    alone = make(None)

    assert piece.method.label == "rule-based"
    assert piece.progression == alone.progression
    assert piece.arrangement == alone.arrangement
    assert SMALL in piece.method.fallback_reason
    assert 1 < len(piece.method.attempts) <= 4
    assert answer_of(piece)["fallback_reason"] == piece.method.fallback_reason


def test_with_the_local_server_down_the_cloud_answers() -> None:
    """Two models that do not answer at all, and one that does."""
    llm, _ = ladder([DOWN], [DOWN], [GOOD])

    assert make(llm).method.label == CLOUD


def test_with_everything_down_the_rules_answer() -> None:
    """The reason names what each model's server did."""
    llm, _ = ladder([DOWN], [DOWN], [DOWN])
    method = make(llm).method

    assert method.label == "rule-based"
    assert "nobody listens" in method.fallback_reason


def test_the_same_request_and_seed_is_remembered() -> None:
    """The second time no model is asked, the result says so, and the bytes are the same."""
    llm, (small, *_) = ladder([GOOD, GARBAGE], [], [])
    first, second = make(llm), make(llm)

    assert len(small.asked) == 1
    assert (first.method.remembered, second.method.remembered) == (False, True)
    assert first.midi == second.midi
    assert answer_of(second)["remembered"] is True
    assert second.id == first.id


def test_a_file_keeps_a_models_harmony() -> None:
    """Without the model, from the file alone: the same bytes; a part made anew; variations on the same chords."""
    words = "simple, with secondary dominants"
    llm, _ = ladder([played("jazz", num_bars=8, description=words)], [], [])
    piece = make(llm, description=words)
    ask, notes = ask_of_file(piece.midi)
    again = make_from(ask)
    anew = make_from(regenerated(ask, ["bass"], "", 5))
    other = make_from(varied(ask, piece.brief.parts, (), 1))

    assert notes == ()
    assert again.midi == piece.midi
    assert again.method.label == SMALL
    assert again.progression == piece.progression._replace(notes=again.progression.notes)
    assert chords(anew) == chords(other) == chords(piece)
    assert {part.role for part in piece.arrangement.parts if part not in anew.arrangement.parts} == {"bass"}
    assert ask_of_file(anew.midi)[0].made == ask.made


def test_harmony_in_a_file_that_strangers_changed_is_refused() -> None:
    """It fills the bars with chords that can be read, or the request is wrong: one line, no traceback."""
    llm, _ = ladder([GOOD], [], [])
    ask, _ = ask_of_file(make(llm).midi)
    for made in ("x", f"{ask.made} | C", str(ask.made).replace("verse", "dance").replace("head", "dance"), "a\nb\nc"):
        with pytest.raises(RequestError):
            make_from(ask._replace(made=made))


def test_bars_that_were_mended_are_reported() -> None:
    """Six bars for eight: the piece has eight, its conformance says repaired, a note says how."""
    bars = json.loads(GOOD)["bars"]
    llm, _ = ladder([json.dumps({"plan": ["A"], "bars": [*bars[:4], *bars[-2:]]})], [], [])
    result = answer_of(make(llm))
    lines = {line["asked"]: line["status"] for line in result["conformance"]}

    assert result["generation_method"] == SMALL
    assert lines["num_bars"] == "repaired"
    assert any("6 bars for 8" in note for note in result["notes"])


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({"strategy": "rules_only"}, 0),
        ({"chords": "C | G7 | C | C"}, 0),
        ({"model": "rules"}, 0),
        ({"model": LARGE}, 1),
        ({"strategy": "local_only"}, 1),
    ],
)
def test_what_forbids_models_asks_none(fields: dict[str, Any], asked: int) -> None:
    """A chart, the rules by strategy or by name; a model by name is the only one asked."""
    llm, providers = ladder([GOOD], [GOOD], [GOOD])
    piece = make(llm, **fields)

    assert sum(len(provider.asked) for provider in providers) == asked
    assert piece.method.label == ("rule-based" if not asked else fields.get("model", SMALL))


def test_an_unknown_model_is_a_wrong_request() -> None:
    """One line with those that there are."""
    llm, _ = ladder([GOOD], [GOOD], [GOOD])
    for more in ({}, {"chords": "C | F | G7 | C"}, {"strategy": "rules_only"}):
        with pytest.raises(RequestError, match=f"{SMALL}, {LARGE}, {CLOUD}; or rules"):
            make(llm, model="gpt-9", **more)


def test_a_model_that_is_named_where_there_is_none_is_told() -> None:
    """By rule, and the reason says what was asked for."""
    method = make(None, model="gpt-9").method

    assert (method.label, method.fallback_reason) == ("rule-based", 'model "gpt-9" was asked for: no model is configured')


def test_counts_are_kept_by_service_and_for_all() -> None:
    """Who answered how often, in each genre and in all, until reset."""
    llm, _ = ladder([GOOD, DOWN], [DOWN], [DOWN])
    jazz, blues = service(llm), service(llm, "blues")
    make(llm, of_service=jazz)
    make(llm, of_service=jazz)
    make(llm, of_service=jazz, seed=8)
    make(llm, "blues", of_service=blues, strategy="rules_only")
    counts, other = jazz.get_llm_stats(), blues.get_llm_stats()  # type: ignore[attr-defined]  # the mixin's

    assert (counts["local_generations"], counts["remembered_generations"], counts["rule_based_generations"]) == (2, 1, 1)
    assert counts["estimated_cost_saved_usd"] > 0
    assert counts["by_label"][SMALL]["accepted"] == 1
    assert (other["local_generations"], other["rule_based_generations"]) == (0, 1)
    assert llm.stats.snapshot()["rule_based_generations"] == 1  # the other asked for no model
    jazz.reset_llm_stats()  # type: ignore[attr-defined]
    assert jazz.get_llm_stats()["local_generations"] == 0  # type: ignore[attr-defined]


def test_a_request_without_time_goes_by_rule() -> None:
    """The model's second is more than the deadline: the rules' answer is there, and the reason."""
    slow = Scripted([GOOD], seconds=30.0)
    llm = of([(SMALL, slow, 10)])
    piece = make(llm, deadline_ms=50)

    assert piece.method.label == "rule-based"
    assert "time" in piece.method.fallback_reason or "deadline" in piece.method.fallback_reason


def test_from_complexity_eight_another_tier_judges() -> None:
    """What the judge refuses is written again; its verdict is a check of the attempt, its call an attempt of its own."""
    daring = played("jazz", num_bars=8, description="experimental with modulations")
    poor = json.dumps({"faults": ["idiom"], "verdict": "poor", "confidence": 4})
    fair = json.dumps({"faults": [], "verdict": "good", "confidence": 4})
    rows = (MatrixRow("progression", "critical", checker=LARGE, attempts=2),)
    llm, (_, large, cloud) = ladder([], [poor, fair], [daring], models=LLMSettings(matrix=rows))
    piece = make(llm, description="experimental with modulations", complexity=9)
    outcomes = [(row.label, row.role, row.outcome) for row in piece.method.attempts]

    assert outcomes == [
        (LARGE, "checker", "judged"), (CLOUD, "worker", "rejected"), (LARGE, "checker", "judged"), (CLOUD, "worker", "accepted"),
    ]  # fmt: skip
    assert "|" in large.asked[0].text
    assert "idiom" in cloud.asked[1].turns[1].text
    assert piece.method.label == CLOUD


def test_long_pieces_are_asked_by_section() -> None:
    """A hundred bars from two sections of eight, tiled: the file has a hundred."""
    eight = json.loads(played("jazz", num_bars=8, description="simple"))["bars"]
    text = json.dumps(
        {
            "plan": ["A", "B"],
            "sections": [{"name": "A", "bars": eight}, {"name": "B", "bars": eight[::-1][:7] + eight[-1:]}],
            "form": ["A", "B", "A"],
        }
    )
    llm, _ = ladder([text], [], [])
    piece = make(llm, num_bars=100, complexity=3)

    assert (piece.method.label, len(piece.progression.bars)) == (SMALL, 100)
    assert {section.label for section in piece.progression.form.sections} == {"A", "B"}
    assert make_from(ask_of_file(piece.midi)[0]).midi == piece.midi


def test_whoever_watches_is_told() -> None:
    """Where the request goes and why, who is asked, and how each attempt ended."""
    llm, _ = ladder([GARBAGE], [GOOD], [])
    events: list[Event] = []
    run(service(llm, watch=events.append).make(Ask("jazz", "simple", seed=7, num_bars=8, key="C")), llm)

    assert [event.kind for event in events if event.kind in ("routed", "asking", "attempt")][:3] == [
        "routed",
        "asking",
        "attempt",
    ]
    assert [event.attempt.outcome for event in events if event.attempt] == ["rejected", "rejected", "accepted"]


def test_a_request_may_be_watched_by_its_own_eyes() -> None:
    """The same service in another runtime: its counts are the service's, its events nobody else's."""
    llm, _ = ladder([GOOD], [], [])
    shared = service(llm)
    events: list[list[Event]] = [[], []]
    for number, seen in enumerate(events):
        own = shared.within(shared.runtime._replace(watch=seen.append))
        make(llm, of_service=own, seed=number)

    assert [sum(event.kind == "routed" for event in seen) for seen in events] == [1, 1]
    assert shared.get_llm_stats()["local_generations"] == 2  # type: ignore[attr-defined]
    assert own.genre is shared.genre


def test_the_coroutine_that_frontends_await_asks_models() -> None:
    """`generate_jazz_arrangement` in an event loop of the caller's, eight at once."""
    from genres.jazz import JazzGeneratorService
    from schemas.jazz import GenerateJazzRequest

    async def many() -> list[GenerationResult]:
        llm, _ = ladder([GOOD], [], [])
        own = JazzGeneratorService(Runtime(models=lambda: llm))
        requests = [GenerateJazzRequest(description="simple", num_bars=8, key="C", seed=seed) for seed in range(8)]
        results = await asyncio.gather(*(own.generate_jazz_arrangement(request) for request in requests))
        assert own.get_llm_stats()["local_generations"] == 8
        return list(results)

    results = asyncio.run(many())

    assert {result.generation_method for result in results} == {SMALL}
    assert len({result.midi for result in results}) == 8


def test_progressions_alone_ask_models_too() -> None:
    """The studio's `progression` is that of `generate`."""
    llm, _ = ladder([GOOD], [], [])
    ask = Ask("jazz", "simple", seed=7, num_bars=8, key="C")

    assert progression(ask, service(llm)).bars == make(llm).progression.bars


def test_without_a_model_the_method_says_so() -> None:
    """The coroutine that callers know raises one error of ours."""
    own = service(None)
    with pytest.raises(NoModelAnswered, match="no model is configured"):
        asyncio.run(own._generate_progression_with_local_llm(make(None).brief))  # type: ignore[attr-defined]


NOTES = st.sampled_from(ROOTS)
QUALITY = st.sampled_from(list(QUALITIES))


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_whatever_a_model_answers_is_played_or_refused(data: st.DataObject) -> None:
    """Any answer of the schema, in any genre, metre and key: a clean piece, or a refusal with advice; nothing else."""
    own = service(None, data.draw(st.sampled_from(REGISTRY.names)))
    bars, metre = data.draw(st.integers(1, 9)), data.draw(st.sampled_from(METRES))
    words = data.draw(st.sampled_from(["", "minor", "experimental", "with modulations and tritone substitutions"]))
    ask = Ask(own.name, words, key=data.draw(NOTES), num_bars=bars, time_signature=metre, seed=data.draw(st.integers(0, 9)))
    brief = own.understand(ask)
    one = st.fixed_dictionaries(
        {"root": NOTES, "quality": QUALITY, "bass": st.none() | NOTES, "beats": st.integers(1, brief.metre.upper)}
    )
    plan = data.draw(st.lists(st.sampled_from(PLAN), min_size=1, max_size=6))
    rows = data.draw(st.lists(st.lists(one, min_size=1, max_size=4), min_size=bars, max_size=bars))
    checks = data.draw(st.sampled_from([(), ("heard",)]))
    try:
        found = own._parse_llm_response(json.dumps({"plan": plan, "bars": rows}), brief, checks)  # type: ignore[attr-defined]
    except RejectedReply:
        return
    piece = run(own.make(ask._replace(made=found.made(SMALL))), None)
    assert lint(piece.midi) == ()
    assert piece.progression.bars == found.progression.bars
