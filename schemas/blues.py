"""What can be asked of Blues."""

from __future__ import annotations

from typing import Literal

from schemas.base import ApplicationName, GenerateRequest


class GenerateBluesRequest(GenerateRequest):
    """A request for a piece of Blues."""

    application: ApplicationName[Literal["shuffle", "slow", "minor", "jump", "eight_bar", "delta"]] = None
