"""One request on its way to a Brief: what is asked, what the words say, and the account kept of every decision."""

from __future__ import annotations

from collections.abc import Iterable

from app.services.vocabulary import Vocabulary
from app.services.words_lexicon import Finding
from app.services.words_reading import Reading
from app.theory.brief import Ask, Understood

QUOTED = 40  # characters of a person's words that a note repeats


class Case:
    """A request, its genre, its words as read; gathers what was understood and what a person should know."""

    def __init__(self, ask: Ask, genre: Vocabulary, reading: Reading) -> None:
        self.ask = ask
        self.genre = genre
        self.reading = reading
        self.items: list[Understood] = []
        self.notes: list[str] = []
        self.findings = list(reading.findings)  # those that still count
        self.gone: list[Finding] = []  # keys that the piece is told to go to
        self.by_chart: dict[str, str] = {}  # fields that the chart decided, and how
        self.charted = 0  # bars of the chart to obey

    def found(self, *kinds: str) -> list[Finding]:
        """What the words say of these kinds, in order, without what they negate."""
        return [finding for finding in self.findings if finding.kind in kinds and finding.mark != "not"]

    def refused(self, *kinds: str) -> list[Finding]:
        """What the words negate of these kinds."""
        return [finding for finding in self.findings if finding.kind in kinds and finding.mark == "not"]

    def words(self, finding: Finding) -> str:
        """The words that a finding was read from."""
        return self.reading.words(finding)

    def quote(self, finding: Finding) -> str:
        """The words that a finding was read from, as a note repeats them."""
        words = self.words(finding)
        return f'"{words}"' if len(words) <= QUOTED else f'"{words[:QUOTED]}…"'

    def from_field(self, field: str, value: object) -> None:
        """A field decided it, or the chart, which is one."""
        self.items.append(Understood(field, str(value), "field", self.by_chart.get(field, "")))

    def from_words(self, field: str, value: object, *findings: Finding) -> None:
        """Words decided it."""
        words = dict.fromkeys(self.words(finding) for finding in findings)
        self.items.append(Understood(field, str(value), "words", ", ".join(words) if len(words) > 1 else "".join(words)))

    def by_default(self, field: str, value: object) -> None:
        """Nothing was said: the application has it so."""
        self.items.append(Understood(field, str(value), "default"))

    def note(self, sentence: str) -> None:
        """What a person should know, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def overruled(self, findings: Iterable[Finding], field: str, value: object) -> None:
        """Words that a field contradicts."""
        for finding in findings:
            self.note(f"The words say {self.quote(finding)}, the {field} asked is {value}: {value} it is.")

    def disagree(self, findings: Iterable[Finding], played: object) -> None:
        """Words that contradict each other."""
        quotes = list(dict.fromkeys(self.quote(finding) for finding in findings))
        if len(quotes) > 1:
            self.note(f"The words say both {' and '.join(quotes)}: played as {played}.")
