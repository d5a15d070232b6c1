"""Who plays which engine: the table the arranger looks into."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType
from typing import Final

from app.arrange import bass, comping, figures, lines, melody, pads, satb
from app.arrange.plan import Plan
from app.arrange.style import PartStyle
from app.theory.notes import Note

Player = Callable[[Plan, PartStyle, Random], list[Note]]

PLAYERS: Final[Mapping[str, Player]] = MappingProxyType(
    {
        "walking": bass.walking,
        "two_feel": bass.two_feel,
        "pattern": bass.pattern,
        "comp": comping.play,
        "figure": figures.play,
        "pad": pads.play,
        "line": lines.play,
        "melody": melody.play,
        "satb": satb.play,
    }
)
