"""The door for genre packages, ours and strangers': what is named here is kept stable."""

from __future__ import annotations

from app.services.base_genre_generator import BaseGenreGenerator
from app.services.local_llm_generator_mixin import LocalLLMGeneratorMixin

__all__ = ["BaseGenreGenerator", "LocalLLMGeneratorMixin"]
