"""What was asked, held against what was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from types import MappingProxyType
from typing import Final, NamedTuple

from app.harmony.forms import KINDS, listed, sized
from app.services.piece import Piece
from app.theory.instruments import instrument_name
from app.theory.key import Key
from app.theory.techniques import TECHNIQUES


class Conformance(NamedTuple):
    """One thing asked for, and whether the piece has it."""

    asked: str  # the request field
    wanted: str
    got: str
    status: str  # met | repaired | not_met


def conformance_of(piece: Piece) -> tuple[Conformance, ...]:
    """A line for each thing that words or fields asked for and that can be read off what was made."""
    asked = dict.fromkeys(item.field for item in piece.brief.understood if item.source != "default")
    lines = [Conformance(field, *CHECKS[field](piece)) for field in asked if field in CHECKS]
    lines = [line._replace(status="repaired") if line.asked == "num_bars" and _bars_mended(piece) else line for line in lines]
    more = (_parts, _instruments, _presence, _sections, _techniques, _avoided, _chart)
    return (*lines, *(line for check in more for line in check(piece)))


def _bars_mended(piece: Piece) -> bool:
    """Whether a model wrote another number of bars than it was asked for."""
    return any(" for " in repair and "bars" in repair for repair in piece.method.repairs)


def _equal(wanted: object, got: object) -> tuple[str, str, str]:
    return str(wanted), str(got), "met" if str(wanted) == str(got) else "not_met"


def _parts(piece: Piece) -> Iterator[Conformance]:
    """Every part that was wanted plays, every part that was not wanted does not."""
    sounding = {part.role for part in piece.arrangement.parts if part.notes}
    for item in piece.brief.understood:
        if item.source == "default" or item.field not in PARTS:
            continue
        for role in item.value.split(", "):
            plays = role in sounding
            met = plays != (item.field == "without_parts")
            yield Conformance(item.field, role, "plays" if plays else "silent", "met" if met else "not_met")


def _instruments(piece: Piece) -> Iterator[Conformance]:
    """Every part that an instrument was named for is played on it."""
    programs = {part.role: part.program for part in piece.arrangement.parts}
    for role, wanted in piece.brief.programs:
        if role in programs and role != "drums":
            yield Conformance("instruments", *_equal(*(f"{role}: {instrument_name(one)}" for one in (wanted, programs[role]))))


def _presence(piece: Piece) -> Iterator[Conformance]:
    """Each part that is to rest somewhere does; a note a little before where it enters, or leaves, belongs to where it plays."""
    metre, form = piece.arrangement.metre, piece.progression.form
    for wanted in piece.brief.presence:
        silent = wanted.silent(form, piece.brief.num_bars)
        starts = [note.start for part in piece.arrangement.parts if part.role == wanted.role for note in part.notes]
        late, early = metre.unit // 8, metre.unit // 2
        heard = {(start + late) // metre.bar for start in starts if (start + early) // metre.bar in silent} & silent
        got = (
            f"silent in {len(silent)} bars"
            if silent and not heard
            else f"plays in {len(heard)} of them"
            if silent
            else "no such place"
        )
        yield Conformance("presence", str(wanted), got, "met" if silent and not heard else "not_met")


def _sections(piece: Piece) -> Iterator[Conformance]:
    """Every kind of section that was wanted is there, none that was not; a piece always ends in its last bar."""
    bars = {section.kind: f"bar {section.bar + 1}" for section in reversed(piece.progression.form.sections)}
    bars.setdefault("ending", f"bar {len(piece.progression.bars)}")
    for kind in piece.brief.with_sections:
        yield Conformance("with_sections", kind, bars.get(kind, "nowhere"), "met" if kind in bars else "not_met")
    for kind in piece.brief.without_sections:
        yield Conformance("without_sections", kind, bars.get(kind, "nowhere"), "not_met" if kind in bars else "met")


def _form(piece: Piece) -> tuple[str, str, str]:
    """A form by its name, or sections that all are there."""
    wanted, form = piece.brief.form, piece.progression.form
    if sized(wanted):
        planned = listed(wanted)
        starts = accumulate((section.bars for section in planned), initial=0)
        begun = {section.bar: section.kind for section in form.sections}
        met = all(begun.get(start) == KINDS[section.label] for start, section in zip(starts, planned, strict=False))
        return wanted, ", ".join(f"{section.name} {section.bars}" for section in form.sections), "met" if met else "not_met"
    there = {text.casefold() for section in form.sections for text in (section.name, section.kind, section.label)}
    met = wanted.casefold() == form.name.casefold() or {name.strip().casefold() for name in wanted.split(",")} <= there
    return wanted, form.name, "met" if met else "not_met"


def _chart(piece: Piece) -> Iterator[Conformance]:
    """A chart is obeyed when every bar has its chords, the chart coming round as often as the bars need."""
    if not piece.brief.chords:
        return
    from app.harmony.chart import song_of

    chart = song_of(piece.brief.chords, piece.brief.metre, piece.brief.key).bars
    bars = piece.progression.bars
    kept = sum(
        [span.chord.pitch_classes for span in spans] == [chord.pitch_classes for _, chord in chart[bar % len(chart)]]
        for bar, spans in enumerate(bars)
    )
    yield Conformance("chords", f"{len(bars)} bars", f"{kept} bars", "met" if kept == len(bars) else "not_met")


def _tempo(piece: Piece) -> tuple[str, str, str]:
    first = piece.arrangement.tempo[0]
    return _equal(f"{piece.brief.tempo:g}", f"{first.quarters / piece.arrangement.metre.pulse_quarters:g}")


def _techniques(piece: Piece) -> Iterator[Conformance]:
    """Each technique asked for, met where the harmony says in which bars it is."""
    for name in piece.brief.techniques:
        bars = _bars_with(piece, name)
        yield Conformance("techniques", name, bars or "nowhere", "met" if bars else "not_met")


def _avoided(piece: Piece) -> Iterator[Conformance]:
    """Each technique that was not wanted, met where the harmony has none of it."""
    for name in piece.brief.avoid:
        if name in TECHNIQUES:
            bars = _bars_with(piece, name)
            yield Conformance("avoid", name, bars or "nowhere", "not_met" if bars else "met")


def _bars_with(piece: Piece, name: str) -> str:
    bars = dict.fromkeys(found.bar + 1 for found in piece.progression.techniques if found.name == name)
    return f"bar {', '.join(str(bar) for bar in bars)}" if bars else ""


def _destination(piece: Piece) -> tuple[str, str, str]:
    """The key that the piece was told to go to: of its last bar, or where it comes home, of some bar."""
    home, wanted = str(piece.brief.key), str(piece.brief.destination)
    keys = [spans[-1].analysis.key or home for spans in piece.progression.bars]
    got = next((key for key in keys if key != home), home) if piece.brief.returns else keys[-1]
    return wanted, got, "met" if Key.parse(got) == Key.parse(wanted) else "not_met"


PARTS: Final = ("parts", "with_parts", "without_parts")
CHECKS: Final[Mapping[str, Callable[[Piece], tuple[str, str, str]]]] = MappingProxyType(
    {
        "key": lambda piece: _equal(piece.brief.key, piece.arrangement.key),
        "tempo": _tempo,
        "num_bars": lambda piece: _equal(piece.brief.num_bars, piece.arrangement.end // piece.arrangement.metre.bar),
        "time_signature": lambda piece: _equal(piece.brief.metre, piece.arrangement.metre),
        "form": _form,
        "destination": _destination,
    }
)
