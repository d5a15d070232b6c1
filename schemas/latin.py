"""What can be asked of Latin."""

from __future__ import annotations

from typing import Literal

from schemas.base import ApplicationName, GenerateRequest


class GenerateLatinRequest(GenerateRequest):
    """A request for a piece of Latin."""

    application: ApplicationName[Literal["salsa", "son", "bossa_nova", "samba", "cha_cha", "bolero", "rumba"]] = None
