"""Harmony from language models for any genre's service; every method is one step, and the rules answer when no model does."""

from __future__ import annotations

from typing import Any, NoReturn

from app.errors import NoModelAnswered
from app.services import complexity
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.piece import BY_RULE, Method
from app.services.runtime import NO_MODEL, Runtime
from app.theory.brief import Ask, Brief
from app.theory.progression import Progression


class LocalLLMGeneratorMixin(BaseGenreGenerator):
    """Asks a model for the chords and falls back to the rules, never silently: the result and the counts say so."""

    def __init__(self, runtime: Runtime | None = None) -> None:
        super().__init__(runtime)
        self._rule_based_generations = 0

    async def progression_for(self, ask: Ask, brief: Brief) -> tuple[Progression, Method]:
        """A model's progression where one may be asked and answers, else the rules', counted."""
        reason = ""
        if not brief.chords and (ask.strategy or self.runtime.strategy) != "rules_only":
            try:
                return await self._generate_progression_with_local_llm(brief)
            except NoModelAnswered as refusal:
                reason = str(refusal)
        progression, method = await super().progression_for(ask, brief)
        self._rule_based_generations += 1
        return progression, method._replace(fallback_reason=reason)

    async def _generate_progression_with_local_llm(self, brief: Brief) -> tuple[Progression, Method]:  # noqa: ARG002
        """The progression of the first model that answers well. Raises NoModelAnswered with the reason."""
        raise NoModelAnswered(NO_MODEL)

    def _estimate_complexity(self, description: str, num_bars: int) -> int:
        """How hard the harmony is that the words ask for, 1-10."""
        return complexity.estimate(description, num_bars).score

    def _build_progression_prompt(self, brief: Brief) -> NoReturn:  # noqa: ARG002 - the signature that callers know
        """What a model is asked. Raises NoModelAnswered: no model is configured."""
        raise NoModelAnswered(NO_MODEL)

    def _parse_llm_response(self, text: str, brief: Brief) -> NoReturn:  # noqa: ARG002 - the signature that callers know
        """A model's answer as a progression. Raises NoModelAnswered: no model is configured."""
        raise NoModelAnswered(NO_MODEL)

    def get_llm_stats(self) -> dict[str, Any]:  # the shape callers know, as JSON
        """How this genre's generations came to be since the last reset, and what that saved."""
        return {
            "local_generations": 0,
            "gemini_generations": 0,
            "rule_based_generations": self._rule_based_generations,
            "estimated_cost_saved_usd": 0.0,
            "by_label": {BY_RULE: self._rule_based_generations} if self._rule_based_generations else {},
        }

    def reset_llm_stats(self) -> None:
        """Count from zero."""
        self._rule_based_generations = 0
