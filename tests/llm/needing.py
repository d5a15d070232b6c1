"""What a test needs imported."""

from __future__ import annotations

import warnings
from importlib import import_module

from app.testing.servers.dialects import LIBRARIES


def need(dialect: str) -> None:
    """Import the library of this dialect before any deadline runs. Without it the test fails: the extra `test` has them all."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import_module(LIBRARIES.get(dialect, "google.generativeai"))
