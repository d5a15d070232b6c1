"""From a request to a Brief: fields first, then words, then the application's defaults; every decision accounted for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from app.services import understand_frame as frame
from app.services import understand_manner as manner
from app.services.complexity import estimate
from app.services.scale import USUAL, Scale, own_words
from app.services.understand_case import QUOTED, Case
from app.services.understand_fields import checked_number, checked_reseed, checked_words
from app.services.understand_parts import choose_parts
from app.services.understand_presence import choose_presence
from app.services.understand_tempo import choose_tempo
from app.services.vocabulary import Application, Vocabulary
from app.services.words_lexicon import phrases_of
from app.services.words_reading import read
from app.services.words_text import clean
from app.theory.brief import Ask, Brief
from app.theory.rhythm import Metre

CHORD: Final = r"[A-G][b#]?(?:maj|min|mM|m|M|dim|aug|sus|add|alt|[-+°ø\u0394]|[b#]?\d)*"
CHORDS: Final = re.compile(rf"(?<!\w){CHORD}(?:[\s,|–-]+{CHORD}(?![\w'])){{2,}}")  # three or more in a row


def understand(ask: Ask, genre: Vocabulary, seed: int, scale: Scale = USUAL) -> Brief:
    """What is to be made, nothing left open. `seed` is the one asked for, or one drawn by the caller.

    Explicit fields win over words, words over the application's defaults. `notes` has what contradicts what, `understood` what
    each thing was read from, `not_understood` the words that said nothing. Raises RequestError for a field that cannot be obeyed;
    no words can make it fail but too many of them.

    What was asked lately is remembered: the same words come again with other seeds.
    """
    asked = ask._replace(seed=None)
    read_it = _remembered if _has_a_hash(asked) else _remembered.__wrapped__
    return read_it(asked, tuple(map(type, asked)), genre, scale)._replace(seed=int(checked_number("seed", seed)))


def _has_a_hash(ask: Ask) -> bool:
    """Whether it can be looked up: a stranger's file may ask for a list of bars."""
    try:
        hash(ask)
    except TypeError:
        return False
    return True


@lru_cache(maxsize=256)
def _remembered(ask: Ask, types: tuple[type, ...], genre: Vocabulary, scale: Scale) -> Brief:  # noqa: ARG001 - part of the key
    """The Brief of what is asked without a seed; `types` tell apart what is equal but not said alike, as 12 and 12.0."""
    own, added = phrases_of(genre), own_words(scale)
    case = Case(ask, genre, read(clean(checked_words(ask)), {**own, **added} if added else own))
    title, application, metre = _with_chart(case)
    key = frame.choose_key(case, application)
    destination, returns = frame.choose_destination(case, key)
    tempo = choose_tempo(case, application, metre)
    form = frame.choose_form(case)
    num_bars, bars_asked = frame.choose_bars(case, application, form, (tempo, metre))
    brief = Brief(
        genre=genre.name,
        application=application.name,
        description=case.reading.text,
        key=key,
        tempo=tempo,
        metre=metre,
        num_bars=num_bars,
        seed=0,
        form=form,
        chords=ask.chords or "",
        bars_asked=bars_asked,
        title=title,
        destination=destination,
        returns=returns,
    )
    return _with_manner(case, brief, application, scale)


def is_unread(brief: Brief) -> bool:
    """Whether our own reading made nothing of the words, so that a model may be asked."""
    found = [row for row in brief.understood if row.source == "words" and row.field != "complexity"]
    return bool(brief.not_understood) and not found and not brief.chords


def _with_chart(case: Case) -> tuple[str, Application, Metre]:
    """The chart's title, the application and the metre; where a chart was given, it is read."""
    title = ""
    if case.ask.chords:
        from app.services.understand_chart import read_heading

        title = read_heading(case).title
    application = frame.choose_application(case)
    metre = frame.choose_metre(case, application)
    if case.ask.chords:
        from app.services.understand_chart import read_chart_of

        read_chart_of(case, metre)
    return title, application, metre


def _with_manner(case: Case, brief: Brief, application: Application, scale: Scale) -> Brief:
    """The Brief with who plays, and how, and with the account of how it all came about."""
    parts, programs = choose_parts(case, application)
    manner.note_idle_playing(case, parts)
    with_sections, without_sections = manner.sections(case)
    return brief._replace(
        parts=parts,
        programs=programs,
        presence=choose_presence(case, parts),
        with_sections=with_sections,
        without_sections=without_sections,
        section_bars=manner.section_bars(case),
        moods=manner.names(case, "mood"),
        techniques=manner.names(case, "technique"),
        playing=manner.names(case, "playing"),
        avoid=manner.avoided(case),
        intensity=manner.choose_intensity(case),
        density=manner.choose_density(case),
        swing=manner.choose_swing(case),
        humanize=manner.choose_humanize(case, application),
        complexity=_complexity(case, brief.num_bars if brief.bars_asked else 0, scale),
        reseed=checked_reseed(case.ask, case.genre),
        understood=tuple(case.items),
        not_understood=case.reading.leftovers(),
        notes=_notes(case),
    )


def _notes(case: Case) -> tuple[str, ...]:
    """What a person should know; at last, that a row of chords among the words is no chart."""
    found = CHORDS.search(case.reading.text)
    if found and not case.ask.chords:
        quote = " ".join(found[0].split())[:QUOTED]
        case.note(f'The words hold chords ("{quote}"): to be played, they are given as chords of their own (--chords).')
    return tuple(case.notes)


def _complexity(case: Case, num_bars: int, scale: Scale) -> int:
    """The complexity asked for, else the estimate of the words."""
    if case.ask.complexity is not None:
        score = int(checked_number("complexity", case.ask.complexity))
        case.from_field("complexity", score)
        return score
    score = estimate(case.reading.text, num_bars, scale).score
    said = [finding for finding in case.findings if finding.kind == "complexity" and scale.counts(finding, case.reading.tokens)]
    if said:
        case.from_words("complexity", score, *said)
    else:
        case.by_default("complexity", score)
    return score
