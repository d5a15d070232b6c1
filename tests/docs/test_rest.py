"""The page on the REST service names every setting and every status that there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.api.caller import SCOPES
from app.api.document import PROBLEMS
from app.api.manners import EXPOSED
from app.settings import TRACES
from app.settings.service import ServiceSettings, variable

PAGE = (Path(__file__).parents[2] / "docs" / "rest.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ServiceSettings._fields)
def test_every_setting_is_named(name: str) -> None:
    """A person finds it without the source."""
    assert f"`{variable(name)}`" in PAGE


@pytest.mark.parametrize("status", PROBLEMS)
def test_every_status_is_told(status: int) -> None:
    """With when it comes."""
    assert f"\n| {status} |" in PAGE


@pytest.mark.parametrize("word", [*SCOPES, *EXPOSED, *TRACES, "Last-Event-ID", "brotli", "gzip"])
def test_headers_scopes_and_traces_are_told(word: str) -> None:
    """Whatever a caller sends or reads beside the body."""
    assert word in PAGE
