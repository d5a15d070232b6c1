"""Words that our own reading knows nothing of, said by a model in words that it does know."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import prompts
from app.errors import NoModelAnswered, RejectedReply
from app.llm.types import Check, Event, Prompt, Terms
from app.services.genre import Genre
from app.services.reply_text import read_reply
from app.services.words_tables import MOODS
from app.theory.brief import LIMITS, Ask, Brief
from app.theory.techniques import PLAIN, TECHNIQUES
from schemas.understanding import words_schema, words_unlike

if TYPE_CHECKING:
    from app.services.local_llm_generator_mixin import LocalLLMGeneratorMixin

TASK: Final = "understand"
SECONDS: Final = 5.0  # a request waits no longer for it, nor longer than a quarter of its own deadline
BAND: Final = 1  # as complexity: the smallest model first
SEED: Final = 0  # the same words mean the same, whatever the piece's seed
TOKENS: Final = 96
PACES: Final = ("very slow", "slow", "medium tempo", "fast", "very fast")
MODES: Final = ("major", "minor")
HARDNESS: Final = ("simple", "sophisticated", "experimental")


class Meaning(NamedTuple):
    """Words of ours, and the checks they passed."""

    words: tuple[str, ...]
    checks: tuple[Check, ...] = ()


async def said_otherwise(service: LocalLLMGeneratorMixin, ask: Ask, brief: Brief) -> tuple[Ask, Brief]:
    """The request with what a model says its words mean, and how that is understood; as it was where no model says anything.

    Nothing is paid for it. Fields that were given still win.
    """
    llm = service.runtime.llm_for(ask)
    if llm is None:
        return ask, brief
    seconds = min(SECONDS, ask.deadline_ms / 4000) if ask.deadline_ms else SECONDS
    watch = partial(_told, service.runtime.watch)
    terms = Terms(TASK, ask.strategy or "", ask.model or "", False, seconds, service.name, watch=watch, generation=False)
    try:
        answer = await llm.ask(understanding_prompt(brief, service.genre), BAND, partial(meaning, genre=service.genre), terms)
    except NoModelAnswered:
        return ask, brief
    words = ", ".join(answer.value.words)
    longer = f"{ask.description}; {words}"
    if not words or len(longer) > LIMITS["description"][1]:
        return ask, brief
    ask = ask._replace(description=longer)
    again = service.understand(ask._replace(seed=brief.seed))
    note = f"{answer.label} takes {', '.join(brief.not_understood)[:60]} to mean: {words}"
    left = tuple(word for word in again.not_understood if word not in brief.not_understood)
    return ask, again._replace(notes=(*again.notes, note), not_understood=left)


def _told(watch: Callable[[Event], None] | None, event: Event) -> None:
    """Whoever watches hears who is asked what words mean, and no more: the request itself is not under way yet."""
    if watch is not None and event.kind == "asking":
        watch(Event("meaning", event.label))


def vocabulary(genre: Genre) -> tuple[tuple[str, ...], ...]:
    """The words an answer may have: styles, tempos, modes, how hard it is (one of each at most), and the rest."""
    styles = tuple(application.title for application in genre.vocabulary.applications.values())
    techniques = tuple(name for name in TECHNIQUES if name not in PLAIN)
    return styles, PACES, MODES, HARDNESS, (*MOODS, *techniques)


def understanding_prompt(brief: Brief, genre: Genre) -> Prompt:
    """What a model is asked."""
    from app.services.prompting import fenced

    rows = genre.vocabulary.applications.values()
    about = {row.name: genre.facts["applications"][row.name].get("about", "") for row in rows}
    styles = "; ".join(f"{row.title} ({about[row.name]})" if about[row.name] else row.title for row in rows)
    template = prompts.template("understand")
    text = prompts.filled(template, genre=genre.vocabulary.title, applications=styles, description=fenced(brief.description))
    schema = words_schema(tuple(dict.fromkeys(word for words in vocabulary(genre) for word in words)))
    return Prompt(text, "", schema, TOKENS, SEED, version=prompts.version([template]))


def meaning(text: str, genre: Genre) -> Meaning:
    """An answer as words of ours. Raises RejectedReply for others, and for two styles, tempos or modes."""
    known = vocabulary(genre)
    found: Any = read_reply(text, lambda value: isinstance(value, dict) and "words" in value).value
    wrong = words_unlike(tuple(dict.fromkeys(word for words in known for word in words)), found)
    if wrong:
        raise RejectedReply(f"not as the schema has it: {wrong}", [Check("schema", False, wrong)])
    words = tuple(dict.fromkeys(found["words"]))
    for apart in known[:4]:
        both = [word for word in words if word in apart]
        if len(both) > 1:
            reason = f"{both[0]} and {both[1]} cannot both be meant: say one of them or neither"
            raise RejectedReply(reason, [Check("schema", True), Check("agreement", False, reason)])
    return Meaning(words, (Check("schema", True), Check("agreement", True)))
