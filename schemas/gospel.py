"""What can be asked of Gospel."""

from __future__ import annotations

from typing import Literal

from schemas.base import ApplicationName, GenerateRequest


class GenerateGospelRequest(GenerateRequest):
    """A request for a piece of Gospel."""

    application: ApplicationName[Literal["contemporary", "traditional", "worship", "shout", "hymn"]] = None
