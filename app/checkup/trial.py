"""One tiny question to each model, to see that it answers: how fast, and for how much. It is not remembered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from app.errors import NoModelAnswered, RejectedReply, RequestError
from app.llm.ask import LLM
from app.llm.routing import Rung
from app.llm.types import Attempt, Prompt, Terms

SECONDS: Final = 60.0  # a model may have to be loaded first
CHORDS: Final = ("C", "Dm", "Em", "F", "G", "Am")
COUNT: Final = 8
SCHEMA: Final = {
    "type": "object",
    "properties": {
        "chords": {"type": "array", "items": {"type": "string", "enum": list(CHORDS)}, "minItems": COUNT, "maxItems": COUNT}
    },
    "required": ["chords"],
    "additionalProperties": False,
}
PROMPT: Final = Prompt(
    f"Write {COUNT} chords of a song in C major, one a bar, ending on C. As JSON: {{\"chords\": [...]}} with {COUNT} of "
    f"{', '.join(CHORDS)}.",
    schema=SCHEMA,
    max_tokens=160,
)  # fmt: skip
ANSWERED: Final = "answered"
NOT_ASKED: Final = "not asked"
PAID: Final = "it costs money: octet doctor --paid asks it"


class Trial(NamedTuple):
    """How one model did. `outcome`: answered, not asked, rejected, or a kind of fault; `reason` says more."""

    label: str
    provider: str
    model: str
    local: bool
    outcome: str
    reason: str = ""
    latency_ms: float = 0.0
    tokens_out: int = 0
    tokens_a_second: float | None = None
    cost_usd: float | None = 0.0  # None: not known


def tried(llm: LLM, *, paid: bool = False, labels: Sequence[str] = (), seconds: float = SECONDS) -> tuple[Trial, ...]:
    """Each model's trial (of `labels`; of all without), in an event loop of its own. What costs money is asked where `paid`."""

    async def whole() -> tuple[Trial, ...]:
        try:
            return await try_all(llm, paid=paid, labels=labels, seconds=seconds)
        finally:
            await llm.aclose()

    return asyncio.run(whole())


async def try_all(
    llm: LLM,
    *,
    paid: bool = False,
    labels: Sequence[str] = (),
    seconds: float = SECONDS,
    told: Callable[[str], None] = lambda _: None,
) -> tuple[Trial, ...]:
    """The same in a running loop, one model after another; `told` hears whose turn it is.

    Raises RequestError for a label that is not there.
    """
    workers = [rung for rung in llm.rungs if not rung.judge]
    known = [rung.label for rung in workers]
    for label in labels:
        if label not in known:
            raise RequestError(f'model "{label[:40]}": choose one of {", ".join(known) or "none, there is none"}', "models")
    trials = []
    for rung in workers:
        if not labels or rung.label in labels:
            told(rung.label)
            trials.append(await _try(llm, rung, paid, seconds))
    return tuple(trials)


async def _try(llm: LLM, rung: Rung, paid: bool, seconds: float) -> Trial:
    blank = Trial(rung.label, rung.provider_name, rung.model, rung.local, NOT_ASKED)
    if rung.paid and not paid:
        return blank._replace(reason=PAID)
    terms = Terms(task="test", model=rung.label, allow_paid=paid, deadline_s=seconds, subject="doctor")
    try:
        answer = await llm.ask(PROMPT, 1, _read, terms)
    except NoModelAnswered as refusal:
        row: Attempt | None = refusal.attempts[-1] if refusal.attempts else None
        if row is None:
            return blank._replace(reason=str(refusal))
        reason = row.reason or next((check.reason for check in row.checks if not check.passed), "") or str(refusal)
        return blank._replace(
            outcome=row.outcome, reason=" ".join(reason.split())[:200], latency_ms=row.latency_ms, cost_usd=row.cost_usd
        )
    row = answer.attempts[-1]
    return blank._replace(
        outcome=ANSWERED,
        latency_ms=row.latency_ms,
        tokens_out=row.tokens_out,
        tokens_a_second=_rate(row),
        cost_usd=answer.cost_usd,
    )


def _rate(row: Attempt) -> float | None:
    """Tokens a second once it has begun to write; None where that cannot be told."""
    seconds = (row.latency_ms - (row.first_token_ms or 0.0)) / 1e3
    return round(row.tokens_out / seconds, 1) if row.tokens_out and seconds > 0 else None


def _read(text: str) -> tuple[str, ...]:
    """The chords. Raises RejectedReply for anything else."""
    try:
        found: Any = json.loads(text)
        chords = tuple(found["chords"])
    except (ValueError, KeyError, TypeError):
        raise RejectedReply('answer with the JSON object alone: {"chords": [...]}') from None
    if len(chords) != COUNT or any(chord not in CHORDS for chord in chords):
        raise RejectedReply(f"exactly {COUNT} chords of {', '.join(CHORDS)}")
    return chords
