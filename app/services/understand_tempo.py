"""The tempo: a number, or words that place it within what the application is usually played at."""

from __future__ import annotations

from typing import Final

from app.services.understand_case import Case
from app.services.understand_fields import checked_number
from app.services.vocabulary import Application
from app.services.words_lexicon import Finding
from app.services.words_tables import TEMPO_TERMS
from app.theory.brief import LIMITS
from app.theory.rhythm import Metre

TOO: Final = (0.35, 0.65)  # the places in a tempo range of "not too fast" and of "not too slow"


def choose_tempo(case: Case, application: Application, metre: Metre) -> float:
    """The metre's beats a minute: a number, or words moved within the application's range."""
    numbers = [(finding, _beats(case, finding, metre)) for finding in case.found("bpm", "bpm_quarters")]
    if case.ask.tempo is not None:
        tempo = checked_number("tempo", case.ask.tempo)
        case.from_field("tempo", f"{tempo:g}")
        case.overruled([finding for finding, number in numbers if number != tempo], "tempo", f"{tempo:g}")
    elif numbers:
        finding, tempo = numbers[0]
        case.from_words("tempo", f"{tempo:g}", finding)
        case.disagree([other for other, number in numbers if number != tempo or other is finding], f"{tempo:g} bpm")
    else:
        return _worded_tempo(case, application)
    _note_unusual(case, application, tempo)
    _note_contrary(case, application, tempo)
    return tempo


def _beats(case: Case, finding: Finding, metre: Metre) -> float:
    """The beats a minute of a number in words, kept within the limits."""
    low, high = LIMITS["tempo"]
    number = float(finding.value) / (metre.pulse_quarters if finding.kind == "bpm_quarters" else 1.0)
    tempo = round(min(max(number, low), high), 3)
    if not low <= number <= high:
        case.note(f"{case.quote(finding)} is not between {low} and {high} beats a minute: played at {tempo:g}.")
    return tempo


def _note_unusual(case: Case, application: Application, tempo: float) -> None:
    low, high = application.tempo_range
    if not any(low <= tempo * count <= high for count in (0.5, 1, 2)):
        case.note(f"{tempo:g} bpm is outside the {low:g}-{high:g} that {application.title} is usually played at.")


def _note_contrary(case: Case, application: Application, tempo: float) -> None:
    """Words that call a tempo slow which is fast for the style, or the reverse."""
    for finding in case.found("tempo"):
        place = float(finding.value)
        if (place < 0.4 and tempo > application.tempo) or (place > 0.6 and tempo < application.tempo):
            case.note(f"The words say {case.quote(finding)}; {tempo:g} bpm is asked, and {tempo:g} it is.")


def _worded_tempo(case: Case, application: Application) -> float:
    """The tempo that words place in the application's range; its own where none do."""
    low, high = application.tempo_range
    places = [finding for finding in case.findings if finding.kind in ("tempo", "term")]
    if not places:
        case.by_default("tempo", f"{application.tempo:g}")
        return application.tempo
    tempos = [(finding, _tempo_of(finding, application)) for finding in places]
    finding, wanted = tempos[0]
    tempo = float(round(min(max(wanted, low), high)))
    if not low <= wanted <= high:
        case.note(f"{case.quote(finding)} lies outside the {low:g}-{high:g} bpm of {application.title}: played at {tempo:g}.")
    case.from_words("tempo", f"{tempo:g}", finding)
    contrary = [other for other, value in tempos if (value - application.tempo) * (wanted - application.tempo) < 0]
    case.disagree([finding, *contrary] if contrary else [], f"{tempo:g} bpm")
    return tempo


def _tempo_of(finding: Finding, application: Application) -> float:
    """Beats a minute of "slow" (a place in the range, by ratio) or of "andante" (a number)."""
    if finding.kind == "term":
        return float(TEMPO_TERMS[finding.value])
    place = float(finding.value)
    if finding.mark == "not":
        place = TOO[0] if place > 0.5 else TOO[1]
    low, high = application.tempo_range
    middle = min(max(application.tempo, low), high)
    start, end, part = (low, middle, place * 2) if place <= 0.5 else (middle, high, place * 2 - 1)
    return float(start * (end / start) ** part)
