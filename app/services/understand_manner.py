"""How it is played: moods, techniques, ways to play, sections, intensity, density, swing, humanising."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from app.services.understand_case import Case
from app.services.understand_fields import checked_number
from app.services.vocabulary import Application
from app.services.words_lexicon import Finding
from app.services.words_tables import MOODS
from app.theory.techniques import PLAYING

MIDDLE: Final = 0.5
NAMED: Final = MappingProxyType({"mood": "mood", "technique": "technique", "playing": "playing"})  # kind → field of an account
ONE_PLAYER: Final = frozenset({"bass", "organ", "guitar", "choir", "pad", "melody"})  # roles of which one speaks in the singular
TURNED: Final = 0.4  # how far "not loud" goes towards soft


def names(case: Case, kind: str) -> tuple[str, ...]:
    """The moods, techniques or ways to play that the words ask for, each once."""
    found = case.found(kind)
    for name, findings in _by_value(found).items():
        case.from_words(NAMED[kind], name, *findings)
    return tuple(dict.fromkeys(finding.value for finding in found))


def avoided(case: Case) -> tuple[str, ...]:
    """The moods, techniques and ways to play that the words refuse; a word for both is said once."""
    wanted = {(finding.kind, finding.value) for finding in case.found(*NAMED)}
    refused = [finding for finding in case.refused(*NAMED) if (finding.kind, finding.value) not in wanted]
    for name, findings in _by_value(refused).items():
        case.from_words("avoid", name, *findings)
    for finding in case.refused(*NAMED):
        if finding not in refused:
            case.note(f"The words both ask for {finding.value} and refuse it: it may occur.")
    return tuple(dict.fromkeys(finding.value for finding in refused))


def sections(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kinds of sections asked for, and those refused."""
    wanted, refused = case.found("section"), case.refused("section")
    for field, findings in (("with_sections", wanted), ("without_sections", refused)):
        for name, same in _by_value(findings).items():
            case.from_words(field, name, *same)
    unwanted = tuple(dict.fromkeys(finding.value for finding in refused))
    return tuple(dict.fromkeys(finding.value for finding in wanted if finding.value not in unwanted)), unwanted


def section_bars(case: Case) -> tuple[tuple[str, int], ...]:
    """The bars of sections whose length is asked for: "an eight-bar intro"."""
    lengths = dict(finding.value.split() for finding in case.found("section_bars"))
    return tuple((kind, int(bars)) for kind, bars in lengths.items())


def choose_intensity(case: Case) -> float:
    """0 soft ... 1 loud; without a word for it, as the moods lean."""
    if case.ask.intensity is not None:
        return _from_field(case, "intensity", case.ask.intensity)
    builds = [finding for finding in case.found("playing") if finding.value == "build"]
    soft = [finding for finding in case.found("intensity") if builds and float(finding.value) < MIDDLE]
    if soft:  # "starts quiet and builds" speaks of the beginning
        case.from_words("intensity", f"{MIDDLE:g}", *soft, *builds)
        return MIDDLE
    level = _level(case, "intensity")
    if level is not None:
        return level
    leanings = [MOODS[finding.value][1] for finding in case.found("mood") if finding.value in MOODS]
    return round(sum(leanings) / len(leanings), 3) if leanings else MIDDLE


def choose_density(case: Case) -> float:
    """0 sparse ... 1 busy."""
    level = _level(case, "density")
    return MIDDLE if level is None else level


def choose_swing(case: Case) -> float | None:
    """0 straight ... 1 hard, None for the groove's own ratio."""
    said = [
        (finding, _swing_of(finding, "too" in case.words(finding).lower().split()))
        for finding in case.findings
        if finding.kind == "swing"
    ]
    if case.ask.swing is not None:
        swing = _from_field(case, "swing", case.ask.swing)
        contrary = [finding for finding, value in said if value is not None and (value > 0) != (swing > 0)]
        case.overruled(contrary, "swing", f"{swing:g}")
        return swing
    if not said:
        return None
    finding, value = said[0]
    if value and any(style.end == finding.start for style in case.found("application", "hint")):
        value = None  # "Dilla swing" is the style's own
    case.from_words("swing", "the groove's own" if value is None else f"{value:g}", finding)
    contrary = [other for other, number in said if (number == 0) != (value == 0)]
    case.disagree([finding, *contrary], "straight" if value == 0 else "swung")
    return value


def _swing_of(finding: Finding, much: bool) -> float | None:
    """The swing of a word; `much`: it is only not to be too much of it."""
    value = None if finding.value == "own" else float(finding.value)
    if finding.mark != "not":
        return value
    return 0.6 if value == 0 else 0.35 if much else 0.0


def choose_humanize(case: Case, application: Application) -> float:
    """0 the machine ... 1 the player."""
    if case.ask.humanize is not None:
        return _from_field(case, "humanize", case.ask.humanize)
    level = _level(case, "humanize")
    return application.humanize if level is None else level


def note_idle_playing(case: Case, parts: Iterable[str]) -> None:
    """Ways to play that no part is there for."""
    playing = set(parts)
    for finding in case.found("playing"):
        role = PLAYING.get(finding.value, ("", ()))[0]
        if role and role not in playing:
            case.note(f"{case.quote(finding)} needs {role}, which {'does' if role in ONE_PLAYER else 'do'} not play.")


def _from_field(case: Case, field: str, given: object) -> float:
    value = float(checked_number(field, given))
    case.from_field(field, f"{value:g}")
    return value


def _level(case: Case, kind: str) -> float | None:
    """The level that words name, between two that differ; "not too loud" is a little under the middle."""
    said = [finding for finding in case.findings if finding.kind == kind]
    if not said:
        return None
    levels = [_turned(float(finding.value)) if finding.mark == "not" else float(finding.value) for finding in said]
    level = round(sum(levels) / len(levels), 3)
    case.from_words(kind, f"{level:g}", *said)
    if min(levels) < MIDDLE < max(levels):
        case.disagree(said, "something between")
    return level


def _turned(level: float) -> float:
    return MIDDLE + (MIDDLE - level) * TURNED


def _by_value(findings: Iterable[Finding]) -> Mapping[str, list[Finding]]:
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.value, []).append(finding)
    return grouped
