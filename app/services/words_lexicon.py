"""The phrases Octet knows and what each says, from the tables of words; a genre's own phrases come beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from app.services import words_tables as tables
from app.services.vocabulary import Meanings, Vocabulary
from app.services.words_text import Token, tokenise
from app.theory.instruments import BANDS, INSTRUMENTS
from app.theory.techniques import FORMS, PLAYING, SECTIONS, TECHNIQUES

LONGEST: Final = 6  # words of the longest phrase


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
    known.update(dict.fromkeys(("lead sheet", "sustain pedal", "big band", "full band", "straight away"), (("known", ""),)))
    return known


def phrases_of(genre: Vocabulary) -> Phrases:
    """The phrases of a genre's own: its names, its applications, its words."""
    own: Phrases = {}
    for word in (genre.name, genre.title):
        spelled = spell(word)
        own.update(dict.fromkeys((spelled, spelled.replace(" ", ""), f"{spelled}y"), (("known", ""),)))
    for application in genre.applications.values():
        named = (("application", application.name),)
        for word in (application.name, application.title, *application.words):
            spelled = spell(word)
            for form in (spelled, spelled.replace(" ", "")):
                own[form] = named
    for word, meanings in genre.words.items():
        spelled = spell(word)
        own[spelled] = (*own.get(spelled, ()), *meanings)
    return own


def spell(phrase: str) -> str:
    """A phrase as the tables spell it: folded words, one space between."""
    if phrase.isascii() and phrase.replace("_", " ").replace(" ", "").isalnum():
        return phrase.lower().replace("_", " ")
    return " ".join(token.word for token in tokenise(phrase.replace("_", " ")))


def longest(tokens: list[Token], index: int, own: Phrases) -> tuple[Meanings, int, bool] | None:
    """The longest known phrase that begins at a token: what it says, the index after it, and whether it is the genre's own."""
    known = phrases()
    stop = min(len(tokens), index + LONGEST)
    clause = next((place for place in range(index + 1, stop) if tokens[place].breaks), stop)
    for end in range(clause, index, -1):
        for phrase in _spellings(tokens, index, end):
            mine, all_genres = own.get(phrase, ()), known.get(phrase, ())
            if mine or all_genres:
                return (*mine, *all_genres), end, bool(mine)
    return None


def _spellings(tokens: list[Token], index: int, end: int) -> Iterator[str]:
    """The words as they stand, the last in the singular, all in the singular."""
    words = " ".join([token.word for token in tokens[index:end]])
    yield words
    stems = " ".join([token.stem for token in tokens[index:end]])
    if stems != words:
        yield " ".join([*(token.word for token in tokens[index : end - 1]), tokens[end - 1].stem])
        yield stems


def _rows() -> Iterator[tuple[str, str, Iterable[str]]]:
    """(kind, value, words) of every table; the kinds are those that `Vocabulary.words` may use too."""
    for name, words in TECHNIQUES.items():
        yield "technique", name, words
    for name, (_, words) in PLAYING.items():
        yield "playing", name, words
    for name, (_, words) in FORMS.items():
        yield "form", name, words
    for name, words in SECTIONS.items():
        yield "section", name, words
    for _, _, words in INSTRUMENTS:
        for word in words:
            yield "part", word, (word,)
    for name in BANDS:
        yield "band", name, (name,)
    for name, (_, _, words) in tables.MOODS.items():
        yield "mood", name, words
    for name, (_, words) in tables.COMPLEXITY.items():
        yield "complexity", name, words
    yield from _numbered_rows()


def _numbered_rows() -> Iterator[tuple[str, str, Iterable[str]]]:
    for kind, table in (("tempo", tables.TEMPO_PLACES), ("intensity", tables.INTENSITY), ("density", tables.DENSITY)):
        for number, words in table.items():
            yield kind, str(number), words
    for term in tables.TEMPO_TERMS:
        yield "term", term, (term,)
    for kind, named in (
        ("metre", tables.METRE_WORDS),
        ("swing", tables.SWING),
        ("humanize", tables.HUMANIZE),
        ("mode", tables.MODE_WORDS),
    ):
        for value, words in named.items():
            yield kind, value, words
