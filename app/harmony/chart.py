"""A progression from a chart that is obeyed exactly, tiled or trimmed to the bars asked."""

from __future__ import annotations

from fractions import Fraction

from app.harmony.explain import explain
from app.theory.brief import Brief
from app.theory.charts import read_chart
from app.theory.form import Form, Section
from app.theory.progression import Progression, Span

LONG = 512  # bars that a piece has at most


def progression_of(brief: Brief) -> Progression:
    """The chart of the brief as a progression; when bars were not asked, the chart's own. Raises ChordError."""
    chart = read_chart(brief.chords, brief.metre, brief.key)
    wanted = brief.num_bars if brief.bars_asked else min(len(chart), LONG)
    bars = tuple(_spans(chart[index % len(chart)]) for index in range(wanted))
    form = Form("chart", _sections(len(chart), wanted))
    return explain(Progression(brief.key, brief.metre, bars, form, (), _notes(len(chart), wanted)))


def _spans(bar: tuple[tuple[Fraction, object], ...]) -> tuple[Span, ...]:
    spans, beat = [], Fraction(0)
    for length, chord in bar:
        spans.append(Span(beat, length, chord))  # type: ignore[arg-type]  # read_chart's pairs hold chords
        beat += length
    return tuple(spans)


def _sections(size: int, wanted: int) -> tuple[Section, ...]:
    """Each time through the chart is a section; one of 16 bars or more is told apart in eights."""
    if wanted <= size:
        names = [(f"A{index // 8 + 1}" if wanted > 8 else "A", index, min(8, wanted - index)) for index in range(0, wanted, 8)]
        return tuple(Section(name, "verse", bar, bars, name) for name, bar, bars in names)
    starts = range(0, wanted, size)
    return tuple(
        Section(f"Chorus {index + 1}", "verse" if index == 0 else "chorus", bar, min(size, wanted - bar), "A")
        for index, bar in enumerate(starts)
    )


def _notes(size: int, wanted: int) -> tuple[str, ...]:
    if wanted == size:
        return ()
    if wanted < size:
        return (f"the chart has {size} bars; its first {wanted} are played",)
    return (f"the chart has {size} bars; it is repeated to fill {wanted}",)
