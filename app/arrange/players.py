"""Who plays which engine: the table the arranger looks into; a player is imported when it first plays."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from random import Random
from types import MappingProxyType
from typing import Final

from app.arrange.plan import Plan
from app.arrange.style import PartStyle
from app.theory.notes import Note

Player = Callable[[Plan, PartStyle, Random], list[Note]]

PLAYERS: Final = MappingProxyType(
    {  # engine → its module in app.arrange and the function there
        "walking": ("bass", "walking"),
        "two_feel": ("bass", "two_feel"),
        "pattern": ("bass", "pattern"),
        "comp": ("comping", "play"),
        "figure": ("figures", "play"),
        "pad": ("pads", "play"),
        "line": ("lines", "play"),
        "melody": ("melody", "play"),
        "satb": ("satb", "play"),
    }
)


@cache
def player(engine: str) -> Player:
    """The player of an engine of PLAYERS."""
    module, function = PLAYERS[engine]
    found: Player = getattr(import_module(f"app.arrange.{module}"), function)
    return found
