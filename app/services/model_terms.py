"""Between a request and the model layer: the terms it is asked under, and what its answer says of how the harmony came to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from app.llm.types import Answer, Terms
from app.services.genre import Genre
from app.services.judging import Judged
from app.services.piece import Method
from app.services.prompting import judge_of, repaired
from app.services.runtime import Runtime
from app.theory.brief import Ask, Brief
from app.theory.progression import Progression

if TYPE_CHECKING:
    from app.llm.ask import LLM
    from app.llm.stats import Stats

TASK: Final = "progression"
JUDGED: Final = ("progression", "variation")
PAID: Final = {"true": True, "false": False, "ask": "ask"}


def terms_of(ask: Ask, brief: Brief, genre: Genre, runtime: Runtime, stats: Stats, task: str = TASK) -> Terms:
    """What the request asks beside its prompt. A judge is asked about whole progressions alone."""
    return Terms(
        task=task,
        strategy=ask.strategy or "",
        model=ask.model or "",
        allow_paid=PAID[ask.allow_paid] if ask.allow_paid else None,  # type: ignore[arg-type]  # one of three
        deadline_s=ask.deadline_ms / 1000 if ask.deadline_ms else None,
        subject=genre.name,
        judge=judge_of(brief, genre, _progression) if task in JUDGED else None,
        confirm=runtime.confirm,
        repair=repaired,
        watch=runtime.watch,
        stats=stats,
    )


def first_model(llm: LLM, ask: Ask, complexity: int) -> str:
    """The label of the model that is asked first, "" for none."""
    rungs = llm.ladder(complexity, Terms(task=TASK, strategy=ask.strategy or "", model=ask.model or ""))
    return rungs[0].label if rungs else ""


class Made(Protocol):
    """What an answer's value says of how it came to be."""

    @property
    def repairs(self) -> tuple[str, ...]:
        """What was mended in it."""
        ...

    def made(self, label: str) -> str:
        """The harmony as a file keeps it, "" for none."""
        ...


Value = TypeVar("Value", bound=Made)


def method_of(answer: Answer[Value]) -> Method:
    """How an answer's harmony came to be."""
    label = answer.label
    mended = tuple(f"the model's answer was mended: {repair}" for repair in answer.value.repairs)
    return Method(
        label,
        attempts=answer.attempts,
        cost_usd=answer.cost_usd,
        cost_saved_usd=answer.cost_saved_usd,
        remembered=answer.remembered,
        made=answer.value.made(label),
        notes=(*answer.notes, *mended),
        repairs=answer.value.repairs,
    )


def _progression(value: Judged) -> Progression:
    return value.progression
