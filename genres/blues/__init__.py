"""Blues: its music is in the TOML files beside this one."""

from __future__ import annotations

from app.plugin import BaseGenreGenerator, LocalLLMGeneratorMixin


class BluesGeneratorService(LocalLLMGeneratorMixin, BaseGenreGenerator):
    """Makes Blues from words."""

    name = "blues"
    request = "schemas.blues:GenerateBluesRequest"
    generate_blues_arrangement = BaseGenreGenerator.generate_arrangement


blues_generator_service = BluesGeneratorService()
