"""What can be asked of R&B."""

from __future__ import annotations

from typing import Literal

from schemas.base import ApplicationName, GenerateRequest


class GenerateRnbRequest(GenerateRequest):
    """A request for a piece of R&B."""

    application: ApplicationName[Literal["classic_soul", "slow_jam", "motown", "new_jack_swing", "contemporary", "trap_soul"]] = (
        None
    )
