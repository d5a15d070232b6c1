"""A chord in the making: its place above the tonic in fifths, its quality, how much of a bar it lasts; and rows of them."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Final, NamedTuple

from app.errors import NotationError

BAR: Final = 4  # units in a bar, whatever the metre: a chord lasts 4, 2 or 1
DEGREES: Final = MappingProxyType({"I": 0, "II": 2, "III": 4, "IV": -1, "V": 1, "VI": 3, "VII": 5})  # fifths above the tonic
NUMBERS: Final = MappingProxyType({"1": 0, "2": 2, "3": 4, "4": -1, "5": 1, "6": 3, "7": 5})
UPPER_TAILS: Final = MappingProxyType(
    {"+": "aug", "+7": "7#5", "alt": "7#9#5", "sus": "sus4", "7sus": "7sus4", "9sus": "9sus4", "13sus": "9sus4", "7alt": "7#9#5"}
)
LOWER_TAILS: Final = MappingProxyType({"ø": "m7b5", "ø7": "m7b5", "o": "dim", "o7": "dim7", "M7": "mM7"})
FIGURES: Final = MappingProxyType(  # figured bass → (what it is in root position, which chord tone is the bass)
    {"6": ("", 1), "64": ("", 2), "65": ("7", 1), "43": ("7", 2), "42": ("7", 3), "": ("", 0), "7": ("7", 0)}
)
TONES: Final = MappingProxyType(  # suffix → fifths of third, fifth and seventh above the root
    {
        "": (4, 1, -2), "m": (-3, 1, -2), "7": (4, 1, -2), "m7": (-3, 1, -2), "maj7": (4, 1, 5), "dim": (-3, -6, -9),
        "dim7": (-3, -6, -9), "m7b5": (-3, -6, -2), "aug": (4, 8, -2), "mM7": (-3, 1, 5), "6": (4, 1, 3), "m6": (-3, 1, 3),
    }
)  # fmt: skip
TOKEN: Final = re.compile(r"([b#]*)([IV]+|[iv]+)([^/]*)(?:/([b#]*)([1-7]|[IV]+|[iv]+))?\Z")
LOCAL: Final = re.compile(r"\[([b#]*)([IV]+|[iv]+)?\]\Z")


class Step(NamedTuple):
    """A chord for `units` quarters of a bar. Roots, basses and local tonics are fifths above the piece's tonic."""

    root: int
    suffix: str
    units: int = BAR
    bass: int | None = None
    home: int | None = None  # the local tonic, None for the piece's own
    minor: bool = False  # the mode of that local key
    rule: str = ""
    why: str = ""
    settled: bool = False  # its colour is decided

    @property
    def pc(self) -> int:
        """Semitones of the root above the tonic."""
        return self.root * 7 % 12

    @property
    def family(self) -> str:
        """maj, min, dom, sus, dim, hdim or aug."""
        return family_of(self.suffix)

    def marked(self, rule: str, why: str) -> Step:
        """The same chord, made by that rule."""
        root, suffix, units, bass, home, minor, _, _, settled = self
        return new_step((root, suffix, units, bass, home, minor, rule, why, settled))

    def lasting(self, units: int) -> Step:
        """The same chord for so many units."""
        root, suffix, _, bass, home, minor, rule, why, settled = self
        return new_step((root, suffix, units, bass, home, minor, rule, why, settled))

    def coloured(self, suffix: str) -> Step:
        """A chord of another suffix in the same place."""
        root, _, units, bass, home, minor, rule, why, settled = self
        return new_step((root, suffix, units, bass, home, minor, rule, why, settled))

    def same(self, other: Step) -> bool:
        """Whether both sound alike."""
        return self.root == other.root and self.suffix == other.suffix and self.bass == other.bass


new_step: Final = partial(tuple.__new__, Step)  # of all fields in order: five times as fast as `_replace`
Steps = tuple[Step, ...]


@lru_cache(maxsize=512)
def family_of(suffix: str) -> str:
    """The family that a suffix belongs to."""
    if suffix.startswith("m7b5"):
        return "hdim"
    if suffix.startswith("dim"):
        return "dim"
    if suffix.startswith("m") and not suffix.startswith("maj"):
        return "min"
    if "sus" in suffix:
        return "sus"
    if suffix == "aug":
        return "aug"
    return "dom" if suffix[:1] in ("7", "9") or suffix.startswith(("13", "11")) else "maj"


@lru_cache(maxsize=4096)
def read_token(text: str, figures: bool = False) -> Step:
    """Read `bVI7`, `iiø`, `I/3`, `V7/vi`; with `figures` also `V65`. Raises NotationError."""
    found = TOKEN.match(text)
    if found is None or found[2].upper() not in DEGREES:
        raise NotationError(f'"{text}" is no Roman numeral; write it like "ii7", "bVII7", "iiø", "I/3" or "V7/vi"', text)
    accidentals, letters, tail, shift, over = found.groups()
    root = DEGREES[letters.upper()] + _shift(accidentals)
    lower = letters.islower()
    tone = 0
    if figures:
        tail, tone = _figured(tail)
    suffix = _suffix(tail, lower)
    bass = None if tone == 0 else root + TONES[suffix][tone - 1]
    if over in NUMBERS:
        bass = NUMBERS[over] + _shift(shift)
    elif over:
        target = DEGREES[over.upper()] + _shift(shift)
        root, bass = root + target, None if bass is None else bass + target
    return Step(root, suffix, bass=None if bass == root else bass)


def _shift(accidentals: str) -> int:
    return 7 * (accidentals.count("#") - accidentals.count("b"))


def _figured(tail: str) -> tuple[str, int]:
    kind = tail.rstrip("0123456789")
    if kind not in ("", "o", "ø") or tail[len(kind) :] not in FIGURES:
        return tail, 0
    seventh, tone = FIGURES[tail[len(kind) :]]
    return ("ø" if kind == "ø" else kind + seventh), tone


def _suffix(tail: str, lower: bool) -> str:
    if not lower:
        return UPPER_TAILS.get(tail, tail)
    return LOWER_TAILS.get(tail) or (tail if tail.startswith("m") and not tail.startswith("maj") else f"m{tail}")


@lru_cache(maxsize=4096)
def read_row(text: str, figures: bool = False) -> tuple[Steps, ...]:
    """The bars of a row: `Imaj7 VI7 | ii7 V7`; `%` repeats the bar before, `[IV]` and `[vi]` change the key until `[]`.

    Raises NotationError.
    """
    bars: list[Steps] = []
    home: tuple[int, bool] | None = None
    for part in text.split("|"):
        words = part.split()
        chords: list[Step] = []
        for word in words:
            if word.startswith("["):
                home = _read_local(word)
            elif word != "%":
                chords.append(_placed(read_token(word, figures), home))
        bars.append(_bar(chords, bars, text))
    return tuple(bars)


def _read_local(word: str) -> tuple[int, bool] | None:
    found = LOCAL.match(word)
    if found is None or (found[2] and found[2].upper() not in DEGREES):
        raise NotationError(f'"{word}" is no local key; write it like "[IV]" or "[vi]"', word)
    if not found[2]:
        return None
    return DEGREES[found[2].upper()] + _shift(found[1]), found[2].islower()


def _placed(step: Step, home: tuple[int, bool] | None) -> Step:
    if home is None:
        return step
    bass = None if step.bass is None else step.bass + home[0]
    return step._replace(root=step.root + home[0], bass=bass, home=home[0], minor=home[1])


def _bar(chords: list[Step], before: list[Steps], text: str) -> Steps:
    if not chords:
        if not before:
            raise NotationError(f'"{text}": its first bar has no chord', text)
        return before[-1]
    if len(chords) > BAR:
        raise NotationError(f'"{text}": more than {BAR} chords in a bar', text)
    return shared_out(chords)


def shared_out(chords: list[Step] | Steps) -> Steps:
    """One to four chords over one bar: the first is the longest."""
    lengths = {1: (4,), 2: (2, 2), 3: (2, 1, 1), 4: (1, 1, 1, 1)}[len(chords)]
    return tuple(step.lasting(units) for step, units in zip(chords, lengths, strict=True))


def split(step: Step) -> tuple[int, int]:
    """The halves of a chord's length."""
    return step.units - step.units // 2, step.units // 2
