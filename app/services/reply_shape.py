"""The shape of an answer, whatever its keys are called: bars of chords as they were written, a plan, and sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from app.errors import RejectedReply

KEYS: Final = MappingProxyType(
    {
        "plan": ("plan", "outline", "structure"),
        "bars": (
            "bars", "measures", "progression", "chord_progression", "chordprogression", "harmony", "changes", "chords", "chart",
        ),
        "sections": ("sections", "parts"),
        "form": ("form", "order", "arrangement"),
        "name": ("name", "label", "section", "letter", "id"),
        "root": ("root", "note", "tonic", "root_note"),
        "quality": ("quality", "type", "kind", "chord_type", "suffix"),
        "bass": ("bass", "slash", "over", "inversion", "bass_note"),
        "beats": ("beats", "duration", "length", "dur", "count", "beat_count", "num_beats"),
        "symbol": ("symbol", "chord", "chord_symbol", "name", "chord_name"),
        "bar": ("bar", "measure", "bar_number", "measure_number"),
    }
)  # fmt: skip
WRAPPERS: Final = ("result", "answer", "response", "output", "data", "json", "piece", "song")
NO_BARS: Final = "the answer holds no bars"


class Said(NamedTuple):
    """One chord as it was written: root and quality, or one symbol; None for what was not said."""

    root: str
    quality: str | None = None
    bass: str | None = None
    beats: Fraction | None = None


Bars = list[list[Said]]


class Outline(NamedTuple):
    """All of an answer: its bars, or the sections that its form puts in order."""

    plan: tuple[str, ...]
    bars: Bars
    sections: Mapping[str, Bars]
    form: tuple[str, ...]


def useful(value: Any) -> bool:
    """Whether a value may hold bars at all."""
    value = _unwrapped(value)
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, (list, dict, str)) for item in value)
    return isinstance(value, Mapping) and any(get(value, name) for name in ("bars", "sections"))


def as_asked(value: Mapping[str, Any]) -> Outline:
    """What an answer says that is exactly as the schema has it."""
    sections = {section["name"]: _exact(section["bars"]) for section in value.get("sections", ())}
    return Outline(tuple(value["plan"]), _exact(value.get("bars", ())), sections, tuple(value.get("form", ())))


def _exact(bars: Sequence[Sequence[Mapping[str, Any]]]) -> Bars:
    return [[Said(one["root"], one["quality"], one["bass"], Fraction(one["beats"])) for one in bar] for bar in bars]


def outline(value: Any, beats: int) -> Outline:
    """What an answer says. `beats`: of a bar. Raises RejectedReply with the first thing that cannot be read."""
    value = _unwrapped(value)
    if isinstance(value, list):
        return Outline((), bars_of(value, beats), {}, ())
    listed = get(value, "sections")
    sections = {name: bars for name, bars in _sections(listed, beats) if bars}
    bars = [] if sections else bars_of(get(value, "bars"), beats)
    if not bars and not sections:
        raise RejectedReply(NO_BARS)
    return Outline(_words(get(value, "plan")), bars, sections, _words(get(value, "form")))


def get(table: Mapping[str, Any], name: str) -> Any:
    """What a table has under a name, or under what others call it; case does not matter."""
    plain = {_plain(key): value for key, value in table.items()}
    return next((plain[key] for key in KEYS[name] if key in plain), None)


@lru_cache(maxsize=512)
def _plain(key: str) -> str:
    return key.strip().lower().replace(" ", "_").replace("-", "_")


def _unwrapped(value: Any) -> Any:
    """What is inside `{"answer": {...}}`."""
    for _ in range(3):
        if not isinstance(value, Mapping) or len(value) != 1:
            return value
        (key, inner), *_ = value.items()
        if _plain(str(key)) not in WRAPPERS:
            return value
        value = inner
    return value


def _words(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value[:40],) if " " in value else tuple(value[:16])
    return tuple(item[:40] for item in value[:64] if isinstance(item, str)) if isinstance(value, list) else ()


def _sections(value: Any, beats: int) -> Iterator[tuple[str, Bars]]:
    if isinstance(value, Mapping):
        for name, bars in list(value.items())[:16]:
            yield str(name)[:20], bars_of(get(bars, "bars") if isinstance(bars, Mapping) else bars, beats)
    elif isinstance(value, list):
        for place, item in enumerate(value[:16]):
            if isinstance(item, Mapping):
                yield str(get(item, "name") or "ABCDEFGHIJKLMNOP"[place])[:20], bars_of(get(item, "bars"), beats)


def bars_of(value: Any, beats: int) -> Bars:
    """The bars of a list of bars, of chords that say their bar, of chords that fill bars, or of a chart."""
    if isinstance(value, str):
        value = [bar for bar in value.replace("\n", "|").split("|") if bar.strip()]
    if not isinstance(value, list):
        return []
    rows = value[:1024]
    if rows and all(isinstance(row, Mapping) and _is_chord(row) for row in rows):
        return _filled(rows, beats)
    return [_bar(row, place) for place, row in enumerate(rows)]


def _is_chord(row: Mapping[str, Any]) -> bool:
    return any(isinstance(get(row, name), str) for name in ("root", "symbol")) and not isinstance(get(row, "bars"), list)


def _filled(rows: list[Mapping[str, Any]], beats: int) -> Bars:
    """Chords in a row: by the bar they say they are in, else bar after bar by their beats; without beats a bar each."""
    chords = [_chord(row, 0) for row in rows]
    numbers = [get(row, "bar") for row in rows]
    if all(isinstance(number, int) for number in numbers):
        by_bar: dict[int, list[Said]] = {}
        for number, chord in zip(numbers, chords, strict=True):
            by_bar.setdefault(number, []).append(chord)
        return list(by_bar.values())
    bars: Bars = []
    filled = Fraction(beats)
    for chord in chords:
        if filled >= beats:
            bars.append([])
            filled = Fraction(0)
        bars[-1].append(chord)
        filled += chord.beats or beats
    return bars


def _bar(row: Any, place: int) -> list[Said]:
    """A bar: chords in a list, in an object, one alone, or as text."""
    if isinstance(row, Mapping):
        inner = get(row, "bars")
        row = inner if isinstance(inner, (list, str)) and not (isinstance(inner, str) and _is_chord(row)) else [row]
    if isinstance(row, str):
        row = row.replace("|", " ").replace(",", " ").split()
    if not isinstance(row, list):
        raise RejectedReply(f"bar {place + 1} is no list of chords")
    if len(row) == 2 and isinstance(row[0], str) and isinstance(row[1], (int, float)):
        row = [row]  # ["Dm7", 4]: one chord with its beats
    return [_chord(item, place) for item in row[:64]]


def _chord(item: Any, place: int) -> Said:
    if isinstance(item, str):
        return Said(item.strip()[:40])
    if isinstance(item, list) and item and isinstance(item[0], str):
        return Said(item[0].strip()[:40], beats=_beats(item[1]) if len(item) > 1 else None)
    if not isinstance(item, Mapping):
        raise RejectedReply(f"bar {place + 1}: {type(item).__name__} is no chord")
    root, symbol, bass = get(item, "root"), get(item, "symbol"), get(item, "bass")
    beats = _beats(get(item, "beats"))
    over = bass.strip()[:8] if isinstance(bass, str) else None
    if isinstance(root, str) and root.strip():
        quality = get(item, "quality")
        return Said(root.strip()[:40], str(quality).strip()[:40] if quality is not None else "", over, beats)
    if not isinstance(symbol, str) or not symbol.strip():
        raise RejectedReply(f"bar {place + 1}: a chord has no root")
    return Said(symbol.strip()[:40], None, over, beats)


def _beats(value: Any) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        beats = Fraction(value) if not isinstance(value, str) or len(value) < 8 else None
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return beats if beats is not None and 0 < beats <= 64 and beats.denominator <= 8 else None
