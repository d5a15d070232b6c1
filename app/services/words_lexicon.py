"""The phrases Octet knows and what each says, from the tables of words; a genre's own phrases come beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from app.services import words_tables as tables
from app.services.vocabulary import Meanings, Vocabulary
from app.services.words_complexity import COMPLEXITY
from app.services.words_text import Token, tokenise
from app.theory.instruments import BANDS, INSTRUMENTS
from app.theory.techniques import FORMS, PLAYING, SECTIONS, TECHNIQUES

LONGEST: Final = 6  # words of the longest phrase
MEASURED: Final = frozenset(("tempo", "intensity", "density", "humanize"))  # kinds whose values are numbers from 0 to 1


class Finding(NamedTuple):
    """Something that words say: a kind and a value, from these tokens; `mark` is "", "not" or "only"."""

    kind: str
    value: str
    start: int
    end: int
    mark: str = ""
    strong: bool = True  # a weak one gives way: "slow" names a style and a tempo, "12-bar" a form and a length
    lead: int = -1  # the token that marked it ("no", "just"), -1 for none


Phrases = dict[str, Meanings]


@cache
def phrases() -> Phrases:
    """Every phrase that means the same in all genres."""
    known: Phrases = {}
    for kind, value, words in _rows():
        for word in words:
            known[word] = (*known.get(word, ()), (kind, value))
    known["ballad"] = known["ballade"] = tables.BALLAD
    known.update(dict.fromkeys(tables.LIMITING, (("known", ""),)))
    for mode in ("major", "minor"):
        known[f"relative {mode}"] = (("relative", mode),)
    known.update(dict.fromkeys(tables.PASSED_OVER, (("known", ""),)))
    return known


@lru_cache(maxsize=32)
def phrases_of(genre: Vocabulary) -> Phrases:
    """The phrases of a genre's own: its names, its applications, its words."""
    own: Phrases = {}
    for word in (genre.name, genre.title):
        spelled = spell(word)
        own.update(dict.fromkeys((spelled, spelled.replace(" ", ""), f"{spelled}y"), (("known", ""),)))
    for application in genre.applications.values():
        named: tuple[tuple[str, str], ...] = (("application", application.name),)
        for word in (application.name, application.title, *application.words):
            spelled = spell(word)
            for form in (spelled, spelled.replace(" ", "")):
                own[form] = named
    for word, meanings in genre.words.items():
        spelled = spell(word)
        named = own.get(spelled, ())
        own[spelled] = tuple(dict.fromkeys((*named, *(_associated(*pair) for pair in meanings if pair not in named))))
    return own


def _associated(kind: str, value: str) -> tuple[str, str]:
    """What a genre's phrase says; one that only hints at an application ("detroit") gives way to its names."""
    return ("hint", value) if kind == "application" else resolved(kind, value)


def resolved(kind: str, value: str) -> tuple[str, str]:
    """A genre's meaning with its number where the value is a word: ("tempo", "fast") is ("tempo", "0.88")."""
    if kind in MEASURED and not value.replace(".", "", 1).isdecimal():
        return next((pair for pair in phrases().get(spell(value), ()) if pair[0] == kind), ("known", ""))
    return kind, value


@lru_cache(maxsize=4096)
def spell(phrase: str) -> str:
    """A phrase as the tables spell it: folded words, one space between."""
    if phrase.isascii() and phrase.replace("_", " ").replace(" ", "").isalnum():
        return phrase.lower().replace("_", " ")
    return " ".join(token.word for token in tokenise(phrase.replace("_", " ")))


class Match(NamedTuple):
    """A phrase found: what it says in this genre, what it says everywhere, and the index after it."""

    own: Meanings
    common: Meanings
    end: int


def longest(tokens: list[Token], index: int, own: Phrases) -> Match | None:
    """The longest known phrase that begins at a token."""
    stop = min(len(tokens), index + LONGEST)
    clause = next((place for place in range(index + 1, stop) if tokens[place].breaks), stop)
    for end in range(clause, index, -1):
        spellings = _spellings(tokens[index:end])
        mine, common = _said(own, spellings), _said(phrases(), spellings)
        if mine or common:
            return _together(mine, common, end)
    return None


def application_in(tokens: list[Token], index: int, end: int, own: Phrases) -> str:
    """The application that the first words of a longer phrase name ("minuet and trio"), "" for none."""
    for last in range(end - 1, index, -1):
        found = [value for kind, value in _said(own, _spellings(tokens[index:last])) if kind == "application"]
        if found:
            return found[0]
    return ""


def _spellings(tokens: list[Token]) -> tuple[str, ...]:
    """The words as they stand, the last in the singular, all in the singular."""
    words = [token.word for token in tokens]
    stems = [token.stem for token in tokens]
    if words == stems:
        return (" ".join(words),)
    return " ".join(words), " ".join((*words[:-1], stems[-1])), " ".join(stems)


def _said(known: Phrases, spellings: tuple[str, ...]) -> Meanings:
    for phrase in spellings:
        if phrase in known:
            return known[phrase]
    return ()


def _together(mine: Meanings, common: Meanings, end: int) -> Match:
    """A genre's own meanings come instead of common ones of their kind; but "rhodes" stays more than the keys it is played on."""
    kinds = {kind for kind, _ in mine if kind != "part"}
    kept = tuple(pair for pair in common if pair[0] not in kinds)
    instrument = any(kind == "part" for kind, _ in kept)
    return Match(tuple(pair for pair in mine if pair[0] != "part" or not instrument), kept, end)


def _rows() -> Iterator[tuple[str, str, Iterable[str]]]:
    """(kind, value, words) of every table; the kinds are those that `Vocabulary.words` may use too."""
    for kind, named in WORDS_BY_NAME:
        for name, words in named.items():
            yield kind, str(name), words
    for kind, ranked in WORDS_LAST_IN_ROW:
        for name, row in ranked.items():
            yield kind, name, row[-1]
    yield from (("term", name, (name,)) for name in tables.TEMPO_TERMS)
    yield from (("band", name, (name,)) for name in BANDS)
    yield from (("part", word, (word,)) for _, _, words in INSTRUMENTS for word in words)


WORDS_BY_NAME: Final[tuple[tuple[str, Mapping[str, tuple[str, ...]] | Mapping[float, tuple[str, ...]]], ...]] = (
    ("technique", TECHNIQUES),
    ("section", SECTIONS),
    ("tempo", tables.TEMPO_PLACES),
    ("intensity", tables.INTENSITY),
    ("density", tables.DENSITY),
    ("metre", tables.METRE_WORDS),
    ("swing", tables.SWING),
    ("humanize", tables.HUMANIZE),
    ("mode", tables.MODE_WORDS),
)
WORDS_LAST_IN_ROW: Final[tuple[tuple[str, Mapping[str, tuple[Any, ...]]], ...]] = (  # Any: what stands before the words differs
    ("playing", PLAYING),
    ("form", FORMS),
    ("mood", tables.MOODS),
    ("complexity", COMPLEXITY),
)
