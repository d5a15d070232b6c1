"""A varied progression: a model's where one may be asked and answers well, else the rules'."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from app.errors import NoModelAnswered, RejectedReply
from app.harmony.reharmonize import Chart
from app.harmony.variation import varied
from app.services.charted import progression_from, progression_of, written
from app.services.genre import Genre
from app.services.piece import BY_RULE, Method, progression_by_rule
from app.services.runtime import NO_MODEL
from app.theory.brief import LIMITS, Ask, Brief
from app.theory.charts import Bars, write_chart
from app.theory.progression import Progression

if TYPE_CHECKING:
    from app.llm.types import Prompt
    from app.services.base_genre_generator import BaseGenreGenerator
    from app.services.judging import Judged
    from app.services.local_llm_generator_mixin import LocalLLMGeneratorMixin
    from schemas.progression import Frame

TASK: Final = "variation"
CHANGED: Final = (0.15, 0.85)  # least and most share of bars that differ
LONGEST: Final = 64  # bars that a model is asked to vary


class Variation(NamedTuple):
    """The chords of a piece and the request they are of, before and after."""

    ask: Ask
    brief: Brief
    progression: Progression

    @property
    def bars(self) -> Bars:
        """The chords."""
        return tuple(tuple((span.beats, span.chord) for span in bar) for bar in self.progression.bars)

    def of(self, bars: Bars, label: str) -> Ask:
        """The request for a piece with these chords in the place of its own."""
        brief, form = self.brief, self.progression.form
        made = written(label, form, bars, brief.metre)
        return self.ask._replace(
            chords=None, made=made, num_bars=len(bars), key=str(brief.key), time_signature=str(brief.metre), form=None
        )


def free(ask: Ask) -> Ask:
    """The request without the harmony that it has."""
    return ask._replace(chords=None, made=None)


def case_of(service: BaseGenreGenerator, ask: Ask, number: int) -> Variation:
    """What is to be varied for the `number`-th time: the harmony that a file of ours keeps, a chart, or the rules' own."""
    brief = service.understand(ask)
    kept = progression_from(ask.made, brief) if ask.made else progression_by_rule(brief, service.genre)
    seed = (brief.seed + number) % (LIMITS["seed"][1] + 1)
    return Variation(ask, brief._replace(key=kept.key, metre=kept.metre, num_bars=len(kept.bars), seed=seed), kept)


def by_rule(case: Variation, genre: Genre) -> Ask:
    """The request for the rules' variation."""
    brief = case.brief
    chart = Chart(case.bars, brief.metre, brief.key)
    return case.of(varied(chart, genre.harmony(brief.application), brief.complexity, brief.seed), BY_RULE)


async def by_model(service: LocalLLMGeneratorMixin, case: Variation) -> tuple[Ask, Method]:
    """The request for a model's variation, and how it came to be. Raises NoModelAnswered."""
    llm = service.runtime.llm_for(free(case.ask))
    if llm is None:
        raise NoModelAnswered(NO_MODEL)
    if len(case.bars) > LONGEST:
        raise NoModelAnswered(f"models vary pieces of at most {LONGEST} bars")
    from app.services.model_terms import method_of, terms_of

    brief, genre = case.brief, service.genre
    terms = terms_of(case.ask, brief, genre, service.runtime, service.model_stats(), TASK)
    accept = partial(accepted, case=case, genre=genre, checks=llm.row(TASK, brief.complexity).checks)
    answer = await llm.ask(variation_prompt(case, genre), brief.complexity, accept, terms)
    return case.of(answer.value.form_and_chart, answer.label), method_of(answer)


def variation_prompt(case: Variation, genre: Genre) -> Prompt:
    """What a model is asked."""
    from app.services.prompting import question

    brief = case.brief
    return question(
        "variation", _frame(case, genre), (brief, genre, case.progression.form), chart=write_chart(case.bars, brief.metre)
    )


def _frame(case: Variation, genre: Genre) -> Frame:
    """What an answer must fill: as many chords in a bar as there are now, at least."""
    from app.services.prompting import frame_of

    frame = frame_of(case.brief, genre)
    return frame._replace(most=max(frame.most, *(len(bar) for bar in case.bars)))


def accepted(text: str, case: Variation, genre: Genre, checks: tuple[str, ...] = ()) -> Judged:
    """An answer as a progression in the form that was there. Raises RejectedReply for none, the same one, or another piece."""
    from app.llm.types import Check
    from app.services.judging import judged
    from app.services.parsing import parse

    brief = case.brief
    found = judged(parse(text, _frame(case, genre), brief.key, brief.metre), brief, genre, checks)
    bars, rows = found.form_and_chart, found.checks
    other = sum(one != was for one, was in zip(bars, case.bars, strict=True))
    low, high = CHANGED
    share = other / len(bars)
    advice = "change about half" if share < low else "keep about half of them as they are" if share > high else ""
    rows = (*rows, Check("changed", not advice, f"{other} of {len(bars)} bars differ{f': {advice}' if advice else ''}"))
    if advice:
        raise RejectedReply(rows[-1].reason, rows)
    return found._replace(progression=progression_of(bars, case.progression.form, brief), checks=rows)
