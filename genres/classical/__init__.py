"""Classical: its music is in the TOML files beside this one."""

from __future__ import annotations

from app.plugin import BaseGenreGenerator, LocalLLMGeneratorMixin


class ClassicalGeneratorService(LocalLLMGeneratorMixin, BaseGenreGenerator):
    """Makes Classical from words."""

    name = "classical"
    request = "schemas.classical:GenerateClassicalRequest"
    generate_classical_arrangement = BaseGenreGenerator.generate_arrangement


classical_generator_service = ClassicalGeneratorService()
