"""The short summary of a piece that a person reads after generating it."""

from __future__ import annotations

from collections.abc import Iterator

from app.services.conformance import conformance_of
from app.services.piece import Piece, notes_of
from app.theory.progression import Progression

BARS_A_LINE = 4


def summary(piece: Piece, place: str) -> str:
    """Key, tempo, metre, application, form, chords four bars a line, parts, how it was made, and where the file is."""
    return "\n".join(_lines(piece, place))


def _lines(piece: Piece, place: str) -> Iterator[str]:
    brief, arrangement = piece.brief, piece.arrangement
    bars = f"{len(piece.progression.bars)} bars"
    yield f"{brief.genre} / {brief.application}: {arrangement.key}, {tempo(piece)}, {arrangement.metre}, {bars}"
    yield f"form    {form(piece.progression)}"
    for number, line in enumerate(grid(piece.progression)):
        yield f"{'chords' if not number else '':8}{line}"
    yield f"parts   {', '.join(f'{part.role} ({part.instrument})' for part in arrangement.parts)}"
    if piece.progression.techniques:
        yield f"with    {techniques(piece.progression)}"
    yield f"made    {piece.method.label}{_why(piece)}, seed {brief.seed}"
    if brief.not_understood:
        yield f"not understood: {', '.join(brief.not_understood)}"
    for missed in conformance_of(piece):
        if missed.status == "not_met":
            yield f"not met: {missed.asked} {missed.wanted} (got {missed.got})"
    for note in notes_of(piece):
        yield f"note: {note}"
    if place:
        yield f"file    {place}"


def tempo(piece: Piece) -> str:
    """`72 bpm`; in compound metres what a DAW shows too: `72 bpm, dotted quarter; 108 in the DAW`."""
    beats = f"{piece.brief.tempo:g} bpm"
    if not piece.arrangement.metre.compound:
        return beats
    return f"{beats}, dotted quarter; {piece.arrangement.tempo[0].quarters:g} in the DAW"


def form(progression: Progression) -> str:
    """The form's name and its sections with their bars."""
    sections = ", ".join(f"{section.name} {section.bars}" for section in progression.form.sections)
    return f"{progression.form.name}: {sections}" if progression.form.name else sections


def techniques(progression: Progression) -> str:
    """Each technique with the bars it is in."""
    bars: dict[str, list[str]] = {}
    for technique in progression.techniques:
        bars.setdefault(technique.name, []).append(str(technique.bar + 1))
    places = {name: ", ".join(dict.fromkeys(at)) for name, at in bars.items()}
    return ", ".join(f"{name} ({'bars' if ',' in at else 'bar'} {at})" for name, at in places.items())


def grid(progression: Progression) -> Iterator[str]:
    """The chords as players write them, four bars a line in columns; an unchanged bar is `%`."""
    cells = [" ".join(span.chord.display for span in spans) for spans in progression.bars]
    shown = ["%" if bar and cell == cells[bar - 1] else cell for bar, cell in enumerate(cells)]
    width = max(map(len, shown))
    for first in range(0, len(shown), BARS_A_LINE):
        yield f"| {' | '.join(f'{cell:{width}}' for cell in shown[first : first + BARS_A_LINE])} |"


def _why(piece: Piece) -> str:
    """Why by rule; of a model's harmony which complexity chose it, and what it cost."""
    method = piece.method
    if method.fallback_reason:
        return f" ({method.fallback_reason})"
    if not method.made:
        return ""
    words = [f"complexity {piece.complexity.score}"] if method.tier else ["as the file has it"]
    words += ["remembered"] if method.remembered else []
    words += [f"{method.cost_usd:.4f} USD"] if method.cost_usd else []
    return f" ({', '.join(words)})"
