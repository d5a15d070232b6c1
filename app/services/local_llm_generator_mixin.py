"""Harmony from language models for any genre's service; every method is one step, and the rules answer when no model does."""

from __future__ import annotations

from _thread import allocate_lock
from functools import partial
from typing import TYPE_CHECKING, Any

from app.errors import NoModelAnswered
from app.services import complexity
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.piece import BY_RULE, Method
from app.services.runtime import NO_MODEL, Runtime
from app.services.understanding import is_unread
from app.theory.brief import Ask, Brief
from app.theory.progression import Progression

if TYPE_CHECKING:
    from app.llm.ask import LLM
    from app.llm.stats import Stats
    from app.llm.types import Accept, Prompt
    from app.services.judging import Judged
    from app.services.reharmonizing import Reharmonization, Wanted


class LocalLLMGeneratorMixin(BaseGenreGenerator):
    """Asks a model for the chords and falls back to the rules, never silently: the result and the counts say so."""

    def __init__(self, runtime: Runtime | None = None) -> None:
        super().__init__(runtime)
        self._tally = Tally()

    async def progression_for(self, ask: Ask, brief: Brief) -> tuple[Progression, Method]:
        """A model's progression where one may be asked and answers, else the rules', counted."""
        found, method = await self.by_models(ask, brief)
        if found is not None:
            return found, method
        progression, own = await super().progression_for(ask, brief)
        if own.label == BY_RULE:
            self.counted(ask)
        return progression, method._replace(label=own.label, made=own.made)

    async def said_otherwise(self, ask: Ask, brief: Brief) -> tuple[Ask, Brief]:
        """The request and its Brief; words that nothing was read from are said by a model in others, where one may be asked."""
        if not is_unread(brief) or self.runtime.llm_for(ask) is None:
            return ask, brief
        from app.services.model_understanding import said_otherwise

        return await said_otherwise(self, ask, brief)

    async def by_models(self, ask: Ask, brief: Brief) -> tuple[Progression | None, Method]:
        """A model's progression where one may be asked and answers; else None, and why."""
        method = Method()
        if self.runtime.wants_models(ask):
            try:
                return await self._generate_progression_with_local_llm(brief, ask)
            except NoModelAnswered as refusal:
                method = Method.refused(refusal)
        elif ask.model and not ask.made and self.runtime.models is not None:
            self._known(ask.model)
        return None, method._replace(tier=self.tier_of(ask, brief))

    def _known(self, model: str) -> None:
        """Raises RequestError for a model that there is not, even where none is asked: it would be believed to have been."""
        llm = self.runtime.models() if self.runtime.models is not None else None
        if llm is not None:
            from app.llm.types import Terms

            llm.ladder(1, Terms(model=model))

    def counted(self, ask: Ask) -> None:
        """One more by rule; the models count it too when they could have been asked."""
        self._tally.by_rule(self.runtime.llm_for(ask))

    async def _generate_progression_with_local_llm(self, brief: Brief, ask: Ask | None = None) -> tuple[Progression, Method]:
        """The progression of the first model that answers well. Raises NoModelAnswered with the reason."""
        ask = ask or Ask(self.name)
        llm = self.runtime.llm_for(ask)
        if llm is None:
            raise NoModelAnswered(f'model "{ask.model[:40]}" was asked for: {NO_MODEL}' if ask.model else NO_MODEL)
        from app.services.model_terms import method_of, terms_of

        score = self._score(ask, brief)
        terms = terms_of(ask, brief, self.genre, self.runtime, self._tally.stats())
        parse = partial(self._parse_llm_response, brief=brief, checks=llm.row(terms.task, score).checks)
        accept: Accept[Judged] = parse if self.runtime.hands is None else partial(self.runtime.hands, parse)
        answer = await llm.ask(self._build_progression_prompt(brief), score, accept, terms)
        return answer.value.progression, method_of(answer)._replace(tier=self.tier_of(ask, brief))

    def _estimate_complexity(self, description: str, num_bars: int) -> int:
        """How hard the harmony is that the words ask for, 1-10."""
        return complexity.estimate(description, num_bars, self.runtime.scale).score

    def _build_progression_prompt(self, brief: Brief) -> Prompt:
        """What a model is asked for this brief."""
        from app.services.prompting import progression_prompt

        return progression_prompt(brief, self.genre)

    def _parse_llm_response(self, text: str, brief: Brief, checks: tuple[str, ...] = ()) -> Judged:
        """A model's answer as a progression that may be played. Raises RejectedReply with advice for the model."""
        from app.services.judging import judged
        from app.services.parsing import parse
        from app.services.prompting import frame_of

        return judged(parse(text, frame_of(brief, self.genre), brief.key, brief.metre), brief, self.genre, checks)

    async def reharmonize(self, wanted: Wanted) -> Reharmonization:
        """As the rules' (`BaseGenreGenerator.reharmonize`), a model's ideas among theirs where one may be asked and answers."""
        from app.harmony.reharmonize import NOTHING
        from app.services.model_reharmonization import by_model
        from app.services.reharmonizing import answered, case_of

        case, method = case_of(wanted, self.genre), Method()
        if self.runtime.wants_models(wanted.ask):
            try:
                return await by_model(self, wanted, case)
            except NoModelAnswered as refusal:
                method = Method.refused(refusal)
        made: Reharmonization = await self.runtime.done(answered, wanted, self.genre, case, NOTHING, method)
        return made

    async def vary_harmony(self, ask: Ask, number: int) -> tuple[Ask, Method]:
        """As the rules' (`BaseGenreGenerator.vary_harmony`), by a model where one may be asked and answers."""
        from app.services.model_variation import by_model, case_of, free

        method = Method()
        if self.runtime.wants_models(free(ask)):
            try:
                return await by_model(self, case_of(self, ask, number))
            except NoModelAnswered as refusal:
                method = Method.refused(refusal)
        varied, _ = await super().vary_harmony(ask, number)
        return varied, method

    def model_stats(self) -> Stats:
        """What models did for this genre, to be counted into."""
        return self._tally.stats()

    def get_llm_stats(self) -> dict[str, Any]:  # the shape callers know, as JSON
        """How this genre's generations came to be since the last reset, and what that saved."""
        return self._tally.snapshot()

    def reset_llm_stats(self) -> None:
        """Count from zero."""
        self._tally.reset()

    def _score(self, ask: Ask, brief: Brief) -> int:
        """The complexity asked for, else the estimate."""
        if ask.complexity is not None:
            return brief.complexity
        return self._estimate_complexity(brief.description, brief.num_bars if brief.bars_asked else 0)

    def tier_of(self, ask: Ask, brief: Brief) -> str:
        """The label of the model that a request is sent to first, "" without models."""
        llm = self.runtime.llm_for(ask)
        if llm is None:
            return ""
        from app.services.model_terms import first_model

        return first_model(llm, ask, self._score(ask, brief))


class Tally:
    """One generator's counts. What models did is counted by the model layer, which a generation by rule does not load."""

    def __init__(self) -> None:
        self._stats: Stats | None = None
        self._by_rule = 0
        self._lock = allocate_lock()

    def stats(self) -> Stats:
        """What models did, to be counted into."""
        if self._stats is None:
            from app.llm.stats import Stats

            made = Stats()
            with self._lock:
                if self._stats is None:
                    self._stats = made
        return self._stats

    def by_rule(self, llm: LLM | None) -> None:
        """One more by rule; `llm` counts it too, when a model could have been asked."""
        with self._lock:
            self._by_rule += 1
        if llm is not None:
            llm.stats.by_rule()

    def snapshot(self) -> dict[str, Any]:
        """The counts now, as a value of one's own."""
        counts = self.stats().snapshot()
        with self._lock:
            by_rule = self._by_rule
        by_label = {**counts["by_label"], **({BY_RULE: {"accepted": by_rule}} if by_rule else {})}
        return {**counts, "rule_based_generations": by_rule, "by_label": by_label}

    def reset(self) -> None:
        """Count from zero."""
        self.stats().reset()
        with self._lock:
            self._by_rule = 0
