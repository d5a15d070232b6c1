"""R&B: its music is in the TOML files beside this one."""

from __future__ import annotations

from app.plugin import BaseGenreGenerator, LocalLLMGeneratorMixin


class RnbGeneratorService(LocalLLMGeneratorMixin, BaseGenreGenerator):
    """Makes R&B from words."""

    name = "rnb"
    request = "schemas.rnb:GenerateRnbRequest"
    generate_rnb_arrangement = BaseGenreGenerator.generate_arrangement


rnb_generator_service = RnbGeneratorService()
