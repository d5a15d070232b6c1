"""What a mood does to harmony: by how much it makes each rule more or less likely."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

MOODS: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        "dark": {"modal interchange": 2.0, "Neapolitan": 2.0, "altered dominant": 1.6, "line cliche": 1.8, "lament bass": 2.0},
        "bright": {
            "modal interchange": 0.4,
            "altered dominant": 0.5,
            "secondary dominant": 1.3,
            "walk-up": 1.3,
            "tritone substitution": 0.7,
        },
        "tender": {"modal interchange": 1.6, "line cliche": 1.5, "suspension": 1.3, "side-slip": 0.5, "walk-up": 1.3},
        "sad": {"modal interchange": 1.8, "line cliche": 1.8, "lament bass": 1.8, "walk-up": 0.8},
        "driving": {"pedal point": 1.6, "turnaround": 1.5, "secondary dominant": 1.3, "line cliche": 0.6},
        "dreamy": {"chromatic mediant": 2.2, "planing": 2.0, "pedal point": 1.6, "modal interchange": 1.5},
        "mysterious": {
            "chromatic mediant": 2.2,
            "planing": 1.8,
            "modal interchange": 1.8,
            "tritone substitution": 1.4,
            "pedal point": 1.5,
        },
        "tense": {"altered dominant": 2.0, "tritone substitution": 1.6, "passing diminished": 1.6, "pedal point": 1.5},
        "calm": {
            "altered dominant": 0.5,
            "secondary dominant": 0.6,
            "tritone substitution": 0.5,
            "turnaround": 0.6,
            "side-slip": 0.4,
            "passing diminished": 0.6,
            "pedal point": 1.5,
        },
        "romantic": {"modal interchange": 1.6, "line cliche": 1.5, "passing diminished": 1.4, "suspension": 1.3},
        "joyful": {
            "modal interchange": 0.5,
            "altered dominant": 0.6,
            "walk-up": 1.4,
            "secondary dominant": 1.3,
            "turnaround": 1.3,
        },
        "nostalgic": {"modal interchange": 1.8, "line cliche": 1.5, "backdoor": 1.8, "passing diminished": 1.3},
        "mellow": {
            "altered dominant": 0.6,
            "secondary dominant": 0.8,
            "tritone substitution": 0.7,
            "turnaround": 0.7,
            "side-slip": 0.6,
            "line cliche": 1.3,
            "suspension": 1.3,
            "prolongation": 1.3,
        },
        "aggressive": {"pedal point": 1.8, "side-slip": 1.6, "altered dominant": 1.6, "suspension": 0.6, "walk-up": 0.6},
        "playful": {"secondary dominant": 1.6, "deceptive cadence": 1.6, "passing diminished": 1.4, "turnaround": 1.4},
        "majestic": {
            "tritone substitution": 0.4,
            "ii-V": 0.7,
            "turnaround": 0.6,
            "plagal cadence": 1.6,
            "suspension": 1.6,
            "cadential six-four": 1.5,
            "pedal point": 1.5,
            "side-slip": 0.4,
        },
        "funky": {"side-slip": 1.8, "prolongation": 1.4, "altered dominant": 1.3, "relative substitution": 0.6},
        "cool": {"tritone substitution": 1.4, "planing": 1.4, "suspension": 1.3, "passing diminished": 0.8},
        "soulful": {"passing diminished": 1.4, "secondary dominant": 1.3, "modal interchange": 1.3, "plagal cadence": 1.4},
    }
)


def of_moods(moods: Iterable[str]) -> dict[str, float]:
    """The factors of all moods together, by rule; moods without a row change nothing."""
    factors: dict[str, float] = {}
    for mood in moods:
        for rule, factor in MOODS.get(mood, {}).items():
            factors[rule] = factors.get(rule, 1.0) * factor
    return factors
