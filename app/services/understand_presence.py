"""When parts play: what the words say of bars and sections, for the parts that play."""

from __future__ import annotations

from app.services.understand_case import Case
from app.services.understand_fields import instrument, role_in
from app.services.words_lexicon import Finding
from app.theory.presence import Presence


def choose_presence(case: Case, parts: tuple[str, ...]) -> tuple[Presence, ...]:
    """Where parts rest; of those that are to be alone somewhere, that all others rest there."""
    said = []
    alone: dict[str, list[tuple[str, Finding]]] = {}
    for finding in case.found("presence"):
        word, _, where = finding.value.partition("|")
        role = role_in(instrument(word)[0], case.genre)
        if role not in parts:
            case.note(f"{case.quote(finding)}: {word} does not play.")
        elif where.startswith("alone "):
            alone.setdefault(where.removeprefix("alone "), []).append((role, finding))
        else:
            said.append(_presence(role, where))
            case.from_words("presence", said[-1], finding)
    for where, own in alone.items():
        others = [_presence(role, f"out {where}") for role in parts if role not in {role for role, _ in own}]
        for presence in others:
            case.from_words("presence", presence, *(finding for _, finding in own))
        said += others
    return tuple(dict.fromkeys(said))


def _presence(role: str, where: str) -> Presence:
    mode, place, first, last = where.split()
    return Presence(role, mode, place, int(first), int(last))
