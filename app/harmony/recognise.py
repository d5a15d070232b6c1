"""Recognises techniques in chords that no rule has marked: what a player would call them on sight."""

from __future__ import annotations

from app.harmony.change import NAMES
from app.theory.chord import Chord
from app.theory.key import Key

NOTHING = ("", "")


def recognised(chord: Chord, then: Chord | None, key: Key) -> tuple[str, str]:
    """The technique a chord is an instance of and why, ("", "") for a chord that belongs."""
    if not chord.root:
        return NOTHING
    place = (chord.root_pc - key.tonic_pc) % 12
    family, minor = chord.shape.family, key.is_minor
    if family == "dim" and chord.is_seventh:
        return _diminished(chord, then, key)
    if minor and place == 5 and chord.third == 4 and (then is None or (then.root_pc - key.tonic_pc) % 12 != 10):
        return "modal interchange", "IV of the dorian mode"
    if family == "dom" and then is not None and then.root:
        return _dominant(chord, place, then, key)
    if not minor:
        return _borrowed(chord, place)
    return NOTHING


def _dominant(chord: Chord, place: int, then: Chord, key: Key) -> tuple[str, str]:
    goal = then.root_pc
    down = (chord.root_pc - goal) % 12
    if down == 1 and place != 7 and then.family not in ("dim", "hdim"):
        return "tritone substitution", f"subV7 of {_named(then, key)}"
    if place == 10 and goal == key.tonic_pc and then.family == "maj":
        return "backdoor", "bVII7 to I in the place of V7"
    if down == 7 and (place not in (0, 5, 7) or (place == 0 and then.third == 4 and then.seventh == 11)):
        return "secondary dominant", f"V7 of {_named(then, key)}"
    if place == 7 and chord.alterations:
        return "altered dominant", f"V7 of {_named(then, key)} with {' '.join(chord.alterations)}"
    return NOTHING


def _diminished(chord: Chord, then: Chord | None, key: Key) -> tuple[str, str]:
    if then is None or not then.root:
        return NOTHING
    move = (then.root_pc - chord.root_pc) % 12
    bass = (then.bass_pc - chord.bass_pc) % 12
    if move == 1 and then.root_pc == key.tonic_pc:
        return NOTHING  # vii°7 of the key itself
    if move in (1, 11) or bass in (1, 11):
        return "passing diminished", f"leads to {_named(then, key)}"
    return ("common-tone diminished", f"returns to {_named(then, key)}") if move == 0 else NOTHING


def _borrowed(chord: Chord, place: int) -> tuple[str, str]:
    if place in (5, 0) and chord.family == "min":
        return "modal interchange", f"{NAMES[place].lower()} of the parallel minor"
    if place in (3, 8, 10) and chord.family == "maj" and chord.seventh != 10:
        return "modal interchange", f"{NAMES[place]} of the parallel minor"
    if place == 2 and chord.family == "hdim":
        return "modal interchange", "iiø of the parallel minor"
    return NOTHING


def _named(chord: Chord, key: Key) -> str:
    name = NAMES[(chord.root_pc - key.tonic_pc) % 12]
    return name.lower() if chord.family in ("min", "hdim", "dim") else name
