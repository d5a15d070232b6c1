"""Rows of major and minor in the other modes: what a mode has in the place of a chord that does not belong to it."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import Final

from app.harmony.step import Step, Steps

MODAL: Final = MappingProxyType(  # mode → (semitones above the tonic, family) → (fifths above the tonic, triad, seventh chord)
    {
        "dorian": {
            (5, "min"): (-1, "", "7"), (8, "maj"): (-1, "", "7"), (8, "dom"): (-1, "", "7"),
            (2, "hdim"): (2, "m", "m7"), (2, "dim"): (2, "m", "m7"),
            (7, "dom"): (1, "m", "m7"), (7, "maj"): (1, "m", "m7"), (11, "dim"): (-2, "", "maj7"), (1, "maj"): (2, "m", "m7"),
        },
        "phrygian": {
            (2, "hdim"): (-5, "", "maj7"), (2, "dim"): (-5, "", "maj7"), (2, "min"): (-5, "", "maj7"),
            (5, "dom"): (-1, "m", "m7"),
            (7, "dom"): (-5, "", "maj7"), (7, "maj"): (-5, "", "maj7"), (7, "min"): (-2, "m", "m7"),
            (11, "dim"): (-5, "", "maj7"),
        },
        "locrian": {
            (0, "min"): (0, "dim", "m7b5"), (2, "hdim"): (-5, "", "maj7"), (2, "dim"): (-5, "", "maj7"),
            (7, "dom"): (-5, "", "maj7"),
            (7, "min"): (-2, "m", "m7"), (7, "maj"): (-5, "", "maj7"), (11, "dim"): (-5, "", "maj7"),
        },
        "mixolydian": {
            (7, "dom"): (-2, "", "maj7"), (7, "maj"): (1, "m", "m7"), (7, "sus"): (-2, "", "maj7"), (11, "dim"): (-2, "", "maj7"),
            (4, "min"): (1, "m", "m7"), (11, "hdim"): (-2, "", "maj7"), (4, "dom"): (-2, "", "maj7"),
        },
        "lydian": {(5, "maj"): (2, "", "7"), (5, "min"): (2, "", "7"), (2, "min"): (2, "", "7"), (5, "dom"): (2, "", "7")},
    }
)  # fmt: skip
TONICS: Final = MappingProxyType({"mixolydian": {"maj7": "7", "6": "7"}, "lydian": {"maj7": "maj7#11"}})


@lru_cache(maxsize=2048)
def borrowed_row(bars: tuple[Steps, ...], mode: str) -> tuple[Steps, ...]:
    """The same row in a mode; chords in other local keys stay."""
    return tuple(tuple(_modal(step, mode) for step in bar) for bar in bars)


def _modal(step: Step, mode: str) -> Step:
    if step.home is not None:
        return step
    found = MODAL.get(mode, {}).get((step.pc, step.family))
    if found is None:
        if step.pc == 0:
            return step._replace(suffix=TONICS.get(mode, {}).get(step.suffix, step.suffix))
        return step
    root, triad, seventh = found
    return step._replace(root=root, suffix=seventh if any(letter.isdigit() for letter in step.suffix) else triad, bass=None)
