"""What can be asked of Reggae."""

from __future__ import annotations

from typing import Literal

from schemas.base import ApplicationName, GenerateRequest


class GenerateReggaeRequest(GenerateRequest):
    """A request for a piece of Reggae."""

    application: ApplicationName[Literal["one_drop", "rockers", "steppers", "ska", "rocksteady", "dub"]] = None
