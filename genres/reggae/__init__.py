"""Reggae: its music is in the TOML files beside this one."""

from __future__ import annotations

from app.plugin import BaseGenreGenerator, LocalLLMGeneratorMixin


class ReggaeGeneratorService(LocalLLMGeneratorMixin, BaseGenreGenerator):
    """Makes Reggae from words."""

    name = "reggae"
    request = "schemas.reggae:GenerateReggaeRequest"
    generate_reggae_arrangement = BaseGenreGenerator.generate_arrangement


reggae_generator_service = ReggaeGeneratorService()
