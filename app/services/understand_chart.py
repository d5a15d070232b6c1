"""What a chart says itself (key, metre, tempo, length) where the request does not; the key is found where neither says it."""

from __future__ import annotations

from typing import Final

from app.errors import ChordError, RequestError
from app.harmony.chart import song_of
from app.harmony.keyfinding import Found, find_key
from app.services.understand_case import Case
from app.services.understand_fields import checked_key
from app.services.words_lexicon import Finding
from app.theory.charts_song import Heading, Song, heading_of
from app.theory.key import Key
from app.theory.rhythm import Metre

SAYS: Final = "the chart says so"
FOUND: Final = "found in the chart's chords"
UNSURE: Final = 0.4  # from here down the key that is next is told too
NUMERALS: Final = frozenset("IViv#b♯♭")
TEMPOS: Final = ("bpm", "bpm_quarters", "tempo", "term")  # kinds of words that say one


def read_heading(case: Case) -> Heading:
    """What the chart of a request says before its first bar; its metre and tempo become the request's where that has none.

    Raises RequestError when the request has another metre than the chart, and as `read_song` does.
    """
    ask = case.ask
    heading = heading_of(ask.chords or "")
    if heading.metre is not None:
        asked = Metre.of(ask.time_signature) if ask.time_signature else heading.metre
        if str(asked) != str(heading.metre):
            message = f"metre {asked}: the chart is in {heading.metre}; leave the metre to the chart"
            raise RequestError(message, "time_signature")
        if not ask.time_signature:
            case.ask = case.ask._replace(time_signature=str(heading.metre))
            case.by_chart["time_signature"] = SAYS
    if heading.tempo and ask.tempo is None and not case.found(*TEMPOS):
        case.ask = case.ask._replace(tempo=heading.tempo)
        case.by_chart["tempo"] = SAYS
    return heading


def read_chart_of(case: Case, metre: Metre) -> Song:
    """The chart in its metre; its key becomes the request's, said or found, where that has none. Raises ChordError."""
    text = case.ask.chords or ""
    heading = heading_of(text)
    said = _key_said(case) or heading.key
    song, absolute = _song(text, metre, said)
    if heading.key is not None and said != heading.key and absolute:
        case.note(f"The chart says {heading.key}; the key asked is {said}: its chords stay as they are written.")
    for note in song.notes:
        case.note(f"The chart: {note}.")
    if _key_said(case) is None and said is not None:
        _take_key(case, said, SAYS)
    elif said is None and absolute:
        _take_found(case, song)
    case.charted = len(song.bars)
    if case.ask.num_bars is None:
        case.by_chart["num_bars"] = "the chart's own"
    return song


def _key_said(case: Case) -> Key | None:
    """The key that the request's field or words say, None where they name no tonic."""
    if case.ask.key:
        return checked_key(case.ask.key)
    named: list[Finding] = case.found("key")
    return Key.parse(named[0].value) if named else None


def _song(text: str, metre: Metre, key: Key | None) -> tuple[Song, bool]:
    """The song, and whether its chords are absolute: Roman numerals without a key are read in C."""
    try:
        return song_of(text, metre, None), True
    except ChordError as error:
        if error.text[:1] not in NUMERALS:
            raise
    return song_of(text, metre, key or Key("C")), False


def _take_found(case: Case, song: Song) -> None:
    """The key that the chords themselves speak for, among those of the mode that words name."""
    named = [finding.value for finding in case.found("mode")]
    modes = tuple(dict.fromkeys("minor" if Key("C", mode).is_minor else "major" for mode in named)) or ("major", "minor")
    found = key_found(song, modes)
    _take_key(case, found.key, FOUND)
    if found.sureness <= UNSURE:
        case.note(f"The key was found in the chart's chords: {found.key}, though it could be {found.other}.")


def key_found(song: Song, modes: tuple[str, ...] = ("major", "minor")) -> Found:
    """The key of a chart that says none."""
    return find_key([pair for bar in song.bars for pair in bar], song.metre.upper, modes=modes)


def _take_key(case: Case, key: Key, why: str) -> None:
    """Make the key of the request the chart's, and account for it."""
    case.ask = case.ask._replace(key=key.short)
    case.by_chart["key"] = why
