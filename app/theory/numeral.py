"""Roman numerals and Nashville numbers: read in a key into chords, and written from them."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from app.errors import ChordError
from app.theory.chord import Chord
from app.theory.chord_reader import Unreadable, read_suffix
from app.theory.chord_shape import Shape, normal, shape_of
from app.theory.chord_spelling import suffix_of
from app.theory.key import FIFTHS_ABOVE, MODES, RAISED, Key, plain_name
from app.theory.pitch import fifths, name_at_fifths, pitch_class

ROMANS: Final = ("I", "II", "III", "IV", "V", "VI", "VII")
DEGREE_FIFTHS: Final = (0, 2, 4, -1, 1, 3, 5)  # major-scale degrees as steps on the circle of fifths
SIGNS: Final = str.maketrans({"♭": "b", "♯": "#", "º": "°", "˚": "°", "Ø": "ø", "–": "-", "−": "-", " ": None})
FIGURES: Final = MappingProxyType(  # figured bass → (inversion, whether it has a seventh)
    {"64": (2, False), "65": (1, True), "43": (2, True), "42": (3, True)}
)
CLASSICAL_FIGURES: Final = MappingProxyType({**FIGURES, "6": (1, False), "2": (3, True), "63": (1, False), "53": (0, False)})
NAMED: Final = MappingProxyType(  # name → (steps on the circle of fifths above the tonic, tones, bass in the same steps)
    {
        "N": (-5, (0, 4, 7), None), "N6": (-5, (0, 4, 7), -1),
        "It": (-4, (0, 4, 10), None), "Ger": (-4, (0, 4, 7, 10), None), "Fr": (-4, (0, 4, 6, 10), None),
        "Cad64": (0, (0, 4, 7), 1),
    }
)  # fmt: skip
NAME_ALIASES: Final = MappingProxyType(
    {"It6": "It", "It+6": "It", "Ger65": "Ger", "Ger6": "Ger", "Ger+6": "Ger", "Gr6": "Ger", "Ger6/5": "Ger", "Gr65": "Ger"}
    | {"Fr43": "Fr", "Fr6": "Fr", "Fr+6": "Fr", "Fr4/3": "Fr", "Cad6/4": "Cad64", "K64": "Cad64"}
)
FUNCTIONS: Final = MappingProxyType(  # degree as written (upper case) → function
    {"I": "tonic", "III": "tonic", "VI": "tonic", "II": "subdominant", "IV": "subdominant", "V": "dominant", "VII": "dominant"}
    | {"bII": "dominant", "bVI": "subdominant", "bVII": "modal", "bIII": "modal", "#IV": "passing", "bV": "dominant", "N": "subdominant"}
    | {"It": "dominant", "Ger": "dominant", "Fr": "dominant", "Cad": "dominant"}
)


class Numeral(NamedTuple):
    """A numeral taken apart: `bVII7/ii` has sign `b`, degree 6, lower False, rest `7`, target `ii`."""

    sign: str
    degree: int  # 0-6
    lower: bool
    rest: str
    bass: str  # a scale degree below, "" for none
    target: str  # the numeral whose tonic it leads to, "" for none


def resolve(numeral: str, key: Key, *, classical: bool = False) -> Chord:
    """The chord of a numeral, spelled in the key.

    Degrees are those of the tonic's major scale in every mode (♭VI in C minor is A♭), and `6` is the added sixth. `classical`:
    figures are inversions, 7 is the key's own seventh, and in minor III, VI and VII are the key's own. Raises ChordError.
    """
    return _resolved(numeral.translate(SIGNS), key, classical)


@lru_cache(maxsize=4096)
def _resolved(text: str, key: Key, classical: bool) -> Chord:
    named = NAMED.get(NAME_ALIASES.get(text, text))
    if named:
        root, tones, bass = named
        quality = tuple(3 if tone == 4 and text.startswith(("Cad", "K")) and key.is_minor else tone for tone in tones)
        return Chord.of(_at(key.tonic, root), quality, "" if bass is None else _at(key.tonic, bass))
    if text in ("N.C.", "NC"):
        return Chord.parse("N.C.")
    parts = take_apart(text)
    local = _local(parts.target, key, classical) if parts.target else key
    try:
        chord = _chord(parts, local, classical)
    except Unreadable as stop:
        raise _wrong(text, stop.position) from None
    if not parts.bass:
        return chord
    return chord.with_bass(_at(key.tonic, _degree_steps(parts.bass, text)))


def _at(tonic: str, steps: int) -> str:
    return plain_name(name_at_fifths(fifths(tonic) + steps))


def take_apart(text: str) -> Numeral:
    """The parts of one numeral. Raises ChordError."""
    if text.startswith("sub"):
        inner = take_apart(text[3:])
        return inner._replace(sign="b", degree=1) if inner.degree == 4 else inner
    head, *below = text.split("/")
    while below and head[-1:].isdigit() and head[-1] + below[0] in ("64", "65", "43", "42", "69"):
        head += below.pop(0)
    target = ""
    bass = ""
    for part in below:
        if part.lstrip("b#")[:1] in ("I", "V", "i", "v") and not target:
            target = part
        elif part.lstrip("b#") in ("1", "2", "3", "4", "5", "6", "7") and not bass:
            bass = part
        else:
            raise _wrong(text, text.index("/"))
    rest = head.lstrip("b#")
    sign = head[: len(head) - len(rest)]
    roman = _roman(rest)
    if not roman or len(sign) > 2:
        raise _wrong(text, 0)
    return Numeral(sign, ROMANS.index(roman.upper()), roman.islower(), rest[len(roman) :], bass, target)


def _roman(text: str) -> str:
    for length in (3, 2, 1):
        piece = text[:length]
        if piece.upper() in ROMANS and (piece.isupper() or piece.islower()):
            return piece
    return ""


def _local(target: str, key: Key, classical: bool) -> Key:
    parts = take_apart(target)
    return Key(_root(parts, key, classical), "minor" if parts.lower else "major")


def _root(parts: Numeral, key: Key, classical: bool) -> str:
    steps = DEGREE_FIFTHS[parts.degree]
    if classical and key.is_minor and not parts.sign and not (parts.degree == 6 and parts.lower):
        steps = _own_steps(parts.degree, key)
    return _at(key.tonic, steps + 7 * (parts.sign.count("#") - parts.sign.count("b")))


def _own_steps(degree: int, key: Key) -> int:
    natural = MODES["major"][0][degree]
    return DEGREE_FIFTHS[degree] - 7 * (natural - key.scale[degree])


def _chord(parts: Numeral, key: Key, classical: bool) -> Chord:
    root = _root(parts, key, classical)
    rest, inversion = _figured(parts.rest, classical)
    shape = _shape(parts, rest)
    if classical and rest.endswith("7") and rest.rstrip("7") in ("", "°", "o") and not parts.sign:
        shape = _own_seventh(shape, root, rest, key)
    chord = Chord(root, shape)
    if not inversion:
        return chord
    tones = [tone for tone in shape.intervals if tone < 12]
    if inversion >= len(tones):
        raise Unreadable(0)
    steps = {3: -3, 4: 4, 5: -1, 6: -6, 7: 1, 8: 8, 9: -9 if shape.family == "dim" else 3, 10: -2, 11: 5, 2: 2}[tones[inversion]]
    return chord.with_bass(_at(root, steps))


def _own_seventh(shape: Shape, root: str, rest: str, key: Key) -> Shape:
    """The seventh that the key itself has above that root: IV7 in major is a major seventh."""
    if rest != "7":
        return shape
    scale = {(key.tonic_pc + step) % 12 for step in key.scale}
    above = {(pc - pitch_class(root)) % 12 for pc in scale}
    tone = 10 if 10 in above else 11
    if shape.family in ("dom", "min", "maj"):
        return shape_of(normal((*(step for step in shape.intervals if step < 10), tone)))
    return shape


def _figured(rest: str, classical: bool) -> tuple[str, int]:
    """A suffix without its figured bass, and the inversion that the figures say."""
    figures = CLASSICAL_FIGURES if classical else FIGURES
    for length in (2, 1):
        figure = rest[-length:]
        if len(rest) < length or figure not in figures or rest[: -length][-1:].isdigit():
            continue
        if length == 1 and not classical:
            continue
        inversion, seventh = figures[figure]
        return rest[:-length] + ("7" if seventh else ""), inversion
    if rest in ("°6", "o6"):
        return rest[:-1], 1
    return rest, 0


def _shape(parts: Numeral, rest: str) -> Shape:
    if parts.lower and rest[:1] not in ("°", "o", "ø", "h", "+", "m", "-") and not rest.startswith(("dim", "sus", "aug", "min")):
        rest = "m" + rest
    elif parts.lower and rest.startswith("maj"):
        rest = "m" + rest
    elif parts.lower and rest.startswith("+"):
        rest = "m#5" + rest[1:]
    return read_suffix(rest)


def _degree_steps(bass: str, text: str) -> int:
    number = bass.lstrip("b#")
    return DEGREE_FIFTHS[int(number) - 1] + 7 * (bass.count("#") - bass.count("b"))


def _wrong(text: str, position: int) -> ChordError:
    return ChordError(f'numeral "{text[:40]}": cannot be read; write it like ii7, V7/vi, bVII, #iv°7, subV7 or I/3', text, position)


def numeral_of(chord: Chord, key: Key, next_chord: Chord | None = None) -> str:
    """The numeral of a chord in a key, canonical: `ii7`, `bVII7`, `#iv°7`, `I/5`; with the next chord `V7/ii`, `subV7/ii`."""
    if not chord.root:
        return "N.C."
    bass = f"/{degree_name(chord.bass, key)}" if chord.bass else ""
    if next_chord is not None and next_chord.root:
        applied = _applied(chord, key, next_chord)
        if applied:
            return applied + bass
    return _plain_numeral(chord, key) + bass


def _plain_numeral(chord: Chord, key: Key) -> str:
    name = degree_name(chord.root, key)
    sign, degree = name[:-1], int(name[-1]) - 1
    roman = ROMANS[degree]
    suffix = suffix_of(chord.shape)
    if chord.third == 3:
        roman = roman.lower()
        suffix = MINOR_SUFFIXES.get(suffix, suffix.removeprefix("m"))
        suffix = f"maj{suffix[1:]}" if suffix.startswith("M") else suffix
    return f"{sign}{roman}{suffix}"


MINOR_SUFFIXES: Final = MappingProxyType({"m7b5": "ø7", "dim7": "°7", "dim": "°"})


def degree_name(name: str, key: Key) -> str:
    """A note as a degree of the tonic's major scale: `b7`, `#4`, `5`."""
    pc = pitch_class(name)
    steps = FIFTHS_ABOVE[(pc - key.tonic_pc) % 12]
    written = fifths(name) - fifths(key.tonic)
    if written > 6 and name != key.spell(pc):
        steps = RAISED.get((pc - key.tonic_pc) % 12, steps)
    accidentals, letter = divmod(steps + 1, 7)
    return ("#" * accidentals if accidentals > 0 else "b" * -accidentals) + "4152637"[letter]


def _applied(chord: Chord, key: Key, following: Chord) -> str:
    """A dominant of the next chord, when that is not the tonic: `V7/ii`, `subV7/ii`; `subV7` of the tonic itself."""
    if chord.third != 4 or chord.family not in ("dom", "maj", "aug"):
        return ""
    move = (chord.root_pc - following.root_pc) % 12
    tonic = following.root_pc == key.tonic_pc
    suffix = suffix_of(chord.shape)
    if move == 1 and chord.family == "dom":
        return f"subV{suffix}" if tonic else f"subV{suffix}/{_target(following, key)}"
    outside = not _in_scale(chord, key)
    if move == 7 and not tonic and outside and (chord.family == "dom" or chord.seventh is None):
        return f"V{suffix}/{_target(following, key)}"
    return ""


def _in_scale(chord: Chord, key: Key) -> bool:
    scale = {(key.tonic_pc + step) % 12 for step in key.scale}
    return all((chord.root_pc + tone) % 12 in scale for tone in chord.intervals if tone < 12)


def _target(chord: Chord, key: Key) -> str:
    name = degree_name(chord.root, key)
    roman = ROMANS[int(name[-1]) - 1]
    return name[:-1] + (roman.lower() if chord.third == 3 else roman)


def function_of(numeral: str) -> str:
    """tonic, subdominant, dominant, passing or modal; "" for N.C."""
    text = numeral.translate(SIGNS)
    if text in ("N.C.", "NC", ""):
        return ""
    for name in ("Cad", "Ger", "It", "Fr", "N"):
        if text.startswith(name):
            return FUNCTIONS[name]
    if text.startswith("sub"):
        return "dominant"
    parts = take_apart(text)
    if parts.target:
        return "dominant" if parts.degree in (4, 6) else "subdominant"
    if parts.lower and parts.rest[:1] in ("°", "o") and (parts.sign or parts.degree != 6):
        return "passing"
    return FUNCTIONS.get(parts.sign + ROMANS[parts.degree], "passing" if "#" in parts.sign else "modal")


NASHVILLE: Final = MappingProxyType({"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V", "6": "VI", "7": "VII"})


def from_nashville(number: str, key: Key) -> Chord:
    """The chord of a Nashville number in a key: `1`, `6m7`, `b7`, `5/7`, `4maj7`. Raises ChordError."""
    text = number.translate(SIGNS)
    rest = text.lstrip("b#")
    if rest[:1] not in NASHVILLE:
        raise ChordError(f'Nashville number "{number[:40]}": cannot be read; write it like 1, 6m7, b7 or 5/7', number)
    head, _, bass = rest[1:].partition("/")
    try:
        shape = read_suffix(head)
    except Unreadable as stop:
        raise _wrong(number, stop.position) from None
    sign = text[: len(text) - len(rest)]
    steps = DEGREE_FIFTHS[int(rest[0]) - 1] + 7 * (sign.count("#") - sign.count("b"))
    chord = Chord(_at(key.tonic, steps), shape)
    return chord.with_bass(_at(key.tonic, _degree_steps(bass, number))) if bass else chord


def nashville_of(chord: Chord, key: Key) -> str:
    """The Nashville number of a chord: `2m7`, `b7`, `5/7`."""
    if not chord.root:
        return "N.C."
    bass = f"/{degree_name(chord.bass, key)}" if chord.bass else ""
    return degree_name(chord.root, key) + suffix_of(chord.shape) + bass
