"""Reads Roman numerals in a key into chords."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from app.errors import ChordError
from app.theory.chord import NONE, Chord
from app.theory.chord_reader import Unreadable, read_suffix
from app.theory.chord_shape import Shape, normal, shape_of
from app.theory.key import MODES, Key, plain_name
from app.theory.pitch import fifths, name_at_fifths

ROMANS: Final = ("I", "II", "III", "IV", "V", "VI", "VII")
DEGREE_FIFTHS: Final = (0, 2, 4, -1, 1, 3, 5)  # the major scale's degrees as steps on the circle of fifths above the tonic
SIGNS: Final = str.maketrans({"♭": "b", "♯": "#", "º": "°", "˚": "°", "Ø": "ø", "−": "-", " ": None, "[": "(", "]": ")"})
FIGURES: Final = MappingProxyType(  # figured bass → (inversion, what it means)
    {"64": (2, ""), "65": (1, "7"), "43": (2, "7"), "42": (3, "7")}
)
CLASSICAL_FIGURES: Final = MappingProxyType(
    {**FIGURES, "6": (1, ""), "63": (1, ""), "53": (0, ""), "5": (0, ""), "54": (0, "sus4"), "2": (3, "7")}
)
SLASHED: Final = frozenset({"64", "65", "43", "42", "69"})  # figures that are also written with a stroke: `V6/5`, `I6/9`
NAMED: Final[MappingProxyType[str, tuple[int, tuple[int, ...], dict[str, int | None]]]] = MappingProxyType(
    # name → (root in steps on the circle of fifths above the tonic, tones, figure → bass in such steps)
    {
        "N": (-5, (0, 4, 7), {"": None, "6": -1, "64": -4}),
        "It": (-4, (0, 4, 10), {"": None, "6": None, "64": 0}),
        "Ger": (-4, (0, 4, 7, 10), {"": None, "6": None, "65": None, "7": 6, "43": 0, "42": -3, "2": -3}),
        "Fr": (-4, (0, 4, 6, 10), {"": None, "6": None, "43": None, "7": 2, "65": 6, "42": 0, "2": 0}),
        "Cad": (0, (0, 4, 7), {"64": 1}),
    }
)
ALIASES: Final = MappingProxyType({"Gr": "Ger", "K": "Cad"})
INVERTED: Final = MappingProxyType({2: 2, 3: -3, 4: 4, 5: -1, 6: -6, 7: 1, 8: 8, 9: 3, 10: -2, 11: 5})  # semitones → steps


class Numeral(NamedTuple):
    """A numeral taken apart: `bVII7/3` has sign `b`, degree 6, rest `7` and bass `3`; `V7/ii` has target `ii`."""

    sign: str
    degree: int  # 0-6; -1 for the chords of NAMED, whose name is in `sign`
    lower: bool
    rest: str
    bass: str = ""  # a degree of the key below the chord, "" for none
    target: str = ""  # the numeral whose tonic it leads to, "" for none


def resolve(numeral: str, key: Key, *, classical: bool = False) -> Chord:
    """The chord of a numeral, spelled in the key.

    Degrees are those of the tonic's major scale in every mode (♭VI in C minor is A♭), `6` is the added sixth and 7 on a capital
    the minor seventh. `classical`: as in analysis: 6 is an inversion, 7 the key's own seventh, and in minor III, VI and VII are
    the key's own, vi and vii raised. Raises ChordError.
    """
    return _resolved(numeral.translate(SIGNS), key, classical)


@lru_cache(maxsize=4096)
def _resolved(text: str, key: Key, classical: bool) -> Chord:
    if text in ("N.C.", "NC"):
        return NONE
    parts = take_apart(text)
    local = _local(parts.target, key, classical) if parts.target else key
    try:
        chord = _named(parts, local) if parts.degree < 0 else _chord(parts, local, classical)
    except Unreadable as stopped:
        raise _wrong(text, stopped.position) from None
    return chord.with_bass(_at(key.tonic, _degree_steps(parts.bass))) if parts.bass else chord


def take_apart(text: str) -> Numeral:
    """The parts of one numeral. Raises ChordError."""
    if text.startswith("sub"):
        parts = take_apart(text[3:])
        return parts._replace(sign="b", degree=1) if parts.degree == 4 and not parts.sign else parts
    if text.endswith("/"):
        raise _wrong(text, len(text) - 1)
    head, _, below = text.partition("/")
    while below and _slashed(head, below):
        head, _, below = head + below[0], "", below[2:]
    bass, target = _below(below, text)
    rest = head.lstrip("b#")
    name = next((name for name in (*NAMED, *ALIASES) if head.startswith(name)), "")
    if name:
        return Numeral(ALIASES.get(name, name), -1, False, head[len(name) :].lstrip("+"), bass, target)
    sign = head[: len(head) - len(rest)]
    roman = _roman(rest)
    if not roman or len(sign) > 2:
        raise _wrong(text, len(sign))
    return Numeral(sign, ROMANS.index(roman.upper()), roman.islower(), rest[len(roman) :], bass, target)


def _slashed(head: str, below: str) -> bool:
    """Whether the stroke belongs to figures (`V6/5`), not to a bass or a target."""
    before = head[:-1]
    return head[-1:] + below[0] in SLASHED and below[1:2] in ("", "/") and not before.endswith(("sus", "add", "b", "#"))


def _below(text: str, whole: str) -> tuple[str, str]:
    """What stands after the stroke: a degree as bass, a numeral as target (which may have a target itself), or both."""
    if not text:
        return "", ""
    first, _, others = text.partition("/")
    if _is_degree(first) and not others:
        return first, ""
    target, _, last = text.rpartition("/")
    if target and _is_degree(last):
        return last, target
    if _roman(text.lstrip("b#")) or text.startswith(tuple(NAMED)):
        return "", text
    raise _wrong(whole, len(whole) - len(text))


def _is_degree(text: str) -> bool:
    return text.lstrip("b#") in ("1", "2", "3", "4", "5", "6", "7")


def _roman(text: str) -> str:
    for length in (3, 2, 1):
        piece = text[:length]
        if piece.upper() in ROMANS and (piece.isupper() or piece.islower()):
            return piece
    return ""


def _local(target: str, key: Key, classical: bool) -> Key:
    """The key of a target: its chord as tonic."""
    parts = take_apart(target)
    if parts.target:
        key = _local(parts.target, key, classical)
    if parts.degree < 0:
        return Key(_at(key.tonic, NAMED[parts.sign][0]))
    return Key(_root(parts, key, classical), "minor" if parts.lower else "major")


def _root(parts: Numeral, key: Key, classical: bool) -> str:
    steps = DEGREE_FIFTHS[parts.degree]
    sign = parts.sign
    if classical and key.is_minor and "b" not in sign:
        if parts.degree in (5, 6) and (parts.lower or sign):
            sign = ""  # the raised sixth and seventh, with or without the sharp
        else:
            steps -= 7 * (MODES["major"][0][parts.degree] - key.scale[parts.degree])
    return _at(key.tonic, steps + 7 * (sign.count("#") - sign.count("b")))


def _at(tonic: str, steps: int) -> str:
    return plain_name(name_at_fifths(fifths(tonic) + steps))


def _named(parts: Numeral, key: Key) -> Chord:
    """The Neapolitan, the augmented sixths (as the dominant seventh on ♭6 that they sound like) and the cadential six-four."""
    root, tones, figures = NAMED[parts.sign]
    if parts.rest not in figures:
        raise Unreadable(len(parts.sign))
    bass = figures[parts.rest]
    if parts.sign == "Cad" and key.is_minor:
        tones = (0, 3, 7)
    return Chord.of(_at(key.tonic, root), tones, "" if bass is None else _at(key.tonic, bass))


def _chord(parts: Numeral, key: Key, classical: bool) -> Chord:
    root = _root(parts, key, classical)
    rest, inversion = _figured(parts.rest, classical)
    shape = _shape(parts.lower, rest)
    if (rest != parts.rest or classical) and "d" not in parts.rest:
        shape = _own_seventh(Chord(root, shape), rest, key, classical)
    chord = Chord(root, shape)
    if not inversion:
        return chord
    tones = [tone for tone in shape.intervals if tone < 12]
    if inversion >= len(tones):
        raise Unreadable(len(parts.sign))
    steps = -9 if tones[inversion] == 9 and shape.family == "dim" else INVERTED[tones[inversion]]
    return chord.with_bass(_at(root, steps))


def _figured(rest: str, classical: bool) -> tuple[str, int]:
    """A suffix with its figured bass replaced by what it means, and the inversion that it says."""
    figures = CLASSICAL_FIGURES if classical else FIGURES
    for length in (2, 1):
        before, figure = rest[:-length], rest[-length:]
        bare = not before[-1:].isdigit() and not before.endswith(("sus", "add", "b", "#"))
        if bare and len(figure) == length and figure in figures:
            inversion, meaning = figures[figure]
            return before.removesuffix("d") + meaning, inversion
    if rest in ("°6", "o6"):
        return rest[:-1], 1
    return rest.replace("d7", "7") if classical else rest, 0


def _shape(lower: bool, rest: str) -> Shape:
    """The shape of what stands after the numeral; small letters are minor unless they say otherwise."""
    if lower and rest.startswith("+"):
        return read_suffix("m#5" + rest[1:])
    says_itself = rest.startswith(("°", "o", "ø", "h", "m", "-", "dim", "sus", "aug")) and not rest.startswith("maj")
    return read_suffix(f"m{rest}" if lower and not says_itself else rest)


def _own_seventh(chord: Chord, rest: str, key: Key, classical: bool) -> Shape:
    """The seventh, and in analysis the ninth, that the key itself has above that root: IV7 in major is a major seventh."""
    shape = chord.shape
    scale = {(key.tonic_pc + step - chord.root_pc) % 12 for step in key.scale}
    if rest in ("7", "+7") and shape.third == 4 and 10 not in scale and 11 in scale:
        return shape_of(tuple(11 if tone == 10 else tone for tone in shape.intervals))
    if classical and rest == "9" and key.is_minor and chord.root_pc == (key.tonic_pc + 7) % 12:
        return shape_of(normal((*(tone for tone in shape.intervals if tone != 14), 13)))
    return shape


def _degree_steps(degree: str) -> int:
    number = degree.lstrip("b#")
    return DEGREE_FIFTHS[int(number) - 1] + 7 * (degree.count("#") - degree.count("b"))


def _wrong(text: str, position: int) -> ChordError:
    shown = text[:40]
    return ChordError(f'numeral "{shown}": cannot be read; write it like ii7, V7/vi, bVII, #iv°7, subV7 or I/3', text, position)
