"""What can be asked of Classical."""

from __future__ import annotations

from typing import Literal

from schemas.base import ApplicationName, GenerateRequest


class GenerateClassicalRequest(GenerateRequest):
    """A request for a piece of Classical."""

    application: ApplicationName[Literal["chorale", "minuet", "waltz", "sonatina", "nocturne", "string_quartet"]] = None
