"""From a request to a piece by servers on loopback: a local Ollama and Gemini, well and ill."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from app.llm.build import build
from app.llm.config import Limits, LLMSettings, ProviderSettings, TierSettings
from app.llm.secret import Secret
from app.render.lint import lint
from app.services.answer import answer_of
from app.services.piece import Piece
from app.testing.servers.dialects import DIALECTS
from app.testing.servers.faults import Fault, Play, act, hang, said, status
from app.testing.servers.loopback import Act, Loopback, Stage, refused_url
from app.theory.brief import Ask
from schemas.result import GenerationResult
from tests.llm.needing import need
from tests.services.answers import answer, bar
from tests.services.model_pieces import (
    CLOUD,
    GARBAGE,
    GOOD,
    LARGE,
    SMALL,
    service,
)


def servers(local: str, cloud: str) -> LLMSettings:
    """A local Ollama with two models, and Gemini, which costs."""
    return LLMSettings(
        (
            ProviderSettings("ollama", "ollama", local),
            ProviderSettings("gemini", "gemini", cloud, Secret("key"), local=False),
        ),
        (
            TierSettings(SMALL, "ollama", "phi3.5", 4), TierSettings(LARGE, "ollama", "llama3.3:70b", 7),
            TierSettings(CLOUD, "gemini", "gemini-3.8-flash", 10),
        ),
        allow_paid=True,
        limits=Limits(deadline_s=20.0, local_s=2.0, cold_s=2.0),
    )  # fmt: skip


def ollama(play: Play) -> Act:
    """An Ollama with both models in memory that answers questions in this manner."""
    answers = act(Fault("", play), DIALECTS["ollama"])

    async def one(stage: Stage) -> None:
        if stage.asked.path == "/api/ps":
            await stage.whole(200, {"models": [{"name": name, "model": name} for name in ("phi3.5:latest", "llama3.3:70b")]})
        else:
            await answers(stage)

    return one


def on_the_wire(local: Play | None, cloud: Play | None, **fields: Any) -> tuple[Piece, int, int]:
    """A piece made against servers of these manners (None: nobody listens), and how often each was asked for an answer."""
    ask = Ask("jazz", **{"complexity": 6, "seed": 7, "num_bars": 8, "key": "C", **fields})

    async def work() -> tuple[Piece, int, int]:
        one, two = Loopback([ollama(local or status(500))]), Loopback([act(Fault("", cloud or status(500)), DIALECTS["gemini"])])
        async with one, two:
            nobody = await refused_url()  # while the two hold their ports
            llm = build(servers(one.url if local else nobody, two.url if cloud else nobody))
            try:
                piece = await service(llm).make(ask)
            finally:
                await llm.aclose()
            first, second = (sum(row.method == "POST" for row in server.asked) for server in (one, two))
            return piece, first, second

    return asyncio.run(work())


ELSEWHERE = json.dumps(answer(*(bar("F#:maj7", "C#:7") for _ in range(8))))  # as the schema has it, and in another key
LOCAL = said(pieces=[GOOD[:40], GOOD[40:]], model="llama3.3:70b")
CLOUDY = said(pieces=[GOOD[:40], GOOD[40:]], model="gemini-3.8-flash")


@pytest.mark.parametrize(
    ("local", "cloud", "label", "asked"),
    [
        (LOCAL, CLOUDY, LARGE, (1, 0)),
        (said(pieces=["```json\n", GOOD, "\n```"], model="llama3.3:70b"), CLOUDY, LARGE, (1, 0)),
        (said(pieces=[GARBAGE], model="llama3.3:70b"), CLOUDY, CLOUD, (2, 1)),
        (said(pieces=[ELSEWHERE], model="llama3.3:70b"), CLOUDY, CLOUD, (2, 1)),
        (said(pieces=[GOOD[:50]], model="llama3.3:70b", finish="length"), CLOUDY, CLOUD, (2, 1)),
        (status(404, "model 'llama3.3:70b' not found"), CLOUDY, CLOUD, (1, 1)),
        (None, CLOUDY, CLOUD, (0, 1)),
        (LOCAL, None, LARGE, (1, 0)),
        (None, None, "rule-based", (0, 0)),
        (status(404, "model 'llama3.3:70b' not found"), status(401), "rule-based", (1, 1)),
    ],
    ids=[
        "well", "fenced", "garbage", "wrong music", "cut off", "no model", "local down", "cloud down", "all down",
        "no model, no key",
    ],
)  # fmt: skip
def test_over_the_wire(local: Play | None, cloud: Play | None, label: str, asked: tuple[int, int]) -> None:
    """A local Ollama and Gemini on loopback: who answers, how often each was asked, why nobody did, and what it cost."""
    need("ollama")
    need("gemini")
    piece, *counted = on_the_wire(local, cloud)
    method = piece.method

    assert (method.label, tuple(counted)) == (label, asked), method.fallback_reason
    assert (method.fallback_reason != "") == (label == "rule-based")
    assert lint(piece.midi) == ()
    assert (method.cost_usd or 0) > 0 if label == CLOUD else method.cost_usd == 0
    assert (method.cost_saved_usd > 0) == (label == LARGE)


@pytest.mark.parametrize("complexity", [1, 3, 6])
def test_with_nobody_at_home_the_cloud_answers(complexity: int) -> None:
    """A server that is not there uses up none of the attempts, whatever the band."""
    need("ollama")
    need("gemini")
    piece, _, two = on_the_wire(None, CLOUDY, complexity=complexity)

    assert (piece.method.label, two) == (CLOUD, 1), piece.method.fallback_reason


def test_a_server_that_hangs_costs_no_more_than_the_deadline() -> None:
    """The rules answer within it."""
    need("ollama")
    piece, one, _ = on_the_wire(hang, None, deadline_ms=1500, strategy="local_only")

    assert one >= 1
    assert piece.method.label == "rule-based"


def test_no_paid_model_is_asked_where_that_is_forbidden() -> None:
    """The reason says so, and nothing is sent."""
    need("gemini")
    piece, _, two = on_the_wire(None, CLOUDY, allow_paid="false")

    assert (piece.method.label, two) == ("rule-based", 0)
    assert "paid models are not allowed" in piece.method.fallback_reason


def test_a_paid_model_that_waits_for_consent_is_offered() -> None:
    """By rule now; the result says which model would be asked and what it would cost at most."""
    need("gemini")
    piece, _, two = on_the_wire(None, CLOUDY, allow_paid="ask", strategy="cloud_only")
    offer = GenerationResult.model_validate(answer_of(piece)).paid_offer

    assert two == 0
    assert offer is not None
    assert (offer.model, (offer.usd or 0) > 0) == (CLOUD, True)
