"""Polka: a ninth genre, from outside."""

from __future__ import annotations

from app.plugin import BaseGenreGenerator, LocalLLMGeneratorMixin


class PolkaGeneratorService(LocalLLMGeneratorMixin, BaseGenreGenerator):
    """Makes polka from words."""

    name = "polka"
