"""A description read from left to right: what its words say, what is negated or singled out, which words say nothing known."""

from __future__ import annotations

from typing import NamedTuple

from app.services import words_tables as tables
from app.services.vocabulary import Meanings
from app.services.words_correction import corrected
from app.services.words_key import read_key
from app.services.words_lexicon import Finding, Phrases, application_in, longest, phrases
from app.services.words_measure import counts_beats, read_measure
from app.services.words_presence import with_presence
from app.services.words_sections import with_sections
from app.services.words_text import Token, tokenise

REACH = 3  # unimportant words that a negation passes over
CONNECTORS = frozenset(("and", "or", "nor"))
NOTE_LETTERS = frozenset("bcdefgh")  # letters that may be a key or a chord, and are nothing else
SPAN_KINDS = frozenset(("part", "band"))
NAMES_TOO = frozenset(("known", "part", "band", "section", "metre"))  # what a style's name may say besides and stay a name
GRADED = frozenset(("mood", "intensity", "density", "humanize", "swing", "tempo", "complexity"))  # there can be less of it
STYLED = frozenset(("form", "technique", "metre", "swing"))  # phrases of these kinds may begin with an application's name


class Reading(NamedTuple):
    """A text, its tokens and what they say."""

    text: str
    tokens: list[Token]
    findings: list[Finding]

    def words(self, finding: Finding) -> str:
        """The words of the text that a finding was read from, with the "no" or "just" before them."""
        first = finding.start if finding.lead < 0 else min(finding.lead, finding.start)
        return self.text[self.tokens[first].start : self.tokens[finding.end - 1].end]

    def leftovers(self) -> tuple[str, ...]:
        """Words that nothing was read from, as they are written, each once; words tied by hyphens stay together."""
        taken = [False] * len(self.tokens)
        for finding in self.findings:
            for index in range(finding.start, finding.end):
                taken[index] = True
        left: dict[str, str] = {}
        index = 0
        while index < len(self.tokens):
            if taken[index] or not _says_something(self.tokens[index]):
                index += 1
                continue
            start = index
            index += 1
            while index < len(self.tokens) and self.tokens[index].joined and not taken[index]:
                index += 1
            written = self.text[self.tokens[start].start : self.tokens[index - 1].end]
            left.setdefault(written.lower(), written)
        return tuple(left.values())


def read(text: str, own: Phrases) -> Reading:
    """Read a cleaned text with a genre's own phrases beside the common ones. Linear in its length, and no text fails."""
    tokens = tokenise(text)
    findings: list[Finding] = []
    index = 0
    while index < len(tokens):
        found = _findings_at(tokens, text, index, own)
        findings += found
        index = found[0].end if found else index + 1
    return Reading(text, tokens, with_presence(tokens, _marked(tokens, corrected(tokens, with_sections(tokens, findings)))))


def _says_something(token: Token) -> bool:
    word = token.word
    if word in tables.STOP_WORDS or word in tables.NEGATORS or word in tables.ONLY_WORDS:
        return False
    return len(word) > 1 or not word.isascii() or word.isdecimal() or word in NOTE_LETTERS


def _findings_at(tokens: list[Token], text: str, index: int, own: Phrases) -> list[Finding]:
    """What is said from a token on: the longest of a phrase, a key and a number with a unit."""
    if tokens[index].stem == "solo":
        return _solo(tokens, index, own)
    phrase = _phrase(tokens, index, own) or _letters(tokens, text, index) or _without(tokens[index], index)
    end = phrase[0].end if phrase else 0
    for found in (read_key(tokens, text, index), read_measure(tokens, index)):
        if found is not None and found.end >= end:
            styles = [finding for finding in phrase if finding.kind == "application" and finding.end == found.end]
            return [found, *_style_of(found, own), *styles]
    return phrase


def _without(token: Token, index: int) -> list[Finding]:
    """`drumless`."""
    base = token.word.removesuffix("less")
    meanings = phrases().get(base, ()) if base != token.word else ()
    return [Finding("part", base, index, index + 1, "not") for kind, _ in meanings if kind == "part"]


def _letters(tokens: list[Token], text: str, index: int) -> list[Finding]:
    """A form in capital letters that has no name: `ABACAB`."""
    written = text[tokens[index].start : tokens[index].end]
    is_form = 3 <= len(written) <= 9 and written[0] == "A" and len(set(written)) > 1 and set(written) <= set("ABCD")
    return [Finding("form", written, index, index + 1)] if is_form else []


def _solo(tokens: list[Token], index: int, own: Phrases) -> list[Finding]:
    """A solo is a section, unless it says that the instrument after it plays alone."""
    after = longest(tokens, index + 1, own) if index + 1 < len(tokens) and not tokens[index + 1].breaks else None
    if after and any(kind in SPAN_KINDS for kind, _ in (*after.own, *after.common)):
        return []
    return [Finding("section", "solo", index, index + 1)]


def _style_of(found: Finding, own: Phrases) -> list[Finding]:
    """The application that is named by a key's mode, if the genre has one ("blues in A minor")."""
    if found.kind != "key" or not found.strong:
        return []
    meanings = own.get(found.value.partition(" ")[2], ())
    return [found._replace(kind="hint", value=value, strong=False) for kind, value in meanings if kind == "application"]


def _phrase(tokens: list[Token], index: int, own: Phrases) -> list[Finding]:
    """The longest known phrase at a token, one finding for each thing it says."""
    match = longest(tokens, index, own)
    if match is None:
        return []
    end = match.end
    common = [pair for pair in match.common if _holds(tokens, index, end, pair[0])]
    names_style = any(kind in ("application", "hint") for kind, _ in match.own)
    plain = not any(kind not in NAMES_TOO for kind, _ in common) or _is_ballad(match.common)
    plain = plain and tokens[index].word != "in"  # "in three" names a metre before the style that is played in it
    found = [Finding(*pair, index, end, strong=plain or pair[0] != "application") for pair in match.own]
    found += [Finding(*pair, index, end, strong=not names_style) for pair in common]
    if (
        common
        and not match.own
        and any(kind in STYLED for kind, _ in common)
        and (name := application_in(tokens, index, end, own))
    ):
        found.append(Finding("application", name, index, end, strong=False))
    return found


def _is_ballad(meanings: Meanings) -> bool:
    """A ballad is slow and tender wherever it is no style; where it is one, it is that."""
    return meanings == tables.BALLAD


def _holds(tokens: list[Token], start: int, end: int, kind: str) -> bool:
    """Whether a phrase means what it may mean, by the word after it."""
    after = tokens[end] if end < len(tokens) and not tokens[end].breaks else None
    if kind == "metre":
        return counts_beats(tokens, start, end)
    if after is None:
        return True
    if kind == "mode":
        return after.stem not in tables.NOT_A_MODE_BEFORE
    if kind in ("part", "band"):
        return not (after.joined and after.word in ("ish", "like", "esque"))
    return not (kind == "playing" and tokens[start].word == "in" and not counts_beats(tokens, start, end))


def _marked(tokens: list[Token], findings: list[Finding]) -> list[Finding]:
    """The findings with their marks: negated ("no drums or bass") or alone ("just piano and bass")."""
    marks = _Marks(tokens)
    by_start: dict[int, Finding] = {}
    for finding in findings:
        by_start.setdefault(finding.start, finding)
    spans: dict[int, tuple[str, int]] = {}
    index = 0
    while index < len(tokens):
        finding_here = by_start.get(index)
        if finding_here is None:
            marks.pass_word(index)
            index += 1
        else:
            spans[index] = marks.pass_finding(finding_here)
            index = finding_here.end
    marked = [
        finding if finding.mark else finding._replace(mark=spans[finding.start][0], lead=spans[finding.start][1])
        for finding in findings
    ]
    return _marked_behind(tokens, marked)


class _Marks:
    """Walks over the words of a text and remembers what "no" and "just" still reach."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.mark = ""
        self.lead = -1  # the word that marks
        self.kind = ""  # of the finding marked last: a list goes on with its like
        self.reach = 0
        self.listed = False  # whether a comma may carry the mark on

    def pass_word(self, index: int) -> None:
        """A word that says nothing by itself."""
        token = self.tokens[index]
        if token.breaks and not (self.kind and self._list_goes_on(index)):
            self._stop()
        if token.word in tables.ONLY_WORDS and not self._is_a_touch(index):
            self.mark, self.lead, self.kind, self.reach, self.listed = "only", index, "", REACH, True
        elif self._negates(index):
            self._negate(index)
            self.lead -= self.mark == "not" and self._is_instead(index)
        elif token.word in tables.UN_NEGATORS:
            if not (token.word == "but" and self.mark == "only" and not self.kind):
                self._stop()
        elif self.mark and token.word not in CONNECTORS:
            self.reach -= 1 if token.word in tables.STOP_WORDS else 2
            if self.reach < 0 or (self.kind and token.word in ("a", "an", "the", "some")):
                self._stop()

    def pass_finding(self, finding: Finding) -> tuple[str, int]:
        """The mark of a finding that the walk comes to, and the word that gave it."""
        first = self.tokens[finding.start]
        if first.breaks and not (self.kind and self._list_goes_on(finding.start)):
            self._stop()
        link = self.tokens[finding.start - 1].word if finding.start else ""
        alike = finding.kind == self.kind and (link in CONNECTORS or first.breaks)
        if self.kind and not (alike or (self.mark == "not" and link in ("or", "nor"))):
            self._stop()
        if self.mark == "not" and self.tokens[self.lead].word in tables.LESSENERS and finding.kind not in GRADED:
            self._stop()  # less piano is not no piano
        if self.mark == "only" and finding.kind not in SPAN_KINDS:
            self.reach -= 1
            return "", -1
        if self.mark:
            self.kind, self.reach = finding.kind, 1
        return self.mark, self.lead

    def _negates(self, index: int) -> bool:
        word = self.tokens[index].word
        if word == "nor" and not self.mark:
            return False
        return word in tables.NEGATORS or word in tables.LESSENERS or self._is_instead(index)

    def _negate(self, index: int) -> None:
        word = self.tokens[index].word
        after = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if after is not None and (after.joined or (after.word == "but" and word == "nothing")):
            self._stop()
            if after.word == "but":
                self.mark, self.lead, self.reach, self.listed = "only", index, REACH, True
            return
        self.mark, self.lead, self.kind = "not", index, ""
        self.reach = REACH + 2 if word in tables.FAR_NEGATORS else REACH
        self.listed = word in tables.LIST_NEGATORS

    def _list_goes_on(self, index: int) -> bool:
        """Whether a comma goes on with the marked list: "just piano, bass and drums", "no drums, bass or guitar"."""
        if not self.mark or self.tokens[index].gap != ",":
            return False
        if self.listed:
            return True
        for token in self.tokens[index : index + 8]:
            if token.word in ("or", "nor"):
                return True
            stops = token.word in ("and", "with", "but") or token.word in tables.NEGATORS
            if stops or (token.breaks and token.gap != ","):
                return False
        return False

    def _is_instead(self, index: int) -> bool:
        """Whether "instead of" or "rather than" ends here."""
        return index > 0 and (self.tokens[index - 1].word, self.tokens[index].word) in tables.INSTEAD_OF

    def _is_a_touch(self, index: int) -> bool:
        return any(token.word in tables.ONLY_A_TOUCH for token in self.tokens[index + 1 : index + 3])

    def _stop(self) -> None:
        self.mark, self.lead, self.kind, self.reach, self.listed = "", -1, "", 0, False


def _marked_behind(tokens: list[Token], findings: list[Finding]) -> list[Finding]:
    """Marks that come after: "piano and bass only", "drum-free"."""
    out = list(findings)
    for place, finding in enumerate(findings):
        after = tokens[finding.end] if finding.end < len(tokens) else None
        if after is None or not (finding.kind in SPAN_KINDS or _names_player(tokens, finding)):
            continue
        if after.joined and after.word in tables.NEGATED_TAILS:
            out[place] = finding._replace(mark="not", end=finding.end + 1)
        elif after.word in tables.ONLY_TAILS and not after.breaks and _clause_ends(tokens, finding.end + 1):
            _mark_list_before(tokens, out, place)
    return out


def _names_player(tokens: list[Token], finding: Finding) -> bool:
    """Whether a way to play is said with its instrument: "piano montuno", "walking bass"."""
    edges = (tokens[finding.start], tokens[finding.end - 1])
    named = any(kind == "part" for token in edges for kind, _ in (*phrases().get(token.word, ()), *phrases().get(token.stem, ())))
    return finding.kind == "playing" and named


def _clause_ends(tokens: list[Token], index: int) -> bool:
    return index >= len(tokens) or tokens[index].breaks or tokens[index].word == "please"


def _mark_list_before(tokens: list[Token], findings: list[Finding], place: int) -> None:
    """Single out a part and those listed before it: "piano, bass and drums only"."""
    while True:
        findings[place] = findings[place]._replace(mark="only")
        before = place - 1
        if before < 0 or findings[before].kind not in SPAN_KINDS or findings[before].mark:
            return
        between = tokens[findings[before].end : findings[place].start]
        if len(between) > 1 or not all(token.word in CONNECTORS for token in between):
            return
        if not between and tokens[findings[place].start].gap != ",":
            return
        place = before
