"""What a test needs installed."""

from __future__ import annotations

import warnings

import pytest

from app.testing.servers.dialects import LIBRARIES


def need(dialect: str) -> None:
    """Skip the test where the library of this dialect is not installed; import it before any deadline runs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip(LIBRARIES.get(dialect, "google.generativeai"))
