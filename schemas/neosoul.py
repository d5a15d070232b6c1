"""What can be asked of Neo-soul."""

from __future__ import annotations

from typing import Literal

from schemas.base import ApplicationName, GenerateRequest


class GenerateNeosoulRequest(GenerateRequest):
    """A request for a piece of Neo-soul."""

    application: ApplicationName[Literal["smooth", "dilla", "uptempo", "ballad", "quartal"]] = None
