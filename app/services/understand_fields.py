"""The fields of a request, checked: each error is one line that says what was met and the nearest valid choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final

from app.errors import RequestError
from app.services.vocabulary import Vocabulary
from app.services.words_lexicon import spell
from app.theory.brief import LIMITS, Ask
from app.theory.instruments import INSTRUMENTS, NO_PROGRAM, ROLES
from app.theory.key import Key
from app.theory.pitch import FLAT_NAMES, SHARP_NAMES
from app.theory.techniques import FORMS

WHOLE: Final = frozenset(("num_bars", "seed", "complexity"))
NAMES: Final = MappingProxyType({"num_bars": "bars", "description": "words"})  # as people call them, where that differs
LONGEST_FORM: Final = 200  # characters
GERMAN: Final = MappingProxyType({"H": "B", "Hm": "Bm"})


def quoted(value: object) -> str:
    """What was met, short and on one line."""
    if isinstance(value, int) and abs(value) >= 10**15:
        return "a number of many digits"
    text = "".join(char if char.isprintable() else " " for char in str(value)[:41])
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'


def checked_number(field: str, given: object) -> float:
    """A number within the field's limits, whole where the field is. Raises RequestError."""
    low, high = LIMITS[field]
    whole = field in WHOLE
    value = _number(given)
    name = NAMES.get(field, field)
    kind = "whole number" if whole else "number"
    if value is None:
        raise RequestError(f"{name} {quoted(given)}: must be a {kind} from {low} to {high}", field)
    nearest = min(max(round(value) if whole else value, low), high)
    if whole and value != int(value):
        raise RequestError(f"{name} {quoted(given)}: must be a whole number; the nearest is {nearest}", field)
    if not low <= value <= high:
        raise RequestError(f"{name} {quoted(given)}: must be from {low} to {high}; the nearest is {nearest}", field)
    return value


def checked_words(ask: Ask) -> str:
    """The description, no longer than may be. Raises RequestError."""
    longest = LIMITS["description"][1]
    if len(ask.description) > longest:
        raise RequestError(f"words: {len(ask.description)} characters; must be no more than {longest}", "description")
    return ask.description


def checked_key(text: str) -> Key:
    """A key as it was given. Raises RequestError with the nearest key that there is."""
    try:
        return Key.parse(text)
    except RequestError:
        near = _nearest_key(text)
        hint = f"; did you mean {near}?" if near else ""
        raise RequestError(f'key {quoted(text)}: write it like "Eb", "F# minor" or "D dorian"{hint}', "key") from None


def checked_application(text: str, genre: Vocabulary) -> str:
    """The name of an application, from its name, its title or a word for it. Raises RequestError with the nearest."""
    wanted = _squeezed(text)
    for application in genre.applications.values():
        if wanted in (_squeezed(application.name), _squeezed(application.title)):
            return application.name
    for application in genre.applications.values():
        if wanted and any(wanted == _squeezed(word) for word in application.words):
            return application.name
    raise RequestError(f"unknown application {quoted(text)} in {genre.name}: {_choices(text, genre.applications)}", "application")


def checked_parts(field: str, names: Iterable[str], genre: Vocabulary) -> tuple[tuple[str, int], ...]:
    """The roles that parts or instruments name, each with its program. Raises RequestError that lists the known.

    A part that other genres have may be left out (`without_parts`): then there is nothing to do for it.
    """
    found: list[tuple[str, int]] = []
    for name in names:
        roles, program = instrument(name)
        role = role_in(roles, genre)
        if role:
            found.append((role, program))
        elif field != "without_parts" or not roles:
            known = f"{genre.name} has {', '.join(genre.roles)}"
            raise RequestError(f"unknown part {quoted(name)}: {known}{_near(name, genre.roles)}", field)
    return tuple(found)


def checked_reseed(ask: Ask, genre: Vocabulary) -> tuple[tuple[str, int], ...]:
    """New seeds of single parts, or of a part in one section (`bass@Chorus 1`).

    Raises RequestError for a part that there is not and for a seed that is none.
    """
    reseeded: dict[str, int] = {}
    for name, seed in ask.reseed:
        try:
            value = int(checked_number("seed", seed))
        except RequestError as error:
            raise RequestError(f"reseed of {quoted(name)}: {error}", "reseed") from None
        part, at, section = name.partition("@")
        reseeded[checked_parts("reseed", (part,), genre)[0][0] + at + section] = value
    return tuple(reseeded.items())


def checked_form(text: str, genre: Vocabulary) -> str:
    """A form by its canonical name; one that is not in the table stays as it was written, for the composer to read."""
    wanted = spell(text)
    for name in (*genre.forms, *FORMS):
        if wanted in (spell(name), *FORMS.get(name, (0, ()))[1]):
            return name
    return " ".join(text.split())[:LONGEST_FORM]


@lru_cache(maxsize=512)
def instrument(name: str) -> tuple[tuple[str, ...], int]:
    """The roles that a word for an instrument can mean and its program; no roles for an unknown word."""
    table = instruments()
    word = spell(name)
    return table.get(word) or table.get(word.removesuffix("s")) or ((), NO_PROGRAM)


def role_in(roles: Iterable[str], genre: Vocabulary) -> str:
    """The first of some roles that a genre has, "" for none."""
    return next((role for role in roles if role in genre.roles), "")


@cache
def instruments() -> Mapping[str, tuple[tuple[str, ...], int]]:
    """Every word for an instrument, and every role: the roles it can mean, its program."""
    table = {word: (tuple(roles.split()), program) for roles, program, words in INSTRUMENTS for word in words}
    return {role: ((role,), NO_PROGRAM) for role in ROLES} | table


def _number(given: object) -> float | None:
    """A number from what was given; None for text, NaN, infinity and truth values."""
    if isinstance(given, str):
        try:
            given = float(given)
        except ValueError:
            return None
    if isinstance(given, bool) or not isinstance(given, int | float) or given != given:
        return None
    if isinstance(given, int):
        return given if abs(given) < 10**15 else 1e15 * (1 if given > 0 else -1)
    return None if given in (float("inf"), float("-inf")) else given


def _nearest_key(text: str) -> str:
    word = text.strip()[:20]
    if word[:1].upper() == "H":
        return GERMAN.get(word, "B")
    from difflib import get_close_matches

    keys = [f"{tonic}{mode}" for tonic in (*FLAT_NAMES, *SHARP_NAMES) for mode in ("", " minor", " major", " dorian")]
    near = get_close_matches(word, keys, n=1, cutoff=0.5)
    return near[0] if near else ""


def _squeezed(text: str) -> str:
    return spell(text).replace(" ", "")


def _choices(word: str, known: Iterable[str]) -> str:
    from app.services.nearest import did_you_mean

    return did_you_mean(word.lower().replace("-", "_").replace(" ", "_"), known)


def _near(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word[:60].lower(), list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""
