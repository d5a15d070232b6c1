"""Neo-soul: its music is in the TOML files beside this one."""

from __future__ import annotations

from app.plugin import BaseGenreGenerator, LocalLLMGeneratorMixin


class NeosoulGeneratorService(LocalLLMGeneratorMixin, BaseGenreGenerator):
    """Makes Neo-soul from words."""

    name = "neosoul"
    request = "schemas.neosoul:GenerateNeosoulRequest"
    generate_neosoul_arrangement = BaseGenreGenerator.generate_arrangement


neosoul_generator_service = NeosoulGeneratorService()
