"""A progression from a chart that is obeyed exactly, tiled or trimmed to the bars asked; and a progression as a chart again."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final

from app.harmony.analysis import analysed
from app.harmony.forms import KINDS, LETTERS
from app.theory.brief import Brief
from app.theory.charts import Bar
from app.theory.charts_song import Song, read_song
from app.theory.form import Form, Section
from app.theory.key import Key
from app.theory.progression import Progression, Span
from app.theory.rhythm import Metre

LONG: Final = 512  # bars that a piece has at most


@lru_cache(maxsize=64)
def song_of(text: str, metre: Metre, key: Key | None) -> Song:
    """The chart of a text, remembered. Raises as `read_song` does."""
    return read_song(text, metre, key)


def progression_of(brief: Brief) -> Progression:
    """The chart of the brief as a progression; when bars were not asked, the chart's own. Raises ChordError."""
    song = song_of(brief.chords, brief.metre, brief.key)
    size = len(song.bars)
    wanted = brief.num_bars if brief.bars_asked else min(size, LONG)
    bars = tuple(spans_of(song.bars[index % size]) for index in range(wanted))
    form = form_of(song, wanted)
    told = analysed(Progression(brief.key, brief.metre, bars, form, (), _notes(size, wanted)))
    return told._replace(notes=(*told.notes, *_not_added(brief, told)))


def _not_added(brief: Brief, told: Progression) -> tuple[str, ...]:
    """What the words ask for and the chart has not: nothing is put into a chart."""
    there = {found.name for found in told.techniques} | {section.kind for section in told.form.sections}
    missing = [name for name in (*brief.techniques, *brief.with_sections) if name not in there]
    return (f"the chart is played as it is written, without {', '.join(missing)}",) if missing else ()


def spans_of(bar: Bar) -> tuple[Span, ...]:
    """The chords of a bar with the beats they begin on."""
    spans, beat = [], Fraction(0)
    for length, chord in bar:
        spans.append(Span(beat, length, chord))
        beat += length
    return tuple(spans)


def chart_of(progression: Progression, title: str = "") -> Song:
    """A progression as a chart with its sections as rehearsal marks."""
    bars = tuple(tuple((span.beats, span.chord) for span in spans) for spans in progression.bars)
    sections = tuple((section.bar, section.name) for section in progression.form.sections)
    return Song(bars, progression.metre, title, key=progression.key, sections=sections)


def form_of(song: Song, wanted: int) -> Form:
    """The chart's rehearsal marks as sections; without marks each time through is one, told apart in eights or twelves."""
    if not song.sections:
        return Form("chart", _unmarked(len(song.bars), wanted))
    size = len(song.bars)
    marks = song.sections if song.sections[0][0] == 0 else ((0, "Intro"), *song.sections)
    starts = [(bar + time, name) for time in range(0, wanted, size) for bar, name in marks if bar + time < wanted]
    ends = [*(bar for bar, _ in starts[1:]), wanted]
    names = _numbered([name for _, name in starts])
    sections = tuple(
        Section(name, _kind(mark), bar, end - bar, _label(mark))
        for name, (bar, mark), end in zip(names, starts, ends, strict=True)
    )
    labels = [_label(name) for _, name in marks]
    return Form("".join(labels) if all(len(label) == 1 for label in labels) else "-".join(dict.fromkeys(labels)), sections)


def _label(mark: str) -> str:
    """What sections of the same kind share: `Verse 2` and `Verse` are one, `A1` and `A2` too."""
    return mark.rstrip("0123456789' ") or mark


def _kind(mark: str) -> str:
    """What players do in a section of that name."""
    label = _label(mark)
    words = label.lower().replace("pre-chorus", "prechorus").split()
    kinds = [KINDS[word] for word in words if word in KINDS]
    return kinds[-1] if kinds else LETTERS.get(label, "verse")


def _numbered(marks: Sequence[str]) -> list[str]:
    """Names that are each there once: A, A, B become A1, A2, B."""
    labels = [_label(mark) for mark in marks]
    seen: dict[str, int] = {}
    names = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        gap = "" if len(label) == 1 else " "
        names.append(f"{label}{gap}{seen[label]}" if labels.count(label) > 1 else label)
    return names


def _unmarked(size: int, wanted: int) -> tuple[Section, ...]:
    if wanted <= size:
        step = 12 if wanted % 12 == 0 and wanted % 8 else 8
        places = range(0, wanted, step)
        names = [(f"A{index // step + 1}" if wanted > step else "A", index, min(step, wanted - index)) for index in places]
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
