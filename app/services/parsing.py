"""From a model's words to bars of chords: what is not quite as asked is mended and reported, the rest refused with advice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from time import perf_counter
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeVar

from app.errors import ChordError, RejectedReply
from app.llm.types import Check
from app.services.reply_shape import Bars as SaidBars
from app.services.reply_shape import Outline, Said, as_asked, outline, useful
from app.services.reply_text import read_reply
from app.theory.charts import Bar, Bars, shared_beats
from app.theory.chord import NONE, Chord
from app.theory.chord_names import read_name
from app.theory.chord_reader import Unreadable
from app.theory.key import Key
from app.theory.pitch import pitch_class
from app.theory.rhythm import Metre
from schemas.progression import LETTERS, QUALITIES, SECTION_BARS, Frame, unlike

Made = TypeVar("Made")
SIGNS: Final = str.maketrans({"♭": "b", "♯": "#", "-": ""})
NO_BASS: Final = ("", "null", "none", "root", "-")
SILENT: Final = ("", "n.c.", "nc", "n", "rest", "none", "null", "%")
OTHERS: Final = MappingProxyType(  # what else models call a quality
    {
        "major": "maj", "minor": "m", "min": "m", "-": "m", "dominant": "7", "dominant 7": "7", "dominant7": "7", "dom7": "7",
        "dom": "7", "dominant 7th": "7", "major 7": "maj7", "major7": "maj7", "maj 7": "maj7", "major seventh": "maj7",
        "major 7th": "maj7", "minor 7": "m7", "minor7": "m7", "min7": "m7", "-7": "m7", "minor seventh": "m7",
        "minor 7th": "m7", "seventh": "7", "7th": "7", "half-diminished": "m7b5", "half diminished": "m7b5", "hdim": "m7b5",
        "hdim7": "m7b5", "min7b5": "m7b5", "diminished": "dim", "diminished 7": "dim7", "diminished7": "dim7",
        "diminished seventh": "dim7", "augmented": "aug", "+": "aug", "suspended": "sus4", "sus": "sus4", "7sus": "7sus4",
        "9sus": "9sus4", "13sus": "13sus4", "suspended 4": "sus4", "suspended 2": "sus2", "major 9": "maj9", "major9": "maj9",
        "minor 9": "m9", "minor9": "m9", "min9": "m9", "min6": "m6", "6/9": "69", "altered": "7alt", "alt": "7alt",
        "minor major 7": "mM7", "minmaj7": "mM7", "power": "5", "min11": "m11", "minor 11": "m11", "dominant 9": "9",
        "dominant 13": "13",
    }
)  # fmt: skip


class Parsed(NamedTuple):
    """An answer read: bars of the number asked, what it planned, what was mended, and the checks so far."""

    bars: Bars
    plan: tuple[str, ...] = ()
    sections: tuple[tuple[str, int], ...] = ()  # label and bars, in order, of a piece asked for by sections
    repairs: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()


class Steps:
    """The checks of one answer, each timed; the first that fails ends the reading."""

    def __init__(self) -> None:
        self.rows: list[Check] = []

    def take(self, name: str, work: Callable[[], tuple[Made, str]]) -> Made:
        """The result of a step that may say what it mended. Raises RejectedReply that holds all rows so far."""
        began = perf_counter()
        try:
            made, mended = work()
        except RejectedReply as refusal:
            self.rows.append(Check(name, False, str(refusal), 1.0, _ms(began)))
            raise RejectedReply(str(refusal), self.rows) from None
        self.rows.append(Check(name, True, f"repaired: {mended}" if mended else "", 0.8 if mended else 1.0, _ms(began)))
        return made


def _ms(began: float) -> float:
    return round((perf_counter() - began) * 1e3, 3)


def parse(text: str, frame: Frame, key: Key, metre: Metre) -> Parsed:
    """The bars of an answer. Raises RejectedReply with advice for the model and the checks that were made."""
    steps = Steps()
    reading = steps.take("syntax", lambda: _read(text))
    said = steps.take("schema", lambda: _shaped(reading, frame))
    fit = steps.take("bars", lambda: _fitted(said, frame))
    chords = steps.take("symbols", lambda: _chords(fit.bars, key))
    timed = steps.take("beats", lambda: _timed(fit.bars, chords, metre))
    repairs = tuple(row.reason.removeprefix("repaired: ") for row in steps.rows if row.reason)
    return Parsed(timed, said.plan, fit.sections, repairs, tuple(steps.rows))


def _read(text: str) -> tuple[Any, str]:
    reading = read_reply(text, useful)
    return reading.value, ", ".join(reading.mended)


def _shaped(value: Any, frame: Frame) -> tuple[Outline, str]:
    wrong = unlike(frame, value)
    return (outline(value, frame.beats), f"not as asked ({wrong})") if wrong else (as_asked(value), "")


class _Fit(NamedTuple):
    bars: SaidBars
    sections: tuple[tuple[str, int], ...] = ()


def _fitted(said: Outline, frame: Frame) -> tuple[_Fit, str]:
    """Exactly the bars asked: a few too many are left out before the ending, a few too few repeated before it."""
    if said.sections:
        return _tiled(said, frame)
    bars, wanted = [bar for bar in said.bars if bar], frame.bars
    if len(bars) != len(said.bars):
        raise RejectedReply("a bar holds no chord: write one or more in each")
    got = len(bars)
    if got == wanted:
        return _Fit(bars), ""
    near = abs(got - wanted) <= max(2, wanted // 4) or (got >= 2 and wanted % got == 0) or (frame.by_sections and got >= 4)
    if not got or not near:
        raise RejectedReply(f"{got} bars were written, {wanted} were asked for: write exactly {wanted}")
    ending = min(2, wanted, got)
    body = [bars[index % got] for index in range(wanted - ending)]
    return _Fit([*body, *bars[got - ending :]]), f"{got} bars for {wanted}"


def _tiled(said: Outline, frame: Frame) -> tuple[_Fit, str]:
    """The sections in the order of the form, over and over until the bars are full; the last one ends the piece."""
    low, high = SECTION_BARS
    long = {name: bars[:high] for name, bars in said.sections.items() if len(bars) >= low}
    parts = {name.strip().upper()[:1] or "A": bars for name, bars in long.items()}
    order = [name.upper()[:1] for name in said.form if name.upper()[:1] in parts] or list(parts)
    if not parts:
        raise RejectedReply(f"every section is shorter than {low} bars: write 4 to 32 bars for each")
    if any(not bar for bars in parts.values() for bar in bars):
        raise RejectedReply("a bar holds no chord: write one or more in each")
    played: list[tuple[str, int]] = []
    total, place = 0, 0
    while total < frame.bars:
        name = order[place % len(order)]
        size = min(len(parts[name]), frame.bars - total)
        played.append((name, size))
        total, place = total + size, place + 1
    bars = [bar for name, size in played for bar in parts[name][:size]]
    closing = parts[order[-1]][-2:]
    asked = sum(len(parts[name]) for name in order)
    exact = asked == frame.bars
    labels = tuple((name if name in LETTERS else "A", size) for name, size in played)
    return _Fit([*bars[: -len(closing)], *closing], labels), "" if exact else f"{asked} bars of form for {frame.bars}"


def _chords(bars: SaidBars, key: Key) -> tuple[Bars, str]:
    """Every chord read, without beats yet; what is silent goes on with the chord before."""
    found: list[list[Chord]] = []
    mended: list[str] = []
    known: dict[tuple[str | None, ...], Chord | None] = {}  # most chords of a piece come back
    before = NONE
    for place, bar in enumerate(bars):
        row = []
        for said in bar:
            name = (said.root, said.quality, said.bass)
            if name not in known:
                chord = _chord(said, place, mended)
                known[name] = chord and _spelled(chord, key)
            before = known[name] or before
            row.append(before)
        found.append(row)
    if all(chord == NONE for row in found for chord in row):
        raise RejectedReply("there is no chord at all")
    return tuple(tuple((Fraction(0), chord) for chord in row) for row in found), ", ".join(dict.fromkeys(mended))


def _chord(said: Said, place: int, mended: list[str]) -> Chord | None:
    root = said.root.strip()
    if root.lower() in SILENT:
        return None
    text = root if said.quality is None else _note(root) + _suffix(said.quality, mended)
    try:
        chord = Chord.parse(text)
    except ChordError:
        whole = _whole(root)
        if said.quality is None or whole is None:
            raise RejectedReply(f'bar {place + 1}: "{text[:20]}" is no chord') from None
        mended.append("chords in the place of roots")
        chord = whole
    if said.bass is not None and said.bass.strip().lower() not in NO_BASS:
        return _over(chord, said.bass, mended)
    return chord


def _whole(text: str) -> Chord | None:
    try:
        return Chord.parse(text)
    except ChordError:
        return None


def _note(text: str) -> str:
    """`eb`, `E♭`, `E flat` as `Eb`."""
    plain = text.translate(SIGNS).replace(" flat", "b").replace(" sharp", "#")
    return plain[:1].upper() + plain[1:]


def _suffix(quality: str, mended: list[str]) -> str:
    if quality in QUALITIES:
        return QUALITIES[quality]
    lower = quality.lower().strip()
    name = OTHERS.get(lower) or OTHERS.get(lower.replace("_", " ")) or (lower if lower in QUALITIES and quality != "M7" else None)
    if quality:
        mended.append(f"{quality[:12]} for a quality")
    return quality if name is None else QUALITIES[name]


def _over(chord: Chord, bass: str, mended: list[str]) -> Chord:
    note = _note(bass.strip().lstrip("/"))
    try:
        name, end = read_name(note, 0)
    except Unreadable:
        name, end = "", -1
    if not name or end != len(note):
        mended.append(f"a bass {bass[:8]} left out")
        return chord
    return chord if chord.root and pitch_class(name) == chord.root_pc else chord.with_bass(name)


def _spelled(chord: Chord, key: Key) -> Chord:
    """Notes of the key are called as the key calls them."""
    if chord.root and _inside(chord.root_pc, key) and chord.root != key.spell(chord.root_pc):
        chord = chord.transposed(0, key)
    return chord.with_bass(key.spell(chord.bass_pc)) if chord.bass and _inside(chord.bass_pc, key) else chord


def _inside(pc: int, key: Key) -> bool:
    return (pc - key.tonic_pc) % 12 in key.scale


def _timed(said: SaidBars, chords: Bars, metre: Metre) -> tuple[Bars, str]:
    """Every bar with beats that sum to the metre's."""
    wrong = 0
    bars: list[Bar] = []
    known: dict[tuple[Fraction | None, ...], list[Fraction]] = {}
    for row, found in zip(said, chords, strict=True):
        given = tuple(item.beats for item in row)
        if given not in known:
            known[given] = beats_of(given, metre)
        lengths = known[given]
        wrong += lengths != list(given)
        names = [chord for _, chord in found]
        if len(lengths) < len(names):
            names = [*names[: len(lengths) - 1], names[-1]]
        bars.append(_merged(tuple(zip(lengths, names, strict=True))))
    return tuple(bars), f"the beats of {wrong} bars" if wrong else ""


def beats_of(given: Sequence[Fraction | None], metre: Metre) -> list[Fraction]:
    """Lengths that fill a bar: as given where they do, in their proportion where that is whole, else shared out."""
    count = min(len(given), metre.upper)
    plain = [length for length in given if length is not None]
    if len(plain) == len(given) == count:
        total = sum(plain) if count > 1 else plain[0]
        if total == metre.upper:
            return plain
        scaled = [length * metre.upper / total for length in plain]
        if all(length.denominator == 1 for length in scaled):
            return scaled
    return list(shared_beats(count, metre))


def _merged(bar: Bar) -> Bar:
    """A chord that is written twice in a row sounds once."""
    merged: list[tuple[Fraction, Chord]] = []
    for length, chord in bar:
        if merged and merged[-1][1] == chord:
            merged[-1] = (merged[-1][0] + length, chord)
        else:
            merged.append((length, chord))
    return tuple(merged)
