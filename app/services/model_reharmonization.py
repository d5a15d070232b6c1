"""A model's ideas for the bars of a chart: held against neighbours and melody as the rules' own are, and ranked among them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from app.errors import NoModelAnswered, RejectedReply
from app.harmony.reharmonize import Suggested, unfit
from app.llm.types import Check
from app.services.genre import Genre
from app.services.judging import SURE, idiom
from app.services.model_terms import method_of, terms_of
from app.services.parsing import parse
from app.services.prompting import frame_of, question
from app.services.reharmonizing import Case, Reharmonization, Wanted, answered
from app.services.runtime import NO_MODEL
from app.theory.brief import Brief
from app.theory.charts import Bars, write_chart
from app.theory.form import Form, Section

if TYPE_CHECKING:
    from app.llm.types import Prompt
    from app.services.local_llm_generator_mixin import LocalLLMGeneratorMixin

TASK: Final = "reharmonize"
LONGEST: Final = 64  # bars
FITTING: Final = 0.4  # least share of the bars that an answer has a fitting idea for
TOLD: Final = 4  # bars whose fault a model is told


class Ideas(NamedTuple):
    """An accepted answer: for every bar other chords, or what was there."""

    bars: Bars
    checks: tuple[Check, ...]
    repairs: tuple[str, ...] = ()

    def made(self, label: str) -> str:  # noqa: ARG002 - other answers are kept in files
        """No file keeps it."""
        return ""


async def by_model(service: LocalLLMGeneratorMixin, wanted: Wanted, case: Case) -> Reharmonization:
    """The alternatives with a model's among them. Raises NoModelAnswered."""
    llm = service.runtime.llm_for(wanted.ask)
    if llm is None:
        raise NoModelAnswered(NO_MODEL)
    if len(case.chart.bars) > LONGEST:
        raise NoModelAnswered(f"models reharmonize charts of at most {LONGEST} bars")
    brief = brief_of(wanted, case, service.genre)
    terms = terms_of(wanted.ask, brief, service.genre, service.runtime, service.model_stats(), TASK)
    accept = partial(accepted, case=case, brief=brief, genre=service.genre)
    answer = await llm.ask(reharmonization_prompt(case, brief, service.genre), case.complexity, accept, terms)
    suggested = Suggested(answer.value.bars, answer.label)
    return answered(wanted, service.genre, case, suggested, method_of(answer))


def brief_of(wanted: Wanted, case: Case, genre: Genre) -> Brief:
    """The chart as a request, for what prompts and checks say of one."""
    chart = case.chart
    return Brief(
        genre.name, case.application, "", chart.key, 100.0, chart.metre, len(chart.bars), wanted.seed, complexity=case.complexity
    )


def reharmonization_prompt(case: Case, brief: Brief, genre: Genre) -> Prompt:
    """What a model is asked."""
    chart = case.chart
    form = Form("", (Section("chart", "verse", 0, len(chart.bars), "A"),))
    notes = " | ".join(" ".join("-" if note is None else chart.key.spell(note) for note in bar) or "-" for bar in chart.melody)
    melody = f"\nThe melody over them, which every chord must suit:\n{notes}\n" if chart.melody else ""
    shown = write_chart(chart.bars, chart.metre)
    return question("reharmonize", frame_of(brief, genre), (brief, genre, form), chart=shown, melody=melody)


def accepted(text: str, case: Case, brief: Brief, genre: Genre) -> Ideas:
    """An answer as ideas. Raises RejectedReply where too few of them fit."""
    parsed = parse(text, frame_of(brief, genre), brief.key, brief.metre)
    faults = {place + 1: why for place, bar in enumerate(parsed.bars) if (why := unfit(case.chart, place, bar))}
    total = len(parsed.bars)
    enough = total - len(faults) >= FITTING * total
    said = "; ".join(f"bar {bar}: {why}" for bar, why in list(faults.items())[:TOLD])
    rows = [*parsed.checks, Check("fit", enough, f"{total - len(faults)} of {total} bars fit{f': {said}' if said else ''}")]
    usual, why, sure = idiom(parsed.bars, brief, genre)
    rows.append(Check("idiom", usual, why, sure))
    wrong = [row.reason for row in rows if not row.passed and row.confidence >= SURE]
    if wrong:
        raise RejectedReply("; ".join(wrong), rows)
    return Ideas(parsed.bars, tuple(rows), parsed.repairs)
