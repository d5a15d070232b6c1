"""What words weigh for the complexity of a request: the usual tables, and what a person has changed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from app.errors import RequestError
from app.services.nearest import did_you_mean
from app.services.words_complexity import COMPLEXITY, COMPLEXITY_WEIGHTS
from app.services.words_lexicon import Finding, Phrases, spell
from app.services.words_text import Token, tokenise

IGNORED: Final = "ignored"  # the kind of words that count no more
HEAVIEST: Final = 9


class Scale(NamedTuple):
    """Changes to the usual tables: weights by name, kinds by phrase; none for the tables as they are."""

    weights: tuple[tuple[str, int], ...] = ()
    words: tuple[tuple[str, str], ...] = ()  # as reading folds them

    def weight(self, name: str) -> int:
        """What a kind of words, or another factor, weighs."""
        usual = COMPLEXITY[name][0] if name in COMPLEXITY else COMPLEXITY_WEIGHTS[name]
        return dict(self.weights).get(name, usual)

    def counts(self, finding: Finding, tokens: list[Token]) -> bool:
        """Whether a word for complexity counts still."""
        said = tokens[finding.start : finding.end]
        spelled = {" ".join(token.word for token in said), " ".join(token.stem for token in said)}
        return not spelled & {phrase for phrase, kind in self.words if kind == IGNORED}


USUAL: Final = Scale()


@lru_cache(maxsize=8)
def own_words(scale: Scale) -> Phrases:
    """The phrases that a person has added."""
    return {phrase: (("complexity", kind),) for phrase, kind in scale.words if kind != IGNORED}


def scale_of(table: Any, where: str) -> Scale:  # Any: TOML
    """The scale of a settings table: `weights` by name, `words` in lists by kind or "ignored". Raises RequestError."""
    if not isinstance(table, Mapping) or not set(table) <= {"weights", "words"}:
        raise RequestError(f"{where}: complexity: write tables weights and words", "config")
    weights, words = table.get("weights", {}), table.get("words", {})
    for name, rows in (("weights", weights), ("words", words)):
        if not isinstance(rows, Mapping):
            raise RequestError(f"{where}: complexity.{name}: write NAME = ...", "config")
    return Scale(tuple(_weights(weights, where)), tuple(_words(words, where)))


def _weights(rows: Mapping[str, Any], where: str) -> Iterator[tuple[str, int]]:
    names = (*COMPLEXITY, *COMPLEXITY_WEIGHTS)
    for name, weight in rows.items():
        if name not in names:
            raise RequestError(f'{where}: complexity.weights: "{name[:40]}": {did_you_mean(name, names)}', "config")
        if type(weight) is not int or abs(weight) > HEAVIEST:
            raise RequestError(f'{where}: complexity.weights: "{name}": a whole number from -{HEAVIEST} to {HEAVIEST}', "config")
        yield name, weight


def _words(rows: Mapping[str, Any], where: str) -> Iterator[tuple[str, str]]:
    kinds = (*COMPLEXITY, IGNORED)
    for kind, words in rows.items():
        if kind not in kinds:
            raise RequestError(f'{where}: complexity.words: "{kind[:40]}": {did_you_mean(kind, kinds)}', "config")
        if not isinstance(words, list) or not all(isinstance(word, str) and spell(word) for word in words):
            raise RequestError(f'{where}: complexity.words: "{kind}": a list of words, ["crunchy", "far out"]', "config")
        spelled = [(spell(word), " ".join(token.stem for token in tokenise(word))) for word in words]
        yield from dict.fromkeys((form, kind) for forms in spelled for form in forms)
