"""Latin: its music is in the TOML files beside this one."""

from __future__ import annotations

from app.plugin import BaseGenreGenerator, LocalLLMGeneratorMixin


class LatinGeneratorService(LocalLLMGeneratorMixin, BaseGenreGenerator):
    """Makes Latin from words."""

    name = "latin"
    request = "schemas.latin:GenerateLatinRequest"
    generate_latin_arrangement = BaseGenreGenerator.generate_arrangement


latin_generator_service = LatinGeneratorService()
