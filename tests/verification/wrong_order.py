"""A genre whose class cannot be made: Python finds no order for its bases."""

from __future__ import annotations

from app.plugin import BaseGenreGenerator, LocalLLMGeneratorMixin


class WrongOrder(BaseGenreGenerator, LocalLLMGeneratorMixin):  # type: ignore[misc]  # that is what is wrong
    """The base before the mixin."""

    name = "jazz"
