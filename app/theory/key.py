"""A key: a spelled tonic and a mode, its signature, and how it spells pitch classes."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from app.errors import RequestError
from app.theory.pitch import fifths, name_at_fifths, pitch_class

MODES: Final = MappingProxyType(
    {  # semitones above the tonic, and the signature's distance from major on the circle of fifths
        "major": ((0, 2, 4, 5, 7, 9, 11), 0),
        "minor": ((0, 2, 3, 5, 7, 8, 10), -3),
        "dorian": ((0, 2, 3, 5, 7, 9, 10), -2),
        "phrygian": ((0, 1, 3, 5, 7, 8, 10), -4),
        "lydian": ((0, 2, 4, 6, 7, 9, 11), 1),
        "mixolydian": ((0, 2, 4, 5, 7, 9, 10), -1),
        "locrian": ((0, 1, 3, 5, 6, 8, 10), -5),
    }
)
MODE_WORDS: Final = MappingProxyType(
    {"": "major", "maj": "major", "major": "major", "ionian": "major", "M": "major"}
    | {"m": "minor", "min": "minor", "minor": "minor", "aeolian": "minor"}
    | {mode: mode for mode in ("dorian", "phrygian", "lydian", "mixolydian", "locrian")}
)
FIFTHS_ABOVE: Final = (0, -5, 2, -3, 4, -1, 6, 1, -4, 3, -2, 5)  # semitones above the tonic → steps on the circle of fifths
RAISED: Final = MappingProxyType({1: 7, 3: 9, 6: 6, 8: 8, 10: 10})


class Key(NamedTuple):
    """A tonic (spelled, `Eb`) and a mode of `MODES`."""

    tonic: str
    mode: str = "major"

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read `Eb`, `Ebm`, `F# minor`, `D dorian`, `B flat major`. Raises RequestError that says what a key looks like."""
        return _parsed(text)

    @property
    def tonic_pc(self) -> int:
        """The tonic's pitch class, 0-11."""
        return pitch_class(self.tonic)

    @property
    def scale(self) -> tuple[int, ...]:
        """Semitones of the mode's seven degrees above the tonic."""
        return MODES[self.mode][0]

    @property
    def is_minor(self) -> bool:
        """Whether the mode's third is minor."""
        return self.scale[2] == 3

    @property
    def signature(self) -> int:
        """Sharps (positive) or flats (negative) of the mode's own key signature, -7 to 7."""
        return fifths(self.tonic) + MODES[self.mode][1]

    def respelled(self) -> Key:
        """The same key with a signature of at most seven accidentals (`G# major` is `Ab major`)."""
        steps = self.signature
        if -7 <= steps <= 7:
            return self
        return Key(name_at_fifths(fifths(self.tonic) + (-12 if steps > 0 else 12)), self.mode)

    def spell(self, pc: int, *, raised: bool = False) -> str:
        """The name of a pitch class as players write it in this key: scale notes by signature; others ♭2 ♭3 ♯4 ♭6 ♭7 and,
        in minor, the raised 3, 6 and 7. `raised`: as a note that leads upwards, ♯1 ♯2 ♯4 ♯5 ♯6 (a passing diminished chord)."""
        above = (pc - self.tonic_pc) % 12
        steps = FIFTHS_ABOVE[above]
        if above not in self.scale and raised and above in RAISED:
            steps = RAISED[above]
        elif self.mode == "locrian" and above == 6:
            steps = -6
        return plain_name(name_at_fifths(fifths(self.tonic) + steps))

    @property
    def short(self) -> str:
        """`Eb`, `Ebm`, or with the mode's name: `D dorian`."""
        if self.mode == "major":
            return self.tonic
        return f"{self.tonic}m" if self.mode == "minor" else f"{self.tonic} {self.mode}"

    def __str__(self) -> str:
        return f"{self.tonic} {self.mode}"


@lru_cache(maxsize=512)
def _parsed(text: str) -> Key:
    words = text.replace("♭", "b").replace("♯", "#").replace("-", " ").split()
    tonic, rest = _split_tonic(words[0]) if words else ("", "")
    for word in words[1:]:
        if word.lower() in {"flat", "sharp"} and not rest:
            tonic += "b" if word.lower() == "flat" else "#"
        else:
            rest = f"{rest} {word}".strip()
    mode = MODE_WORDS.get(rest) or MODE_WORDS.get(rest.lower())
    if not tonic or tonic[0] not in "ABCDEFG" or mode is None or len(tonic) > 2:
        raise RequestError(f'key "{text[:40]}": cannot be read; write it like "Eb", "F# minor" or "D dorian"', "key")
    return Key(tonic, mode).respelled()


def _split_tonic(word: str) -> tuple[str, str]:
    """`Ebm` → (`Eb`, `m`); a lower-case letter is read as the note name only (`eb`)."""
    if not word:
        return "", ""
    end = 1
    while end < len(word) and word[end] in "b#":
        end += 1
    return word[0].upper() + word[1:end], word[end:]


def plain_name(name: str) -> str:
    """A name without double accidentals, and E for F flat: what players write."""
    if len(name) < 3 and name != "Fb":
        return name
    steps = fifths(name)
    return name_at_fifths(steps - 12 if steps > 0 else steps + 12)
