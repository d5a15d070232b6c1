"""Genres that are wrong in one way each, with jazz's tables."""

from __future__ import annotations

from typing import Any

from app.errors import RejectedReply
from app.plugin import BaseGenreGenerator, LocalLLMGeneratorMixin
from app.services.base_genre_generator import drawn_seed
from app.services.piece import Method
from app.theory.brief import Ask, Brief
from app.theory.progression import Progression


class Good(LocalLLMGeneratorMixin, BaseGenreGenerator):
    """Nothing is wrong with it."""

    name = "jazz"
    tables = "genres.jazz"
    request = "schemas.jazz:GenerateJazzRequest"


class NoMixin(BaseGenreGenerator):
    """It cannot ask models."""

    name = "jazz"
    tables = "genres.jazz"


class Hiding(Good):
    """It finds harmony by itself, past the models."""

    async def progression_for(self, ask: Ask, brief: Brief) -> tuple[Progression, Method]:
        return await BaseGenreGenerator.progression_for(self, ask, brief)


class Raising(Good):
    """It falls over."""

    def understand(self, ask: Ask) -> Brief:  # noqa: ARG002
        raise RuntimeError("the trumpeter is ill")


class Deaf(Good):
    """No model's answer is good enough for it."""

    def _parse_llm_response(self, text: str, brief: Brief, checks: tuple[str, ...] = ()) -> Any:  # noqa: ARG002
        raise RejectedReply("not swinging enough")


class Forgetful(Good):
    """It counts nothing."""

    def get_llm_stats(self) -> dict[str, Any]:
        return {**super().get_llm_stats(), "local_generations": 0}


class Moody(Good):
    """It plays otherwise each time."""

    def understand(self, ask: Ask) -> Brief:
        return super().understand(ask._replace(seed=drawn_seed()))


class AnyRequest(Good):
    """Its request is another genre's."""

    request = "schemas.rnb:GenerateRnbRequest"
