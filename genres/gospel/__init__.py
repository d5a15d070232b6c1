"""Gospel: its music is in the TOML files beside this one."""

from __future__ import annotations

from app.plugin import BaseGenreGenerator, LocalLLMGeneratorMixin


class GospelGeneratorService(LocalLLMGeneratorMixin, BaseGenreGenerator):
    """Makes Gospel from words."""

    name = "gospel"
    request = "schemas.gospel:GenerateGospelRequest"
    generate_gospel_arrangement = BaseGenreGenerator.generate_arrangement


gospel_generator_service = GospelGeneratorService()
