"""Application, key, metre and length: decided from fields, then words, then the application's defaults."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.errors import RequestError
from app.harmony.asked_sections import ADDED
from app.harmony.form_length import bars_to_play, sized_length
from app.services.understand_case import Case
from app.services.understand_fields import checked_application, checked_form, checked_key, checked_number
from app.services.vocabulary import Application
from app.services.words_lexicon import Finding
from app.services.words_tables import MOODS
from app.services.words_text import clean
from app.theory.brief import LIMITS
from app.theory.key import Key
from app.theory.pitch import fifths, name_at_fifths
from app.theory.rhythm import METRES, TICKS_PER_QUARTER, Metre
from app.theory.techniques import FORMS

ARRIVALS: Final = frozenset(("end", "ends", "ending", "finish", "finishes", "finishing", "arrive", "arrives"))
MIDDLES: Final = frozenset(("bridge", "middle", "trio", "development", "interlude"))  # sections from which a piece comes home
HOMEWARD: Final = (" and back", " back to ", " back home", " comes back", " come back", " coming back", " returns", " returning")
MOVERS: Final = frozenset(("modulate", "modulates", "modulating", "modulation", "goes", "moves", "shifts", "travels"))
RELATIVE: Final = 3  # semitones from a minor key up to its relative major
STYLE_KEEPS: Final = frozenset(
    ("application", "hint", "mood", "mode", "metre", "bars", "form", "section", "playing", "technique", "part")
)  # what else a word says that named the style; its tempo and swing are the style's own


def choose_application(case: Case) -> Application:
    """The application asked for; one named by a word that also means something else gives way to one named plainly."""
    applications = case.genre.applications
    named = [finding for finding in case.found("application", "hint") if finding.value in applications]
    if case.ask.application:
        name = checked_application(case.ask.application, case.genre)
        case.from_field("application", name)
        case.overruled([finding for finding in _plainly(named) if finding.value != name], "application", name)
        _drop_what_style_says(case, [finding for finding in named if finding.value == name])
        return applications[name]
    chosen = _named_application(case, named)
    if chosen is not None:
        case.from_words("application", chosen.value, chosen)
        _drop_what_style_says(case, [finding for finding in named if finding.value == chosen.value])
        return applications[chosen.value]
    return _unnamed_application(case)


def _named_application(case: Case, named: list[Finding]) -> Finding | None:
    """The finding that names the application: of a run ("bebop waltz") the last, else the first."""
    plainly = _plainly(named)
    if plainly:
        players = _players(case, plainly)
        if players is not None:
            return players
        chosen = _head(plainly)
        case.disagree([finding for finding in plainly if finding.value != chosen.value or finding is chosen], chosen.value)
        return chosen
    hints = [finding for finding in named if finding.kind == "hint" and finding.strong]
    forms = {finding.start for finding in case.found("form")}
    names = [finding for finding in named if finding.kind == "application" and finding.start not in forms]
    metre = _metre_said(case)
    fitting = [finding for finding in names if metre in case.genre.applications[finding.value].metres]
    return _head(hints or fitting or names or named) if named else None


def _players(case: Case, plainly: list[Finding]) -> Finding | None:
    """Of several styles the one that says who plays: "a waltz for string quartet"."""
    tokens = case.reading.tokens
    metre = _metre_said(case)
    for finding in plainly[1:]:
        before = [token.word for token in tokens[max(0, finding.start - 2) : finding.start]]
        led = before[-1:] == ["for"] or before in (["for", "a"], ["for", "the"])
        if led and (not metre or metre in case.genre.applications[finding.value].metres):
            return finding
    return None


def _plainly(named: list[Finding]) -> list[Finding]:
    """Those that name an application and say nothing else."""
    return [finding for finding in named if finding.kind == "application" and finding.strong]


def _head(findings: Sequence[Finding]) -> Finding:
    head = findings[0]
    for finding in findings[1:]:
        if finding.start != head.end:
            break
        head = finding
    return head


def _drop_what_style_says(case: Case, findings: list[Finding]) -> None:
    spans = {(finding.start, finding.end) for finding in findings}
    case.findings = [
        finding
        for finding in case.findings
        if finding.strong or finding.kind in STYLE_KEEPS or (finding.start, finding.end) not in spans
    ]


def _unnamed_application(case: Case) -> Application:
    """The genre's default, unless it is refused or another one has the metre asked for as its own."""
    genre = case.genre
    ways = {(finding.start, finding.end) for finding in case.refused("playing", "part", "technique")}  # "no montuno" is no style
    styles = [finding for finding in case.refused("application") if finding.strong]
    refused = {finding.value: finding for finding in styles if (finding.start, finding.end) not in ways}
    application = genre.applications[genre.default_application]
    if application.name in refused:
        application = next((other for other in genre.applications.values() if other.name not in refused), application)
        case.from_words("application", application.name, refused[genre.default_application])
        return application
    metre = _metre_said(case)
    if metre and metre not in application.metres:
        own = [other for other in genre.applications.values() if other.metre == metre and other.name not in refused]
        if own:
            _account_for_metre(case, own[0].name)
            return own[0]
    case.by_default("application", application.name)
    return application


def _account_for_metre(case: Case, name: str) -> None:
    said = case.found("metre")
    if case.ask.time_signature or not said:
        case.by_default("application", name)
    else:
        case.from_words("application", name, said[0])


def _metre_said(case: Case) -> str:
    """The metre that the field or the words name, "" for none, unread."""
    if case.ask.time_signature:
        return case.ask.time_signature.partition("(")[0].strip()
    said = _metres_by_weight(case)
    return said[0].value.partition(" ")[0] if said else ""


def choose_key(case: Case, application: Application) -> Key:
    """The key; where only a mode or a mood is said, one of the application's keys that has it."""
    said = _keys_said(case)
    if case.ask.key:
        key = checked_key(case.ask.key)
        case.from_field("key", key)
        case.overruled([finding for finding, other in said if not _same_tonic(finding, other, key)], "key", key)
        return key
    if said:
        finding, key = said[0]
        key = _with_mode_said(case, finding, key, application)
        case.disagree([other for other, read in said if read != said[0][1] or other is finding], key)
        return key
    key = _unnamed_key(case, application)
    if case.gone and Key.parse(case.gone[0].value).tonic_pc == key.tonic_pc and len(application.keys) > 1:
        key = next((other for text in application.keys if (other := Key.parse(text)).tonic_pc != key.tonic_pc), key)
        case.items = [item for item in case.items if item.field != "key"]
        case.by_default("key", key)
    return key


def _same_tonic(finding: Finding, said: Key, key: Key) -> bool:
    """Whether words agree with a key: "in G" does with G minor."""
    return said == key or (not finding.strong and said.tonic == key.tonic)


def _keys_said(case: Case) -> list[tuple[Finding, Key]]:
    """The keys named; one that the piece goes to ("modulates to Eb", "a bridge in Eb") is none of its own."""
    said: list[tuple[Finding, Key]] = []
    for finding in case.found("key"):
        before = {token.word for token in case.reading.tokens[max(0, finding.start - 3) : finding.start]}
        if (said or case.ask.key or before & MOVERS) and _goes_there(case, finding):
            case.gone.append(finding)
            case.findings.append(finding._replace(kind="technique", value="modulation"))
            continue
        said.append((finding, Key.parse(finding.value)))
    return said


def _goes_there(case: Case, finding: Finding) -> bool:
    """Whether the words before a key say that the piece goes there, or has a section in it."""
    before = [token.word for token in case.reading.tokens[max(0, finding.start - 4) : finding.start]]
    if before[-1:] in (["to"], ["into"], ["then"]):
        return True
    return before[-1:] == ["in"] and bool(set(before[:-1]) & (ARRIVALS | MIDDLES))


def choose_destination(case: Case, key: Key) -> tuple[Key | None, bool]:
    """The key that the piece is told to go to, and whether it comes home; (None, False) when it is told nothing."""
    named = (*case.gone, *case.found("relative"))
    if not named:
        return None, False
    finding = named[0]
    there = _relative(key, finding.value) if finding.kind == "relative" else Key.parse(finding.value)
    if not finding.strong and key.is_minor and there.tonic_pc != (key.tonic_pc + RELATIVE) % 12:
        there = Key(there.tonic, "minor").respelled()
    if there == key:
        return None, False
    case.from_words("destination", there, finding)
    middle = any(token.word in MIDDLES for token in case.reading.tokens)
    homeward = any(words in case.reading.text.lower() for words in HOMEWARD)
    if homeward:  # "back" has said something
        tokens = enumerate(case.reading.tokens)
        case.reading.findings.extend(Finding("home", "", at, at + 1) for at, token in tokens if token.word == "back")
    return there, middle or homeward


def _relative(key: Key, mode: str) -> Key:
    """The key of that mode with the same signature; the key itself where it has that mode already."""
    if key.is_minor == (mode == "minor"):
        return key
    return Key(name_at_fifths(fifths(key.tonic) + (3 if mode == "minor" else -3)), mode).respelled()


def _with_mode_said(case: Case, finding: Finding, key: Key, application: Application) -> Key:
    """A key whose mode is said elsewhere: "minor blues in G"."""
    modes = case.found("mode")
    by_style = [other for other in case.found("application") if other.value == application.name]
    minor_style = [other for other in by_style if "minor" in case.words(other).lower()]
    if finding.strong or not (modes or minor_style):
        for mode in modes:
            if Key(key.tonic, mode.value).is_minor != key.is_minor:
                case.note(f"The words say {case.quote(finding)} and {case.quote(mode)}: the key is {key}.")
        case.from_words("key", key, finding)
        return key
    because = (modes or minor_style)[0]
    key = Key(key.tonic, modes[0].value if modes else "minor").respelled()
    case.from_words("key", key, finding, because)
    return key


def _unnamed_key(case: Case, application: Application) -> Key:
    """The first of the application's keys with the mode that is said, or that the mood leans to."""
    modes = [(finding, finding.value) for finding in case.found("mode")]
    modes += [(finding, "minor" if finding.value == "major" else "major") for finding in case.refused("mode")]
    keys = [Key.parse(text) for text in application.keys]
    if modes:
        finding, mode = modes[0]
        key = _of_mode(keys, mode)
        case.from_words("key", key, finding)
        case.disagree([other for other, named in modes if named != mode or other is finding], key)
        return key
    leaning = _leaning(case)
    if leaning is None or (leaning[1] == "minor") == keys[0].is_minor:
        case.by_default("key", keys[0])
        return keys[0]
    key = _of_mode(keys, leaning[1])
    case.from_words("key", key, leaning[0])
    return key


def _leaning(case: Case) -> tuple[Finding, str] | None:
    """The first mood that leans to a mode, and the mode; "not sad" leans the other way."""
    for finding in case.findings:
        if finding.kind == "mood" and (mode := MOODS.get(finding.value, ("", 0, ()))[0]):
            if finding.mark == "not":
                mode = "minor" if mode == "major" else "major"
            return finding, mode
    return None


def _of_mode(keys: Sequence[Key], mode: str) -> Key:
    """The first key whose third is the mode's, in that mode; else the relative of the first."""
    minor = Key("C", mode).is_minor
    key = next((key for key in keys if key.is_minor == minor), None)
    if key is None:
        key = Key(name_at_fifths(fifths(keys[0].tonic) + (3 if minor else -3)), "minor" if minor else "major")
    if mode in ("major", "minor") and key.mode not in ("major", "minor"):
        return key
    return Key(key.tonic, mode).respelled()


def choose_metre(case: Case, application: Application) -> Metre:
    """The metre; a time signature in figures comes before a metre's name ("a waltz in 4/4")."""
    said = [(finding, metre) for finding in _metres_by_weight(case) if (metre := _metre_of(case, finding)) is not None]
    if case.ask.time_signature:
        metre = Metre.of(clean(case.ask.time_signature).strip())
        case.from_field("time_signature", case.ask.time_signature.strip())
        case.overruled([finding for finding, other in said if str(other) != str(metre)], "time signature", metre)
        return metre
    if said:
        finding, metre = said[0]
        case.from_words("time_signature", finding.value, finding)
        case.disagree([other for other, read in said if str(read) != str(metre) or other is finding], metre)
        return metre
    metre = Metre.of(application.metre)
    case.by_default("time_signature", metre)
    return metre


def _metres_by_weight(case: Case) -> list[Finding]:
    return sorted(case.found("metre"), key=lambda finding: "/" not in case.words(finding))


def _metre_of(case: Case, finding: Finding) -> Metre | None:
    try:
        return Metre.of(finding.value)
    except RequestError:
        case.note(f"{case.quote(finding)} is not a metre that is played here; those are {', '.join(METRES)}.")
        return None


def choose_form(case: Case) -> str:
    """The form asked for, "" for the application's own."""
    said = case.found("form")
    if case.ask.form:
        form = checked_form(case.ask.form, case.genre)
        case.from_field("form", form)
        case.overruled([finding for finding in said if finding.value != form], "form", form)
        return form
    if not said:
        return ""
    case.from_words("form", said[0].value, said[0])
    case.disagree([finding for finding in said if finding.value != said[0].value or finding is said[0]], said[0].value)
    return said[0].value


def choose_bars(case: Case, application: Application, form: str, beats: tuple[float, Metre]) -> tuple[int, bool]:
    """The number of bars, and whether it was asked for. `beats` is the tempo and the metre, for a length in minutes."""
    said = _lengths(case, application, form, beats)
    if case.ask.num_bars is not None:
        bars = int(checked_number("num_bars", case.ask.num_bars))
        case.from_field("num_bars", bars)
        case.overruled([finding for finding, number in said if finding.strong and number != bars], "number of bars", bars)
        return bars, True
    if said:
        finding, bars = said[0]
        case.from_words("num_bars", bars, finding)
        strong = [other for other, number in said if other.strong and number != bars]
        case.disagree([finding, *strong] if strong and finding.strong else [], f"{bars} bars")
        return bars, True
    if case.charted:
        bars = min(case.charted, LIMITS["num_bars"][1])
        case.from_field("num_bars", bars)
        return bars, True
    if form and (bars := sized_length(form)):
        return _bars_of_form(case, bars), True
    bars = bars_to_play(form, application.bars, _bars_beside(case)) if form else application.bars + _bars_beside(case)
    case.by_default("num_bars", bars)
    return bars, False


def _bars_of_form(case: Case, bars: int) -> int:
    """The bars of a form whose sections were given lengths."""
    kept = min(bars, LIMITS["num_bars"][1])
    said = case.found("form")
    if case.ask.form or not said:
        case.from_field("num_bars", kept)
    else:
        case.from_words("num_bars", kept, said[0])
    return kept


def _lengths(case: Case, application: Application, form: str, beats: tuple[float, Metre]) -> list[tuple[Finding, int]]:
    """The lengths that words name, those that may be a form's last."""
    weak = [finding for finding in case.found("bars") if not finding.strong]
    by_form = [finding for finding in case.found("form") if FORMS.get(finding.value, (0, ()))[0] and "bar" in finding.value]
    own = FORMS.get(form, (0, ()))[0] or application.chorus_bars or application.bars
    chorus = case.charted or (int(weak[0].value) if weak else own)  # once through a chart is a chorus
    lengths = []
    for finding in case.found("bars", "choruses", "seconds"):
        if finding.strong:
            lengths.append((finding, _within(case, finding, _bars_of(case, finding, chorus, beats))))
    lengths += [(finding, _within(case, finding, int(finding.value))) for finding in weak]
    lengths += [(finding._replace(strong=False), FORMS[finding.value][0]) for finding in by_form]
    return lengths


def _bars_of(case: Case, finding: Finding, chorus: int, beats: tuple[float, Metre]) -> int:
    if finding.kind == "bars":
        return int(finding.value)
    if finding.kind == "choruses":
        return int(finding.value) * chorus + (0 if case.ask.form or case.charted else _bars_beside(case))
    tempo, metre = beats
    bar = metre.bar / (TICKS_PER_QUARTER * metre.pulse_quarters)  # in beats
    bars = round(float(finding.value) / 60 * tempo / bar)
    bars = max(1, bars if bars < 6 else round(bars / 4) * 4)
    case.note(f"{case.quote(finding)} at {tempo:g} bpm is {min(bars, LIMITS['num_bars'][1])} bars.")
    return bars


def _bars_beside(case: Case) -> int:
    """Bars of the sections asked for that stand beside whole choruses: "three choruses with an intro"."""
    asked = dict(finding.value.split() for finding in case.found("section_bars"))
    wanted = {finding.value for finding in case.found("section")}
    return sum(int(asked.get(kind, bars)) for kind, bars in ADDED.items() if kind in wanted)


def _within(case: Case, finding: Finding, bars: int) -> int:
    """A number of bars in words, kept within the limits."""
    low, high = LIMITS["num_bars"]
    kept = min(max(bars, low), high)
    if kept != bars:
        case.note(f"{case.quote(finding)} is not between {low} and {high} bars: {kept} it is.")
    return kept
