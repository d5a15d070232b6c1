"""Jazz: its music is in the TOML files beside this one."""

from __future__ import annotations

from app.plugin import BaseGenreGenerator, LocalLLMGeneratorMixin


class JazzGeneratorService(LocalLLMGeneratorMixin, BaseGenreGenerator):
    """Makes Jazz from words."""

    name = "jazz"
    request = "schemas.jazz:GenerateJazzRequest"
    generate_jazz_arrangement = BaseGenreGenerator.generate_arrangement


jazz_generator_service = JazzGeneratorService()
