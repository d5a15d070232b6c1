"""Second thoughts among words: "120 bpm, no wait 140 bpm" takes one tempo back, "replace the piano with Rhodes" the piano."""

from __future__ import annotations

from typing import Final

from app.services.words_lexicon import Finding
from app.services.words_text import Token

CORRECTED: Final = frozenset({"bpm", "bpm_quarters", "key", "bars", "choruses", "seconds", "metre"})  # a piece has one of each
ALIKE: Final = (frozenset({"bpm", "bpm_quarters"}), frozenset({"bars", "choruses", "seconds"}))  # kinds that correct one another
CUES: Final = frozenset(
    {"wait", "actually", "sorry", "mean", "make", "scratch", "correction", "rather", "hmm", "thought", "thoughts"}
)
BETWEEN: Final = frozenset({
    "no", "i", "it", "that", "let's", "lets", "on", "second", "or", "oh", "well", "um", "uh", "in", "at", "to", "the", "not",
    "say",
})  # fmt: skip
REPLACING: Final = frozenset(
    {"replace", "replacing", "swap", "swapping", "exchange", "exchanging", "switch", "switching", "trade"}
)
REPLACED_BY: Final = frozenset({"with", "by", "for", "to"})
ARTICLES: Final = frozenset({"the", "a", "an", "my", "your", "out"})
TAKEN_BACK: Final = "taken back"  # the kind of what counts no more


def corrected(tokens: list[Token], findings: list[Finding]) -> list[Finding]:
    """The findings without what later words take back; the words that do so are read with the finding that counts."""
    out = list(findings)
    for place in range(1, len(out)):
        before, cue = _corrects(tokens, out, place)
        if before is not None:
            out[before] = out[before]._replace(kind=TAKEN_BACK)
            out[place] = out[place]._replace(start=cue)
    for place, finding in enumerate(out[:-1]):
        verb = _replacing(tokens, finding)
        after = tokens[finding.end].word if finding.end < len(tokens) else ""
        follows = next((one for one in out[place + 1 :] if one.kind == "part"), None)
        if finding.kind == "part" and verb >= 0 and after in REPLACED_BY and follows is not None:
            out[place] = finding._replace(start=verb, mark="not")
    return out


def _corrects(tokens: list[Token], findings: list[Finding], place: int) -> tuple[int | None, int]:
    """Which earlier finding this one corrects, and where the words that say so begin."""
    finding = findings[place]
    if finding.kind not in CORRECTED:
        return None, 0
    like = next((kinds for kinds in ALIKE if finding.kind in kinds), frozenset({finding.kind}))
    before = next((index for index in range(place - 1, -1, -1) if findings[index].kind in like), None)
    if before is None or any(one.start >= findings[before].end for one in findings[before + 1 : place]):
        return None, 0
    between = tokens[findings[before].end : finding.start]
    words = [token.word for token in between]
    said = bool(CUES & set(words)) or (words[:1] == ["no"] and between[0].breaks and tokens[finding.start].breaks)
    return (before, findings[before].end) if said and set(words) <= CUES | BETWEEN else (None, 0)


def _replacing(tokens: list[Token], finding: Finding) -> int:
    """Where "replace" stands before a finding, -1 for nowhere."""
    index = finding.start - 1
    while index >= 0 and tokens[index].word in ARTICLES:
        index -= 1
    return index if index >= 0 and tokens[index].word in REPLACING else -1
