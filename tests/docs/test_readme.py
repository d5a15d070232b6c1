"""The README is true: what exists is named there, and what is named there exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.cli.asking import ASKING
from app.cli.main import COMMANDS
from app.services.registry import discover

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_named(command: str) -> None:
    """A person finds it without the source."""
    assert f"octet {command}" in README


def test_no_command_is_named_that_is_not_there() -> None:
    """Every `octet WORD` of the indented examples is a command."""
    named = set(re.findall(r"^ {4}(?:\$ )?octet ([a-z]+)", README, re.MULTILINE))

    assert named <= set(COMMANDS)


@pytest.mark.parametrize("option", ASKING, ids=lambda option: option.names)
def test_every_option_of_asking_is_named(option: object) -> None:
    """Options win over words: so they must be known."""
    assert getattr(option, "names", "").split()[-1] in README


def test_every_genre_is_named() -> None:
    """The eight of this repository."""
    assert all(name in README for name in discover().names)


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_link_leads_somewhere(link: str) -> None:
    """Links within the repository."""
    assert (Path(__file__).parents[2] / link).exists()
