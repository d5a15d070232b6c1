"""What can be asked of Jazz."""

from __future__ import annotations

from typing import Literal

from schemas.base import ApplicationName, GenerateRequest


class GenerateJazzRequest(GenerateRequest):
    """A request for a piece of Jazz."""

    application: ApplicationName[Literal["swing", "bebop", "ballad", "waltz", "modal", "fusion"]] = None
