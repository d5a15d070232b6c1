"""Which parts play, and on which instruments: decided from fields, then words, then the application's ensemble."""

from __future__ import annotations

from typing import Final, NamedTuple

from app.errors import RequestError
from app.services.understand_case import Case
from app.services.understand_fields import checked_parts, instrument, role_in
from app.services.vocabulary import Application
from app.services.words_lexicon import Finding
from app.theory.instruments import BANDS, INSTRUMENTS, NO_PROGRAM
from app.theory.techniques import PLAYING

PART_FIELDS: Final = ("parts", "with_parts", "without_parts")
MELODY: Final = "melody"
NAMED: Final = frozenset(word for _, _, words in INSTRUMENTS for word in words)
ON: Final = (["on"], ["on", "a"], ["on", "the"])  # between "melody" and its instrument
WHOLE_KIT: Final = frozenset(
    {"drum", "drums", "percussion", "percussionist", "drummer", "drumkit", "drumset", "drum kit", "drum set", "kit"}
)  # "no cowbell" leaves the drums in

CONNECTED: Final = (["and"], ["plus"])  # what may stand between two parts of a list


class Said(NamedTuple):
    """The roles that words speak of, each with the finding it is read from and the program of its instrument."""

    only: list[tuple[str, Finding]]
    wanted: list[tuple[str, Finding]]
    unwanted: list[tuple[str, Finding]]
    programs: dict[str, int]


def choose_parts(case: Case, application: Application) -> tuple[tuple[str, ...], tuple[tuple[str, int], ...]]:
    """The roles that play, in the ensemble's order, and the programs of instruments that were named."""
    said = _said(case, application)
    asked = {field: checked_parts(field, getattr(case.ask, field), case.genre) for field in PART_FIELDS}
    roles = {field: [role for role, _ in found] for field, found in asked.items()}
    _account_for_fields(case, roles, said)
    parts = roles["parts"] or _parts_in_words(case, application, said, roles["with_parts"])
    for role in roles["with_parts"]:
        if role in roles["without_parts"]:
            case.note(f"{role} is asked for and asked to be left out: it plays.")
    gone = [role for role in roles["without_parts"] if role not in roles["with_parts"]]
    parts = [role for role in [*parts, *roles["with_parts"]] if role not in gone]
    if not parts:
        raise RequestError(f"no part is left to play; {case.genre.name} has {', '.join(case.genre.roles)}", "without_parts")
    ordered = _ordered(parts, application, case)
    if not case.found("part", "band") and not any(roles.values()):
        case.by_default("parts", ", ".join(ordered))
    programs = said.programs | {role: program for found in asked.values() for role, program in found if program != NO_PROGRAM}
    return ordered, tuple((role, programs[role]) for role in ordered if role in programs)


def _account_for_fields(case: Case, roles: dict[str, list[str]], said: Said) -> None:
    """What the fields decide, and the words that they contradict."""
    for field, named in roles.items():
        if named:
            case.from_field(field, ", ".join(dict.fromkeys(named)))
    kept = {*roles["parts"], *roles["with_parts"]}
    case.overruled([finding for role, finding in said.unwanted if role in kept], "part", "to play")
    case.overruled([finding for role, finding in said.wanted + said.only if role in roles["without_parts"]], "part", "left out")
    if roles["parts"]:
        left = [finding for role, finding in said.wanted + said.only if role not in kept and role not in roles["without_parts"]]
        case.overruled(left, "list of parts", ", ".join(roles["parts"]))


def _parts_in_words(case: Case, application: Application, said: Said, kept: list[str]) -> list[str]:
    """The ensemble, or only what is singled out; less what is unwanted, and what is wanted besides."""
    ensemble = [role for role in application.ensemble if role in case.genre.roles] or list(case.genre.roles)
    parts = [role for role, _ in said.only] or ensemble
    for field, named in (("parts", said.only), ("with_parts", said.wanted), ("without_parts", said.unwanted)):
        for role, finding in named:
            case.from_words(field, role, finding)
    gone = {role for role, _ in said.unwanted if role not in kept}
    parts = [role for role in [*parts, *(role for role, _ in said.wanted)] if role not in gone]
    if not parts and not kept and not case.ask.parts:
        case.note("The words leave no part to play: all of the ensemble plays.")
        return ensemble
    return parts + [role for role in _needed(case, [finding for _, finding in said.only]) if role not in gone]


def _needed(case: Case, only: list[Finding]) -> list[str]:
    """The roles that ways to play need: brushes need drums; but where parts are singled out, only those named among them."""
    ways = [finding for finding in case.found("playing") if finding.value in PLAYING]
    if only:
        ways = [way for way in ways if any(_listed(case, way, part) or _listed(case, part, way) for part in only)]
    return [role for role in (_player(case, way) for way in ways) if role in case.genre.roles]


def _player(case: Case, way: Finding) -> str:
    """The role that a way to play needs, or that it is said with: "boogie bass"."""
    needed = PLAYING[way.value][0]
    if needed:
        return needed
    words = [token.stem for token in case.reading.tokens[way.start : way.end]]
    return next((role for word in words if word in NAMED and (role := role_in(instrument(word)[0], case.genre))), "")


def _listed(case: Case, one: Finding, other: Finding) -> bool:
    """Whether two findings follow each other in a list: "walking bass and drums"."""
    between = case.reading.tokens[one.end : other.start]
    tied = [token.word for token in between] in CONNECTED or (not between and case.reading.tokens[other.start].gap == ",")
    return one.end <= other.start < len(case.reading.tokens) and tied


def _said(case: Case, application: Application) -> Said:
    said = Said([], [], [], {})
    named = {(finding.start, finding.end) for finding in case.found("application") if finding.value == application.name}
    for finding in _melodies_as_one(case):
        if finding.kind == "band":
            _add_band(case, said, finding)
        elif finding.kind == MELODY:
            _add_melody(case, said, finding)
        elif finding.kind == "part" and (finding.strong or (finding.start, finding.end) not in named):  # "string quartet"
            _add_part(case, said, finding)
    alone = [finding for finding in case.found("playing") if finding.mark == "only"]  # "piano montuno only"
    said.only.extend((role, way) for way in alone if (role := _player(case, way)) in case.genre.roles)
    kept = dict(said.wanted + said.only)
    for role, finding in list(said.unwanted):
        if role in kept:
            _settle(case, said, finding, (role, kept[role]))
    if any(finding.kind == "band" and not _players_of(case, finding) and finding.mark != "not" for finding in case.findings):
        said.only.extend(said.wanted)  # "a duo for piano and bass"
        said.wanted.clear()
    return said


def _melodies_as_one(case: Case) -> list[Finding]:
    """The findings, an instrument beside "melody" being what plays that: "trumpet melody", "melody on trumpet"."""
    merged: list[Finding] = []
    for finding in case.findings:
        before = merged[-1] if merged else None
        if before is None or not before.kind == finding.kind == "part":
            merged.append(finding)
            continue
        between = [token.word for token in case.reading.tokens[before.end : finding.start]]
        both = before._replace(kind=MELODY, end=finding.end, mark=before.mark or finding.mark)
        if _is_tune(finding) and not between:
            merged[-1] = both
        elif _is_tune(before) and between in ON:
            merged[-1] = both._replace(value=finding.value)
        else:
            merged.append(finding)
    return merged


def _is_tune(finding: Finding) -> bool:
    return MELODY in instrument(finding.value)[0][:1] and instrument(finding.value)[1] == NO_PROGRAM


def _settle(case: Case, said: Said, unwanted: Finding, kept: tuple[str, Finding]) -> None:
    """A role both wanted and not: another instrument of it ("Rhodes, no piano"), or a contradiction."""
    role, wanted = kept
    if wanted.kind == "band":
        said.only[:] = [pair for pair in said.only if pair[0] != role]
    elif wanted.value == unwanted.value:
        case.note(f"The words ask for {case.quote(wanted)} and say {case.quote(unwanted)}: {role} is left out.")
        said.wanted[:] = [pair for pair in said.wanted if pair[0] != role]
        said.only[:] = [pair for pair in said.only if pair[0] != role]
    else:
        said.unwanted[:] = [pair for pair in said.unwanted if pair[1] != unwanted]


def _players_of(case: Case, band: Finding) -> tuple[str, ...]:
    """Who plays in a band; nobody but those who are named where they are listed: "trio: guitar, bass, drums"."""
    after = case.reading.tokens[band.end] if band.end < len(case.reading.tokens) else None
    listed = after is not None and (after.word == "of" or ":" in after.gap)
    start = band.end + (after is not None and after.word == "of")
    named = any(finding.kind == "part" and finding.start == start for finding in case.findings)
    return () if listed and named else BANDS[band.value]


def _add_band(case: Case, said: Said, finding: Finding) -> None:
    """A trio or a quartet, as far as the genre has its parts."""
    roles = _players_of(case, finding)
    if finding.mark == "not" or not roles:
        return
    missing = [role for role in roles if role not in case.genre.roles]
    if missing:
        case.note(f"{case.quote(finding)}: {case.genre.title} has no {', '.join(missing)}.")
    said.only.extend((role, finding) for role in roles if role not in missing)


def _add_part(case: Case, said: Said, finding: Finding) -> None:
    roles, program = instrument(finding.value)
    if finding.mark == "not":
        _add_unwanted(case, said, finding, role_in(roles[:1], case.genre))
        return
    role = role_in(roles, case.genre)
    if not role:
        case.note(f"{case.quote(finding)}: {case.genre.title} has no such part; it has {', '.join(case.genre.roles)}.")
        return
    (said.only if finding.mark == "only" else said.wanted).append((role, finding))
    if program != NO_PROGRAM:
        said.programs.setdefault(role, program)


def _add_melody(case: Case, said: Said, finding: Finding) -> None:
    """A melody on an instrument that is named."""
    _add_part(case, said, finding._replace(value=MELODY))
    if finding.mark != "not" and MELODY in case.genre.roles and (program := instrument(finding.value)[1]) != NO_PROGRAM:
        said.programs.setdefault(MELODY, program)


def _add_unwanted(case: Case, said: Said, finding: Finding, role: str) -> None:
    if role == "drums" and finding.value not in WHOLE_KIT:
        case.note(f"{case.quote(finding)}: single drums are not left out; without drums altogether, say so.")
    elif role:
        said.unwanted.append((role, finding))


def _ordered(parts: list[str], application: Application, case: Case) -> tuple[str, ...]:
    order = [*application.ensemble, *case.genre.roles]
    return tuple(sorted(dict.fromkeys(parts), key=order.index))
