"""The kit: what groove files call each struck thing, and its General MIDI note on channel 10."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

DRUMS: Final = MappingProxyType(
    {
        "kick": 36, "stick": 37, "snare": 38, "clap": 39, "snare2": 40,
        "tom1": 50, "tom2": 47, "tom3": 43, "tom4": 41,
        "hat": 42, "foot": 44, "open": 46, "crash": 49, "ride": 51, "china": 52, "bell": 53,
        "tamb": 54, "splash": 55, "cowbell": 56, "crash2": 57, "ride2": 59,
        "bongo_hi": 60, "bongo_lo": 61, "conga_slap": 62, "conga_open": 63, "conga_low": 64,
        "timbale_hi": 65, "timbale_lo": 66, "agogo_hi": 67, "agogo_lo": 68, "cabasa": 69, "maracas": 70,
        "guiro_short": 73, "guiro_long": 74, "clave": 75, "block_hi": 76, "block_lo": 77, "triangle": 81,
        "shaker": 70,  # 82 is General MIDI 2 only
        "surdo1": 41, "surdo2": 43,  # 86 and 87 are General MIDI 2 only
        "cascara": 37, "palitos": 76, "tamborim": 76, "bongo_bell": 56, "mambo_bell": 56, "cha_bell": 56,
        "tap": 38, "swirl": 40,  # brushes: program 40 makes them so
        "stomp": 35, "body": 37,
    }
)  # fmt: skip
"""Two names of one note never play together in one groove."""

LEVELS: Final = MappingProxyType(
    {  # drum → velocity of ghost, normal, accent; means of the recorded kits where measured (Groove MIDI Dataset)
        "kick": (40, 78, 96), "snare": (34, 72, 104), "stick": (38, 60, 76), "clap": (50, 80, 104),
        "hat": (42, 66, 88), "open": (50, 74, 92), "foot": (38, 62, 84), "ride": (46, 70, 84), "bell": (50, 76, 94),
        "crash": (60, 84, 102), "tamb": (40, 62, 84), "clave": (60, 84, 95), "shaker": (34, 52, 70), "maracas": (34, 54, 72),
        "conga_slap": (50, 84, 104), "conga_open": (50, 82, 96), "conga_low": (50, 82, 96), "cowbell": (56, 82, 100),
    }
)  # fmt: skip
DEFAULT_LEVELS: Final = (38, 70, 96)
